"""Ten negatives for every positive by RecBole's own `Sampler`. Usage: recboleSampler.py popularity|uniform FOLDER.

Its data set contains the excluded items of the users, so it rejects the same items. Its popularity is the count of an item in this data set, to the power of
0.75, so items without a count are never drawn. It does not reject repetitions, ignores when an item is eligible, and returns no probability. Ids start at 1,
because 0 is its padding.
"""
import sys
from types import SimpleNamespace

import numpy as np
import torch
from recbole.sampler import Sampler

from job import NEGATIVES, answer, excluded, items, offsets, positives, user_of

# The same chunk size as the other peers; with its defaults a trainer asks for about two hundred.
GROUPS = 8192
# It is slow, so the rate is measured on a part of the positives.
POSITIVES = 200_000
owners = np.repeat(np.arange(1, len(offsets)), np.diff(offsets))
data = SimpleNamespace(
    uid_field="user", iid_field="item", user_num=len(offsets), item_num=items + 1,
    inter_feat={"user": torch.from_numpy(owners), "item": torch.from_numpy(excluded.astype(np.int64) + 1)},
)
np.random.seed(1)
sampler = Sampler(["train"], [data], distribution=sys.argv[1], alpha=0.75).set_phase("train")
asked = min(POSITIVES, len(positives))
users, chosen = user_of[:asked].astype(np.int64) + 1, positives[:asked].astype(np.int64) + 1


def draw_all():
    total = 0
    for first in range(0, asked, GROUPS):
        total += len(sampler.sample_by_user_ids(users[first:first + GROUPS], chosen[first:first + GROUPS], NEGATIVES))
    return total


answer(draw_all)
