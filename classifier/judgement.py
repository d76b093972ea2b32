"""From what is read to what is said of abuse: calibrated probabilities, a threshold for each, and a stated doubt.

Two readers agree on a score: heads taught by letters to councils, and a model of what people post elsewhere, which
knows more insults, less of letters, and no Welsh. Numpy alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.features import DIMENSIONS, featurise
from classifier.heads import Heads, Odds, Read, Reading
from classifier.languages import WELSH
from classifier.passages import Passages

BASE_RATE: Final = 0.01
"""Share of a council's mail assumed to be abusive; scores are calibrated to it."""

ABUSE: Final = "abuse"
KINDS: Final = ("threat", "insult", "hate", "harassment")
POSTS: Final = "posts"

_POSTS_AT_MOST: Final = 3.0
"""Posts tell abuse, not which kind: without a bound a long run of insults would look like every kind at once."""

_WHOLE_SHARE: Final = 0.5
_WHOLE_OF_POSTS: Final = 0.4
_CHANCE: Final = 1.25
"""What is taken off the worst lines for each time that the number of sentences is multiplied by e."""

_CERTAIN: Final = 60.0
DOUBT: Final = 3.0
"""A flag is in doubt where it would be another if a missed message were this many times dearer, or cheaper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Turns log odds into a probability (Platt); a message is flagged from `threshold` on."""

    slope: float
    offset: float
    threshold: float

    def probabilities(self, odds: NDArray[np.float64], further: NDArray[np.float64]) -> NDArray[np.float64]:
        """Between 0 and 1; `further` is added to what is made of `odds`."""
        scaled = self.slope * odds + self.offset + further
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scaled, -_CERTAIN, _CERTAIN))))

    def flags(self, probability: float, dearer: float = 1.0) -> bool:
        """Whether it passes the threshold, or would if a missed message were so many times dearer."""
        cost = 1.0 / self.threshold - 1.0
        return probability * (1.0 + cost * dearer) >= 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """What makes scores of readings; `scales` are named ABUSE and KINDS, and made for English.

    `welsh` is added to the log odds of a Welsh letter, so that its scores mean the same.
    """

    heads: Heads
    posts: NDArray[np.float32]
    posts_intercept: float
    scales: Mapping[str, Scale]
    welsh: float

    @classmethod
    def made_of(cls, heads: Heads, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> Self:
        """From what a weights file holds; raises KeyError on what is missing, ValueError on what does not fit."""
        if arrays[POSTS].shape != (DIMENSIONS,):
            message = "the weights do not fit this version's features"
            raise ValueError(message)
        scales = {name: Scale(**about["scales"][name]) for name in (ABUSE, *KINDS)}
        numbers = [about["posts"]["intercept"], about["welsh"], *(it for one in scales.values() for it in astuple(one))]
        if not np.isfinite([*numbers, *heads.intercepts]).all():
            message = "an intercept or a scale is no number"
            raise ValueError(message)
        return cls(
            heads=heads,
            posts=arrays[POSTS].astype(np.float32),
            posts_intercept=about["posts"]["intercept"],
            scales=scales,
            welsh=about["welsh"],
        )

    def of(self, own: Sequence[str], languages: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The probability of abuse, and of each kind of it, in people's own words, each in its language."""
        if not own:
            return {name: np.zeros(0) for name in self.scales}
        return self.of_read(self.heads.read(Passages.of(own)), languages)

    def of_read(self, read: Reading, languages: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The same of what the heads have read."""
        posts = posts_odds(self.heads, read, self.posts, self.posts_intercept)
        found = joined(self.heads, read, posts, languages)
        further = np.array([self.welsh if language == WELSH else 0.0 for language in languages])
        abuse = self.scales[ABUSE].probabilities(found[ABUSE], further)
        each = {kind: np.minimum(self.scales[kind].probabilities(found[kind], further), abuse) for kind in KINDS}
        return {ABUSE: abuse, **each}


def joined(
    heads: Heads, read: Read, posts: NDArray[np.float64], languages: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Log odds of abuse and of each kind: by the whole letter, its worst one to three sentences, and what `posts` say.

    A letter is abuse if it is any of the kinds, or what they have in common.
    """
    bounded = np.clip(posts, -_POSTS_AT_MOST, _POSTS_AT_MOST)
    posts = np.where([language == WELSH for language in languages], 0.0, bounded)
    by_chance = _CHANCE * np.log(read.sentences)[:, None]
    both: Odds = _WHOLE_SHARE * read.whole + (1.0 - _WHOLE_SHARE) * (read.line - by_chance)
    each = {name: both[:, heads.names.index(name)] for name in (ABUSE, *KINDS)}
    any_kind = np.logaddexp.reduce([each[kind] for kind in KINDS], axis=0)
    return {name: odds + posts for name, odds in {**each, ABUSE: each[ABUSE] + any_kind}.items()}


def posts_odds(heads: Heads, read: Reading, weights: NDArray[np.float32], intercept: float) -> NDArray[np.float64]:
    """Log odds of abuse by what people post elsewhere: of each whole text, and of what `heads` find worst in it."""
    prepared = read.passages.prepared
    worst = [prepared[place] for place in read.worst(heads.names.index(ABUSE)).tolist()]
    found = logits([*read.passages.wholes, *worst], weights, intercept)
    whole, line = np.split(found, 2)
    return np.asarray(_WHOLE_OF_POSTS * whole + (1.0 - _WHOLE_OF_POSTS) * line)


def logits(prepared: Sequence[str], weights: NDArray[np.float32], intercept: float) -> NDArray[np.float64]:
    """Log odds of abuse by what people post elsewhere, of texts that `normalise` has prepared."""
    features = featurise(prepared)
    terms = features.values * weights.take(features.columns)
    sums = np.bincount(features.rows, weights=terms, minlength=len(prepared))
    return np.asarray(sums + intercept, dtype=np.float64)
