"""Normalised texts to words, in numpy: where each begins, its hash, its class, and whether it is somebody else's.

The batch is one array of bytes, texts parted by zeros. Python never loops over words or letters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.lexicon import CLASS_OF_WORD, WordClass

Bytes: TypeAlias = NDArray[np.uint8]
Flags: TypeAlias = NDArray[np.bool_]

_SPACE: Final = 32
_QUOTE: Final = 34
_APOSTROPHE: Final = 39
_LONGEST_QUOTATION: Final = 600
_REPORT_REACHES: Final = 8
_SAYING: Final = (
    "say",
    "said",
    "tell",
    "told",
    "telling",
    "promise",
    "promised",
    "answer",
    "reply",
    "words",
    "warning",
)
_FEWEST_OUTSIDE: Final = 3
_DIGITS: Final = (48, 57)
_IDENTITY_HASH: Final = np.uint64(0x1D)
_POWERS: Final = np.cumprod(np.full(64, 0x100000001B3, dtype=np.uint64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Words of a batch, in order, and the letters they are made of with one space between words.

    Identity terms in a row ("Black British") are one word here, so that two say no more than one.
    """

    SPACE: ClassVar[int] = _SPACE

    text: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    kinds: NDArray[np.uint8]
    sentence: NDArray[np.int64]
    quoted: Flags
    reported: Flags
    letters: Bytes
    letter_text: NDArray[np.int64]
    hidden: Flags
    """Letters no n-gram may touch: identity terms, quotations, and the marks between texts."""


def tokenise(texts: Sequence[str]) -> Tokens:
    """Split texts that `normalise` has prepared."""
    joined = "\0".join(("", *texts, "")).encode("utf-8", "replace")
    plain = _collapse_runs(_fold_leet(np.frombuffer(joined, dtype=np.uint8)))
    wordy = _word_letters(plain)
    text_of = np.cumsum(plain == 0) - 1
    kept = _without_spare_spaces(plain, wordy)
    letters = np.where(wordy[kept] | (plain[kept] == 0), plain[kept], np.uint8(_SPACE))
    word_letters = wordy[kept]
    begins = np.flatnonzero(word_letters & ~_before(word_letters))
    hashes = _hash_words(letters, word_letters, begins)
    kinds = _kinds(hashes)
    words_at = kept[begins]
    quoted_letters = _inside(
        _told(_quotations(plain, text_of), words_at, text_of[words_at], hashes, kinds), plain.size
    )[kept]
    word_of = np.cumsum(word_letters & ~_before(word_letters)) - 1
    identity = word_letters & np.append(kinds == WordClass.IDENTITY, False)[word_of]
    sentence, text = np.cumsum(_ENDS[plain], dtype=np.int64)[kept][begins], text_of[kept][begins]
    masked = kinds == WordClass.IDENTITY
    first = ~(masked & _before(masked) & _as_before(text))
    return Tokens(
        text=text[first],
        hashes=np.where(masked, _IDENTITY_HASH, hashes)[first],
        kinds=kinds[first],
        sentence=sentence[first],
        quoted=quoted_letters[begins][first],
        reported=_reported(kinds, sentence)[first],
        letters=letters,
        letter_text=text_of[kept],
        hidden=identity | quoted_letters | (letters == 0),
    )


def _table(pairs: Iterable[tuple[str, str]]) -> Bytes:
    table = np.arange(256, dtype=np.uint8)
    for written, meant in pairs:
        table[ord(written)] = ord(meant)
    return table


_LEET: Final = _table(zip("013457@$!|", "oieastasil", strict=True))
_IS_LEET: Final = np.arange(256) != _LEET
_IS_LETTER: Final = np.array([97 <= code <= 122 or code >= 128 for code in range(256)])  # noqa: PLR2004 - a to z, UTF-8
_IS_WORDY: Final = _IS_LETTER | np.array([48 <= code <= 57 for code in range(256)])  # noqa: PLR2004 - 0 to 9
_ENDS: Final = np.isin(np.arange(256), list(b"\0.!?"))


def _before(flags: Flags) -> Flags:
    """What held one place earlier."""
    moved = np.zeros_like(flags)
    moved[1:] = flags[:-1]
    return moved


def _as_before(numbers: NDArray[np.int64]) -> Flags:
    """Whether the number one place earlier is the same."""
    same = np.zeros(numbers.shape, dtype=np.bool_)
    same[1:] = numbers[1:] == numbers[:-1]
    return same


def _after(flags: Flags) -> Flags:
    """What holds one place later."""
    moved = np.zeros_like(flags)
    moved[:-1] = flags[1:]
    return moved


def _fold_leet(letters: Bytes) -> Bytes:
    """Read 0 as o, $ as s and the like where letters stand on both sides, one or two at a time."""
    letter, leet = _IS_LETTER[letters], _IS_LEET[letters]
    single = leet & _before(letter) & _after(letter)
    first_of_two = leet & _before(letter) & _after(leet & _after(letter))
    leading = ((letters == ord("@")) | (letters == ord("$"))) & _before(~_IS_WORDY[letters]) & _after(letter)
    folded = single | first_of_two | _before(first_of_two) | leading
    return np.where(folded, _LEET[letters], letters)


