"""The losses of one document, and the figures that validation reports."""
from collections import Counter

import torch
from torch.nn import functional as F

import features as X
import labels as L
from model import pool


def pair_loss(logits, target, positive):
    return F.binary_cross_entropy_with_logits(logits, target, pos_weight=torch.tensor(positive))


def jitter(first, last, rng):
    """A trigger as inference may see it: some of its words only."""
    if rng is None or last == first or rng.random() < 0.5:
        return first, last
    a = rng.randint(first, last)
    return (a, rng.randint(a, last))


def false_triggers(x, scores, limit=4):
    """Runs of tokens that the model takes for triggers and the annotation does not."""
    hot = [s > 0 and not t for s, t in zip(scores, x.trigger)]
    runs, start = [], None
    for i, h in enumerate(hot + [False]):
        if h and start is None:
            start = i
        elif not h and start is not None:
            runs.append((start, i - 1, set()))
            start = None
    return runs[:limit]


def with_none(pooled):
    """Logits with a leading 'none' fixed at zero."""
    return torch.cat([pooled.new_zeros(1), pooled])


def document(model, x, hidden, rng=None, tally=None):
    """{name: (summed loss, weight)} of one document; fills the tally when one is given."""
    out = {}
    names, nominals, trigger = model.tags(hidden)
    gold_names, gold_nominals = torch.tensor(x.names), torch.tensor(x.nominals)
    gold_trigger = torch.tensor(x.trigger, dtype=torch.float)
    n = len(x.ids)
    out["names"] = (F.cross_entropy(names, gold_names, reduction="sum"), n)
    out["nominals"] = (F.cross_entropy(nominals, gold_nominals, reduction="sum"), n)
    out["trigger"] = (F.binary_cross_entropy_with_logits(trigger, gold_trigger, pos_weight=torch.tensor(2.0), reduction="sum"), n)
    if tally is not None:
        count_tags(x, names, nominals, trigger, tally)

    mentions = x.mentions
    vectors = None
    if mentions:
        firsts, lasts, kinds = [m.first for m in mentions], [m.last for m in mentions], [m.kind for m in mentions]
        paragraphs = [x.paragraphs[f] for f in firsts]
        vectors = model.mention_vectors(hidden, firsts, lasts, kinds)
        out.update(coreference(model, x, mentions, vectors, firsts, paragraphs, tally))
        out.update(roles_alone(model, x, mentions, vectors))
    triggers = [(*jitter(f, l, rng), ev) for f, l, ev in x.triggers]
    if rng is not None:
        triggers += false_triggers(x, trigger.tolist())
    if triggers:
        out.update(events(model, x, hidden, triggers, mentions, vectors, tally))
    return out


def roles_alone(model, x, mentions, vectors):
    party = [i for i, m in enumerate(mentions) if m.kind in L.PARTY]
    if not party:
        return {}
    gold = torch.zeros(len(party), len(L.ROLES))
    for row, i in enumerate(party):
        for *_, roles in x.events:
            if mentions[i].thing in roles:
                gold[row, roles[mentions[i].thing]] = 1
    logits = model.role_alone(vectors[torch.tensor(party)])
    return {"role_alone": (F.binary_cross_entropy_with_logits(logits, gold, reduction="sum"), len(party))}


def coreference(model, x, mentions, vectors, firsts, paragraphs, tally):
    party = [i for i, m in enumerate(mentions) if m.kind in L.PARTY]
    if len(party) < 2:
        return {}
    at, of = [firsts[i] for i in party], [paragraphs[i] for i in party]
    flags = torch.tensor([[X.likeness(mentions[i].words, mentions[j].words) for j in party] for i in party])
    pick = torch.tensor(party)
    logits = model.same_thing(vectors[pick], vectors[pick], model.places(at, of, at, of), flags).squeeze(-1)
    upper = torch.triu(torch.ones(len(party), len(party), dtype=torch.bool), 1)
    gold = torch.tensor([[float(mentions[i].thing == mentions[j].thing) for j in party] for i in party])
    logits, gold = logits[upper], gold[upper]
    if tally is not None:
        tally.update(thing_tp=int(((logits > 0) & (gold > 0)).sum()), thing_out=int((logits > 0).sum()), thing_gold=int(gold.sum()))
    # By document, not by pair: long lists of names would drown everything else.
    return {"same_thing": (pair_loss(logits, gold, 2.0) * 8, 8)}


