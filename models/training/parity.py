#!/usr/bin/env python3
"""Check that the packed forward pass equals transformers' BertModel (f32). usage: parity.py [WORK/base.pt]"""
import sys

import torch

from encoder import packed
from model import DealModel

_, state, shape = torch.load(sys.argv[1] if len(sys.argv) > 1 else "target/training/base.pt")
bert = DealModel(shape).eval().encoder
bert.load_state_dict(state, strict=False)
torch.manual_seed(0)
lengths = [5, 130, 512, 1]
ids = [torch.randint(4, shape["vocab_size"], (n,)) for n in lengths]
types = [torch.randint(0, 2, (n,)) for n in lengths]
with torch.no_grad():
    ours = packed(bert, torch.cat(ids), torch.cat(types), lengths, torch.float32).split(lengths)
    for n, i, t, o in zip(lengths, ids, types, ours):
        worst = (bert(input_ids=i[None], token_type_ids=t[None]).last_hidden_state[0] - o).abs().max()
        print(f"{n:4} tokens: greatest difference {worst:.2e}")
        assert worst < 1e-4
