"""The shipped model: reads its weights once and turns texts into assessments, with numpy alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.assessment import Assessment
from classifier.concerns import ConcernHeads
from classifier.features import DIMENSIONS, featurise
from classifier.language import LANGUAGE_BITS, welsh_logits
from classifier.lexicon import CLASS_OF_WORD, OFFENSIVE, WordClass
from classifier.normalise import normalise, own_words
from classifier.packed import WeightsError, unpack

SHIPPED: Final = Path(__file__).parent / "weights" / "abuse.zip"

_BATCH: Final = 256
_FEWEST_WORDS: Final = 3
_LIKELY_WELSH: Final = 1.5
_EXPLAINED_WORDS: Final = 5
_CERTAIN: Final = 60.0
_SHORTEST_SHOWN: Final = 3
_WORD_PARTS: Final = re.compile(r"[a-z]+")
_EXPLAINS: Final = 0.2
_WORDS_LOOKED_AT: Final = 800
_PUNCTUATION: Final = "".join(map(chr, range(33, 48))) + ":;<=>?@[\\]^_`{|}~\u2018\u2019\u201c\u201d"
_SAYS_NOTHING: Final = frozenset(
    {WordClass.IDENTITY, WordClass.YOU, WordClass.ME, WordClass.THIRD, WordClass.FUTURE, WordClass.NEGATION}
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Weights and what belongs to them. Scoring is deterministic and takes any text."""

    version: str
    weights: NDArray[np.float32]
    intercept: float
    slope: float
    offset: float
    threshold: float
    language_weights: NDArray[np.float32]
    language_intercept: float
    concerns: ConcernHeads
    about: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a weights file. Raises WeightsError if it is not one of ours."""
        arrays, about = unpack(path)
        try:
            model = cls(
                version=about["model_version"],
                weights=arrays["abuse"].astype(np.float32),
                intercept=about["intercept"],
                slope=about["slope"],
                offset=about["offset"],
                threshold=about["threshold"],
                language_weights=arrays["language"].astype(np.float32),
                language_intercept=about["language_intercept"],
                concerns=ConcernHeads.made_of(arrays, about),
                about=about,
            )
        except KeyError as error:
            raise WeightsError(path, f"{error} is missing") from error
        except ValueError as error:
            raise WeightsError(path, str(error)) from error
        if model.weights.shape != (DIMENSIONS,) or model.language_weights.shape != (1 << LANGUAGE_BITS,):
            raise WeightsError(path, "the weights do not fit this version's features")
        return model

    def assess(self, texts: Sequence[str]) -> list[Assessment]:
        """One assessment per text, in order, of the sender's own words."""
        return [one for batch in _batches(texts) for one in self._assess_batch(batch)]

    def assess_one(self, text: str) -> Assessment:
        """Assess a single text, as `assess` does."""
        return self.assess([text])[0]

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Calibrated probabilities 0..1, whatever the language or length."""
        found = [self._probabilities([normalise(text) for text in batch]) for batch in _batches(texts)]
        return np.concatenate(found) if found else np.zeros(0)

    def _probabilities(self, prepared: Sequence[str]) -> NDArray[np.float64]:
        raw = self.slope * logits(prepared, self.weights, self.intercept) + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(raw, -_CERTAIN, _CERTAIN))))

    def _assess_batch(self, texts: Sequence[str]) -> Iterator[Assessment]:
        prepared = [normalise(text) for text in texts]
        scores = self._probabilities(prepared).tolist()
        welsh = welsh_logits(prepared, self.language_weights, self.language_intercept) > _LIKELY_WELSH
        abstained = [is_welsh or _too_short(text) for is_welsh, text in zip(welsh.tolist(), prepared, strict=True)]
        flagged = [score >= self.threshold and not silent for score, silent in zip(scores, abstained, strict=True)]
        reasons = iter(self._why([text for text, flag in zip(texts, flagged, strict=True) if flag]))
        for row, (score, concerns) in enumerate(zip(scores, self.concerns.find(texts), strict=True)):
            yield Assessment(
                model_version=self.version,
                score=score,
                flagged=flagged[row],
                language="cy" if welsh[row] else "en",
                abstained=abstained[row],
                why=next(reasons) if flagged[row] else (),
                concerns=concerns,
            )

    def _why(self, texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Words of each text that speak for abuse when read alone, strongest first; never an identity term."""
        told = [_words_to_show(text) for text in texts]
        words = [word for some in told for word in some]
        weights = dict(zip(words, logits([normalise(word) for word in words], self.weights, 0.0).tolist(), strict=True))
        for some in told:
            strongest = sorted(some, key=lambda word: -weights[word])[:_EXPLAINED_WORDS]
            bar = max(_EXPLAINS * weights[strongest[0]], 0.0) if strongest else 0.0
            yield tuple(word for word in strongest if weights[word] > bar)


@cache
def shipped_model() -> Model:
    """Return the model that this package ships, read once per process."""
    return Model.load(SHIPPED)


def logits(prepared: Sequence[str], weights: NDArray[np.float32], intercept: float) -> NDArray[np.float64]:
    """Log odds, before calibration, of texts that `normalise` has prepared."""
    features = featurise(prepared)
    terms = features.values * weights[features.columns]
    sums = np.bincount(features.rows, weights=terms, minlength=len(prepared))
    return np.asarray(sums + intercept, dtype=np.float64)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _BATCH):
        yield texts[start : start + _BATCH]


def _too_short(prepared: str) -> bool:
    """A word or two say nothing, unless one of them is an insult in itself."""
    words = prepared.split(maxsplit=_FEWEST_WORDS)
    kinds = {CLASS_OF_WORD.get(word.strip(_PUNCTUATION)) for word in words[:_FEWEST_WORDS]}
    return len(words) < _FEWEST_WORDS and not kinds & OFFENSIVE


def _words_to_show(text: str) -> list[str]:
    words = dict.fromkeys(word.strip(_PUNCTUATION).lower() for word in own_words(text).split())
    return [word for word in list(words)[:_WORDS_LOOKED_AT] if _says_something(word)]


def _says_something(word: str) -> bool:
    """Whether a reviewer may be shown `word`: not an identity term, nor a compound with one, nor mere grammar."""
    parts = _WORD_PARTS.findall(normalise(word))
    kinds = {CLASS_OF_WORD.get(part) for part in (normalise(word), *parts)}
    return len(word) >= _SHORTEST_SHOWN and bool(parts) and not kinds & _SAYS_NOTHING
