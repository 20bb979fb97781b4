"""What may be a negative of a group: not chosen by the user, and in the corpus at that time."""

import re


class Acceptance:
    def __init__(self, world, group, entry):
        self.world = world
        self.group = group
        self.own = {p.item for p in group.positives}
        self.excluded = excluded_items(world, group, entry.exclude)
        self.chosen = world.chosen[group.user] if entry.source == "exposed_unclicked" else set()

    def accepts(self, item, put_back=None):
        """`put_back`: an item of the group itself that is treated as if the user had never wanted it."""
        if not self.world.eligible(item, self.group.time):
            return False
        return item == put_back or not (item in self.own or item in self.excluded or item in self.chosen)


def excluded_items(world, group, exclude):
    if exclude is None:
        return set()
    first = world.start if exclude.within == "train" else float("-inf")
    last = world.known_until if exclude.within == "train" else float("inf")
    if exclude.lookback is not None:
        first = group.time - exclude.lookback
    shown = {
        i.item for i in world.by_user[group.user]
        if first <= i.time <= last and any(name == "impressions" or i.has(name, last) for name in exclude.events)
    }
    alone = {e.item for e in world.events_of[group.user] if e.names & set(exclude.events) and e.excludes(first, last)}
    return shown | alone | past_items(world, group.user, exclude)


def past_items(world, user, exclude):
    """Items in the histories of the user's impressions, one set per user. The ids have no times, so no lookback limits them."""
    if exclude.history is None:
        return set()
    counts = [i for i in world.by_user[user] if exclude.within == "all" or world.start <= i.time <= world.known_until]
    return {item for i in counts for item in items_in(i.row[exclude.history["column"]], exclude.history["separator"], i.item)}


def items_in(text, separator, like):
    """The ids in a text, in the type of an item. Blanks around an id do not belong to it; an id that is no integer is no item."""
    ids = [] if text is None else [part.strip(" \t\r\n") for part in str(text).split(separator)]
    if isinstance(like, int):
        return [int(one) for one in ids if re.fullmatch("[+-]?[0-9]+", one)]
    return [one for one in ids if one]
