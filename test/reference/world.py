"""The tables of a config: typed rows, the corpus, and what happened in the log."""

from collections import defaultdict
from dataclasses import dataclass

import events
from conditions import names_in, passes, real, truth
import times


def column(choice):
    """`name`, or `{column, unit, type}`."""
    return choice if isinstance(choice, dict) else {"column": choice}


def id_key(value):
    """Order of ids: integers as numbers, texts by their UTF-8 bytes."""
    return value if isinstance(value, int) else value.encode("utf-8")


def text_key(value):
    return value.encode("utf-8") if isinstance(value, str) else value


def null_first(cells):
    """Order of tuples. NaN is treated as a missing value."""
    return tuple((real(cell) is not None, text_key(real(cell))) for cell in cells)


def text_of(value):
    return "" if value is None else str(value)


def columns_of_event(event, events):
    parts = []
    if isinstance(event, dict):
        parts = [*event.get("all", []), *event.get("any", []), *([event["not"]] if "not" in event else []), *([events[event["event"]]] if "event" in event else [])]
    if parts:
        return [c for part in parts for c in columns_of_event(part, events)]
    return [column(event)["column"]]


def columns_in(rows):
    return set(rows[0]) if rows else set()


def cells_of(row, names):
    """Cells by name; a column may be in another table."""
    return tuple(row[name] for name in sorted(names, key=str.encode) if name in row)


class Table:
    """One data set, read role by role."""

    def __init__(self, config, tables, name):
        self.entry = {**config["data"], **events.tables_of(config)}.get(name)
        self.zone = config.get("timezone", "UTC")
        self.rows = tables.get(name, []) if self.entry else []
        self.columns = self.entry["columns"] if self.entry else {}

    def __bool__(self):
        return self.entry is not None

    def has(self, role):
        return role in self.columns

    def value(self, row, role):
        return row[column(self.columns[role])["column"]] if role in self.columns else None

    def id(self, row, role):
        value = self.value(row, role)
        kind = column(self.columns[role]).get("type") if role in self.columns else None
        if value is None or kind is None:
            return value
        return int(value) if kind == "int64" else str(value)

    def instant(self, row, role):
        """First and last microsecond."""
        choice = column(self.columns[role]) if role in self.columns else {}
        return times.instant(self.value(row, role), choice.get("unit"), self.zone)


@dataclass
class Impression:
    user: object
    item: object
    time: int
    request: object
    position: object
    viewed: bool
    happened: dict
    """The times of its events, by name."""
    positive: tuple | None
    """The event of the positives that holds, as (name, weight)."""
    unsure: bool
    """No event of the positives holds, but one may."""
    row: dict
    used: tuple
    """The columns that the config uses, by name."""
    has_requests: bool = True

    def has(self, name, until):
        return any(time <= until for time in self.happened[name])

    @property
    def order(self):
        """Sorted by time, then by user, request and position, then by the columns that the config uses; NULL first."""
        return self.time, null_first((self.user, self.request, self.position, *self.used))

    @property
    def shown_in(self):
        """Where it was shown: its request, else the exposures of the user at that time. Request numbers are per user."""
        return ("at", self.user, self.time) if self.request is None else ("in", self.user, self.request)


@dataclass
class Candidate:
    user: object
    request: object
    item: object
    time: int | None
    channel: str
    rank: int | None
    reached: str | None
    scores: dict
    row: dict
    used: tuple

    @property
    def order(self):
        """Sorted by rank, NULL last, then by channel."""
        return self.rank is None, self.rank, self.channel.encode(), null_first(self.used)


@dataclass
class Described:
    """A row of the users or the items. It has no time."""

    row: dict
    order: tuple = ()


