#!/usr/bin/env python3
"""Choose the thresholds of a model's config.json on the held-out articles, with the real binary.

usage: tune.py BINARY [MODEL_DIR] [--rounds N]

One threshold after another is moved over a small grid and kept where slot F1 is best; the result is written into
config.json. Runs `siglato eval`, so that what is tuned is what ships.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import corpus

ROOT = Path(__file__).resolve().parent.parent
GRID = {"role": [0.2, 0.25, 0.35, 0.45], "event": [0.5, 0.65, 0.8], "trigger": [0.3, 0.4, 0.5], "confidence": [0.0, 0.6, 0.7, 0.75],
        "same_event": [0.35, 0.5, 0.65], "term": [0.3, 0.4, 0.5], "same_thing": [0.35, 0.5, 0.65]}
START = {"trigger": 0.4, "event": 0.65, "same_event": 0.5, "same_thing": 0.5, "role": 0.25, "term": 0.4, "confidence": 0.7}


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("binary")
    args.add_argument("model", nargs="?", default=str(ROOT / "siglato-small"))
    args.add_argument("--rounds", type=int, default=1)
    a = args.parse_args()
    folder = Path(a.model)
    fields = json.loads((folder / "config.json").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        gold = Path(scratch) / "held-out.jsonl"
        lines = [line for article, line in corpus.read() if corpus.held_out(article.id)]
        gold.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        trial = Path(scratch) / "model"
        trial.mkdir()
        for name in ("tokenizer.json", "model.safetensors"):
            (trial / name).symlink_to((folder / name).resolve())
        seen = {}

        def f1(values):
            key = tuple(sorted(values.items()))
            if key not in seen:
                fields["siglato"]["thresholds"] = values
                (trial / "config.json").write_text(json.dumps(fields, indent=1))
                done = subprocess.run([a.binary, "eval", str(gold), "--model", str(trial), "--format", "json"],
                                      capture_output=True, text=True, check=True)
                score = json.loads(done.stdout)
                seen[key] = (score["slot"]["f1"], score["event"]["f1"])
                print(f"slot {seen[key][0]:.4f} event {seen[key][1]:.4f}  {values}", flush=True)
            return seen[key][0]

        best = dict(fields["siglato"].get("thresholds") or START)
        for _ in range(a.rounds):
            for name, grid in GRID.items():
                best[name] = max(grid, key=lambda v: (f1({**best, name: v}), v == best[name]))
        f1(best)
    fields["siglato"]["thresholds"] = best
    (folder / "config.json").write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
    print(f"kept: {best}")


if __name__ == "__main__":
    sys.exit(main())
