"""Where the thresholds stand, and what a score means: measured on texts that the heads were not taught on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.concerns import DANGERS
from classifier.heads import Heads, Read
from classifier.judgement import ABUSE, BASE_RATE, KINDS, joined
from classifier.own_letters import HEAD_OF_KIND, Example
from classifier.training.fitting import Recipe, fit
from classifier.training.lessons import Lesson

MISS_COST: Final[Mapping[str, float]] = MappingProxyType(
    {ABUSE: 18.0, "threat": 30.0, "insult": 18.0, "hate": 18.0, "harassment": 18.0}
)
"""How many needless reviews one missed message is worth; it fixes the threshold at 1 / (1 + cost)."""

_RIGHTS_NEAR, _RIGHTS_SERVICE = 0.12, 0.008
_DANGERS_NEAR, _DANGERS_SERVICE = 0.04, 0.0015
_OF_OTHERS, _OF_CONCERNS, _OF_OURS = 0.6, 0.25, 0.15
_ABUSE_OF_OURS: Final = 0.7
_PLATT: Final = Recipe(strength=1e6)
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """Texts that did not teach what read them: our `lessons` by heads of other folds, `others` by those that ship.

    `posts` are what the model of posts makes of the same texts.
    """

    heads: Heads
    lessons: Sequence[Lesson]
    lessons_read: Read
    lessons_posts: NDArray[np.float64]
    others: Sequence[Example]
    others_read: Read
    others_posts: NDArray[np.float64]


def scales(held: Held) -> dict[str, dict[str, float]]:
    """Platt's scaling of abuse and of each kind, weighted to BASE_RATE, with the threshold its costs give."""
    ours = joined(held.heads, held.lessons_read, held.lessons_posts)
    others = joined(held.heads, held.others_read, held.others_posts)
    abusive = np.array([*(one.abusive for one in held.lessons), *(one.abusive for one in held.others)])
    kinds = np.array([*(one.kind for one in held.lessons), *(_kind(one) for one in held.others)])
    groups = _groups(held)
    found = {}
    for name in (ABUSE, *KINDS):
        labels = abusive if name == ABUSE else kinds == name
        weights = _weights(labels, abusive, groups)
        odds = np.concatenate([ours[name], others[name]])
        counted = weights > 0
        platt = fit(odds[counted, None], labels[counted], _PLATT, weights[counted] * labels.size)
        found[name] = {
            "slope": round(float(platt.weights[0]), _DIGITS),
            "offset": round(platt.intercept, _DIGITS),
            "threshold": 1.0 / (1.0 + MISS_COST[name]),
        }
    return found


def _kind(example: Example) -> str:
    return HEAD_OF_KIND.get(example.kind, "") if example.abusive else ""


def _groups(held: Held) -> NDArray[np.str_]:
    ours = ["" if one.abuse_weight == 0 else "concerns" if one.abuse_weight < 1 else "ours" for one in held.lessons]
    return np.array([*ours, *("others" for _ in held.others)])


def _weights(labels: NDArray[np.bool_], abusive: NDArray[np.bool_], groups: NDArray[np.str_]) -> NDArray[np.float64]:
    """As a council's mail may be made up: mostly what any service gets, some of it as hard to tell as our own letters.

    All abuse together has BASE_RATE, and each kind of it its share of our letters.
    """
    weights = np.zeros(labels.size)
    innocent = {"others": _OF_OTHERS, "concerns": _OF_CONCERNS, "ours": _OF_OURS}
    abuse = {"others": 1.0 - _ABUSE_OF_OURS, "ours": _ABUSE_OF_OURS}
    for group, share in innocent.items():
        there = (groups == group) & ~abusive
        weights[there] = (1.0 - BASE_RATE) * share / max(int(there.sum()), 1)
    for group, share in abuse.items():
        there = (groups == group) & abusive
        weights[there] = BASE_RATE * share / max(int(there.sum()), 1)
    return weights


def concern_thresholds(kinds: Sequence[str], near: NDArray[np.float64], service: NDArray[np.float64]) -> list[float]:
    """One threshold for all rights, one for all dangers: as low as the stated shares of needless alarms allow.

    `near` and `service` are log odds of innocent letters of ours, and of what other services receive: (texts, kinds).
    """
    danger = np.array([kind in DANGERS for kind in kinds])
    right = _least(near[:, ~danger], _RIGHTS_NEAR, service[:, ~danger], _RIGHTS_SERVICE)
    harm = _least(near[:, danger], _DANGERS_NEAR, service[:, danger], _DANGERS_SERVICE)
    return [round(harm if is_danger else right, 4) for is_danger in danger.tolist()]


def recipe() -> dict[str, Any]:
    """The choices above, for the weights file."""
    return {
        "base_rate": BASE_RATE,
        "miss_cost": dict(MISS_COST),
        "mail": {"others": _OF_OTHERS, "concerns": _OF_CONCERNS, "ours": _OF_OURS},
        "abuse_of_ours": _ABUSE_OF_OURS,
        "rights": {"near": _RIGHTS_NEAR, "service": _RIGHTS_SERVICE},
        "dangers": {"near": _DANGERS_NEAR, "service": _DANGERS_SERVICE},
    }


def _least(near: NDArray[np.float64], near_share: float, service: NDArray[np.float64], service_share: float) -> float:
    """The least threshold at which no more than these shares of the texts (rows) raise any of the kinds (columns).

    Even odds where there is nothing to measure it on.
    """
    measured = [
        float(np.quantile(odds.max(axis=1), 1.0 - share))
        for odds, share in ((near, near_share), (service, service_share))
        if odds.size
    ]
    return max(measured, default=0.0)
