"""Teaches the heads of `classifier.concerns`: letters that claim rights obliquely, against those that only seem to."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types

from classifier.concerns import COLUMNS, DANGERS, TABLE, ConcernHeads, sentences_of
from classifier.datasets import SERVICE_MAIL, WELSH, ConcernLetter, Example, Part, only
from classifier.features import SPELLED, letters_and_words
from classifier.fitting import Recipe, fit
from classifier.normalise import normalise

_FITTED: Final = Recipe(strength=30.0, solver="liblinear")
_SERVICE_WEIGHT: Final = 0.3
_SERVICE_AT_MOST: Final = 1_200  # texts of a source
_SEEN_AT_LEAST: Final = 2
_DISORDERLY: Final = 1_000
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_SEED: Final = 7
_FOLDS: Final = 5
_RIGHTS_NEAR, _RIGHTS_SERVICE = 0.12, 0.008
_DANGERS_NEAR, _DANGERS_SERVICE = 0.04, 0.0015
_BATCH: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One text; `kind` is what it claims or tells of, empty for none; `near` if it only looks like some kind.

    What is `ours` was written for this, the rest is what other services receive.
    """

    text: str
    kind: str = ""
    near: bool = False
    ours: bool = True

    @property
    def weight(self) -> float:
        """How much it counts among the others."""
        return 1.0 if self.ours else _SERVICE_WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedConcerns:
    """What goes into the weights file."""

    arrays: dict[str, NDArray[Any]]
    about: dict[str, Any]


def fit_concerns(letters: Sequence[ConcernLetter], own: Sequence[Example], dev: Sequence[Example]) -> FittedConcerns:
    """Teach on what is not kept for evaluation; the thresholds come of letters that each fold was not taught on."""
    lessons = [*_of_letters(letters), *_of_others(own), *_of_service(dev, Part.TEACH)]
    lessons += _without_sentences([lesson.text for lesson in lessons if lesson.ours])
    apart = [example.text for example in _service(dev, Part.CALIBRATE)]
    fitted = _fit(lessons, _even_thresholds(lessons))
    kinds = tuple(fitted.about["concerns"]["kinds"])
    thresholds = _thresholds(kinds, _out_of_fold(lessons), _heads(fitted).logits(apart))
    fitted.about["concerns"] |= {"thresholds": thresholds, "taught": len(lessons), "recipe": _recipe()}
    return fitted


def _of_letters(letters: Sequence[ConcernLetter]) -> Iterator[Lesson]:
    for letter in letters:
        if not letter.kept:
            yield Lesson(text=letter.text, kind="" if letter.innocent else letter.kind, near=letter.innocent)


def _of_others(own: Sequence[Example]) -> Iterator[Lesson]:
    """Our own letters about other things, abusive or not; those that tell of a danger have no kind of ours."""
    for example in only(own, Part.TEACH):
        if not example.concern:
            yield Lesson(text=example.text)


def _of_service(dev: Sequence[Example], part: Part) -> Iterator[Lesson]:
    for example in _service(dev, part):
        yield Lesson(text=example.text, ours=False)


def _service(dev: Sequence[Example], part: Part) -> Iterator[Example]:
    """Mail to other services, and ordinary Welsh, the same number of each source."""
    for source in sorted({*SERVICE_MAIL, WELSH}):
        there = sorted((one for one in only(dev, part) if one.source == source), key=lambda one: _number(one.text))
        yield from there[:_SERVICE_AT_MOST]


def _without_sentences(texts: Sequence[str]) -> Iterator[Lesson]:
    """Words in no order: alone they tell of nothing, however often they are repeated."""
    rng = np.random.default_rng(_SEED)
    words = np.array([word for text in texts for word in _WORD.findall(text.lower())])
    for _ in range(_DISORDERLY):
        known = rng.choice(words, size=int(rng.integers(1, 40)))
        yield Lesson(text=" ".join(rng.choice(known, size=int(rng.integers(2, 100)))))


def _number(text: str) -> int:
    """A number that has nothing to do with what the text says, for choosing and parting."""
    return zlib.crc32(text.encode())


