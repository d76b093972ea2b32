"""Which language a letter is in: English, Welsh, or one that nobody taught us to judge. Numpy alone.

A linear scorer on letter triples. English is the answer unless something else is far likelier: to be silent about an
English letter because of the names in it would be worse than to score a Dutch one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.normalise import normalise, own_text

LANGUAGE_BITS: Final = 12
LANGUAGES: Final = "languages"
ENGLISH: Final = "en"
WELSH: Final = "cy"
SCORED: Final = frozenset({ENGLISH, WELSH})
UNDETERMINED: Final = "und"
"""BCP 47 for a language that was not made out."""

_WIDTH: Final = 3
_MULTIPLIER: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_READ_AT_MOST: Final = 240
_LATIN: Final = 0x250
_OTHER_SCRIPT: Final = 0.15
_FEWEST_WORDS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Languages:
    """`weights` have a row for each bucket of letter triples and a column for each of `codes` (ISO 639-1).

    Another language than English is told from a lead in log odds on: `leads` for each of `codes`.
    """

    codes: tuple[str, ...]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    leads: NDArray[np.float64]

    @classmethod
    def made_of(cls, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> Self:
        """From what a weights file holds; raises KeyError on what is missing, ValueError on what does not fit."""
        told, weights = about["languages"], arrays[LANGUAGES]
        codes = tuple(told["codes"])
        if weights.shape != (1 << LANGUAGE_BITS, len(codes)) or ENGLISH not in codes:
            message = "the languages do not fit this version's features"
            raise ValueError(message)
        return cls(
            codes=codes,
            weights=weights.astype(np.float32),
            intercepts=np.array(told["intercepts"]),
            leads=np.array(told["leads"]),
        )

    def of_texts(self, texts: Sequence[str]) -> list[str]:
        """The code of each text as it was written."""
        return self.tell([normalise(own_text(text)) for text in texts])

    def tell(self, prepared: Sequence[str]) -> list[str]:
        """The code of each text that `normalise` has prepared."""
        odds = self.odds(prepared)
        ahead = odds - odds[:, [self.codes.index(ENGLISH)]] - self.leads
        likeliest = np.where(ahead.max(axis=1, initial=0.0) > 0, ahead.argmax(axis=1), self.codes.index(ENGLISH))
        return [self._code(text, self.codes[place]) for text, place in zip(prepared, likeliest.tolist(), strict=True)]

    def odds(self, prepared: Sequence[str]) -> NDArray[np.float64]:
        """Of each text (rows) and each of `codes`, log odds up to a constant."""
        texts, found = triples(prepared)
        rows, first, counts = np.unique(texts, return_index=True, return_counts=True)
        odds = np.tile(self.intercepts, (len(prepared), 1))
        if rows.size:
            odds[rows] += np.add.reduceat(self.weights.take(found, axis=0), first, axis=0) / counts[:, None]
        return odds

    def _code(self, text: str, likeliest: str) -> str:
        if _is_in_another_script(text):
            return UNDETERMINED
        short = len(text.split(maxsplit=_FEWEST_WORDS)) < _FEWEST_WORDS
        return ENGLISH if short and likeliest not in SCORED else likeliest


def triples(prepared: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The letter triples at the beginning of each text that `normalise` has prepared: whose they are, and buckets."""
    joined = "\0".join(f" {text[:_READ_AT_MOST]} " for text in prepared).encode("utf-8", "replace")
    letters = np.frombuffer(joined, dtype=np.uint8).astype(np.uint64)
    if letters.size < _WIDTH:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    ends = letters == 0
    inside = np.flatnonzero(~(ends[:-2] | ends[1:-1] | ends[2:]))
    hashes = ((letters[:-2] * _MULTIPLIER + letters[1:-1]) * _MULTIPLIER + letters[2:])[inside]
    return np.cumsum(ends)[inside], ((hashes * _MIX) >> np.uint64(64 - LANGUAGE_BITS)).astype(np.int64)


def _is_in_another_script(text: str) -> bool:
    """Whether many letters are not Latin, the look-alikes of Latin ones having been folded away."""
    text = text[:_READ_AT_MOST]
    if text.isascii():
        return False
    letters = [letter for letter in text if letter.isalpha()]
    return sum(ord(letter) >= _LATIN for letter in letters) > _OTHER_SCRIPT * len(letters)
