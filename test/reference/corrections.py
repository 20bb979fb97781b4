"""What a trainer subtracts from the logits: logq_correction, log_q_batch and logq_correction_batch."""

import math
from collections import Counter


class BatchPool:
    """The train positives, after downsample_hot and the cap, as a pool of in-batch negatives."""

    def __init__(self, items, batch_size, drawn=0, weight=None):
        """`drawn`: negatives that the config requests for a positive. `weight`: part of the loss at equal scores."""
        self.times = Counter(items)
        self.positives = len(items)
        self.others = batch_size - 1
        self.is_weighed = weight is not None
        # The drawn rows that all in-batch negatives count as.
        self.rows = drawn * weight / (1 - weight) if self.is_weighed else self.others

    def p(self, item):
        return self.times[item] / self.positives if self.positives else 0.0

    def log_p(self, item):
        return math.log(self.p(item)) if self.times[item] else None

    def weighed(self, item):
        """logq_correction_batch with a weight: log_q_batch and one constant of the stage."""
        return self.log_p(item) + math.log(len(self.times) * (self.others / self.rows)) if self.times[item] else None


class Corrections:
    """The corrections of one group, from its draws by entry name."""

    def __init__(self, mode, draws, batch):
        self.mode = mode
        self.draws = [d for d in draws.values() if d.items]
        self.batch = batch
        self.n = sum(len(d.items) for d in self.draws) + (batch.rows if batch else 0)

    def of(self, item, put_back=None, lists=True, exposed=True):
        """log(m/n), or log(m/a); None if m is 0. `lists`: whether list entries are terms of m and a. `exposed`: whether the positive has an impression."""
        # With a weight, in-batch negatives are no pool of drawn rows.
        batch = self.batch if self.batch and (put_back is not None or not self.batch.is_weighed) else None
        m = a = 0.0
        for d in self.draws:
            rows = len(d.items)
            if d.is_pool:
                q = d.q(item, put_back)
                m += rows * q
                a += rows / len(d.acceptable(put_back)) if q > 0 else 0.0
            elif lists:
                # The positive was exposed, but not without a click. For the shares it is a candidate like the others.
                q = d.q(item, put_back, put_back if self.mode == "shares" and exposed else None)
                m += rows * q
                a += rows * q
        if batch and batch.times[item]:
            m += batch.rows * batch.p(item)
            a += batch.rows / len(batch.times)
        if m == 0:
            return None
        return math.log(m / (self.n if self.mode == "corpus" else a))

    def columns(self, item, put_back=None, exposed=True):
        found = {"logq_correction": self.of(item, put_back, exposed=exposed)}
        if self.batch:
            found["log_q_batch"] = self.batch.log_p(item)
            of_batch = self.batch.weighed(item) if self.batch.is_weighed else self.of(item, put_back, lists=False)
            found["logq_correction_batch"] = None if put_back is None else of_batch
        return found


def effective_shares(groups, names, batch):
    """By entry name: the mean over the groups with negatives of its part of the sum of exp(-correction)."""
    others = [math.exp(-r["logq_correction_batch"]) for rows in groups for r in rows if r["label"] == 1 and r.get("logq_correction_batch") is not None]
    in_batch = batch.others * sum(others) / len(others) if batch and others else 0.0
    shares = []
    for rows in groups:
        negatives = [r for r in rows if r["label"] == 0]
        if negatives:
            all_of_them = sum(math.exp(-r["logq_correction"]) for r in negatives) + in_batch
            shares.append({n: sum(math.exp(-r["logq_correction"]) for r in negatives if r["entry"] == n) / all_of_them for n in names})
    if not shares:
        return None
    means = {n: sum(s[n] for s in shares) / len(shares) for n in names}
    return {"entries": means, "in_batch": 1 - sum(means.values()) if batch else None}
