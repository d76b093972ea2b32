"""Where the thresholds stand, and what a score means: measured on texts that the heads were not taught on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.concerns import DANGERS
from classifier.heads import Heads, Read
from classifier.judgement import ABUSE, BASE_RATE, KINDS, joined
from classifier.languages import WELSH
from classifier.own_letters import HEAD_OF_KIND, Example
from classifier.training.fitting import Recipe, fit, fit_shift
from classifier.training.lessons import Lesson

MISS_COST: Final[Mapping[str, float]] = MappingProxyType(
    {ABUSE: 11.0, "threat": 21.0, "insult": 11.0, "hate": 11.0, "harassment": 11.0}
)
"""How many needless reviews one missed message is worth; it fixes the threshold at 1 / (1 + cost)."""

_RIGHTS_NEAR, _RIGHTS_SERVICE = 0.12, 0.008
_DANGERS_NEAR, _DANGERS_SERVICE = 0.04, 0.0015
_OF_OTHERS, _OF_CONCERNS, _OF_OURS = 0.6, 0.25, 0.15
_ABUSE_OF_OURS: Final = 0.7
_PLATT: Final = Recipe(strength=1e6)
_USUAL_OF_WELSH: Final = 5.0
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Measured:
    """Of all held texts, ours first: log odds by head, what each is, and where it comes from."""

    odds: Mapping[str, NDArray[np.float64]]
    abusive: NDArray[np.bool_]
    kinds: NDArray[np.str_]
    groups: NDArray[np.str_]
    welsh: NDArray[np.bool_]

    @classmethod
    def of(cls, held: Held) -> Self:
        every: list[Lesson | Example] = [*held.lessons, *held.others]
        languages = [one.language for one in every]
        ours = joined(held.heads, held.lessons_read, held.lessons_posts, languages[: len(held.lessons)])
        others = joined(held.heads, held.others_read, held.others_posts, languages[len(held.lessons) :])
        return cls(
            odds={name: np.concatenate([ours[name], others[name]]) for name in (ABUSE, *KINDS)},
            abusive=np.array([one.abusive for one in every]),
            kinds=np.array([*(one.kind for one in held.lessons), *(_kind(one) for one in held.others)]),
            groups=_groups(held),
            welsh=np.array([language == WELSH for language in languages]),
        )

    def labels(self, name: str) -> NDArray[np.bool_]:
        return self.abusive if name == ABUSE else np.asarray(self.kinds == name)


def scales(held: Held) -> dict[str, Any]:
    """Platt's scaling of abuse and of each kind, weighted to BASE_RATE, with the threshold its costs give; for a file.

    It is made for English; `welsh` is what is added to the log odds of Welsh letters to mean the same.
    """
    measured, found = _Measured.of(held), {}
    english = _weights(measured.abusive, measured.groups, ~measured.welsh)
    for name in (ABUSE, *KINDS):
        odds, labels, counted = measured.odds[name], measured.labels(name), english > 0
        platt = fit(odds[counted, None], labels[counted], _PLATT, english[counted] * labels.size)
        found[name] = {
            "slope": round(float(platt.weights[0]), _DIGITS),
            "offset": round(platt.intercept, _DIGITS),
            "threshold": 1.0 / (1.0 + MISS_COST[name]),
        }
    scaled = found[ABUSE]["slope"] * measured.odds[ABUSE] + found[ABUSE]["offset"]
    welsh = _weights(measured.abusive, measured.groups, measured.welsh)
    counted = welsh > 0
    shift = fit_shift(scaled[counted], measured.abusive[counted], welsh[counted] * welsh.size, usual=_USUAL_OF_WELSH)
    return {"scales": found, "welsh": round(shift, _DIGITS)}


def _kind(example: Example) -> str:
    return HEAD_OF_KIND.get(example.kind, "") if example.abusive else ""


def _groups(held: Held) -> NDArray[np.str_]:
    return np.array([*map(_group, held.lessons), *("others" for _ in held.others)])


def _group(lesson: Lesson) -> str:
    """Words in no order are nobody's mail."""
    if lesson.concern or lesson.near:
        return "concerns" if lesson.abuse_weight > 0 else ""
    return "ours" if lesson.abuse_weight == 1.0 else ""


def _weights(abusive: NDArray[np.bool_], groups: NDArray[np.str_], asked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """As a council's mail may be made up: mostly what any service gets, some of it as hard to tell as our own letters.

    All abuse together has BASE_RATE, and each kind of it its share of our letters. Only what is `asked` counts.
    """
    innocent = {"others": _OF_OTHERS, "concerns": _OF_CONCERNS, "ours": _OF_OURS}
    abuse = {"others": 1.0 - _ABUSE_OF_OURS, "ours": _ABUSE_OF_OURS}
    weights = np.zeros(abusive.size)
    for shares, label, rate in ((innocent, False, 1.0 - BASE_RATE), (abuse, True, BASE_RATE)):
        there = {group: (groups == group) & (abusive == label) & asked for group in shares}
        total = sum(share for group, share in shares.items() if there[group].any())
        for group, share in shares.items():
            if there[group].any():
                weights[there[group]] = rate * share / (total * int(there[group].sum()))
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