class World:
    def __init__(self, config, tables, stage):
        self.stage = stage
        self.left_out = defaultdict(int)
        self.read_impressions(config, tables)
        self.read_corpus(config, tables)
        self.read_users(config, tables)
        self.read_candidates(config, tables)
        self.read_rejections(config, tables)
        train = stage.train
        self.start = train[0] if train else float("-inf")
        newest = max((i.time for i in self.impressions), default=float("-inf"))
        self.cut = train[1] if train else newest
        # Outcomes known until: for train the cut; for eval what the config says, else the newest impression or event.
        if not stage.is_eval:
            self.known_until = self.cut
        elif stage.known_until is not None:
            self.known_until = stage.known_until
        else:
            self.known_until = max(newest, self.newest_click)
        self.by_user = defaultdict(list)
        self.by_item = defaultdict(list)
        self.shown_in = defaultdict(list)
        for i in self.impressions:
            self.by_user[i.user].append(i)
            self.by_item[i.item].append(i)
            # Later rows and events do not exist, except for an exclusion within all.
            if i.time <= self.known_until:
                self.shown_in[i.shown_in].append(i)
                i.positive = self.positive_at(i.has, self.known_until)
                i.unsure = i.positive is None and any(i.has(f"{name}?", self.known_until) for name, _ in stage.events)
        self.requested = self.request_times(config, tables)
        self.last_click = {}
        for shown_in, rows in self.shown_in.items():
            clicked = [i.position for i in rows if i.positive and i.position is not None]
            if clicked:
                self.last_click[shown_in] = max(clicked)
        self.chosen = defaultdict(set)
        for i in self.impressions:
            if (i.positive or i.unsure) and self.start <= i.time <= self.known_until:
                self.chosen[i.user].add(i.item)
        self.events_of = defaultdict(list)
        for e in self.events:
            self.events_of[e.user].append(e)
            if any(name in e.names or f"{name}?" in e.names for name, _ in self.stage.events) and e.excludes(self.start, self.known_until):
                self.chosen[e.user].add(e.item)

    def request_times(self, config, tables):
        """The earliest time at which the log knows of each user's request: of its impressions and events."""
        seen = [(i.user, i.request, i.time) for i in self.impressions]
        for name in events.tables_of(config):
            table = Table(config, tables, name)
            rows = [row for row in table.rows if passes(row, table.entry.get("where"))]
            seen += [(table.id(row, "user"), table.id(row, "request"), table.instant(row, "time")[0]) for row in rows]
        earliest = {}
        for user, request, time in seen:
            if None not in (user, request, time):
                earliest[user, text_of(request)] = min(time, earliest.get((user, text_of(request)), time))
        return earliest

    def read_time(self, group):
        """When everything is read for the rows of a group: as early as the log knows of its request."""
        kind, user, request = group.shown_in
        return min(group.time, self.requested.get((user, text_of(request)), group.time)) if kind == "in" else group.time

    def used(self, table, name, more):
        """The columns of a table that the config uses."""
        roles = [c for choice in table.columns.values() for c in (choice if isinstance(choice, list) else [column(choice)["column"]])]
        taught = [t.column for t in [self.stage.teacher] if t and t.table == name == "impressions"]
        return {*roles, *more, *taught, *(p.column for p in self.stage.passed if p.table == name)}

    def in_training(self, time):
        return self.start <= time <= self.cut

    def in_split(self, time):
        split = self.stage.split
        if self.stage.is_eval and self.stage.known_until is not None and time > self.known_until:
            return False
        return split is None or split[0] <= time <= split[1]

    def read_impressions(self, config, tables):
        table = Table(config, tables, "impressions")
        columns_of = {name: columns_in(tables.get(name, [])) for name in ["impressions", *events.tables_of(config)]}
        table_of = {name: events.table_of(name, columns_of_event(event, config["events"]), config, columns_of.get) for name, event in config["events"].items()}
        event_columns = [c for event in config["events"].values() for c in columns_of_event(event, config["events"])]
        tied = {column(table.columns[role])["column"] for role in ("user", "time", "request", "position") if table.has(role)}
        used = self.used(table, "impressions", [*event_columns, *(table.entry.get("where") or {})]) - tied
        self.impressions = []
        for row in table.rows:
            if not passes(row, table.entry.get("where")):
                continue
            user, item, time = table.id(row, "user"), table.id(row, "item"), table.instant(row, "time")[0]
            if user is None or item is None or time is None:
                self.left_out["impressions"] += 1
                continue
            request = table.id(row, "request")
            happened = defaultdict(list)
            for name in names_in(row, [name for name, at in table_of.items() if at == "impressions"], config["events"]):
                happened[name].append(events.ALWAYS)
            self.impressions.append(Impression(user, item, time, request, table.value(row, "position"), truth(table.value(row, "viewed")), happened, None, False, row, cells_of(row, used), table.has("request")))
        self.events = []
        self.newest_click = float("-inf")
        for name in events.tables_of(config):
            own = Table(config, tables, name)
            clicked_at = [own.instant(row, "time")[0] for row in own.rows if passes(row, own.entry.get("where"))]
            self.newest_click = max([self.newest_click, *(time for time in clicked_at if time is not None)])
            names = [event for event, at in table_of.items() if at == name]
            self.events += events.match(own, self.impressions, lambda row: names_in(row, names, config["events"]), passes, self.stage.unit == "positive")

    def positive_of(self, event):
        """The event of the positives that an event without an impression is, as (name, weight)."""
        return next((one for one in self.stage.events if one[0] in event.names), None)

    def positive_at(self, has, until):
        """The event of the positives that holds up to a time, as (name, weight)."""
        return next((event for event in self.stage.events if has(event[0], until)), None)

    def read_corpus(self, config, tables):
        table = Table(config, tables, "items")
        self.has_corpus = bool(table)
        self.corpus, self.created, self.removed, self.online = {}, {}, {}, set()
        self.item_rows = {}
        if not self.has_corpus and any(e.source in ("global_random", "popularity") for e in self.stage.entries):
            self.read_items_of_log()
        for row in table.rows:
            item = table.id(row, "item")
            if item is None:
                continue
            if item in self.corpus:
                raise ValueError(f"two rows of the corpus have the id {item}")
            self.corpus[item] = row
            self.item_rows[item] = Described(row)
            created, removed = table.instant(row, "created")[0], table.instant(row, "removed")[1]
            self.created[item] = float("-inf") if created is None else created
            self.removed[item] = float("inf") if removed is None else removed
            if passes(row, table.entry.get("where")):
                self.online.add(item)

    def read_items_of_log(self):
        """Without a table of items: those of the impressions, each from the time of the first request that shows it."""
        start = {}
        for i in self.impressions:
            start[i.user, i.request] = min(i.time, start.get((i.user, i.request), i.time))
        for i in self.impressions:
            first = i.time if i.request is None else start[i.user, i.request]
            self.created[i.item] = min(first, self.created.get(i.item, first))
        self.has_corpus = True
        self.corpus = {item: {} for item in self.created}
        self.removed = {item: float("inf") for item in self.created}
        self.online = set(self.created)

    def eligible(self, item, time):
        if not self.has_corpus:
            return True
        return item in self.corpus and self.created[item] <= time < self.removed[item]

    def read_users(self, config, tables):
        table = Table(config, tables, "users")
        self.attributes = defaultdict(dict)
        self.user_rows = defaultdict(list)
        used = self.used(table, "users", [])
        for row in table.rows:
            self.user_rows[table.id(row, "user")].append(Described(row, null_first(cells_of(row, used))))
            for name in table.columns.get("attributes", []):
                if row[name] is not None:
                    values = self.attributes[table.id(row, "user")]
                    values[name] = min(values.get(name, row[name]), row[name], key=lambda v: str(v).encode())

    def read_candidates(self, config, tables):
        table = Table(config, tables, "candidates")
        self.has_candidates = bool(table)
        users_of = defaultdict(set)
        for i in self.impressions:
            if i.request is not None:
                users_of[i.request].add(i.user)
        self.candidates = defaultdict(list)
        used = self.used(table, "candidates", [])
        for row in table.rows:
            request, item, user = table.id(row, "request"), table.id(row, "item"), table.id(row, "user")
            if request is None or item is None or (table.has("user") and user is None):
                self.left_out["candidates"] += 1
                continue
            if not table.has("user") and not users_of[request]:
                self.left_out["candidates"] += 1
            for owner in [user] if table.has("user") else users_of[request]:
                time = table.instant(row, "time")[0]
                timed = {**row, column(table.columns["time"])["column"]: time} if table.has("time") else row
                self.candidates[("in", owner, request)].append(Candidate(
                    owner, request, item, time, text_of(table.value(row, "channel")),
                    table.value(row, "rank"), table.value(row, "reached"),
                    {"score": real(table.value(row, "score")), "teacher": real(table.value(row, "teacher"))}, row, cells_of(timed, used)))

    def read_rejections(self, config, tables):
        table = Table(config, tables, "rejections")
        self.rejected = defaultdict(list)
        for row in table.rows:
            user, item = table.id(row, "user"), table.id(row, "item")
            if user is None or item is None:
                self.left_out["rejections"] += 1
                continue
            self.rejected[user].append((item, table.instant(row, "time")[0]))

    def users(self):
        everybody = set(self.by_user) | {e.user for e in self.events if e.is_positive(float("inf"))} | {owner for _, owner, _ in self.candidates}
        return sorted(everybody, key=id_key)
