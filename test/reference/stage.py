"""One stage of a ratio config, every default written out."""

from dataclasses import dataclass

import sides
import teacher
import times

POOLS = {"global_random", "popularity", "exposed_random", "same_attribute"}
FOREVER = float("inf")


@dataclass(frozen=True)
class Exclude:
    """`events` of the user whose items are never drawn. `lookback` in microseconds; None for no limit."""

    events: tuple
    within: str
    lookback: int | None
    history: dict | None = None
    """The column of the past items, and the separator of its texts."""


@dataclass(frozen=True)
class Entry:
    """One line of the mix. `amount`: share or count. `exclude`: None for none."""

    name: str
    source: str
    amount: float
    exclude: Exclude | None
    options: dict

    @property
    def is_pool(self):
        return self.source in POOLS


class Stage:
    def __init__(self, config, tables, name, seed=None, epoch=None, split="train"):
        stage = config["stages"][name]
        negatives = stage["negatives"]
        positives = stage["positives"]
        self.config = config
        self.name = name
        self.unit = stage["unit"]
        self.seed = config.get("seed", 0) if seed is None else seed
        self.epoch = config.get("epoch", 0) if epoch is None else epoch
        self.zone = config.get("timezone", "UTC")
        # Highest weight first, equal weights by name: the first that holds is the event of a row.
        self.events = sorted(positives["events"].items(), key=lambda e: (-e[1], e[0].encode()))
        windows = config.get("window", {})
        self.is_eval = split == "eval"
        resampled = not self.is_eval or windows.get("eval", {}).get("resample", False)
        threshold = positives.get("downsample_hot", {}).get("threshold")
        self.has_keep = threshold is not None and self.unit == "positive"
        self.threshold = threshold if resampled else None
        self.per_day = positives.get("max_per_user_per_day") if resampled else None
        self.on_shortfall = negatives.get("on_shortfall", "keep")
        self.refill_from = negatives.get("refill_from")
        self.distinct = negatives.get("distinct", False)
        self.downsample = negatives.get("downsample") if resampled else None
        self.calibration = negatives.get("calibration")
        self.passed = sides.read(config, tables)
        self.teacher = teacher.read(stage, self.unit)
        self.stage_exclude = self.read_exclude(negatives.get("exclude", {}))
        # `true` is the correction of older configs. Nothing is drawn in the unit impression.
        logq = stage.get("training", {}).get("logq", False)
        self.logq = {True: "corpus", False: None}.get(logq, logq) if self.unit != "impression" else None
        in_batch = stage.get("training", {}).get("in_batch") if self.unit == "positive" else None
        self.in_batch = in_batch and (in_batch["batch_size"], in_batch.get("mask_same_item", True))

        self.split = self.read_period(windows.get(split))
        until = windows.get("known_until")
        self.known_until = None if until is None else times.first_and_last(str(until), self.zone)[1]
        self.train = self.read_period(windows.get("train"))

        amount = negatives.get("per_positive" if self.unit == "positive" else "per_request")
        self.per_group = None if isinstance(amount, dict) else amount
        written = amount if isinstance(amount, dict) else negatives.get("mix", {})
        key = "count" if isinstance(amount, dict) else "share"
        entries = [self.read_entry(n, e, key) for n, e in written.items()]
        self.entries = sorted(entries, key=lambda e: e.name.encode())
        # Negatives that the config requests for a positive.
        self.drawn = self.per_group if self.per_group is not None else sum(e.amount for e in self.entries)
        weight = in_batch.get("weight") if in_batch else None
        self.batch_weight = weight if self.logq == "shares" and self.drawn else None

    def read_period(self, period):
        """First and last microsecond, both inclusive."""
        if period is None:
            return None
        return times.first_and_last(str(period["from"]), self.zone)[0], times.first_and_last(str(period["to"]), self.zone)[1]

    def read_exclude(self, written):
        if written == "none":
            return None
        events = written.get("events", [name for name, _ in self.events])
        # An item that may have the event is excluded too.
        return Exclude(tuple(one for name in sorted(set(events)) for one in (name, f"{name}?")), written.get("within", "train"), times.duration(written.get("lookback")), written.get("history"))

    def read_entry(self, name, written, key):
        options = dict(written) if isinstance(written, dict) else {key: written}
        source = options.pop("source", name)
        amount = options.pop(key)
        if "exclude" in options:
            exclude = self.read_exclude(options.pop("exclude"))
        elif source == "rejected" and self.config["data"]["rejections"]["kind"] == "by_owner":
            exclude = None
        else:
            exclude = self.stage_exclude
        return Entry(name, source, amount, exclude, options)
