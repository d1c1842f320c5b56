"""The encoder's forward pass over packed sequences: no padding is computed, activations stay in one dtype.

Works on a transformers BertModel's own modules, so that names and values are Hugging Face's; parity with
BertModel.forward is checked by parity.py.
"""
import torch
from torch.nn import functional as F


def linear(x, *modules):
    """One product for several linear layers that read the same input."""
    weight = torch.cat([m.weight for m in modules]) if len(modules) > 1 else modules[0].weight
    bias = torch.cat([m.bias for m in modules]) if len(modules) > 1 else modules[0].bias
    return F.linear(x, weight.to(x.dtype), bias.to(x.dtype))


def norm(x, module):
    return F.layer_norm(x, module.normalized_shape, module.weight.to(x.dtype), module.bias.to(x.dtype), module.eps)


def plain_norm(x):
    """Layer normalisation without parameters."""
    return F.layer_norm(x.float(), x.shape[-1:])


def packed(bert, ids, types, lengths, dtype=torch.bfloat16, mix=None):
    """Hidden states [sum(lengths), h] of sequences laid one after another; each attends to itself only.

    The last layer's states; with `mix`, a weight for the embeddings and each layer, the normalised mean of all layers'
    normalised states (Peters et al. 2018). The base was trained for sentence embeddings: its last layer's states are
    nearly the same for all tokens of a text, and what tells tokens apart has to be taken from below.
    """
    config = bert.config
    heads, drop = config.num_attention_heads, config.hidden_dropout_prob if bert.training else 0.0
    emb = bert.embeddings
    positions = torch.cat([torch.arange(n) for n in lengths])
    x = emb.word_embeddings(ids) + emb.position_embeddings(positions) + emb.token_type_embeddings(types)
    x = F.dropout(norm(x, emb.LayerNorm).to(dtype), drop)
    mixed = None if mix is None else mix[0] * plain_norm(x)
    for n, layer in enumerate(bert.encoder.layer):
        attend, out = layer.attention.self, layer.attention.output
        q, k, v = linear(x, attend.query, attend.key, attend.value).view(len(ids), 3, heads, -1).unbind(1)
        seen = []
        for a, b, c in zip(q.split(lengths), k.split(lengths), v.split(lengths)):
            o = F.scaled_dot_product_attention(*(t.transpose(0, 1)[None] for t in (a, b, c)))
            seen.append(o[0].transpose(0, 1).reshape(len(a), -1))
        x = norm(x + F.dropout(linear(torch.cat(seen), out.dense), drop), out.LayerNorm)
        y = linear(F.gelu(linear(x, layer.intermediate.dense)), layer.output.dense)
        x = norm(x + F.dropout(y, drop), layer.output.LayerNorm)
        if mix is not None:
            mixed = mixed + mix[n + 1] * plain_norm(x)
    return x if mix is None else plain_norm(mixed)
