"""Ten negatives for every positive out of a pool, in numpy. Usage: pools.py choice|searchsorted|alias|integers FOLDER.

Processes users in order, many groups at a time. An attempt is rejected if the item is in the user's excluded set, or if the group already has it. Rejected
places are drawn again until all are filled. Each row has the log of its probability before exclusion.
"""
import sys

import numpy as np

from job import Exclusion, NEGATIVES, answer, items, positives, read, user_of

GROUPS = 8192
way = sys.argv[1]
pool, starts, weights = read("pool.u32", np.uint32), read("poolOffsets.u32", np.uint32), read("weights.f64", np.float64)
pool_of_item = read("poolOfItem.i32", np.int32)
sizes = np.diff(starts)
generator = np.random.default_rng(1)
exclusion = Exclusion()
if weights is not None:
    chances = weights / weights.sum()
    log_of_item = np.full(items, -np.inf)
    log_of_item[pool] = np.log(chances)


def alias_tables():
    scaled = chances * len(pool)
    threshold, alias = np.ones(len(pool)), np.arange(len(pool), dtype=np.uint32)
    small, large = list(np.flatnonzero(scaled < 1)), list(np.flatnonzero(scaled >= 1))
    while small and large:
        less, more = small.pop(), large[-1]
        threshold[less], alias[less] = scaled[less], more
        scaled[more] -= 1 - scaled[less]
        if scaled[more] < 1:
            small.append(large.pop())
    return (np.minimum(threshold, 1 - 2**-32) * 2**32).astype(np.uint32), alias


def places():
    """Returns a function that draws indices into the pool. Its arguments: the number of draws, and the pool of each draw if there are several."""
    size = len(pool)
    if way == "choice":
        return lambda count, _: generator.choice(size, size=count, p=chances)
    if way == "searchsorted":
        cumulated = np.cumsum(chances)
        return lambda count, _: np.minimum(np.searchsorted(cumulated, generator.random(count), side="right"), size - 1)
    if way == "integers":
        if pool_of_item is None:
            return lambda count, _: generator.integers(0, size, count, dtype=np.uint32)
        return lambda count, own: starts[own] + (generator.random(count) * sizes[own]).astype(np.uint32)
    threshold, alias = alias_tables()

    def draw(count, _):
        column = generator.integers(0, size, count, dtype=np.uint32)
        return np.where(generator.integers(0, 2**32, count, dtype=np.uint32) < threshold[column], column, alias[column])

    return draw


def repeated(drawn):
    """Flat indices of items repeated within a row, all but the first occurrence of each."""
    ordered = np.sort(drawn, axis=1)
    rows = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    order = np.argsort(drawn[rows], axis=1, kind="stable")
    some = np.take_along_axis(drawn[rows], order, axis=1)
    at, column = np.nonzero(some[:, 1:] == some[:, :-1])
    return rows[at] * NEGATIVES + order[at, column + 1]


# If the pool has all items, an index is an item.
place = places()
draw = place if len(pool) == items and pool_of_item is None else lambda count, own: pool[place(count, own)]


def log_q_of(drawn, own):
    if weights is not None:
        return log_of_item[drawn]
    return np.full(len(drawn), -np.log(len(pool))) if own is None else -np.log(sizes)[own]


def draw_all():
    total = 0
    for first in range(0, len(positives), GROUPS):
        users = np.repeat(user_of[first:first + GROUPS], NEGATIVES)
        own = None if pool_of_item is None else np.repeat(pool_of_item[positives[first:first + GROUPS]], NEGATIVES)
        drawn = draw(len(users), own).astype(np.uint32)
        refused = exclusion.hits(users, drawn)
        while True:
            twice = repeated(drawn.reshape(-1, NEGATIVES))
            refused = np.union1d(refused, twice)
            if len(refused) == 0:
                break
            drawn[refused] = draw(len(refused), None if own is None else own[refused])
            refused = refused[exclusion.hits(users[refused], drawn[refused])]
        log_q_of(drawn, own)
        total += len(drawn)
    return total


answer(draw_all)
