"""Rights claimed and dangers told in words that nobody listed: a second pair of eyes beside the forms of words.

One linear head a kind, on letters and words, each counted by how rare it is. A letter is read whole and by every three
neighbouring sentences, and what reads most like the kind counts: a right is often claimed in one line of a long
complaint. Numpy alone; what is found is a question for a person, never an answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.assessment import Concern
from classifier.features import SPELLED, letters_and_words
from classifier.normalise import READ_AT_MOST, normalise, own_words

COLUMNS: Final = "concern_columns"
TABLE: Final = "concerns"

DANGERS: Final = frozenset({"safeguarding", "risk-to-life"})
"""Looked for in everybody's mail, so that their alarms must be rarer."""

_SENTENCE_ENDS: Final = re.compile(r"(?<=[.?!])\s+|\s*\n\s*")
_NEIGHBOURS: Final = 3
_SHOWN: Final = 160
_FAMILIES: Final = 2
_LETTERS_AT_ONCE: Final = 50_000

Sums: TypeAlias = NDArray[np.float32]
"""Of each text, for letters and for words: what each head makes of them, and last the square of their length."""

Odds: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConcernHeads:
    """The heads of a model: `kinds` name them; `table` holds, for each known feature, its weights and its length.

    `place` gives the row of a feature in `table`; row 0 is for all that teaching never saw.
    """

    kinds: tuple[str, ...]
    place: NDArray[np.int32]
    table: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    @classmethod
    def made_of(cls, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> Self:
        """From what a weights file holds; raises KeyError on what is missing, ValueError on what does not fit."""
        told, columns, table = about["concerns"], arrays[COLUMNS], arrays[TABLE]
        kinds = tuple(told["kinds"])
        if table.shape != (columns.size + 1, len(kinds) + 1) or columns.max(initial=0) >= SPELLED:
            message = "the concerns do not fit this version's features"
            raise ValueError(message)
        place = np.zeros(SPELLED, dtype=np.int32)
        place[columns] = np.arange(1, columns.size + 1)
        return cls(
            kinds=kinds,
            place=place,
            table=table.astype(np.float32),
            intercepts=np.array(told["intercepts"]),
            thresholds=np.array(told["thresholds"]),
        )

    def find(self, texts: Sequence[str]) -> list[tuple[Concern, ...]]:
        """Of each text, what its own words may claim or tell of, in the order of `kinds`."""
        if not texts:
            return []
        read = _Sentences.of(texts)
        best, near = self._read(read)
        return [
            tuple(
                Concern(kind=self.kinds[head], passage=read.passage(row, near[:, head]))
                for head in np.flatnonzero(best[row] >= self.thresholds)
            )
            for row in range(len(texts))
        ]

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Log odds of each kind (columns) in each text (rows), by whichever of its passages reads most like it."""
        return self._read(_Sentences.of(texts))[0]

    def _read(self, read: "_Sentences") -> tuple[Odds, Odds]:
        """The best odds of each text and kind, and those of the passage that begins with each sentence."""
        sums = sums_of(read.prepared, self.place, self.table)
        passages = sums.copy()
        for further in range(1, _NEIGHBOURS):
            followed = np.flatnonzero(read.after >= further)
            passages[followed] += sums[followed + further]
        near = self._odds(passages)
        near[(read.before > 0) & (read.after < _NEIGHBOURS - 1)] = -np.inf
        whole = self._odds(np.add.reduceat(sums, read.first, axis=0))
        return np.maximum(whole, np.maximum.reduceat(near, read.first, axis=0)), near

    def _odds(self, sums: Sums) -> Odds:
        lengths = np.sqrt(np.maximum(sums[:, :, -1:], 1.0))
        return np.asarray((sums[:, :, :-1] / lengths).sum(axis=1) + self.intercepts, dtype=np.float64)


def sums_of(prepared: Sequence[str], place: NDArray[np.int32], table: NDArray[np.float32]) -> Sums:
    """Add up `table` over the features of each prepared text: (texts, families, columns of `table`)."""
    sums = np.zeros((len(prepared), _FAMILIES, table.shape[1]), dtype=np.float32)
    for begin, end in _slices(prepared):
        for family, (rows, columns) in enumerate(letters_and_words(prepared[begin:end])):
            there, starts = np.unique(rows, return_index=True)
            if there.size:
                sums[begin + there, family] = np.add.reduceat(table[place[columns]], starts, axis=0)
    return sums


def _slices(prepared: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut into runs of about as many letters, so that memory does not grow with what people write."""
    begin, letters = 0, 0
    for place, text in enumerate(prepared):
        letters += len(text)
        if letters >= _LETTERS_AT_ONCE:
            yield begin, place + 1
            begin, letters = place + 1, 0
    if begin < len(prepared):
        yield begin, len(prepared)


def sentences_of(text: str) -> list[str]:
    """The sentences of the sender's own words, each once, one at least; of a long text its head and tail."""
    own = own_words(text)
    if len(own) > READ_AT_MOST:
        half = READ_AT_MOST // 2
        own = f"{own[:half]}\n{own[-half:]}"
    return list(dict.fromkeys(sentence for sentence in _SENTENCE_ENDS.split(own) if sentence.strip())) or [""]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentences:
    """The sentences of a batch, as written and as prepared.

    `first` holds the place of each text's first sentence; `before` and `after` count the others round each.
    """

    written: list[str]
    prepared: list[str]
    first: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Sentences":
        each = [sentences_of(text) for text in texts]
        written = [sentence for some in each for sentence in some]
        counts = np.array([len(some) for some in each], dtype=np.int64)
        first = np.cumsum(counts) - counts
        before = np.arange(len(written)) - np.repeat(first, counts)
        return cls(
            written=written,
            prepared=[normalise(sentence) for sentence in written],
            first=first,
            before=before,
            after=np.repeat(counts, counts) - before - 1,
        )

    def passage(self, row: int, odds: NDArray[np.float64]) -> str:
        """What a person is shown of a text: its likeliest sentences, on one line, shortened."""
        begin = int(self.first[row])
        end = int(self.first[row + 1]) if row + 1 < self.first.size else len(self.written)
        chosen = begin + int(np.argmax(odds[begin:end]))
        return " ".join(" ".join(self.written[chosen : min(chosen + _NEIGHBOURS, end)]).split())[:_SHOWN]
