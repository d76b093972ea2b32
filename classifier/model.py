"""The shipped model: reads its weights once and turns texts into assessments, with numpy alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.assessment import Assessment
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
_WORDS_LOOKED_AT: Final = 800


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
                about=about,
            )
        except KeyError as error:
            raise WeightsError(path, f"{error} is missing") from error
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
        found = [self._probabilities(logits(batch, self.weights, self.intercept)) for batch in _batches(texts)]
        return np.concatenate(found) if found else np.zeros(0)

    def _probabilities(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        calibrated: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(self.slope * raw + self.offset)))
        return calibrated

    def _assess_batch(self, texts: Sequence[str]) -> Iterator[Assessment]:
        scores = self.scores(texts)
        welsh = welsh_logits([normalise(text) for text in texts], self.language_weights, self.language_intercept)
        for text, score, lean in zip(texts, scores.tolist(), welsh.tolist(), strict=True):
            yield self._assessment(text, score, is_welsh=lean > _LIKELY_WELSH)

    def _assessment(self, text: str, score: float, *, is_welsh: bool) -> Assessment:
        abstained = is_welsh or _too_short(text)
        flagged = not abstained and score >= self.threshold
        return Assessment(
            model_version=self.version,
            score=score,
            flagged=flagged,
            language="cy" if is_welsh else "en",
            abstained=abstained,
            why=self._why(text) if flagged else (),
        )

    def _why(self, text: str) -> tuple[str, ...]:
        """Words of `text` that speak for abuse when read alone, strongest first; never an identity term."""
        words = list(dict.fromkeys(word.strip(_PUNCTUATION).lower() for word in own_words(text).split()))
        words = [word for word in words[:_WORDS_LOOKED_AT] if word and not _names_identity(word)]
        weights = logits(words, self.weights, 0.0)
        strongest = np.argsort(-weights, kind="stable")[:_EXPLAINED_WORDS]
        return tuple(words[place] for place in strongest if weights[place] > 0)


@cache
def shipped_model() -> Model:
    """Return the model that this package ships, read once per process."""
    return Model.load(SHIPPED)


def logits(texts: Sequence[str], weights: NDArray[np.float32], intercept: float) -> NDArray[np.float64]:
    """Log odds before calibration."""
    features = featurise(texts)
    terms = features.values * weights[features.columns]
    return np.bincount(features.rows, weights=terms, minlength=len(texts)) + intercept


_PUNCTUATION: Final = "".join(map(chr, range(33, 48))) + ":;<=>?@[\\]^_`{|}~\u2018\u2019\u201c\u201d"


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _BATCH):
        yield texts[start : start + _BATCH]


def _too_short(text: str) -> bool:
    words = normalise(text).split()
    kinds = {CLASS_OF_WORD.get(word.strip(_PUNCTUATION)) for word in words[:_FEWEST_WORDS]}
    return len(words) < _FEWEST_WORDS and not kinds & OFFENSIVE


def _names_identity(word: str) -> bool:
    parts = normalise(word).replace("-", " ").replace("'", " ").split()
    return any(CLASS_OF_WORD.get(part.strip(_PUNCTUATION)) is WordClass.IDENTITY for part in parts)
