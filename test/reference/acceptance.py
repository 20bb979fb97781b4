"""What may be a negative of a group: not chosen by the user, and in the corpus at that time."""


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
    return shown | alone
