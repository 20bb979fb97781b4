"""Groups of a stage. Negatives belong to groups."""

import math
from collections import Counter, defaultdict
from functools import cache
from dataclasses import dataclass, field

import rng
import times
from lists import is_mature, is_seen
from world import id_key, text_of

SEPARATOR = "\x1f"


@dataclass
class Positive:
    item: object
    weight: float
    label: int = 1
    keep: float | None = None
    exposure: object = None
    """The impression that showed it."""


@dataclass
class Group:
    key: str
    user: object
    time: int
    shown_in: tuple
    positives: list = field(default_factory=list)
    item: object = None

    @property
    def words(self):
        return rng.words(self.key)


def key_of(*parts):
    texts = [text_of(part) for part in parts]
    if any(SEPARATOR in text for text in texts):
        raise ValueError("an id holds U+001F")
    return SEPARATOR.join(texts)


def groups_of(world, counts):
    unit = {"positive": positive_groups, "request": request_groups, "impression": impression_groups}[world.stage.unit]
    found = unit(world, counts)
    return sorted(found, key=lambda g: (id_key(g.user), g.key.encode()))


salts = cache(rng.salts)


def number(world, group, purpose):
    """The number of a group for one purpose, in [0, 1)."""
    stage = world.stage
    return rng.uniform(*rng.draw(group.words, salts(stage.seed, stage.epoch, stage.name, purpose), 0))


def positive_groups(world, counts):
    found = {}
    for i in world.impressions:
        event = i.positive
        if event is None or not world.in_split(i.time):
            continue
        key = key_of(i.user, i.item, i.time, i.request, event[0])
        counts["collapsed"] += key in found
        if key not in found or i.order < found[key].positives[0].exposure.order:
            found[key] = Group(key, i.user, i.time, i.shown_in, [Positive(i.item, event[1], exposure=i)], i.item)
    for e in world.events:
        event = world.positive_of(e)
        # It is a group of its own time, without an exposure.
        if event and e.is_positive(world.known_until) and world.in_split(e.time):
            key = key_of(e.user, e.item, e.time, e.request, event[0])
            shown_in = ("alone", e.user, key) if e.request is None else ("in", e.user, e.request)
            found[key] = Group(key, e.user, e.time, shown_in, [Positive(e.item, event[1])], e.item)
    kept = capped(world, cooled(world, list(found.values())))
    counts["positives_dropped"] += len(found) - len(kept)
    return kept


def cooled(world, groups):
    """Drops a part of the positives of hot items."""
    t = world.stage.threshold
    if t is None:
        for g in groups:
            g.positives[0].keep = 1.0 if world.stage.has_keep else None
        return groups
    # The shares of training, also for the evaluation data.
    trained = training_items(world) if world.stage.is_eval else [g.item for g in groups]
    by_item = Counter(trained)
    kept = []
    for g in groups:
        f = by_item[g.item] / len(trained) if trained else 0
        g.positives[0].keep = min(1.0, (math.sqrt(f / t) + 1) * t / f) if f > 0 else 1.0
        if number(world, g, "@keep") < g.positives[0].keep:
            kept.append(g)
    return kept


def training_items(world):
    """The item of each positive of the training window; equal keys are one positive."""
    found = {}
    for i in world.impressions:
        positive = world.positive_at(i.has, world.cut)
        if positive and world.in_training(i.time):
            found[key_of(i.user, i.item, i.time, i.request, positive[0])] = i.item
    for e in world.events:
        event = world.positive_of(e)
        if event and e.is_positive(world.cut) and world.in_training(e.time):
            found[key_of(e.user, e.item, e.time, e.request, event[0])] = e.item
    return list(found.values())


def capped(world, groups):
    """Caps the positives per user and day; keeps those with the smallest numbers."""
    if world.stage.per_day is None:
        return groups
    days = defaultdict(list)
    for g in groups:
        days[g.user, times.day(g.time, world.stage.zone)].append(g)
    return [g for day in days.values() for g in sorted(day, key=lambda g: (number(world, g, "@cap"), g.key.encode()))[: world.stage.per_day]]


def request_groups(world, counts):
    found = []
    for shown_in in world.candidates if world.has_candidates else world.shown_in:
        shown = world.shown_in.get(shown_in, [])
        known = [c.time for c in world.candidates[shown_in] if c.time is not None] if world.has_candidates else []
        moments = known or [i.time for i in shown]
        if not moments:
            counts["requests_without_time"] += 1
            continue
        kind, user, name = shown_in
        time = min(moments)
        if not world.in_split(time):
            continue
        best = {}
        for i in shown:
            event = i.positive
            if event:
                # The event with the highest weight; among equals, the earliest.
                rank = (world.stage.events.index(event), i.order)
                if i.item not in best or rank < best[i.item][0]:
                    best[i.item] = rank, Positive(i.item, event[1], exposure=i)
        key = key_of(name) if kind == "in" else key_of(user, name)
        found.append(Group(key, user, time, shown_in, [best[item][1] for item in sorted(best, key=id_key)]))
    return found


def impression_groups(world, counts):
    """Every exposure that counts as viewed and is old enough that its clicks are known."""
    stage = world.stage
    options = stage.entries[0].options if stage.entries else {}
    found = []
    for i in world.impressions:
        if not world.in_split(i.time) or i.unsure:
            continue
        event = i.positive
        if not is_mature(world, i, options) or not (event or is_seen(world, i, options)):
            counts["exposures_dropped"] += 1
            continue
        key = key_of(i.user, i.item, i.time, i.request, i.position)
        group = Group(key, i.user, i.time, i.shown_in, item=i.item)
        if event:
            group.positives.append(Positive(i.item, event[1], exposure=i))
        elif stage.downsample is None:
            group.positives.append(Positive(i.item, 1, label=0, exposure=i))
        elif number(world, group, "@downsample") < stage.downsample:
            group.positives.append(Positive(i.item, 1 / stage.downsample if stage.calibration == "weight" else 1, label=0, exposure=i))
        else:
            counts["negatives_thinned_out"] += 1
            continue
        found.append(group)
    return found
