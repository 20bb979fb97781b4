"""Ten negatives for every positive out of a pool, in numpy. Usage: pools.py choice|searchsorted|alias|integers|mix FOLDER.

Processes users in order, many groups at a time. An attempt is rejected if the item is in the user's excluded set, or if the group already has it. Rejected
places are drawn again until all are filled. Each row has the log of its probability before exclusion.

`mix` draws half of the negatives uniformly (integers) and half by weight (alias). Each row also has the log of its probability in the mix before exclusion,
which is a table by item.
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


def places(way):
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
    assert way == "alias"
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
    return rows[at] * drawn.shape[1] + order[at, column + 1]


def draws(way):
    place = places(way)
    # If the pool has all items, an index is an item.
    return place if len(pool) == items and pool_of_item is None else lambda count, own: pool[place(count, own)]


def accepted(draw, users, own, width):
    """Distinct items that are not excluded, `width` for each group."""
    drawn = draw(len(users), own).astype(np.uint32)
    refused = exclusion.hits(users, drawn)
    while True:
        twice = repeated(drawn.reshape(-1, width))
        refused = np.union1d(refused, twice)
        if len(refused) == 0:
            return drawn
        drawn[refused] = draw(len(refused), None if own is None else own[refused])
        refused = refused[exclusion.hits(users[refused], drawn[refused])]


def log_q_of(drawn, own):
    if weights is not None:
        return log_of_item[drawn]
    return np.full(len(drawn), -np.log(len(pool))) if own is None else -np.log(sizes)[own]


def one():
    draw = draws(way)

    def chunk(first):
        users = np.repeat(user_of[first:first + GROUPS], NEGATIVES)
        own = None if pool_of_item is None else np.repeat(pool_of_item[positives[first:first + GROUPS]], NEGATIVES)
        drawn = accepted(draw, users, own, NEGATIVES)
        log_q_of(drawn, own)
        return len(drawn)

    return chunk


def mix():
    half = NEGATIVES // 2
    uniform, weighted = draws("integers"), draws("alias")
    log_of_uniform = -np.log(len(pool))
    log_of_mix = np.full(items, log_of_uniform)
    log_of_mix[pool] = np.log((chances + 1 / len(pool)) / 2)

    def chunk(first):
        users = np.repeat(user_of[first:first + GROUPS], half)
        random, popular = accepted(uniform, users, None, half), accepted(weighted, users, None, half)
        drawn = np.concatenate([random, popular])
        log_q = np.concatenate([np.full(len(random), log_of_uniform), log_of_item[popular]])
        return min(len(log_q), len(log_of_mix[drawn]))

    return chunk


def draw_all(chunk):
    return sum(chunk(first) for first in range(0, len(positives), GROUPS))


chunk = mix() if way == "mix" else one()
answer(lambda: draw_all(chunk))
