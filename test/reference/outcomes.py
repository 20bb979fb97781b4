"""The labels of further events, and the grade."""

from collections import defaultdict

import groups
import times


def read(config):
    """`output.events` as (name, wait in microseconds or None), and `output.graded`."""
    output = config.get("output", {})
    written = [{"event": e} if isinstance(e, str) else e for e in output.get("events", [])]
    return [(e["event"], times.duration(e.get("mature_after"))) for e in written], output.get("graded", False)


class Outcomes:
    def __init__(self, world):
        self.world = world
        self.events, self.graded = read(world.stage.config)
        until = world.known_until
        # Everything that has the key of a positive: as the set of events that hold.
        self.merged = defaultdict(set)
        for i in world.impressions:
            if i.time <= until and i.positive:
                key = groups.key_of(i.user, i.item, i.time, i.request, i.positive[0])
                self.merged[key] |= self.held(i)
        for e in world.events:
            event = world.positive_of(e)
            if event and e.is_positive(until):
                self.merged[groups.key_of(e.user, e.item, e.time, e.request, event[0])] |= e.names

    def held(self, impression):
        return {one for name, _ in self.events for one in (name, f"{name}?") if impression.has(one, self.world.known_until)}

    def of_positive(self, group, item, exposure):
        unit = self.world.stage.unit
        if unit == "positive":
            return self.merged[group.key]
        if unit == "request":
            shown = [i for i in self.world.shown_in[group.shown_in] if i.item == item]
            return set().union(*(self.held(i) for i in shown))
        return self.held(exposure)

    def columns(self, group, item, exposure, is_drawn, grade):
        """`exposure`: the row's own, None without one. `grade`: the weight of a positive, 0 for negatives."""
        labels = {}
        for name, wait in self.events:
            if is_drawn and exposure is None:
                labels[name] = 0
                continue
            happened = max(group.time, group.time if exposure is None else exposure.time)
            if wait is not None and happened + wait > self.world.known_until:
                labels[name] = None
                continue
            held = self.held(exposure) if is_drawn else self.of_positive(group, item, exposure)
            labels[name] = 1 if name in held else None if f"{name}?" in held else 0
        return ({"labels": labels} if self.events else {}) | ({"grade": grade} if self.graded else {})
