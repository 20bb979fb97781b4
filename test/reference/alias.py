"""Integer weights, and the alias table that draws by them with integers only."""

import math

FULL = 2**32


def sixteenths(exponent):
    """An exponent in units of 2^-16."""
    return math.floor(exponent * 65536 + 0.5)


def power(x, exponent):
    """x^exponent as a product of repeated square roots, highest bit first."""
    n = sixteenths(exponent)
    product, root = 1.0, float(x)
    for bit in range(16, -1, -1):
        if n >> bit & 1:
            product *= root
        root = math.sqrt(root)
    return product


def weight(x, exponent):
    """Weight of an item with count x (smoothing added); 0 keeps it out of the pool."""
    return 0 if x == 0 else max(1, math.floor(1024 * power(x, exponent) + 0.5))


def alias_table(weights):
    """(L, thresholds, aliases) over the smallest power of two of columns that fits all items. The searches follow the definition literally."""
    levels = 0
    while 2**levels < len(weights):
        levels += 1
    total = sum(weights)
    masses, cumulative, before = [], 0, 0
    for w in weights:
        cumulative += w
        end = math.floor(float(cumulative) / float(total) * 2.0 ** (levels + 32))
        masses.append(end - before)
        before = end
    masses += [0] * (2**levels - len(weights))

    light = [j for j, m in enumerate(masses) if m < FULL]
    heavy = [j for j, m in enumerate(masses) if m >= FULL]
    surplus = running(masses[j] - FULL for j in heavy)
    deficit = running(FULL - masses[j] for j in light)

    thresholds, aliases = [0] * len(masses), [0] * len(masses)
    h = 0
    for place, j in enumerate(light):
        earlier = deficit[place - 1] if place else 0
        while surplus[h] < earlier:
            h += 1
        thresholds[j], aliases[j] = masses[j], heavy[h]
    d = 0
    for place, j in enumerate(heavy):
        while d < len(deficit) and deficit[d] <= surplus[place]:
            d += 1
        if d < len(deficit):
            thresholds[j], aliases[j] = FULL - (deficit[d] - surplus[place]), heavy[place + 1]
        else:
            thresholds[j], aliases[j] = FULL, j
    return levels, thresholds, aliases


def alias_item(table, a, b):
    """The item that the words of an attempt select."""
    levels, thresholds, aliases = table
    column = a >> (32 - levels) if levels else 0
    return column if b < thresholds[column] else aliases[column]


def running(numbers):
    """Inclusive cumulative sums."""
    sums, total = [], 0
    for n in numbers:
        total += n
        sums.append(total)
    return sums
