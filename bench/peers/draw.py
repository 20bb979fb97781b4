"""Ten negatives for every positive in numpy, and by LibRecommender's sampler. Usage: draw.py PEER FOLDER. Prints one JSON.

numpy: users in their order, so many groups at a time; an attempt is refused where its user has the item in the excluded set, or the group has it
already. Refused places are drawn again until none is left. LibRecommender refuses the positive alone: neither what else the user had nor repetitions.
"""
import json
import sys
import time

import numpy as np

NEGATIVES = 10
GROUPS = 8192
peer, folder = sys.argv[1:3]
read = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
weights, positives, user_of = read("weights.f64", np.float64), read("positives.u32", np.uint32), read("users.u32", np.uint32)
offsets, excluded = read("offsets.u32", np.uint32), read("excluded.u32", np.uint32)
items = len(weights)
chances = weights / weights.sum()
generator = np.random.default_rng(1)


def alias_tables():
    scaled = chances * items
    threshold, alias = np.ones(items), np.arange(items, dtype=np.uint32)
    small, large = list(np.flatnonzero(scaled < 1)), list(np.flatnonzero(scaled >= 1))
    while small and large:
        less, more = small.pop(), large[-1]
        threshold[less], alias[less] = scaled[less], more
        scaled[more] -= 1 - scaled[less]
        if scaled[more] < 1:
            small.append(large.pop())
    return (np.minimum(threshold, 1 - 2**-32) * 2**32).astype(np.uint32), alias


def drawer():
    if peer == "numpy choice":
        return lambda count: generator.choice(items, size=count, p=chances)
    if peer == "numpy searchsorted":
        cumulated = np.cumsum(chances)
        return lambda count: np.minimum(np.searchsorted(cumulated, generator.random(count), side="right"), items - 1)
    threshold, alias = alias_tables()

    def draw(count):
        column = generator.integers(0, items, count, dtype=np.uint32)
        return np.where(generator.integers(0, 2**32, count, dtype=np.uint32) < threshold[column], column, alias[column])

    return draw


# A table of marks over hashed pairs answers for most attempts; the sorted pairs are searched for the rest.
BITS = 22
pairs = np.repeat(np.arange(len(offsets) - 1, dtype=np.uint64), np.diff(offsets)) * np.uint64(items) + excluded
place = lambda pair: ((pair * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BITS)).astype(np.uint32)
marks = np.zeros(2**BITS, dtype=bool)
marks[place(pairs)] = True


def is_excluded(users, drawn):
    pair = users.astype(np.uint64) * np.uint64(items) + drawn.astype(np.uint64)
    hits = np.flatnonzero(marks[place(pair)])
    found = np.minimum(np.searchsorted(pairs, pair[hits]), len(pairs) - 1)
    return hits[pairs[found] == pair[hits]]


def repeated(drawn):
    """Places of rows in which an item stands twice, all but the first of each."""
    ordered = np.sort(drawn, axis=1)
    rows = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    order = np.argsort(drawn[rows], axis=1, kind="stable")
    some = np.take_along_axis(drawn[rows], order, axis=1)
    at, column = np.nonzero(some[:, 1:] == some[:, :-1])
    return rows[at] * NEGATIVES + order[at, column + 1]


def numpy_draws():
    total = 0
    for first in range(0, len(positives), GROUPS):
        users = np.repeat(user_of[first:first + GROUPS], NEGATIVES)
        drawn = draw(len(users)).astype(np.uint32)
        refused = is_excluded(users, drawn)
        while True:
            twice = repeated(drawn.reshape(-1, NEGATIVES))
            refused = np.union1d(refused, twice)
            if len(refused) == 0:
                break
            drawn[refused] = draw(len(refused))
            refused = refused[is_excluded(users[refused], drawn[refused])]
        np.log(chances[drawn])
        total += len(drawn)
    return total


def librecommender_draws():
    from libreco.sampling.negatives import negatives_from_popular

    total = 0
    for first in range(0, len(positives), GROUPS):
        total += len(negatives_from_popular(generator, items, positives[first:first + GROUPS], NEGATIVES, probs=chances))
    return total


draw = None if peer == "LibRecommender" else drawer()
work = librecommender_draws if peer == "LibRecommender" else numpy_draws
start, used = time.perf_counter(), time.process_time()
drawn = work()
print(json.dumps({"draws": drawn, "seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - used}))
