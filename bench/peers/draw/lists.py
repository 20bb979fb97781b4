"""Ten negatives for every positive out of lists of candidates, in numpy. Usage: lists.py FOLDER.

Processes many groups at a time: concatenates their candidates without the excluded ones, gives each a random number, sorts by group and number, and keeps the
first ten of each group. Lists of the request come before those of the user. A cut by score needs one more sort before, alternating channels one more after.
Each row has the log of the probability of one draw.
"""
import numpy as np

from job import Exclusion, NEGATIVES, answer, excluded, items, positives, read, told, user_of

# Larger chunks would not fit into the CPU cache.
GROUPS = 1024
request_offsets, request_items = read("requestOffsets.u32", np.uint32), read("requestItems.u32", np.uint32)
user_offsets, user_items = read("userOffsets.u32", np.uint32), read("userItems.u32", np.uint32)
scores, channel_of = read("scores.f64", np.float64), read("channels.u16", np.uint16)
cut, channels = told["cut"], told["channels"]
generator = np.random.default_rng(1)
exclusion = None if excluded is None else Exclusion()


def rows_of(offsets, owners):
    """Rows of the lists of some owners, concatenated, and the index of each row's owner."""
    starts, sizes = offsets[owners].astype(np.int64), (offsets[owners + 1] - offsets[owners]).astype(np.int64)
    owner = np.repeat(np.arange(len(owners)), sizes)
    return np.arange(len(owner)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes), owner


def acceptable(owner, listed, first):
    keep = listed != positives[first + owner]
    if exclusion is not None:
        keep[exclusion.hits(user_of[first + owner], listed)] = False
    return keep


def rank_in(owner, owners):
    """0-based rank of each row within its owner; rows are ordered by owner."""
    sizes = np.bincount(owner, minlength=owners)
    return np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def shuffled(owner):
    """An order by owner, random within each owner."""
    return np.argsort(owner + generator.random(len(owner)))


def requests(first, last):
    rows, owner = rows_of(request_offsets, np.arange(first, last))
    keep = acceptable(owner, request_items[rows], first)
    rows, owner = rows[keep], owner[keep]
    if cut is not None:
        order = np.lexsort((-scores[rows], owner))
        rank = rank_in(owner, last - first)
        keep = order[(rank >= cut["skip"]) & (rank < cut["skip"] + cut["top"])]
        rows, owner = rows[keep], owner[keep]
    return rows, owner


def turns(first, last):
    """The first of each channel, then the second of each; every group has its own order of channels."""
    rows, owner = requests(first, last)
    groups = last - first
    list_of = owner * channels + channel_of[rows]
    order = shuffled(list_of)
    listed, list_of = request_items[rows[order]], list_of[order]
    rank = rank_in(list_of, groups * channels)
    owner = list_of // channels
    order = np.argsort(owner * 2**16 + rank + generator.random(groups * channels)[list_of])
    listed, owner = listed[order], owner[order]
    # An item that two channels found counts once, at its first place.
    distinct = np.sort(np.unique(owner * items + listed, return_index=True)[1])
    listed, owner = listed[distinct], owner[distinct]
    sizes = np.bincount(owner, minlength=groups)
    taken = rank_in(owner, groups) < NEGATIVES
    return listed[taken], -np.log(sizes)[owner[taken]]


def tiers(first, last):
    """The lists of the request in random order, then those of the user without the items of the former."""
    groups = last - first
    listed, tier_of = [], []
    if request_items is not None:
        rows, owner = requests(first, last)
        listed.append(request_items[rows])
        tier_of.append(2 * owner)
    if user_items is not None:
        rows, owner = rows_of(user_offsets, user_of[first:last])
        own = user_items[rows]
        keep = acceptable(owner, own, first)
        if listed:
            before, pairs = tier_of[0] // 2 * items + listed[0], owner * items + own
            keep &= before[np.minimum(np.searchsorted(before, pairs), len(before) - 1)] != pairs
        listed.append(own[keep])
        tier_of.append(2 * owner[keep] + 1)
    listed, tier_of = np.concatenate(listed), np.concatenate(tier_of)
    order = shuffled(tier_of)
    listed, tier_of = listed[order], tier_of[order]
    taken = rank_in(tier_of // 2, groups) < NEGATIVES
    sizes = np.bincount(tier_of, minlength=2 * groups)
    rows = np.bincount(tier_of[taken], minlength=2 * groups)
    filled = np.repeat(rows.reshape(-1, 2).sum(axis=1), 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(rows / sizes / filled)
    return listed[taken], logs[tier_of[taken]]


def draw_all():
    total = 0
    for first in range(0, len(positives), GROUPS):
        listed, _ = (turns if channels else tiers)(first, min(len(positives), first + GROUPS))
        total += len(listed)
    return total


answer(draw_all)
