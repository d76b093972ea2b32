"""Texts to sparse features, in numpy over a whole batch at once: letters, words, and who does what to whom.

Three families. Letter n-grams within words survive misspelling; hashed words and pairs of words carry idiom; pairs of
word classes in one sentence carry direction ("you" near an insult) and generalise to words never seen in training.
Words that name a protected characteristic are masked in all three, and say nothing alone: only what is said of them
does. What stands in quotation marks, or follows "he
called me", has features of its own, so that reporting abuse does not look like abuse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.lexicon import HOSTILE, WordClass
from classifier.tokens import Tokens, tokenise

LETTER_BITS: Final = 18
WORD_BITS: Final = 18
CLASSES: Final = 40
"""Room for word classes: more than there are now, so that adding one does not move the others."""

_NEAR: Final = 4
_PAIRS: Final = CLASSES * CLASSES
_WORD_BASE: Final = 1 << LETTER_BITS
_CLASS_BASE: Final = _WORD_BASE + (1 << WORD_BITS)
DIMENSIONS: Final = _CLASS_BASE + 2 * (CLASSES + _PAIRS)
SPELLED: Final = _CLASS_BASE
"""The columns of letters and words, which come first."""

_NARROW: Final = 1 << 32
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_TOLD_SALT: Final = np.uint64(0xD1B54A32D192ED03)
_SKIP_SALT: Final = np.uint64(0x8CB92BA72F3D8DD7)
_LETTER_MULTIPLIER: Final = np.uint64(0x100000001B3)
_ORDERS: Final = (3, 4, 5)
_LETTER_LENGTH_CAP: Final = 1_200.0
_WORD_LENGTH_CAP: Final = 240.0
_CLASS_SCALE: Final = 0.35
_HOSTILE: Final = np.isin(np.arange(CLASSES), list(HOSTILE))
_NAMING: Final = np.arange(CLASSES) == WordClass.IDENTITY
_KNOWN: Final = np.arange(CLASSES) != WordClass.NONE
_TELLING: Final = np.logical_and.outer(_KNOWN, _KNOWN) & ~(
    np.logical_or.outer(_NAMING, _NAMING) & ~np.logical_or.outer(_HOSTILE, _HOSTILE)
)
"""Which pairs of classes say something: who somebody is, only beside what is hostile."""

_CLASS_COUNT_CAP: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Coordinates of a sparse matrix: `values[k]` at (`rows[k]`, `columns[k]`); repeated coordinates add up."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float32]


Coordinates: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]


def featurise(prepared: Sequence[str]) -> Features:
    """Features of texts that `normalise` has prepared, one row each, DIMENSIONS columns; the empty text has none."""
    count = len(prepared)
    tokens = tokenise(prepared)
    families = (
        _scaled(*_letters(tokens), count, _LETTER_LENGTH_CAP),
        _scaled(*_words(tokens), count, _WORD_LENGTH_CAP),
        _classes(tokens),
    )
    return Features(
        rows=np.concatenate([rows for rows, _, _ in families]),
        columns=np.concatenate([columns for _, columns, _ in families]),
        values=np.concatenate([values for _, _, values in families]),
    )


def letters_and_words(prepared: Sequence[str]) -> tuple[Coordinates, Coordinates]:
    """Of prepared texts the letters, and then the words: a row and a column (below SPELLED) for each, once a text.

    In the order of the rows.
    """
    tokens = tokenise(prepared)
    return _once(*_letters(tokens)), _once(*_words(tokens))


_Family: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def _scaled(rows: NDArray[np.int64], columns: NDArray[np.int64], count: int, cap: float) -> _Family:
    sizes = np.bincount(rows, minlength=count)
    scale = (1.0 / np.sqrt(np.clip(sizes, 1.0, cap))).astype(np.float32)
    return rows, columns, scale[rows]


def _letters(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of 3, 4 and 5 letters that touch one word only, a space at either end marking its edge."""
    spaces = np.concatenate(([0], np.cumsum(tokens.letters == tokens.SPACE)))
    barred = np.concatenate(([0], np.cumsum(tokens.hidden)))
    letters = tokens.letters.astype(np.uint64)
    rolling = letters
    rows, columns = [], []
    for order in range(2, _ORDERS[-1] + 1):
        rolling = rolling[:-1] * _LETTER_MULTIPLIER + letters[order - 1 :]
        if order not in _ORDERS:
            continue
        size = rolling.size
        inside = spaces[order - 1 : order - 1 + size] - spaces[1 : 1 + size]
        fit = np.flatnonzero((inside == 0) & (barred[order : order + size] == barred[:size]))
        rows.append(tokens.letter_text[fit])
        columns.append(_bucket(rolling[fit] + np.uint64(order), LETTER_BITS))
    return np.concatenate(rows), np.concatenate(columns)


def _words(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each word, each two neighbours, and each two with one word between them."""
    hashes = np.where(tokens.quoted, tokens.hashes ^ _TOLD_SALT, tokens.hashes)
    telling = tokens.kinds != WordClass.IDENTITY
    rows, columns = [tokens.text[telling]], [_bucket(hashes[telling], WORD_BITS)]
    for distance, salt in ((1, np.uint64(0)), (2, _SKIP_SALT)):
        alike = tokens.text[distance:] == tokens.text[:-distance]
        together = np.flatnonzero(alike & telling[distance:] & telling[:-distance])
        rows.append(tokens.text[together])
        joined = hashes[together] * _LETTER_MULTIPLIER ^ hashes[together + distance] ^ salt
        columns.append(_bucket(joined, WORD_BITS))
    return np.concatenate(rows), _WORD_BASE + np.concatenate(columns)


def _classes(tokens: Tokens) -> _Family:
    """Word classes, and ordered pairs of classes at most _NEAR words apart in one sentence."""
    kinds = tokens.kinds.astype(np.int64)
    told_offset = (tokens.quoted | tokens.reported).astype(np.int64) * (CLASSES + _PAIRS)
    known = np.flatnonzero((kinds != WordClass.NONE) & (kinds != WordClass.IDENTITY))
    rows, columns = [tokens.text[known]], [kinds[known] + told_offset[known]]
    for distance in range(1, _NEAR + 1):
        first, second = kinds[:-distance], kinds[distance:]
        same = tokens.sentence[distance:] == tokens.sentence[:-distance]
        near = np.flatnonzero(same & _TELLING[first, second])
        rows.append(tokens.text[near])
        columns.append(CLASSES + first[near] * CLASSES + second[near] + told_offset[near + distance])
    return _counted(np.concatenate(rows), np.concatenate(columns))


def _counted(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> _Family:
    width = 2 * (CLASSES + _PAIRS)
    cells, counts = np.unique(rows * width + columns, return_counts=True)
    values = (_CLASS_SCALE * np.minimum(counts, _CLASS_COUNT_CAP)).astype(np.float32)
    return cells // width, _CLASS_BASE + cells % width, values


def _once(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Coordinates:
    """Each coordinate once, in order. Sorted as half as wide numbers, a fifth of the time, if they are small enough."""
    cells = rows * SPELLED + columns
    if cells.max(initial=0) < _NARROW:
        cells = cells.astype(np.uint32)
    cells.sort()
    new = np.ones(cells.size, dtype=np.bool_)
    np.not_equal(cells[1:], cells[:-1], out=new[1:])
    once = cells[new].astype(np.int64)
    return once // SPELLED, once % SPELLED


def _bucket(hashes: NDArray[np.uint64], bits: int) -> NDArray[np.int64]:
    return ((hashes * _MIX) >> np.uint64(64 - bits)).astype(np.int64)
