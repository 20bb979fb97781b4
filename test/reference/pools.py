"""Entries that are drawn with probability."""

from collections import Counter
from functools import lru_cache

import alias
import rng
import times
from world import id_key, passes


class Pool:
    """Items in order, and integer weights; `weights` None: uniform."""

    def __init__(self, items, weights=None):
        ordered = sorted(items, key=id_key)
        if weights is not None:
            ordered = [i for i in ordered if weights[i] > 0]
        self.items = ordered
        self.weights = {i: 1 for i in ordered} if weights is None else {i: weights[i] for i in ordered}
        self.table = alias.alias_table(list(self.weights.values())) if weights is not None and ordered else None

    def attempt(self, key_words, salts, k):
        a, b = rng.draw(key_words, salts, k)
        if self.table is None:
            return self.items[min(len(self.items) - 1, int(rng.uniform(a, b) * len(self.items)))]
        return self.items[alias.alias_item(self.table, a, b)]


class Pools:
    """The pools of one entry, made when first asked for."""

    def __init__(self, world, entry):
        self.world = world
        self.entry = entry
        self.make = {
            "global_random": self.global_random, "popularity": self.popularity,
            "exposed_random": self.exposed_random, "same_attribute": self.same_attribute,
        }[entry.source]
        self.whole = lru_cache(maxsize=None)(self.make)

    def of(self, group):
        return self.whole(self.partition(group))

    def partition(self, group):
        """The value that chooses among the pools of the entry."""
        options = self.entry.options
        if self.entry.source == "popularity":
            values = self.values(self.world.attributes[group.user])
            return (self.day_end(group.time), values) if options.get("as_of") == "day" else values
        if self.entry.source == "same_attribute":
            row = self.world.corpus.get(group.item)
            values = tuple(row[a] for a in options["match"]) if row else (None,)
            return None if None in values else values
        return None

    def values(self, attributes):
        """The values of `group_by`; None without it, or if one is unknown."""
        names = self.entry.options.get("group_by", [])
        values = tuple(attributes.get(n) for n in ([names] if isinstance(names, str) else names))
        return None if None in values or not values else values

    def day_end(self, at):
        """The first instant that a group does not count: the start of its day, or the first instant after the cut."""
        return min(times.day_start(at, self.world.stage.zone), self.world.cut + 1)

    def corpus(self):
        return self.world.online

    def global_random(self, _):
        return Pool([i for i in self.corpus() if passes(self.world.corpus[i], self.entry.options.get("where"))])

    def popularity(self, key):
        options, stage = self.entry.options, self.world.stage
        window = times.duration(options.get("window"))
        by_day = options.get("as_of") == "day"
        if by_day:
            end, value = key
            as_of = end - 1
            after = float("-inf") if window is None else times.days_before(end, window // times.DAY, stage.zone) - 1
        else:
            value = key
            as_of = self.world.cut if options.get("as_of", "cut") == "cut" else times.first_and_last(str(options["as_of"]), stage.zone)[1]
            after = float("-inf") if window is None else as_of - window
        # If amounts are counts, `count` is the amount.
        event = options.get("count", stage.events[0][0])
        users = None
        if value is not None:
            users = {u for u, attributes in self.world.attributes.items() if self.values(attributes) == value}
        counts = self.count(event, after, as_of, users)
        if value is not None and not any(counts[i] for i in self.corpus()):
            return self.whole((end, None) if by_day else None)
        smoothing, exponent = options.get("smoothing", 0), options.get("exponent", 0.75)
        return Pool(self.corpus(), {i: alias.weight(counts[i] + smoothing, exponent) for i in self.corpus()})

    def count(self, event, after, until, users=None):
        shown = Counter(
            i.item for i in self.world.impressions
            if after < i.time <= until and (event == "impressions" or i.has(event, until)) and (users is None or i.user in users))
        # Equal positives without an impression are one.
        alone = {(e.user, e.item, e.time, e.request) for e in self.world.events
                 if event in e.names and e.is_positive(until) and after < e.time and (users is None or e.user in users)}
        return shown + Counter(item for _, item, _, _ in alone)

    def exposed_random(self, _):
        shown = Counter(i.item for i in self.world.impressions if self.world.in_training(i.time))
        items = [i for i in shown if not self.world.has_corpus or i in self.corpus()]
        if self.entry.options.get("weight", "impressions") == "uniform":
            return Pool(items)
        return Pool(items, {i: alias.weight(shown[i], 1) for i in items})

    def same_attribute(self, values):
        if values is None:
            return Pool([])
        match = self.entry.options["match"]
        items = [i for i in self.corpus() if tuple(self.world.corpus[i][a] for a in match) == values]
        if self.entry.options.get("weight", "uniform") == "uniform":
            return Pool(items)
        counts = self.count(self.world.stage.events[0][0], float("-inf"), self.world.cut)
        return Pool(items, {i: alias.weight(counts[i], 1) for i in items})


def attempts(pool, acceptance, key_words, salts, wanted, quota, taken):
    """Up to `wanted` items that are accepted and not `taken`, in the order of the attempts."""
    accepted = []
    for k in range(8 * quota + 64 if pool.items else 0):
        if len(accepted) == wanted:
            break
        item = pool.attempt(key_words, salts, k)
        if item not in taken and item not in accepted and acceptance.accepts(item):
            accepted.append(item)
    return accepted
