"""From what is read to what is said of abuse: calibrated probabilities, a threshold for each, and a stated doubt.

Two readers agree on a score: heads taught by letters to councils, and a model of what people post elsewhere, which
knows more insults and less of letters. Numpy alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.features import DIMENSIONS, featurise
from classifier.heads import Heads, Odds, Read, Reading
from classifier.passages import Passages

BASE_RATE: Final = 0.01
"""Share of a council's mail assumed to be abusive; scores are calibrated to it."""

ABUSE: Final = "abuse"
KINDS: Final = ("threat", "insult", "hate", "harassment")
POSTS: Final = "posts"

_POSTS_SHARE: Final = 0.6
_CHANCE: Final = 0.75
"""What is taken off the worst passage for each time that the number of passages is multiplied by e."""

_CERTAIN: Final = 60.0
_DOUBT: Final = 3.0
"""A flag is in doubt where it would be another if a missed message were this many times dearer, or cheaper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Turns log odds into a probability (Platt); a message is flagged from `threshold` on."""

    slope: float
    offset: float
    threshold: float

    def probabilities(self, odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Between 0 and 1."""
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.slope * odds + self.offset, -_CERTAIN, _CERTAIN))))

    def in_doubt(self, probability: float) -> bool:
        """Whether it stands so near the threshold that what a missed message costs decides."""
        cost = 1.0 / self.threshold - 1.0
        return 1.0 / (1.0 + cost * _DOUBT) <= probability < 1.0 / (1.0 + cost / _DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """What makes scores of readings; `scales` are named ABUSE and KINDS."""

    heads: Heads
    posts: NDArray[np.float32]
    posts_intercept: float
    scales: Mapping[str, Scale]

    @classmethod
    def made_of(cls, heads: Heads, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> Self:
        """From what a weights file holds; raises KeyError on what is missing, ValueError on what does not fit."""
        if arrays[POSTS].shape != (DIMENSIONS,):
            message = "the weights do not fit this version's features"
            raise ValueError(message)
        return cls(
            heads=heads,
            posts=arrays[POSTS].astype(np.float32),
            posts_intercept=about["posts"]["intercept"],
            scales={name: Scale(**about["scales"][name]) for name in (ABUSE, *KINDS)},
        )

    def of(self, own: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The probability of abuse, and of each kind of it, in people's own words."""
        if not own:
            return {name: np.zeros(0) for name in self.scales}
        return self.of_read(self.heads.read(Passages.of(own)))

    def of_read(self, read: Reading) -> dict[str, NDArray[np.float64]]:
        """The same of what the heads have read."""
        found = joined(self.heads, read, logits(read.passages.wholes, self.posts, self.posts_intercept))
        abuse = self.scales[ABUSE].probabilities(found[ABUSE])
        each = {kind: np.minimum(self.scales[kind].probabilities(found[kind]), abuse) for kind in KINDS}
        return {ABUSE: abuse, **each}


def joined(heads: Heads, read: Read, posts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Log odds of abuse and of each kind: half by the whole letter, half by its worst passage, and by what `posts` say.

    A letter is abuse if it is any of the kinds, or what they have in common.
    """
    by_chance = _CHANCE * np.log(read.passages_each)[:, None]
    both: Odds = (read.whole + read.best - by_chance) / 2.0
    each = {name: both[:, heads.names.index(name)] for name in (ABUSE, *KINDS)}
    any_kind = np.logaddexp.reduce([each[kind] for kind in KINDS], axis=0)
    return {name: odds + _POSTS_SHARE * posts for name, odds in {**each, ABUSE: each[ABUSE] + any_kind}.items()}


def logits(prepared: Sequence[str], weights: NDArray[np.float32], intercept: float) -> NDArray[np.float64]:
    """Log odds of abuse by what people post elsewhere, of texts that `normalise` has prepared."""
    features = featurise(prepared)
    terms = features.values * weights[features.columns]
    sums = np.bincount(features.rows, weights=terms, minlength=len(prepared))
    return np.asarray(sums + intercept, dtype=np.float64)
