"""A log, and samples of its clicks whose negatives RecBole and torch-rechub draw: samplers.py FOLDER"""

import sys
from collections import Counter, OrderedDict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from recbole.sampler import Sampler
from torch_rechub.utils.match import negative_sample

USERS, ITEMS = 2000, 1200
folder = Path(sys.argv[1])
np.random.seed(7)

# Each user is shown some items, popular ones more often, and clicks half of them.
weights = np.arange(1, ITEMS + 1) ** -0.9
shown = [
    np.random.choice(ITEMS, size=np.random.randint(4, 20), replace=False, p=weights / weights.sum()) + 1
    for _ in range(USERS)
]
users = np.repeat(np.arange(1, USERS + 1), [len(one) for one in shown])
items = np.concatenate(shown)
clicks = np.random.random(len(users)) < 0.5
times = np.datetime64("2026-11-01", "us") + (np.random.random(len(users)) * 5 * 86_400e6).astype("timedelta64[us]")
log = {"user_id": users, "item_id": items, "ts": times, "is_click": clicks.astype(np.int8)}
pq.write_table(pa.table(log), folder / "impressions.parquet")
pq.write_table(pa.table({"item_id": np.arange(1, ITEMS + 1)}), folder / "items.parquet")
clickers, clicked, moments = users[clicks], items[clicks], times[clicks]


def write(name, negatives, number):
    """Long rows: the positives, then `number` times their users and times with the negatives."""
    labels = np.repeat([1, 0], [len(clickers), len(negatives)]).astype(np.int8)
    rows = {
        "user_id": np.tile(clickers, number + 1),
        "item_id": np.concatenate([clicked, negatives]),
        "ts": np.tile(moments, number + 1),
        "label": labels,
    }
    pq.write_table(pa.table(rows), folder / f"{name}.parquet")


# RecBole reads only these fields of a data set.
data = SimpleNamespace(
    uid_field="user",
    iid_field="item",
    user_num=USERS + 1,
    item_num=ITEMS + 1,
    inter_feat={"user": torch.tensor(clickers), "item": torch.tensor(clicked)},
)
for name, distribution, alpha in [("uniform", "uniform", 1.0), ("half", "popularity", 0.5), ("full", "popularity", 1.0)]:
    sampler = Sampler("train", data, distribution, alpha).set_phase("train")
    write(f"recbole-{name}", sampler.sample_by_user_ids(clickers, clicked, 4).numpy(), 4)

counts = OrderedDict(Counter(clicked.tolist()).most_common())
for name, method in [("random", 0), ("word2vec", 1)]:
    write(f"rechub-{name}", np.asarray(negative_sample(counts, 3 * len(clickers), method)), 3)
