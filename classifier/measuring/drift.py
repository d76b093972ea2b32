"""Whether what is scored, or how people judge it, has changed: figures for people, from which nothing follows. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

SHIFTED: Final = 0.2
"""From this population stability index on, scores are commonly said to be distributed otherwise than before."""

_EDGES: Final = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 0.6, 1.0)
_FEWEST: Final = 200
_NONE_SEEN: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of letters that two people judged: pairs, how many agreed, and Cohen's kappa (1: always, 0: as if by chance)."""

    pairs: int
    agreed: int
    kappa: float


def stability_index(before: Sequence[float], now: Sequence[float]) -> float:
    """Population stability index of scores (0..1); not a number where either has too few to say."""
    if min(len(before), len(now)) < _FEWEST:
        return float("nan")
    expected, found = (np.maximum(np.histogram(each, _EDGES)[0], _NONE_SEEN) for each in (before, now))
    expected, found = expected / expected.sum(), found / found.sum()
    return float(((found - expected) * np.log(found / expected)).sum())


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """How far two judgements of the same things agree; not a number without any, or where only one answer was given."""
    each = list(pairs)
    agreed = sum(first == second for first, second in each)
    firsts, seconds = Counter(first for first, _ in each), Counter(second for _, second in each)
    if not each:
        return Agreement(pairs=0, agreed=0, kappa=float("nan"))
    by_chance = sum(firsts[answer] * seconds[answer] for answer in firsts) / len(each) ** 2
    kappa = (agreed / len(each) - by_chance) / (1.0 - by_chance) if by_chance < 1.0 else float("nan")
    return Agreement(pairs=len(each), agreed=agreed, kappa=kappa)
