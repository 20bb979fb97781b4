"""Times as microseconds since 1970 UTC."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
LENGTHS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def microseconds(moment):
    return (moment.astimezone(timezone.utc) - EPOCH) // timedelta(microseconds=1)


def first_and_last(text, zone):
    """A time, or a whole day: its first and its last microsecond. Without a zone it is in `zone`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    first = microseconds(moment)
    if len(text) > 10:
        return first, first
    following = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return first, microseconds(following) - 1


def instant(value, unit, zone):
    """A cell: an integer of some unit, or ISO 8601 text. None stays None."""
    if value is None:
        return None, None
    if isinstance(value, int):
        return value * UNITS[unit], value * UNITS[unit]
    return first_and_last(value, zone)


def duration(text):
    return None if text is None else int(text[:-1]) * LENGTHS[text[-1]] * 1_000_000


def day(at, zone):
    """The day of a time, in a zone."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone)).date()


def iso(at):
    """ISO 8601 in UTC, with six digits of the second."""
    return (EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
