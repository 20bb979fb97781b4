"""The number of negatives that each entry of a mix must draw for one group."""

import math


def bounds(per_group, shares):
    """Cumulative shares of N negatives in units of 2^-32, entries in the order of their names."""
    result, total = [], 0.0
    for share in shares:
        total += share
        result.append(min(per_group * 2**32, math.floor(per_group * total * 2.0**32 + 0.5)))
    if result and abs(total - 1) <= 1e-9:
        result[-1] = per_group * 2**32
    return result


def quotas(cumulative, v):
    """Systematic rounding: v, a uniform 32-bit word, decides for all entries at once."""
    result, before = [], v >> 32
    for c in cumulative:
        here = (c + v) >> 32
        result.append(here - before)
        before = here
    return result
