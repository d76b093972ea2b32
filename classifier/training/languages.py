"""Teaches `classifier.languages`: English and Welsh of every source against samples of what else residents write."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types

from classifier.languages import ENGLISH, LANGUAGE_BITS, LANGUAGES, WELSH, Languages, triples
from classifier.normalise import normalise, own_text
from classifier.own_letters import Example, Part, Sample, only
from classifier.training.datasets import WELSH as WELSH_SOURCE
from classifier.training.fitting import Recipe, fit_many

_RECIPE: Final = Recipe(strength=300.0, tolerance=1e-3)
_ENGLISH_AT_MOST: Final = 14_000
_CUT: Final = 4  # every other text is cut to so many words or fewer: most of the hard cases are short
_NEEDLESS_SILENCE: Final = 0.0005
_WELSH_MISTAKEN: Final = 0.002


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedLanguages:
    """What goes into the weights file."""

    arrays: dict[str, NDArray[Any]]
    about: dict[str, Any]


def fit_languages(
    dev: Sequence[Example], samples: Sequence[Sample], letters: Sequence[Example], seed: int
) -> FittedLanguages:
    """Teach; then see on our own English `letters`, which do not teach this, where other languages must begin."""
    taught = _texts(dev, samples, Part.TEACH, seed)
    prepared = [normalise(own_text(text)) for text, _ in taught]
    prepared = [_short(text, place) if place % 2 else text for place, text in enumerate(prepared)]
    codes = [code for _, code in taught]
    share = {code: codes.count(code) for code in set(codes)}
    weights = np.array([len(codes) / len(share) / share[code] for code in codes]) ** 0.5
    fitted = fit_many(_counts(prepared), codes, _RECIPE, weights)
    arrays: dict[str, NDArray[Any]] = {LANGUAGES: fitted.weights.astype(np.float16)}
    told: dict[str, Any] = {"codes": list(fitted.classes), "intercepts": fitted.intercepts.tolist()}
    even = {"languages": {**told, "leads": [0.0] * len(fitted.classes)}}
    scorer = Languages.made_of(arrays, even)
    posts = [text for text, code in _texts(dev, samples, Part.CALIBRATE, seed) if code == ENGLISH]
    english = [letter.text for letter in letters if letter.language == ENGLISH]
    leads = {ENGLISH: 0.0, WELSH: max(_lead(scorer, {WELSH}, posts, _WELSH_MISTAKEN), 0.0)}
    other = _lead(scorer, set(fitted.classes) - {ENGLISH, WELSH}, english, _NEEDLESS_SILENCE)
    told["leads"] = [round(leads.get(code, other), 4) for code in fitted.classes]
    return FittedLanguages(arrays=arrays, about={"languages": {**told, "taught": len(taught)}})


def _texts(dev: Sequence[Example], samples: Sequence[Sample], part: Part, seed: int) -> list[tuple[str, str]]:
    there = only(dev, part)
    english = [example.text for example in there if example.source != WELSH_SOURCE]
    picked = np.random.default_rng(seed).permutation(len(english))[:_ENGLISH_AT_MOST]
    return [
        *((english[place], ENGLISH) for place in picked),
        *((example.text, WELSH) for example in there if example.source == WELSH_SOURCE),
        *((sample.text, sample.language) for sample in samples if sample.part is part),
    ]


def _short(text: str, place: int) -> str:
    return " ".join(text.split()[: 1 + place // 2 % _CUT])


def _counts(prepared: Sequence[str]) -> sparse.csr_matrix:
    rows, columns = triples(prepared)
    each = np.bincount(rows, minlength=len(prepared))
    return sparse.csr_matrix((1.0 / each[rows], (rows, columns)), shape=(len(prepared), 1 << LANGUAGE_BITS))


def _lead(scorer: Languages, codes: AbstractSet[str], english: Sequence[str], share: float) -> float:
    """How far the likeliest of these codes must be ahead of English to be told in no more than this share of texts.

    Below nought, they may be behind: many languages share what speaks against English.
    """
    if not codes or not english:
        return 0.0
    odds = scorer.odds([normalise(own_text(text)) for text in english])
    ahead = odds - odds[:, [scorer.codes.index(ENGLISH)]]
    chosen = [place for place, code in enumerate(scorer.codes) if code in codes]
    return float(np.quantile(ahead[:, chosen].max(axis=1), 1.0 - share))
