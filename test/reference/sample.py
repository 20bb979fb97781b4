"""From groups to rows."""

import math
from collections import Counter
from functools import cache

import groups as units
import lists
import pools
import quota
import rng
from acceptance import Acceptance
from batches import Batches
from corrections import BatchPool, Corrections, effective_shares
from stage import Stage
from sides import Sides
from outcomes import Outcomes
from order import ordered
from times import iso
from teacher import Teaching
from world import World


class PoolDraw:
    """The draws of one pool entry for one group."""

    is_pool = True

    def __init__(self, sampler, group, entry, wanted):
        self.acceptable = cache(self.acceptable)
        self.total = cache(self.total)
        self.acceptance = Acceptance(sampler.world, group, entry)
        self.pool = sampler.pools[entry.name].of(group)
        self.items = pools.attempts(self.pool, self.acceptance, group.words, sampler.salts(entry.name), wanted, wanted, set())
        self.cause = None
        if len(self.items) < wanted:
            self.cause = "pool" if len(self.acceptable()) < wanted else "attempts"

    def acceptable(self, put_back=None):
        return [i for i in self.pool.items if self.acceptance.accepts(i, put_back)]

    def total(self, put_back=None):
        return sum(self.pool.weights[i] for i in self.acceptable(put_back))

    def q(self, item, put_back=None):
        """Probability that one draw gives the item."""
        if item not in self.pool.weights or not self.acceptance.accepts(item, put_back):
            return 0.0
        return self.pool.weights[item] / self.total(put_back)


class ListDraw:
    """The draws of one list entry for one group."""

    is_pool = False

    def __init__(self, sampler, group, entry, wanted):
        self.split = cache(self.split)
        self.group = group
        self.entry = entry
        self.salts = sampler.salts(entry.name)
        self.wanted = wanted
        self.acceptance = Acceptance(sampler.world, group, entry)
        self.request, self.user = lists.tiers(sampler.world, group, entry)
        self.items = self.ordered(self.request)[:wanted] if self.request else []
        if self.user and len(self.user.listed) > lists.HEAVY:
            pool = pools.Pool(self.user.listed)
            refused = set(self.items) | (self.user.listed - self.user.items)
            self.items += pools.attempts(pool, self.acceptance, group.words, self.salts, wanted - len(self.items), wanted, refused)
        elif self.user:
            rest = [i for i in self.ordered(self.user) if not self.request or i not in self.request.items]
            self.items += rest[: wanted - len(self.items)]
        self.cause = None
        if len(self.items) < wanted:
            self.cause = "attempts" if len(self.members()) > len(self.items) else "list"

    def ordered(self, tier):
        items = lists.acceptable_of(tier, self.entry, self.acceptance)
        if tier.channels is not None:
            return lists.take_turns(items, tier.channels, self.group.words, self.salts)
        return lists.keyed_order(items, self.group.words, self.salts)

    def members(self):
        first, second = self.split(None)
        return first | second

    def split(self, put_back, exposed=None):
        """Acceptable items of the request, and those that only the tier of the user has. `exposed`: one more candidate, in the tier of its exposure."""
        first = set(lists.acceptable_of(self.request, self.entry, self.acceptance, put_back)) if self.request else set()
        second = set(lists.acceptable_of(self.user, self.entry, self.acceptance, put_back)) if self.user else set()
        if exposed is not None and self.entry.source == "exposed_unclicked" and self.acceptance.accepts(exposed, put_back):
            (first if self.request else second).add(exposed)
        return first, second - first

    def q(self, item, put_back=None, exposed=None):
        first, second = self.split(put_back, exposed)
        if item not in first and item not in second:
            return 0.0
        taken_first = min(self.wanted, len(first))
        taken_second = min(self.wanted - taken_first, len(second))
        if self.cause == "attempts":
            # The attempts ended before every acceptable item was found.
            taken_second = min(taken_second, len(self.items) - min(self.wanted, len(self.split(None)[0])))
        filled = taken_first + taken_second
        if filled == 0:
            return 0.0
        inclusion = taken_first / len(first) if item in first else taken_second / len(second)
        return inclusion / filled