def _collapse_runs(letters: Bytes) -> Bytes:
    """Leave one of three or more equal letters in a row."""
    same = np.zeros(letters.shape, dtype=np.bool_)
    same[1:] = (letters[1:] == letters[:-1]) & _IS_LETTER[letters[1:]]
    return letters[~(same & (_before(same) | _after(same)))]


def _word_letters(letters: Bytes) -> Flags:
    letter = _IS_LETTER[letters]
    return np.asarray(_IS_WORDY[letters] | ((letters == _APOSTROPHE) & _before(letter) & _after(letter)))


def _without_spare_spaces(letters: Bytes, wordy: Flags) -> NDArray[np.int64]:
    return np.flatnonzero(wordy | _before(wordy) | (letters == 0))


def _hash_words(letters: Bytes, wordy: Flags, begins: NDArray[np.int64]) -> NDArray[np.uint64]:
    if not begins.size:
        return np.zeros(0, dtype=np.uint64)
    where = np.flatnonzero(wordy)
    first = np.searchsorted(where, begins)
    lengths = np.diff(np.append(first, where.size))
    place = np.arange(where.size) - np.repeat(first, lengths)
    terms = (letters[where].astype(np.uint64) + np.uint64(1)) * _POWERS[place & 63]
    return np.add.reduceat(terms, first)


def _hashes_of(words: Sequence[str]) -> NDArray[np.uint64]:
    letters = np.frombuffer(("\0" + "\0".join(words) + "\0").encode(), dtype=np.uint8)
    wordy = letters != 0
    return _hash_words(letters, wordy, np.flatnonzero(wordy & ~_before(wordy)))


@cache
def _lexicon() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    words = list(CLASS_OF_WORD)
    hashes = _hashes_of(words)
    order = np.argsort(hashes)
    return hashes[order], np.array([CLASS_OF_WORD[words[place]] for place in order], dtype=np.uint8)


def _kinds(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    known, kinds = _lexicon()
    place = np.minimum(np.searchsorted(known, hashes), known.size - 1)
    return np.where(known[place] == hashes, kinds[place], np.uint8(WordClass.NONE))


Spans: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Where quotations open, and where they close."""


def _quotations(letters: Bytes, text_of: NDArray[np.int64]) -> Spans:
    """Each from a quotation mark to the next one of the same text, if it is no further than allowed; 5" is no mark."""
    digits = (letters >= _DIGITS[0]) & (letters <= _DIGITS[1])
    marks = np.flatnonzero((letters == _QUOTE) & ~_before(digits))
    texts = text_of[marks]
    nth = np.arange(marks.size) - np.searchsorted(texts, texts)
    opens = (nth[:-1] % 2 == 0) & (texts[1:] == texts[:-1]) & (np.diff(marks) <= _LONGEST_QUOTATION)
    return marks[:-1][opens], marks[1:][opens]


def _told(
    spans: Spans,
    places: NDArray[np.int64],
    text: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    kinds: NDArray[np.uint8],
) -> Spans:
    """The quotations that may be another's words: not those of somebody who says "I tell you" and nothing else."""
    opens, closes = spans
    if not opens.size or not places.size:
        return spans
    first, after = np.searchsorted(places, opens), np.searchsorted(places, closes)
    after_me = _before(kinds == WordClass.ME) & _as_before(text)
    mine = np.isin(hashes, _saying()) & after_me
    others = (kinds == WordClass.REPORTING) & ~after_me
    of_text = text[np.minimum(first, places.size - 1)]
    begin, end = np.searchsorted(text, of_text), np.searchsorted(text, of_text, side="right")

    def near(flags: Flags) -> Flags:
        count = np.concatenate(([0], np.cumsum(flags)))
        before = count[first] - count[np.maximum(first - _REPORT_REACHES, begin)]
        return np.asarray(before + count[np.minimum(after + _REPORT_REACHES, end)] - count[np.minimum(after, end)] > 0)

    said = np.bincount(of_text, weights=after - first, minlength=int(text.max()) + 1)[of_text]
    nothing_else = end - begin - said < _FEWEST_OUTSIDE
    told = ~(nothing_else | (near(mine) & ~near(others)))
    return opens[told], closes[told]


@cache
def _saying() -> NDArray[np.uint64]:
    """What somebody does who speaks for themselves in quotation marks."""
    return _hashes_of(_SAYING)


def _inside(spans: Spans, size: int) -> Flags:
    depth = np.zeros(size + 1, dtype=np.int64)
    depth[spans[0]] += 1
    depth[spans[1]] -= 1
    return np.asarray(np.cumsum(depth)[:-1] > 0)


def _reported(kinds: NDArray[np.uint8], sentence: NDArray[np.int64]) -> Flags:
    """Mark the words that follow "he said" or "called me", up to the end of the sentence and a few words at most."""
    teller = np.isin(kinds, (WordClass.THIRD, WordClass.ROLE, WordClass.IDENTITY, WordClass.HOME))
    told = np.isin(kinds, (WordClass.ME, WordClass.THIRD))
    follows = _as_before(sentence)
    report = (kinds == WordClass.REPORTING) & ((_before(teller) & follows) | _after(told & follows))
    reached = np.zeros(kinds.shape, dtype=np.bool_)
    for distance in range(1, min(_REPORT_REACHES, kinds.size - 1) + 1):
        reached[distance:] |= report[:-distance] & (sentence[distance:] == sentence[:-distance])
    return reached