def _fit(lessons: Sequence[Lesson], thresholds: Sequence[float]) -> FittedConcerns:
    counted = _Counted.of([lesson.text for lesson in lessons])
    ours = np.array([lesson.ours for lesson in lessons])
    columns = np.flatnonzero(counted.texts_with(ours) >= _SEEN_AT_LEAST)
    rarity = counted.rarity(columns)
    matrix = counted.scaled(columns, rarity)
    kinds = sorted({lesson.kind for lesson in lessons} - {""})
    said = np.array([lesson.kind for lesson in lessons])
    weights = np.array([lesson.weight for lesson in lessons])
    table, intercepts = np.zeros((columns.size + 1, len(kinds) + 1), dtype=np.float32), []
    for head, kind in enumerate(kinds):
        fitted = fit(matrix, said == kind, _FITTED, weights)
        table[1:, head] = fitted.weights * rarity[1:]
        intercepts.append(fitted.intercept)
    table[:, -1] = rarity**2
    arrays: dict[str, NDArray[Any]] = {COLUMNS: columns.astype(np.int32), TABLE: table.astype(np.float16)}
    about = {"concerns": {"kinds": kinds, "intercepts": intercepts, "thresholds": list(thresholds)}}
    return FittedConcerns(arrays=arrays, about=about)


def _heads(fitted: FittedConcerns) -> ConcernHeads:
    return ConcernHeads.made_of(fitted.arrays, fitted.about)


def _even_thresholds(lessons: Sequence[Lesson]) -> list[float]:
    return [0.0] * len({lesson.kind for lesson in lessons} - {""})


def _out_of_fold(lessons: Sequence[Lesson]) -> NDArray[np.float64]:
    """Log odds of each innocent near letter (rows), from heads that were taught on the other folds."""
    near = [lesson for lesson in lessons if lesson.near]
    odds = []
    for fold in range(_FOLDS):
        held = [lesson.text for lesson in near if _number(lesson.text) % _FOLDS == fold]
        others = [one for one in lessons if not one.ours or _number(one.text) % _FOLDS != fold]
        odds.append(_heads(_fit(others, _even_thresholds(lessons))).logits(held))
    return np.concatenate(odds)


def _thresholds(kinds: Sequence[str], near: NDArray[np.float64], service: NDArray[np.float64]) -> list[float]:
    """One threshold for all rights, one for all dangers: as low as the stated shares of needless alarms allow."""
    danger = np.array([kind in DANGERS for kind in kinds])
    right = _least(near[:, ~danger], _RIGHTS_NEAR, service[:, ~danger], _RIGHTS_SERVICE)
    harm = _least(near[:, danger], _DANGERS_NEAR, service[:, danger], _DANGERS_SERVICE)
    return [round(harm if is_danger else right, 4) for is_danger in danger.tolist()]


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


def _recipe() -> dict[str, float]:
    return {
        "strength": _FITTED.strength,
        "service_weight": _SERVICE_WEIGHT,
        "service_at_most": _SERVICE_AT_MOST,
        "folds": _FOLDS,
        "rights_near": _RIGHTS_NEAR,
        "rights_service": _RIGHTS_SERVICE,
        "dangers_near": _DANGERS_NEAR,
        "dangers_service": _DANGERS_SERVICE,
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Counted:
    """How often each letter run and each word stands in each text: a matrix for either family, texts in rows."""

    families: tuple[sparse.csr_matrix, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Counted":
        batches = [_counts(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return cls(families=tuple(sparse.vstack(family, format="csr") for family in zip(*batches, strict=True)))

    def texts_with(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """In how many of the chosen texts each feature stands."""
        return np.asarray(sum(matrix[chosen].getnnz(axis=0) for matrix in self.families), dtype=np.int64)

    def rarity(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """The inverse frequency of each of the columns, after that of a feature no text has."""
        texts = self.families[0].shape[0]
        with_it = self.texts_with(np.ones(texts, dtype=np.bool_))[columns]
        return np.asarray(np.log((1 + texts) / (1 + np.concatenate(([0], with_it)))) + 1.0)

    def scaled(self, columns: NDArray[np.int64], rarity: NDArray[np.float64]) -> sparse.csr_matrix:
        """What the heads are taught on: counts by rarity, each family of a text of length one."""
        squares = np.full(SPELLED, rarity[0] ** 2)
        squares[columns] = rarity[1:] ** 2
        parts = []
        for counts in self.families:
            lengths = np.sqrt(np.maximum(counts @ squares, 1.0))
            parts.append(sparse.diags(1.0 / lengths) @ counts[:, columns] @ sparse.diags(rarity[1:]))
        return sparse.csr_matrix(parts[0] + parts[1])


def _counts(texts: Sequence[str]) -> list[sparse.csr_matrix]:
    each = [sentences_of(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(some) for some in each])
    prepared = [normalise(sentence) for some in each for sentence in some]
    return [
        sparse.csr_matrix((np.ones(rows.size), (owner[rows], columns)), shape=(len(texts), SPELLED))
        for rows, columns in letters_and_words(prepared)
    ]
