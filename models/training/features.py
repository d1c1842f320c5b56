"""An article as the tensors that the model reads and the labels that it learns.

The windows, token trimming and pair features are the contract with the Rust side (src/text/window.rs,
src/model/deal/features.rs): committed fixtures hold both to the same numbers.
"""
from bisect import bisect_right
from dataclasses import dataclass

import torch

import labels as L
from corpus import MARK

WINDOW = 510  # tokens of a window, without <s> and </s>
OVERLAP = 128


def windows(count, size=WINDOW, overlap=OVERLAP):
    """Token ranges that cover `count` tokens, and for each token the window that sees it with most context."""
    if count <= size:
        return [(0, count)], [0] * count
    starts = list(range(0, count - overlap, size - overlap))
    spans = [(s, min(s + size, count)) for s in starts]
    owner = []
    for t in range(count):
        # Context that a window gives a token: its distance to the nearer edge; the document's own ends are no edges.
        def context(w):
            s, e = spans[w]
            return min(t - s if s else count, e - 1 - t if e < count else count)
        inside = [w for w, (s, e) in enumerate(spans) if s <= t < e]
        owner.append(max(inside, key=lambda w: (context(w), -w)))
    return spans, owner


def trim(text, start, end):
    """A token's offsets without the white space that the tokenizer attached."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def fold_words(name):
    """A name's words as they are compared: lower case, no punctuation, no final legal form."""
    words = "".join(c if c.isalnum() else " " for c in name.lower().replace(".", "")).split()
    while len(words) > 1 and words[-1] in L.LEGAL_FORMS:
        words.pop()
    return words


def likeness(a, b):
    """String features of two names' words: equal, contained, first, last, acronym, a long word in common."""
    if not a or not b:
        return [0.0] * 6
    short, long = sorted((a, b), key=len)
    joined = short[0] if len(short) == 1 else ""
    initials = {"".join(w[0] for w in long), "".join(w[0] for w in long if len(w) > 2)}
    return [float(x) for x in (a == b, set(a) <= set(b) or set(b) <= set(a), a[0] == b[0], a[-1] == b[-1],
                               len(joined) > 1 and len(long) > 1 and joined in initials,
                               any(len(w) > 3 and w in b for w in a))]


@dataclass
class Mention:
    """A mention as token range [first, last], its kind, its thing, and the (event, term) pairs it states."""
    first: int
    last: int
    kind: int
    thing: str | None
    terms: set
    words: list


@dataclass
class Example:
    """One article's tensors and labels."""
    id: str
    ids: list
    types: list  # 1 on the title's tokens
    offsets: list
    paragraphs: list
    names: list  # NAME_TAGS index per token
    nominals: list
    trigger: list
    mentions: list
    triggers: list  # (first, last, set of events)
    events: list  # (key, type, stage, certainty, salience, {thing: role})


def bioes(count, spans):
    """One flat tag layer; of spans that overlap the longer one stays."""
    tags, kept = [0] * count, []
    for first, last, kind in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if any(tags[first:last + 1]):
            continue
        base = 1 + 4 * kind
        if first == last:
            tags[first] = base + 3  # order of a kind's tags: B I E S
        else:
            tags[first:last + 1] = [base] + [base + 1] * (last - first - 1) + [base + 2]
        kept.append((first, last, kind))
    return tags, set(kept)


def example(article, tokenizer):
    enc = tokenizer.encode(article.text, add_special_tokens=False)
    offsets = [trim(article.text, s, e) for s, e in enc.offsets]
    starts, ends = [s for s, _ in offsets], [e for _, e in offsets]
    breaks = [i for i, c in enumerate(article.text) if c == "\n"]
    runs = [b for i, b in enumerate(breaks) if i == 0 or article.text[breaks[i - 1]:b].strip()]
    count = len(offsets)

    def tokens(mark):
        inside = [t for t in range(max(0, bisect_right(ends, mark.start) - 1), count)
                  if starts[t] < mark.end and ends[t] > mark.start]
        return (inside[0], inside[-1]) if inside else None

    spans, triggers = {}, {}
    for mark in article.marks:
        at = tokens(mark)
        if at is None:
            continue
        letter, number, nominal, event, term, free = MARK.fullmatch(mark.label).groups()
        if event and not term:
            triggers.setdefault(at, set()).add(event)
            continue
        kind = (L.NOMINAL if nominal else "opl".index(letter)) if letter else L.KIND_OF_TERM[term or free]
        thing = letter + number if letter else None
        m = spans.setdefault((*at, kind), Mention(*at, kind, thing, set(), fold_words(article.text[mark.start:mark.end])))
        if term:
            m.terms.add((event, L.TERMS.index(term)))
    names, kept = bioes(count, [k for k in spans if k[2] != L.NOMINAL])
    nominals, kept_nominals = bioes(count, [(f, l, 0) for f, l, k in spans if k == L.NOMINAL])
    mentions = [m for k, m in sorted(spans.items()) if k in kept or (k[2] == L.NOMINAL and (k[0], k[1], 0) in kept_nominals)]
    trigger = [0] * count
    for first, last in triggers:
        trigger[first:last + 1] = [1] * (last - first + 1)
    events = [(key, L.TYPES.index(e["type"]), L.STAGES.index(e["stage"]), L.CERTAINTIES.index(e["certainty"]),
               L.SALIENCES.index(e["salience"]), {thing: L.ROLES.index(role) for role, thing in e["participants"]})
              for key, e in article.events.items()]
    return Example(article.id, enc.ids, [int(s < article.title) for s in starts], offsets,
                   [bisect_right(runs, s) for s in starts], names, nominals, trigger, mentions,
                   [(f, l, ev) for (f, l), ev in sorted(triggers.items())], events)


BOUNDS = torch.tensor(L.DISTANCES)


def distance_bucket(delta):
    """0..11 for a later or equal token, 12..23 for an earlier one."""
    return torch.bucketize(delta.abs(), BOUNDS, right=True) + len(L.DISTANCES + [0]) * (delta < 0).long()


def paragraph_bucket(delta):
    """-3..3 paragraphs apart, as 0..6."""
    return delta.clamp(-3, 3) + 3


def between_bucket(anchors, firsts, kinds):
    """For each anchor × mention: how many mentions of the same kind lie between (0..4), +5 when the mention comes first."""
    out = torch.zeros(len(anchors), len(firsts), dtype=torch.long)
    for kind in set(kinds):
        of = [i for i, k in enumerate(kinds) if k == kind]
        at = [firsts[i] for i in of]
        for a, anchor in enumerate(anchors):
            cut = sum(f < anchor for f in at)
            for rank, i in enumerate(of):
                behind = rank >= cut
                out[a, i] = min(4, rank - cut if behind else cut - 1 - rank) + (0 if behind else 5)
    return out
