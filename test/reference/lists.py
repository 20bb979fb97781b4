"""Entries that take the first items of a keyed order."""

from collections import defaultdict

import rng
import times
from world import id_key

HEAVY = 1024
FUNNEL = ["recall", "coarse", "fine", "exposed"]


def is_mature(world, impression, options):
    wait = times.duration(options.get("mature_after"))
    return wait is None or impression.time + wait <= world.known_until


def is_seen(world, impression, options):
    seen = options.get("seen", "all")
    if seen == "all":
        return True
    if seen == "viewed":
        return impression.viewed
    below = int(seen.removeprefix("above_last_click+"))
    last = world.last_click.get(impression.shown_in)
    return last is not None and impression.position is not None and impression.position <= last + below


def is_unclicked(world, impression, options):
    """Whether an exposure makes its item a candidate."""
    if impression.positive or impression.unsure or not world.in_split(impression.time):
        return False
    return is_mature(world, impression, options) and is_seen(world, impression, options)


def unclicked(world, rows, options):
    return {i.item for i in rows if is_unclicked(world, i, options)}


def first_shown(world, user, options):
    """The time of the first exposure of each item of a user that makes it a candidate."""
    first = {}
    for i in world.by_user[user]:
        if is_unclicked(world, i, options):
            first[i.item] = min(i.time, first.get(i.item, i.time))
    return first


def counts(world, group, entry, time):
    """Whether a row of the user at a time is known when the request of the group comes."""
    return not entry.options.get("before", entry.source == "exposed_unclicked") or time < world.read_time(group)


def scope_of(world, entry):
    return entry.options.get("scope", "request_then_user" if world.stage.unit == "positive" else "request")


def own_exposure(world, group, entry, item):
    """The exposure of a drawn row: the earliest in the request; else the latest before the request; else the earliest."""
    if entry.source != "exposed_unclicked":
        return None
    rows = [i for i in world.by_user[group.user] if i.item == item and is_unclicked(world, i, entry.options)]
    if scope_of(world, entry) != "user":
        of_request = [i for i in rows if i.shown_in == group.shown_in]
        if of_request:
            return min(of_request, key=lambda i: i.order)
    latest = max((i.time for i in rows if i.time < world.read_time(group)), default=None)
    return min((i for i in rows if latest is None or i.time == latest), key=lambda i: i.order)


class Tier:
    """Distinct candidates. `channels`: the channels of each item, if channels alternate. `scores`: set if the list is cut by score.

    `listed`: also those that are candidates of other groups of the user; they decide whether the user is heavy."""

    def __init__(self, items, channels=None, scores=None, listed=None):
        self.items = set(items)
        self.listed = self.items if listed is None else set(listed)
        self.channels = channels
        self.scores = scores


def tiers(world, group, entry):
    """The tiers of a list for one group, those of the request first."""
    if entry.source == "exposed_unclicked":
        scope = scope_of(world, entry)
        own = Tier(unclicked(world, world.shown_in.get(group.shown_in, []), entry.options))
        first = first_shown(world, group.user, entry.options)
        everywhere = Tier((item for item, time in first.items() if counts(world, group, entry, time)), listed=first)
        return {"request": [own, None], "user": [None, everywhere], "request_then_user": [own, everywhere]}[scope]
    if entry.source == "rejected":
        before = entry.options.get("before", False)
        # Of a rejection without a time, nobody knows that it came before the request.
        known = [(item, time) for item, time in world.rejected[group.user] if (not before if time is None else time <= world.known_until)]
        listed = [item for item, _ in known]
        return [None, Tier((item for item, time in known if counts(world, group, entry, time)), listed=listed)]
    return [candidates(world, group, entry), None]


def candidates(world, group, entry):
    rows = defaultdict(list)
    for c in world.candidates.get(group.shown_in, []):
        rows[c.item].append(c)
    if entry.source == "hard_rank":
        first, last = entry.options.get("ranks", [101, 500])
        only = entry.options.get("channel")
        ranks = {item: min((c.rank for c in cs if c.rank is not None and only in (None, c.channel)), default=None) for item, cs in rows.items()}
        return Tier(item for item, rank in ranks.items() if rank is not None and first <= rank <= last)
    if entry.source == "hard_score":
        role = entry.options.get("by", "score")
        return Tier(rows, scores={item: max((c.scores[role] for c in cs if c.scores[role] is not None), default=None) for item, cs in rows.items()})
    wanted = {"ranked_unexposed": "fine", "coarse_filtered": "coarse"}[entry.source]
    furthest = {item: max((FUNNEL.index(c.reached) for c in cs if c.reached in FUNNEL), default=-1) for item, cs in rows.items()}
    items = {item for item, stage in furthest.items() if stage == FUNNEL.index(wanted)}
    turns = {item: {c.channel for c in rows[item]} for item in items} if entry.options.get("by") == "channel" else None
    return Tier(items, channels=turns)


def keyed_order(items, key_words, salts):
    def place(item):
        i0, i1 = rng.words(str(item))
        return rng.fmix32(key_words[0] ^ salts[0] ^ i0), rng.fmix32(key_words[1] ^ salts[1] ^ i1), id_key(item)

    return sorted(items, key=place)


def acceptable_of(tier, entry, acceptance, put_back=None):
    """The candidates of a tier that may be drawn, after the cut by score."""
    items = [item for item in tier.items if acceptance.accepts(item, put_back)]
    if tier.scores is None:
        return items
    def falling(item):
        score = tier.scores[item]
        return (score is None, 0 if score is None else -score, id_key(item))

    skip = entry.options.get("skip", 0)
    return sorted(items, key=falling)[skip : skip + entry.options.get("top", 100)]


def take_turns(items, channels, key_words, salts):
    """The channels alternate; an item counts at its first place."""
    order = keyed_order(items, key_words, salts)
    places = []
    for channel in {c for item in items for c in channels[item]}:
        turn = rng.fmix32(key_words[0] ^ salts[0] ^ rng.words(channel)[0])
        of_channel = [item for item in order if channel in channels[item]]
        places += [((rank, turn, channel.encode()), item) for rank, item in enumerate(of_channel)]
    return list(dict.fromkeys(item for _, item in sorted(places, key=lambda p: p[0])))
