"""The trained model in Hugging Face layout: config.json, tokenizer.json, model.safetensors."""
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

import features as X
import labels as L
from model import WIDTH


def quantise(weight):
    """Symmetric 8-bit rows: int8 [rows, cols] and one float scale a row; weight ≈ int8 · scale."""
    scale = weight.abs().amax(1).clamp(min=1e-8) / 127
    return (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale


def tensors(model):
    """The model's tensors as they are stored: encoder matrices in 8 bits with a `.scale` beside them, the rest in f32."""
    out = {}
    for name, value in model.state_dict().items():
        value = value.detach().float().contiguous()
        if name.endswith("position_ids") or name.startswith("role_alone"):
            continue
        name = f"heads.{name}" if not name.startswith("encoder.") else name.replace("encoder.", "", 1)
        matrix = value.dim() == 2 and not name.startswith("heads.")
        if matrix and ("word_embeddings" in name or "encoder.layer" in name):
            out[name], out[f"{name}.scale"] = quantise(value)
        else:
            out[name] = value
    return out


def term_rates():
    """For each type how often its events state a value, a duration, a stake of more than half, and a smaller one.

    Counted on the training part of the corpus. A partnership has no price and a majority is no minority investment: where
    the words leave the type open, the terms decide.
    """
    import corpus

    counts = {t: [0, 0, 0, 0, 0] for t in L.TYPES}
    for article, line in corpus.read():
        for event in () if corpus.held_out(article.id) else line["events"]:
            stake = event["stake_percent"]
            row = counts[event["type"]]
            for i, has in enumerate((True, event["value"], event["duration"], stake and float(stake) > 50, stake and float(stake) <= 50)):
                row[i] += bool(has)
    return {t: [round((k + 0.5) / (n + 1), 4) for k in ks] for t, (n, *ks) in counts.items()}


def config(shape):
    return {
        "architectures": ["SiglatoDealModel"], "model_type": "bert", "hidden_act": "gelu", "layer_norm_eps": 1e-12,
        "position_embedding_type": "absolute", "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, **shape,
        "siglato": {
            "version": 1, "width": WIDTH, "window": X.WINDOW, "overlap": X.OVERLAP,
            "kinds": L.KINDS + ["NOMINAL"], "name_tags": L.NAME_TAGS, "nominal_tags": L.NOMINAL_TAGS,
            "types": L.TYPES, "stages": L.STAGES, "certainties": L.CERTAINTIES, "saliences": L.SALIENCES,
            "roles": L.ROLES, "terms": L.TERMS, "distances": L.DISTANCES, "term_rates": term_rates(),
        },
    }


def write(model, spec, shape, out, work=None):
    """Write the folder; thresholds that the Rust side chose earlier (config.siglato.thresholds) are kept."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    fields = config(shape)
    old = out / "config.json"
    if old.exists():
        kept = json.loads(old.read_text()).get("siglato", {}).get("thresholds")
        if kept:
            fields["siglato"]["thresholds"] = kept
    old.write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
    (out / "tokenizer.json").write_text(json.dumps(spec, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    save_file(tensors(model), out / "model.safetensors", metadata={"format": "pt"})
    if work:
        torch.save({k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}, Path(work) / "final.pt")


def load(folder):
    """The model as it was shipped, 8-bit rows widened again, ready for eval; and its tokenizer."""
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    from model import DealModel

    folder = Path(folder)
    fields = json.loads((folder / "config.json").read_text())
    shape = {k: fields[k] for k in ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size",
                                    "max_position_embeddings", "type_vocab_size")}
    stored = load_file(folder / "model.safetensors")
    state = {}
    for name, value in stored.items():
        if name.endswith(".scale"):
            continue
        if value.dtype == torch.int8:
            value = value.float() * stored[f"{name}.scale"][:, None]
        state[name.removeprefix("heads.") if name.startswith("heads.") else f"encoder.{name}"] = value
    model = DealModel(shape)
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all("role_alone" in m or "position_ids" in m for m in missing), (missing, unexpected)
    return model.eval(), Tokenizer.from_file(str(folder / "tokenizer.json"))
