"""Ten negatives for every positive by LibRecommender's samplers. Usage: librecoSampler.py popular|unconsumed FOLDER.

`negatives_from_popular` rejects only the positive, and draws again once. `negatives_from_unconsumed` draws uniformly in a Python loop. It rejects consumed items
and repetitions within the group, at most ten times. Neither returns the probability.
"""
import random
import sys

import numpy as np
from libreco.sampling.negatives import negatives_from_popular, negatives_from_unconsumed

from job import NEGATIVES, answer, excluded, items, offsets, positives, read, user_of

GROUPS = 8192
# The loop is slow, so the rate is measured on a part of the positives.
POSITIVES = 200_000


def popular():
    weights = read("weights.f64", np.float64)
    chances = weights / weights.sum()
    generator = np.random.default_rng(1)
    return len(positives), lambda some: negatives_from_popular(generator, items, positives[some], NEGATIVES, probs=chances)


def unconsumed():
    random.seed(1)
    asked = min(POSITIVES, len(positives))
    consumed = [set(own.tolist()) for own in np.split(excluded, offsets[1:-1])]
    users, chosen = user_of[:asked].tolist(), positives[:asked].tolist()
    return asked, lambda some: negatives_from_unconsumed(consumed, users[some], chosen[some], items, NEGATIVES)


asked, draw = {"popular": popular, "unconsumed": unconsumed}[sys.argv[1]]()
answer(lambda: sum(len(draw(slice(first, min(asked, first + GROUPS)))) for first in range(0, asked, GROUPS)))