def events(model, x, hidden, triggers, mentions, vectors, tally):
    out = {}
    firsts, lasts = [t[0] for t in triggers], [t[1] for t in triggers]
    paragraphs = [x.paragraphs[f] for f in firsts]
    tv = model.trigger_vectors(hidden, firsts, lasts)
    (types, stages, certainties, saliences), weight = model.attributes(tv)
    if len(triggers) > 1:
        logits = model.same_event(tv, tv, model.places(firsts, paragraphs, firsts, paragraphs)).squeeze(-1)
        upper = torch.triu(torch.ones(len(triggers), len(triggers), dtype=torch.bool), 1)
        gold = torch.tensor([[float(bool(a[2] & b[2])) for b in triggers] for a in triggers])
        logits, gold = logits[upper], gold[upper]
        out["same_event"] = (pair_loss(logits, gold, 1.0) * 8, 8)
        if tally is not None:
            tally.update(event_tp=int(((logits > 0) & (gold > 0)).sum()), event_out=int((logits > 0).sum()), event_gold=int(gold.sum()))
    argument = None
    if mentions:
        at, kinds = [m.first for m in mentions], [m.kind for m in mentions]
        places = model.places(firsts, paragraphs, at, [x.paragraphs[f] for f in at])
        argument = model.argument(tv, vectors, places + [X.between_bucket(firsts, at, kinds)])
    role_rows, role_gold, term_losses, tallies = [], [], [], Counter()
    attribute = Counter()
    clusters = [([i for i, t in enumerate(triggers) if key in t[2]], (key, *rest)) for key, *rest in x.events]
    clusters += [([i], None) for i, t in enumerate(triggers) if not t[2]]
    losses = {"type": [], "stage": [], "certainty": [], "salience": []}
    for members, event in clusters:
        if not members:
            continue
        rows = torch.tensor(members)
        if event is not None:
            key, kind, stage, certainty, salience, roles = event
            share = weight[rows].softmax(0)[:, None]
            for name, logits, gold in (("type", types, kind), ("stage", stages, stage), ("certainty", certainties, certainty),
                                       ("salience", saliences, salience)):
                pooled = (share * logits[rows]).sum(0)
                losses[name].append(F.cross_entropy(pooled[None], torch.tensor([gold])))
                attribute[name] += int(pooled.argmax() == gold)
            # Each trigger alone should know its type: inference sees clusters that are not quite the gold's.
            losses["type"].append(0.5 * F.cross_entropy(types[rows], torch.full((len(members),), kind)))
            attribute["events"] += 1
        else:
            key, roles = None, {}
        if argument is None:
            continue
        things = {}
        for i, m in enumerate(mentions):
            if m.kind in L.PARTY:
                things.setdefault(m.thing, []).append(i)
        for thing, where in things.items():
            role_rows.append(with_none(pool(argument[rows][:, torch.tensor(where), :len(L.ROLES)])))
            role_gold.append(1 + roles[thing] if thing in roles else 0)
        for i, m in enumerate(mentions):
            if m.kind in L.TERMS_OF:
                options = [len(L.ROLES) + t for t in L.TERMS_OF[m.kind]]
                scores = with_none(pool(argument[rows][:, i][:, options]))
                mine = [t for e, t in m.terms if e == key]
                gold = 1 + L.TERMS_OF[m.kind].index(mine[0]) if mine else 0
                term_losses.append(F.cross_entropy(scores[None], torch.tensor([gold])))
                best = int(scores.argmax())
                tallies.update(term_tp=int(best == gold and gold > 0), term_out=int(best > 0), term_gold=int(gold > 0))
    if role_rows:
        rows, gold = torch.stack(role_rows), torch.tensor(role_gold)
        out["role"] = (F.cross_entropy(rows, gold, reduction="sum"), len(gold))
        best = rows.argmax(1)
        tallies.update(role_tp=int(((best == gold) & (gold > 0)).sum()), role_out=int((best > 0).sum()), role_gold=int((gold > 0).sum()))
    if term_losses:
        out["term"] = (torch.stack(term_losses).sum(), len(term_losses))
    for name, values in losses.items():
        if values:
            out[name] = (torch.stack(values).sum(), len(values))
    if tally is not None:
        tally.update(tallies + attribute)
    return out


def decode(tags):
    """Spans of a BIOES sequence as the annotation's own tags give them; broken sequences close where they break."""
    spans, start, kind = set(), None, None
    for i, tag in enumerate(list(tags) + [0]):
        k, part = (None, None) if tag == 0 else ((tag - 1) // 4, "BIES"[(tag - 1) % 4])
        if start is not None and (part not in ("I", "E") or k != kind):
            spans.add((start, i - 1, kind))
            start = None
        if part in ("B", "S"):
            start, kind = i, k
        elif part in ("I", "E") and start is None:
            start, kind = i, k
        if part in ("E", "S"):
            spans.add((start, i, kind))
            start = None
    return spans


def count_tags(x, names, nominals, trigger, tally):
    for label, logits, gold in (("names", names, x.names), ("nominals", nominals, x.nominals)):
        found, true = decode(logits.argmax(-1).tolist()), decode(gold)
        tally.update({f"{label}_tp": len(found & true), f"{label}_out": len(found), f"{label}_gold": len(true)})
    hot = [s > 0 for s in trigger.tolist()]
    tally.update(trigger_tp=sum(h and t for h, t in zip(hot, x.trigger)), trigger_out=sum(hot), trigger_gold=sum(x.trigger))


def figures(tally):
    """F1 of every counted pair of sets, and accuracies of the attributes."""
    out = {k[:-3]: round(2 * tally[k] / max(1, tally[f"{k[:-3]}_out"] + tally[f"{k[:-3]}_gold"]), 4) for k in sorted(tally) if k.endswith("_tp")}
    out.update({k: round(tally[k] / max(1, tally["events"]), 4) for k in ("type", "stage", "certainty", "salience")})
    return out
