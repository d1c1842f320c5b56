"""The deal model: one encoder pass, and small heads for tags, events and pairs.

Shapes: n tokens of a document, h hidden, d head width, T triggers, M mentions, E events.
"""
import torch
from torch import nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel

import features as X
import labels as L
from encoder import packed

WIDTH = 192


class Pair(nn.Module):
    """Scores for pairs of vectors: a two-layer perceptron over both, their product, and embedded features."""

    def __init__(self, outputs, buckets, width=WIDTH, flags=0):
        super().__init__()
        self.left, self.right = nn.Linear(width, width), nn.Linear(width, width, bias=False)
        self.product = nn.Linear(width, width, bias=False)
        self.buckets = nn.ModuleList(nn.Embedding(n, width) for n in buckets)
        self.flags = nn.Linear(flags, width, bias=False) if flags else None
        self.out = nn.Linear(width, outputs)
        for e in self.buckets:
            nn.init.normal_(e.weight, std=0.1)

    def forward(self, left, right, buckets, flags=None):
        """left [A, d], right [B, d], each bucket [A, B] -> [A, B, outputs]."""
        z = self.left(left)[:, None] + self.right(right)[None] + self.product(left[:, None] * right[None])
        for embed, index in zip(self.buckets, buckets):
            z = z + embed(index)
        if self.flags is not None:
            z = z + self.flags(flags)
        return self.out(F.dropout(F.gelu(z), 0.1, self.training))


def pool(scores):
    """Scores of an event's triggers × a thing's mentions as one: the mean weighted by the scores' own softmax. [..., k] -> [k]."""
    flat = scores.reshape(-1, scores.shape[-1])
    return (flat.softmax(0) * flat).sum(0)


class DealModel(nn.Module):
    def __init__(self, shape, width=WIDTH):
        super().__init__()
        self.encoder = BertModel(BertConfig(**shape, hidden_dropout_prob=0.1), add_pooling_layer=False)
        h = shape["hidden_size"]
        self.mix = nn.Parameter(torch.zeros(shape["num_hidden_layers"] + 1))
        self.tag = nn.Linear(h, 256)
        self.names, self.nominals = nn.Linear(256, len(L.NAME_TAGS)), nn.Linear(256, len(L.NOMINAL_TAGS))
        self.trigger = nn.Linear(256, 1)
        self.trigger_vector = nn.Linear(h, width)
        self.mention_vector = nn.Linear(3 * h, width)
        self.kind = nn.Embedding(L.NOMINAL + 1, width)
        self.trigger_norm, self.mention_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attribute = nn.Linear(width, width)
        self.attribute_out = nn.Linear(width, len(L.TYPES) + len(L.STAGES) + len(L.CERTAINTIES) + len(L.SALIENCES))
        self.attention = nn.Linear(width, 1)
        near = 2 * (len(L.DISTANCES) + 1)
        # Trained beside the pair head and not shipped: a mention's roles in whatever deal it takes part in. It tells the
        # encoder about roles directly, where the pair head's signal has to pass through triggers and pooling.
        self.role_alone = nn.Linear(width, len(L.ROLES))
        self.argument = Pair(len(L.ROLES) + len(L.TERMS), [near, 7, 10])
        self.same_event = Pair(1, [near, 7])
        self.same_thing = Pair(1, [near, 7], flags=6)

    def encode(self, examples, dtype=torch.bfloat16):
        """The mixed hidden states of each document's tokens, [n, h] each, stitched from its windows."""
        ids, types, lengths, places = [], [], [], []
        for x in examples:
            spans, owner = X.windows(len(x.ids))
            starts = []
            for s, e in spans:
                starts.append(len(ids) + 1 - s)
                ids += [0, *x.ids[s:e], 2]
                types += [0, *x.types[s:e], 0]
                lengths.append(e - s + 2)
            places.append(torch.tensor([starts[w] + t for t, w in enumerate(owner)]))
        hidden = packed(self.encoder, torch.tensor(ids), torch.tensor(types), lengths, dtype, self.mix.softmax(0)).float()
        return [hidden[p] for p in places]

    def tags(self, hidden):
        """Name tag, nominal tag and trigger logits per token: [n, 29], [n, 5], [n]."""
        z = F.dropout(F.gelu(self.tag(hidden)), 0.1, self.training)
        return self.names(z), self.nominals(z), self.trigger(z).squeeze(-1)

    def mention_vectors(self, hidden, firsts, lasts, kinds):
        sums = torch.cat([hidden.new_zeros(1, hidden.shape[1]), hidden.cumsum(0)])
        first, last = torch.tensor(firsts), torch.tensor(lasts)
        mean = (sums[last + 1] - sums[first]) / (last + 1 - first)[:, None]
        return self.mention_norm(F.gelu(self.mention_vector(torch.cat([hidden[first], hidden[last], mean], 1))) + self.kind(torch.tensor(kinds)))

    def trigger_vectors(self, hidden, firsts, lasts):
        mean = torch.stack([hidden[f:l + 1].mean(0) for f, l in zip(firsts, lasts)])
        return self.trigger_norm(F.gelu(self.trigger_vector(mean)))

    def attributes(self, vectors):
        """Logits of type, stage, certainty and salience for each trigger, and each trigger's weight in its event."""
        z = F.dropout(F.gelu(self.attribute(vectors)), 0.1, self.training)
        sizes = [len(L.TYPES), len(L.STAGES), len(L.CERTAINTIES), len(L.SALIENCES)]
        return self.attribute_out(z).split(sizes, -1), self.attention(vectors).squeeze(-1)

    @staticmethod
    def places(firsts, paragraphs, others, other_paragraphs):
        delta = torch.tensor(others)[None] - torch.tensor(firsts)[:, None]
        across = torch.tensor(other_paragraphs)[None] - torch.tensor(paragraphs)[:, None]
        return [X.distance_bucket(delta), X.paragraph_bucket(across)]
