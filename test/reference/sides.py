"""Where the values of passed-through columns come from."""

from dataclasses import dataclass

import times

SIDES = {"impressions": "exposure", "items": "item", "users": "user", "candidates": "candidate"}


@dataclass(frozen=True)
class Passed:
    """A column to copy: its name in the output, the table that has it, whose value it is. `max_age` in microseconds."""

    name: str
    column: str
    table: str
    side: str
    max_age: int | None


def read(config, tables):
    """The entries of `output.pass_through`, by name in the output."""
    found = []
    for written in config.get("output", {}).get("pass_through", []):
        entry = {"column": written} if isinstance(written, str) else written
        column = entry["column"]
        table = entry.get("from") or next((name for name in SIDES if any(column in row for row in tables.get(name, []))), "impressions")
        found.append(Passed(entry.get("as", column), column, table, entry.get("side", SIDES[table]), times.duration(entry.get("max_age"))))
    return sorted(found, key=lambda p: p.name.encode())


def smallest(rows, order):
    return min(rows, key=order, default=None)


class Sides:
    """The rows from which the columns of a group and of its rows come."""

    def __init__(self, world):
        self.world = world

    def values(self, group, item, exposure):
        return [self.value(passed, group, item, exposure) for passed in self.world.stage.passed]

    def value(self, passed, group, item, exposure):
        source = self.source(passed, group, item, exposure)
        if source is None:
            return None
        if passed.max_age is not None and self.world.read_time(group) - source.time > passed.max_age:
            return None
        return source.row[passed.column]

    def source(self, passed, group, item, exposure):
        match passed.table, passed.side:
            case "items", _:
                return self.world.item_rows.get(item)
            case "users", _:
                return smallest(self.world.user_rows[group.user], lambda u: u.order)
            case "candidates", _:
                rows = self.world.candidates.get(group.shown_in, []) if self.world.has_candidates else []
                return smallest((c for c in rows if c.item == item), lambda c: c.order)
            case _, "exposure":
                return exposure
            case _, "item":
                return self.as_of(item, self.world.read_time(group))
        return self.context(group)

    def context(self, group):
        """The log row of the group: its impression, for a request the earliest."""
        if self.world.stage.unit != "request":
            return group.positives[0].exposure
        return smallest(self.world.shown_in.get(group.shown_in, []), lambda i: i.order)

    def as_of(self, item, time):
        """The newest log row of the item before a time, of all users."""
        newest = max((i.time for i in self.world.by_item[item] if i.time < time), default=None)
        return smallest((i for i in self.world.by_item[item] if i.time == newest), lambda i: i.order)