class Sampler:
    def __init__(self, world, batch=None):
        self.world = world
        self.batch = batch
        self.stage = world.stage
        self.pools = {e.name: pools.Pools(world, e) for e in self.stage.entries if e.is_pool}
        self.salted = {}
        self.sides = Sides(world)
        self.teaching = Teaching(world)
        self.outcomes = Outcomes(world)

    def salts(self, entry):
        if entry not in self.salted:
            self.salted[entry] = rng.salts(self.stage.seed, self.stage.epoch, self.stage.name, entry)
        return self.salted[entry]

    def quotas(self, group):
        if self.stage.per_group is None:
            return {e.name: e.amount for e in self.stage.entries}
        v, _ = rng.draw(group.words, self.salts("@quota"), 0)
        amounts = quota.quotas(quota.bounds(self.stage.per_group, [e.amount for e in self.stage.entries]), v)
        return {e.name: amount for e, amount in zip(self.stage.entries, amounts)}

    def draw(self, group):
        """The quotas, and the draws of each entry, by entry name."""
        quotas = self.quotas(group)
        draws = {e.name: self.draw_entry(group, e, quotas[e.name]) for e in self.stage.entries}
        if self.stage.on_shortfall == "refill":
            target = self.stage.refill_from
            missing = sum(quotas[name] - len(d.items) for name, d in draws.items() if name != target)
            if missing:
                quotas[target] += missing
                entry = next(e for e in self.stage.entries if e.name == target)
                draws[target] = self.draw_entry(group, entry, quotas[target])
        return quotas, draws

    def draw_entry(self, group, entry, wanted):
        return (PoolDraw if entry.is_pool else ListDraw)(self, group, entry, wanted)

    def passed(self, group, item, exposure, entry, grade=0):
        """The columns of a row that come from the data. `exposure`: its own; `entry`: None for a positive."""
        copied = {"passed": self.sides.values(group, item, exposure)} if self.stage.passed else {}
        is_drawn = entry is not None and self.stage.unit != "impression"
        return copied | self.teaching.columns(group, item, exposure, entry) | self.outcomes.columns(group, item, exposure, is_drawn, grade)

    def rows(self, group):
        """The rows of a group, its shortfalls, and the draws that `distinct` drops."""
        if self.stage.unit == "impression":
            entry = self.stage.entries[0].name if self.stage.entries else "exposed_unclicked"
            shown = group.positives[0]
            return [row(shown.item, shown.label, None if shown.label else "exposed_unclicked", None if shown.label else entry, None, None, None, shown.weight, None) | self.passed(group, shown.item, shown.exposure, None if shown.label else entry, shown.weight if shown.label else 0)], {}, []
        quotas, draws = self.draw(group)
        total = sum(len(d.items) for d in draws.values())

        def mixed(item, put_back=None):
            q = sum(len(d.items) * d.q(item, put_back) for d in draws.values() if d.items)
            return math.log(q / total) if q > 0 else None

        corrections = Corrections(self.stage.logq, draws, self.batch) if self.stage.logq else None

        def corrected(item, put_back=None, exposed=True):
            return corrections.columns(item, put_back, exposed) if corrections else {}

        rows = [row(p.item, 1, None, None, None, None, mixed(p.item, p.item), p.weight, p.keep) | corrected(p.item, p.item, p.exposure is not None) | self.passed(group, p.item, p.exposure, None, p.weight) for p in group.positives]
        seen = set()
        repeated = []
        for entry in self.stage.entries:
            d = draws[entry.name]
            dropped = [item for item in d.items if item in seen] if self.stage.distinct else []
            seen.update(d.items)
            repeated += [{"entry": entry.name, "item": str(item)} for item in dropped]
            rows += [
                row(item, 0, entry.source, entry.name, k, math.log(d.q(item)), mixed(item), 1, None)
                | corrected(item)
                | self.passed(group, item, lists.own_exposure(self.world, group, entry, item), entry.name)
                for k, item in enumerate(d.items)
                if item not in dropped
            ]
        short = {name: {"asked": quotas[name], "drawn": len(d.items), "cause": d.cause} for name, d in draws.items() if d.cause}
        return rows, short, repeated


def row(item, label, source, entry, draw, log_q, log_q_mix, weight, keep):
    result = {"item": str(item), "label": label, "source": source, "entry": entry, "draw": draw, "log_q": log_q, "log_q_mix": log_q_mix, "weight": weight}
    return result if keep is None else {**result, "keep_prob": keep}


def sample(stage, config, tables, users=None, order=None):
    """All draws of a stage, in the format of the preview; with `order`, also all rows in the order of a file."""
    world = World(config, tables, stage)
    batch = BatchPool(train_items(stage, config, tables), stage.in_batch[0], stage.drawn, stage.batch_weight) if stage.logq and stage.in_batch else None
    sampler = Sampler(world, batch)
    counts = Counter()
    by_user = {}
    for group in units.groups_of(world, counts):
        by_user.setdefault(str(group.user), []).append(group)
    batches = Batches(world, [g for own in by_user.values() for g in own]) if stage.in_batch else None
    chosen = [str(u) for u in world.users()] if users is None else [str(u) for u in users]
    answer = []
    kept = []
    for user in chosen:
        drawn = []
        for group in by_user.get(user, []):
            rows, short, repeated = sampler.rows(group)
            kept.append((group, rows))
            drawn.append(group_answer(group, rows, short, repeated) | ({"in_batch": batches.of(group)} if batches else {}))
        answer.append({"user": user, "groups": drawn})
    counts["groups"] = sum(len(g) for g in by_user.values())
    in_order = {"ordered": ordered(stage, kept, order)} if order else {}
    drawn = [g["rows"] for user in answer for g in user["groups"]]
    effective = {"effective": effective_shares(drawn, [e.name for e in stage.entries], batch)} if stage.logq else {}
    return {"users": answer, **effective, **sampler.teaching.answer(), "counts": {**counts, **{f"{k}_left_out": n for k, n in world.left_out.items()}}, **in_order}


def train_items(stage, config, tables):
    """The items of the positives that a trainer puts into batches: those of the train split, whatever the split of the stage."""
    train = Stage(config, tables, stage.name, stage.seed, stage.epoch)
    return [g.item for g in units.groups_of(World(config, tables, train), Counter())]


def group_answer(group, rows, short, repeated):
    return {"key": group.key, "item": None if group.item is None else str(group.item), "time": iso(group.time), "rows": rows, "shortfall": short, "repeated": repeated}
