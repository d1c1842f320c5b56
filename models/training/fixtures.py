#!/usr/bin/env python3
"""Write what the shipped model computes on fixed texts, for tests/deal_parity.rs.

usage: fixtures.py [MODEL_DIR] [OUT.json]      (models/siglato-small, tests/fixtures/deal.json)

f32 throughout, from the weights as they are shipped. Spans are given, not decoded, so that the numbers test the
forward pass and the features alone.
"""
import json
import sys
from pathlib import Path

import torch

import export
import features as X
import labels as L
from corpus import Article

ROOT = Path(__file__).resolve().parent.parent.parent
TEXTS = [
    ("Alfa compra Beta", "ROMA - La Alfa S.p.A. ha acquistato il 60% di Beta Srl da Gamma per 12 milioni di euro.\n\nL'operazione, annunciata ieri, "
     "sarà chiusa entro giugno. Il gruppo romano non commenta."),
    ("", "Delta Bank and Epsilon Ltd signed a five-year credit line worth $40 million; Epsilon’s shares rose 3%."),
    ("Un racconto lungo", "\n".join(f"Paragrafo {n}: la società Omega ha firmato un contratto con Sigma, secondo la nota numero {n}." for n in range(60))),
]


def example(title, text, tokenizer):
    read = f"{title}\n\n{text}" if title else text
    return read, X.example(Article("x", "it", read, len(title), [], {}), tokenizer)


def rounded(tensor):
    return [round(float(v), 5) for v in tensor.flatten()]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else ROOT / "models/siglato-small"
    out = Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "tests/fixtures/deal.json")
    model, tokenizer = export.load(folder)
    cases = []
    for title, text in TEXTS:
        read, x = example(title, text, tokenizer)
        with torch.no_grad():
            hidden = model.encode([x], torch.float32)[0]
            names, nominals, trigger = model.tags(hidden)
            count = len(x.ids)
            step = max(1, count // 12)
            at = list(range(0, count - 3, step))
            mentions = [(t, min(count - 1, t + 1), i % len(L.KINDS + ["NOM"])) for i, t in enumerate(at)]
            triggers = [(t + 2, min(count - 1, t + 2 + i % 3)) for i, t in enumerate(at[::2])]
            firsts, kinds = [m[0] for m in mentions], [m[2] for m in mentions]
            paragraphs = [x.paragraphs[f] for f in firsts]
            vectors = model.mention_vectors(hidden, firsts, [m[1] for m in mentions], kinds)
            tv = model.trigger_vectors(hidden, [t[0] for t in triggers], [t[1] for t in triggers])
            tf = [t[0] for t in triggers]
            tp = [x.paragraphs[f] for f in tf]
            logits, weight = model.attributes(tv)
            words = [X.fold_words(read[x.offsets[m[0]][0]:x.offsets[m[1]][1]]) for m in mentions]
            flags = torch.tensor([[X.likeness(a, b) for b in words] for a in words])
            cases.append({
                "title": title, "text": text, "ids": x.ids, "offsets": x.offsets, "types": x.types, "paragraphs": x.paragraphs,
                "step": step, "hidden": rounded(hidden[::step, :4]), "names": rounded(names[::step]), "nominals": rounded(nominals[::step]),
                "trigger": rounded(trigger[::step]), "mentions": mentions, "triggers": triggers,
                "attributes": rounded(torch.cat(list(logits) + [weight[:, None]], 1)),
                "argument": rounded(model.argument(tv, vectors, model.places(tf, tp, firsts, paragraphs) + [X.between_bucket(tf, firsts, kinds)])),
                "same_event": rounded(model.same_event(tv, tv, model.places(tf, tp, tf, tp))),
                "same_thing": rounded(model.same_thing(vectors, vectors, model.places(firsts, paragraphs, firsts, paragraphs), flags)),
                "words": words,
            })
    out.write_text(json.dumps(cases, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{out}: {len(cases)} texts, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
