#!/usr/bin/env python3
"""The contract's figures on the gold files, with their floors; and `siglato eval` against score.py.

usage: figures.py BINARY EVAL_FOLDER      Exit status 1 when a floor is missed or the two scorers differ.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# Slot F1 that a landing must reach: issue "From an article to typed deal events".
FLOORS = {"seeds.jsonl": 0.55, "dev.jsonl": 0.50}


def run(*command, stdin=None):
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout


def main():
    binary, folder = sys.argv[1], Path(sys.argv[2])
    good = True
    for name, floor in FLOORS.items():
        gold = folder / name
        documents = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
        for d in documents:
            del d["events"]
        stripped = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents)
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
            out.write(run(binary, "extract", "-", stdin=stripped))
            out.flush()
            reference = json.loads(run(sys.executable, str(folder / "score.py"), str(gold), out.name, "--json"))
            given = json.loads(run(binary, "eval", str(gold), "--output", out.name, "--format", "json"))
        own = json.loads(run(binary, "eval", str(gold), "--format", "json"))
        f1 = reference["slot"]["f1"]
        same = given == reference and own == reference
        print(f"{name}: slot F1 {f1:.4f} (floor {floor}), event F1 {reference['event']['f1']:.4f}; "
              f"siglato eval {'equals score.py' if same else 'DIFFERS from score.py'}")
        good = good and same and f1 >= floor
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
