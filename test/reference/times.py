"""Times as microseconds since 1970 UTC."""

from datetime import datetime, time, timedelta, timezone
from math import floor
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
DAY = 86_400_000_000
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
    """A cell: a number of some unit, or ISO 8601 text. A fraction is rounded half up. None stays None."""
    if value is None:
        return None, None
    if isinstance(value, int):
        return value * UNITS[unit], value * UNITS[unit]
    if isinstance(value, float):
        at = floor(value * UNITS[unit] + 0.5)
        return at, at
    return first_and_last(value, zone)


def duration(text):
    return None if text is None else int(text[:-1]) * LENGTHS[text[-1]] * 1_000_000


def day(at, zone):
    """The day of a time, in a zone."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone)).date()


def midnight(date, zone):
    """The first instant of a day."""
    return microseconds(datetime.combine(date, time.min, ZoneInfo(zone)))


def day_start(at, zone):
    return midnight(day(at, zone), zone)


def days_before(at, days, zone):
    """So many calendar days earlier: at the start of a day the start of a day, else the same time of the clock."""
    if at == day_start(at, zone):
        return midnight(day(at, zone) - timedelta(days=days), zone)
    wall = (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return microseconds((wall - timedelta(days=days)).replace(tzinfo=ZoneInfo(zone)))


def iso(at):
    """ISO 8601 in UTC, with six digits of the second."""
    return (EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
