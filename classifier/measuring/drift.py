"""Whether what is scored, or how people judge it, has changed: figures for people, from which nothing follows. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np

SHIFTED: Final = 0.2
"""From this population stability index on, scores are commonly said to be distributed otherwise than before."""

_EDGES: Final = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 0.6, 1.0)
_FEWEST: Final = 200
_NONE_SEEN: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of letters that several people judged: how many, how many all judged alike, and kappa of any two judgements.

    Kappa is 1 where they always agree, and 0 where they do as if by chance.
    """

    letters: int
    alike: int
    kappa: float


def stability_index(before: Sequence[float], now: Sequence[float]) -> float:
    """Population stability index of scores (0..1); not a number where either has too few to say."""
    if min(len(before), len(now)) < _FEWEST:
        return float("nan")
    expected, found = (np.maximum(np.histogram(each, _EDGES)[0], _NONE_SEEN) for each in (before, now))
    expected, found = expected / expected.sum(), found / found.sum()
    return float(((found - expected) * np.log(found / expected)).sum())


def agreement(judged: Iterable[Sequence[Hashable]]) -> Agreement:
    """How far people agree, from what each letter was called; kappa is not a number where there was only one answer.

    Fleiss' kappa for two judgements drawn of each letter: nobody is first.
    """
    each = [answers for answers in judged if len(answers) > 1]
    pairs = [pair for answers in each for pair in permutations(answers, 2)]
    shares = [1.0 / (len(answers) * (len(answers) - 1)) for answers in each for _ in permutations(answers, 2)]
    alike = sum(len(set(answers)) == 1 for answers in each)
    answered: dict[Hashable, float] = defaultdict(float)
    for (first, _), share in zip(pairs, shares, strict=True):
        answered[first] += share / len(each)
    by_chance = sum(share**2 for share in answered.values())
    agreed = sum(share for (first, second), share in zip(pairs, shares, strict=True) if first == second)
    kappa = (agreed / len(each) - by_chance) / (1.0 - by_chance) if len(answered) > 1 else float("nan")
    return Agreement(letters=len(each), alike=alike, kappa=kappa)
