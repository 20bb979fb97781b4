"""Conditions on a row: events, and `where`."""


def real(value):
    """NaN is treated as a missing value."""
    return None if value != value else value


def truth(value):
    return flag(value) is True


def flag(value):
    """A flag. None for a missing value."""
    value = real(value)
    return None if value is None else value is not False and value != 0


def compare(value, op, bound):
    """Compares a cell with a value of the config. NULL and NaN match nothing."""
    return compared(value, op, bound) is True


def compared(value, op, bound):
    """As `compare`, but None for a missing value."""
    if real(value) is None:
        return None
    if isinstance(value, bool):
        bound = str(bound).lower() == "true"
    elif isinstance(value, (int, float)):
        bound = float(bound)
    else:
        value, bound = value.encode(), str(bound).encode()
    return {"=": value == bound, "!=": value != bound, ">": value > bound, ">=": value >= bound, "<": value < bound, "<=": value <= bound}[op]


def happens(row, event, events):
    """An event: a flag, a comparison, or a composition. None if missing values leave it open. `events`: those that it may name."""
    if not isinstance(event, dict):
        return flag(row[event])
    if "all" in event or "any" in event:
        decides = "any" in event
        parts = [happens(row, part, events) for part in event["any" if decides else "all"]]
        return decides if decides in parts else None if None in parts else not decides
    if "not" in event:
        part = happens(row, event["not"], events)
        return None if part is None else not part
    if "event" in event:
        other = happens(row, events[event["event"]], events)
        return False if other is None and not may_be_unknown(events[event["event"]]) else other
    return flag(row[event["column"]]) if "op" not in event else compared(row[event["column"]], event["op"], event["value"])


def may_be_unknown(event):
    return not (isinstance(event, dict) and event.get("unknown") == "negative")


def names_in(row, names, events):
    """The events that happen in a row; `click?` where it is unknown whether the event happens."""
    found = {name: happens(row, events[name], events) for name in names}
    return {name for name in names if found[name]} | {f"{name}?" for name in names if found[name] is None and may_be_unknown(events[name])}


def passes(row, where):
    for name, condition in (where or {}).items():
        if isinstance(condition, list):
            if not any(compare(row[name], "=", one) for one in condition):
                return False
        elif isinstance(condition, dict):
            if not compare(row[name], condition["op"], condition["value"]):
                return False
        elif not compare(row[name], "=", condition):
            return False
    return True
