"""Histories of MovieLens-100K by RecBole's own `data_augmentation`, next to those of RecSample.
Usage: movielens.py write FOLDER, then movielens.py compare FOLDER with the samples own.parquet and raw.parquet. The ratings are those of RecBole's wheel.
"""
import json
import os
import sys
from collections import defaultdict

import numpy as np
import pandas as pd
import recbole
from recbole.config import Config
from recbole.data import create_dataset

mode, folder = sys.argv[1:]
sys.argv = sys.argv[:1]
LENGTH = 50
FIRST_DAY = np.datetime64("2026-11-01", "us")
examples = os.path.join(os.path.dirname(recbole.__file__), "dataset_example")


def write_log(name, ratings, ts):
    """Ratings of a user in the same second are a request; a click is a rating of 4 or 5."""
    log = ratings.assign(ts=ts, is_click=ratings["rating"] >= 4)
    log["request_id"] = log.groupby(["user_id", "ts"]).ngroup()
    log["position"] = log.groupby("request_id").cumcount().astype("int32")
    os.makedirs(name, exist_ok=True)
    log.to_parquet(f"{name}/log.parquet", index=False)


def write():
    names = ["user_id", "item_id", "rating", "seconds"]
    ratings = pd.read_csv(f"{examples}/ml-100k/ml-100k.inter", sep="\t", header=0, names=names)
    write_log("raw", ratings, ratings["seconds"].to_numpy().astype("datetime64[s]").astype("datetime64[us]"))
    # Each rating gets its own time: its rank by time, item and user. All are below 2^24, so 32-bit floats hold them.
    ranked = ratings.sort_values(["seconds", "item_id", "user_id"])
    ranked["seconds"] = np.arange(1, len(ranked) + 1)
    ranked = ranked.sort_index()
    write_log("own", ranked, FIRST_DAY + ranked["seconds"].to_numpy().astype("timedelta64[s]"))
    types = ["token", "token", "float", "float"]
    columns = [f"{name}:{kind}" for name, kind in zip(["user_id", "item_id", "rating", "timestamp"], types)]
    ranked[names].to_csv("own/own.inter", sep="\t", header=columns, index=False)


def by_recbole(name, path, normalize_all):
    """The list of each user and item."""
    settings = {"data_path": path, "load_col": {"inter": ["user_id", "item_id", "rating", "timestamp"]}, "train_neg_sample_args": None, "MAX_ITEM_LIST_LENGTH": LENGTH, "normalize_all": normalize_all, "state": "ERROR"}
    dataset = create_dataset(Config(model="SASRec", dataset=name, config_dict=settings))
    dataset._change_feat_format()
    rows = dataset.inter_feat
    tokens = lambda field: np.array([0, *map(int, dataset.field2id_token[field][1:])])
    items = tokens("item_id")
    users, targets = tokens("user_id")[rows["user_id"].numpy()], items[rows["item_id"].numpy()]
    lists = items[rows["item_id_list"].numpy()]
    return {(user, item): tuple(steps[:length]) for user, item, steps, length in zip(users.tolist(), targets.tolist(), lists.tolist(), rows["item_length"].tolist())}


def by_recsample(path):
    rows = pd.read_parquet(path)
    return {(user, item): tuple(steps.tolist()) for user, item, steps in zip(rows["user_id"].tolist(), rows["item_id"].tolist(), rows["ratings__item_id"])}


def compare():
    own, ours = by_recbole("own", os.path.abspath("."), False), by_recsample("own.parquet")
    figures = {"own": {
        "recbole": len(own),
        "recsample": len(ours),
        "equal": sum(ours[key] == steps for key, steps in own.items()),
        # RecBole has no row for the first event of a user.
        "without_row_empty": sum(ours[key] == () for key in ours.keys() - own.keys()),
    }}
    log = pd.read_parquet("raw/log.parquet")
    time = dict(zip(zip(log["user_id"], log["item_id"]), log["seconds"]))
    # Each user's items by exact time, ties in the order of the file, as RecBole means it.
    by_user = defaultdict(list)
    for user, item in log.sort_values(["user_id", "seconds"], kind="stable")[["user_id", "item_id"]].itertuples(index=False):
        by_user[user].append(item)
    exact, wanted, with_ties = {}, {}, set()
    for user, items in by_user.items():
        for k, item in enumerate(items):
            now = time[user, item]
            if k > 0:
                exact[user, item] = tuple(items[max(0, k - LENGTH):k])
            before = [other for other in items if time[user, other] < now]
            wanted[user, item] = tuple(sorted(before, key=lambda other: (time[user, other], other))[-LENGTH:])
            near = [time[user, other] for other in items[max(0, k - LENGTH - 1):k + 1]]
            if len(set(near)) < len(near):
                with_ties.add((user, item))
    ours = by_recsample("raw.parquet")
    tied = lambda lists: sum(any(time[key[0], step] == time[key] for step in steps) for key, steps in lists.items())
    later = lambda lists: sum(any(time[key[0], step] > time[key] for step in steps) for key, steps in lists.items())
    figures["raw"] = {
        "recsample": {"rows": len(ours), "as_specified": sum(ours[key] == steps for key, steps in wanted.items()), "empty": sum(steps == () for steps in ours.values()), "own_second": tied(ours), "later": later(ours)},
        "exact": {"rows": len(exact), "own_second": tied(exact), "differ_without_tie": sum(steps != ours[key] and key not in with_ties for key, steps in exact.items())},
    }
    for name, normalize_all in (("normalized", True), ("plain", False)):
        lists = by_recbole("ml-100k", examples, normalize_all)
        figures["raw"][name] = {"rows": len(lists), "own_second": tied(lists), "later": later(lists), "changed": sum(lists[key] != steps for key, steps in exact.items() if key in lists)}
    print(json.dumps(figures), file=open("figures.json", "w"))


os.chdir(folder)
{"write": write, "compare": compare}[mode]()
