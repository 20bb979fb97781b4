"""Reads the job of a draw benchmark from the files that `jobFiles.ts` writes, and prints the answers, one JSON per line.

A peer prepares once and reports it. For each line of input it draws everything, and prints the number of draws, seconds and CPU seconds.
"""
import json
import os
import sys
import time

import numpy as np

folder = sys.argv[-1]
with open(f"{folder}/job.json") as file:
    told = json.load(file)
NEGATIVES, items = told["negatives"], told["items"]


def read(name, kind):
    """An array; None if the job has no array with that name."""
    path = f"{folder}/{name}"
    return np.fromfile(path, dtype=kind) if os.path.exists(path) else None


# One group per positive, ordered by user.
positives, user_of = read("positives.u32", np.uint32), read("users.u32", np.uint32)
# Distinct excluded items of each user, ascending; they include the positives.
offsets, excluded = read("offsets.u32", np.uint32), read("excluded.u32", np.uint32)


class Exclusion:
    """Excluded pairs. A table of marks over hashed pairs answers most attempts; a search in the sorted pairs answers the rest."""

    BITS = 22

    def __init__(self):
        self.pairs = np.repeat(np.arange(len(offsets) - 1, dtype=np.uint64), np.diff(offsets)) * np.uint64(items) + excluded
        self.marks = np.zeros(2**self.BITS, dtype=bool)
        self.marks[self.place(self.pairs)] = True

    def place(self, pairs):
        return ((pairs * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - self.BITS)).astype(np.uint32)

    def hits(self, users, drawn):
        """Indices of the excluded draws, ascending."""
        pairs = users.astype(np.uint64) * np.uint64(items) + drawn.astype(np.uint64)
        hits = np.flatnonzero(self.marks[self.place(pairs)])
        found = np.minimum(np.searchsorted(self.pairs, pairs[hits]), len(self.pairs) - 1)
        return hits[self.pairs[found] == pairs[hits]]


def answer(draw, **told):
    """`draw()` draws everything and returns the number of items; `told` is added to every answer."""
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        draws = draw()
        print(json.dumps({"draws": draws, "seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - used, **told}), flush=True)
