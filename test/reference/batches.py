"""In-batch negatives: the negatives that a trainer takes from the positives of a stage."""

import math
from collections import Counter

import times
from order import mixed_words, order_salts
from world import id_key

NAMED = 5
"""Number of items listed per group: the most frequent ones; among equals, the first."""


class Batches:
    """All positives of the split in the order of the file, cut into batches."""

    def __init__(self, world, groups):
        stage = world.stage
        self.world = world
        self.size, self.mask = stage.in_batch
        order = sorted(groups, key=place_of(stage))
        self.positives = len(order)
        self.times = Counter(g.item for g in order)
        self.batches = [order[at : at + self.size] for at in range(0, len(order), self.size)]
        self.batch_of = {g.key: number for number, batch in enumerate(self.batches) for g in batch}

    def negatives(self, group):
        """Items of the other positives of the batch, with repetitions, and the number of masked ones."""
        others = [g.item for g in self.batches[self.batch_of[group.key]] if g is not group]
        left = [item for item in others if not (self.mask and item == group.item)]
        return left, len(others) - len(left)

    def of(self, group):
        items, masked = self.negatives(group)
        counts = Counter(items)
        liked = self.world.chosen[group.user] | {group.item}
        named = sorted(counts, key=lambda item: (-counts[item], id_key(item)))[:NAMED]
        return {
            "batch": self.batch_of[group.key], "others": len(items) + masked, "masked": masked, "distinct": len(counts),
            "false_negatives": sum(n for item, n in counts.items() if item in liked),
            "items": [{"item": str(item), "count": counts[item], "log_q": math.log(self.times[item] / self.positives)} for item in named],
        }


def place_of(stage):
    """What orders the positives of a file: its folder of a day, then `output.order`."""
    output = stage.config.get("output", {})
    how, by_day, salts = output.get("order", "user"), "partition_by" in output, order_salts(stage)

    def place(group):
        day = times.day(group.time, stage.zone) if by_day else 0
        words = () if how == "user" else mixed_words(salts, group, str(group.item) if how == "shuffled_rows" else None)
        return day, *words, id_key(group.user), group.time, group.key.encode()

    return place
