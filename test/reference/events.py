"""Events in tables of their own: which impressions they belong to, and those that have none."""

from collections import defaultdict
from dataclasses import dataclass

import times

ALWAYS = float("-inf")
"""Time of an event that has no time."""


@dataclass
class Event:
    user: object
    item: object
    time: int | None
    request: object
    names: set
    unmatched: str
    impressions: list

    def happened(self, first, last):
        """Within the bounds, or at an unknown time."""
        return self.time is None or first <= self.time <= last

    def is_alone(self, until):
        """Whether it belongs to no impression up to a time. Later impressions do not exist then."""
        return not any(i.time <= until for i in self.impressions)

    def excludes(self, first, last):
        return self.unmatched != "ignore" and self.happened(first, last) and self.is_alone(last)

    def is_positive(self, last):
        return self.unmatched == "positive" and self.time is not None and self.time <= last and self.is_alone(last)


def tables_of(config):
    """The tables of events by name: one of them, or a map."""
    entry = config["data"].get("clicks")
    if entry is None:
        return {}
    return {"clicks": entry} if "columns" in entry else {f"clicks.{name}": one for name, one in entry.items()}


def table_of(name, event_columns, config, columns_of):
    """The table that has an event: the one that names it, else the impressions, else the first with its columns."""
    for table, entry in tables_of(config).items():
        if name in entry.get("events", []):
            return table
    possible = ["impressions", *(table for table, entry in tables_of(config).items() if "events" not in entry)]
    # A table without rows shows no columns.
    unknown = next((table for table in possible if not columns_of(table)), "impressions")
    return next((table for table in possible if set(event_columns) <= columns_of(table)), unknown)


def impressions_of(event, impressions, by_request, within):
    """The impressions of the same user and item that an event belongs to."""
    if by_request:
        return [i for i in impressions if i.request is not None and i.request == event.request]
    if event.time is None:
        return list(impressions)
    before = [i for i in impressions if i.time <= event.time]
    latest = max((i.time for i in before), default=None)
    if latest is None or event.time - latest > within:
        return []
    first = min(i.order for i in before if i.time == latest)
    return [i for i in before if i.order == first]


def match(table, impressions, names_in, passes, is_positive_unit):
    """Reads a table of events. Each impression notes the times of its events."""
    own = defaultdict(list)
    for i in impressions:
        own[i.user, i.item].append(i)
    entry = table.entry
    unmatched = entry.get("unmatched", "exclude")
    if unmatched == "positive" and not is_positive_unit:
        unmatched = "exclude"
    within = times.duration(entry.get("within", "1d"))
    by_request = table.has("request") and any(i.has_requests for i in impressions)
    events = []
    for row in table.rows:
        user, item = table.id(row, "user"), table.id(row, "item")
        held = names_in(row)
        if not passes(row, entry.get("where")) or user is None or item is None or not held:
            continue
        event = Event(user, item, table.instant(row, "time")[0], table.id(row, "request"), held, unmatched, [])
        event.impressions = impressions_of(event, own[user, item], by_request, within)
        for i in event.impressions:
            for name in held:
                i.happened[name].append(ALWAYS if event.time is None else event.time)
        events.append(event)
    return events
