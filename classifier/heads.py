"""Linear heads on letters and words: what a letter is about to us, read whole and by every few neighbouring sentences.

Each letter run and word counts once a sentence, by how rare it is. All heads share one table, so that one look-up
serves them all. Numpy alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.features import SPELLED, letters_and_words
from classifier.passages import NEIGHBOURS, Passages, Places

COLUMNS: Final = "head_columns"
TABLE: Final = "heads"

_FAMILIES: Final = 2
_LETTERS_AT_ONCE: Final = 100_000

Sums: TypeAlias = NDArray[np.float32]
"""Of each text, for letters and for words: what each head makes of them, and last the square of their length."""

Odds: TypeAlias = NDArray[np.float64]
"""Log odds, a column for each head."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """What heads make of texts (rows): each whole, and by the passage that reads most like what a head looks for.

    `best` is among passages of NEIGHBOURS sentences, `line` among shorter ones, too, so that what stands in one line is
    not lost among the others. `sentences` counts those of each text: the best of many is high by chance.
    """

    whole: Odds
    best: Odds
    line: Odds
    sentences: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading(Read):
    """The same of a batch, with its passages; `alone` has a row for each sentence, `near` for the passage it begins.

    A sentence that begins none has minus infinity there.
    """

    passages: Passages
    alone: Odds
    near: Odds

    def worst(self, head: int) -> Places:
        """Of each text the place of the sentence that one of the heads makes most of, the first of equals."""
        odds, first = self.alone[:, head], self.passages.first
        text = np.repeat(np.arange(first.size), self.sentences)
        likeliest = np.flatnonzero(odds == np.maximum.reduceat(odds, first)[text])
        return likeliest[np.unique(text[likeliest], return_index=True)[1]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heads:
    """`table` holds, for each known feature (column), the weights of the heads that `names` lists, and its length.

    `place` gives the column of a feature in `table`; column 0 is for all that teaching never saw. A row for each head
    lies in one piece, so that adding up runs along it: a third of the time of the other way round.
    """

    names: tuple[str, ...]
    place: NDArray[np.int32]
    table: NDArray[np.float32]
    intercepts: Odds

    @classmethod
    def made_of(cls, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> Self:
        """From what a weights file holds; raises KeyError on what is missing, ValueError on what does not fit."""
        told, columns, table = about["heads"], arrays[COLUMNS], arrays[TABLE]
        names = tuple(told["names"])
        if table.shape != (columns.size + 1, len(names) + 1) or columns.max(initial=0) >= SPELLED:
            message = "the heads do not fit this version's features"
            raise ValueError(message)
        place = np.zeros(SPELLED, dtype=np.int32)
        place[columns] = np.arange(1, columns.size + 1)
        along = np.ascontiguousarray(table.T, dtype=np.float32)
        return cls(names=names, place=place, table=along, intercepts=np.array(told["intercepts"]))

    def read(self, passages: Passages) -> Reading:
        """Read a batch."""
        sums = self._sums(passages.prepared)
        alone = self._odds(sums)
        joined, line = sums.copy(), alone.copy()
        for further in range(1, NEIGHBOURS):
            followed = np.flatnonzero(passages.after >= further)
            joined[followed] += sums[followed + further]
            line[followed] = np.maximum(line[followed], self._odds(joined[followed]))
        near = self._odds(joined)
        near[passages.begins_none] = -np.inf
        return Reading(
            passages=passages,
            alone=alone,
            whole=self._odds(np.add.reduceat(sums, passages.first, axis=0)),
            best=np.maximum.reduceat(near, passages.first, axis=0),
            line=np.maximum.reduceat(line, passages.first, axis=0),
            sentences=np.diff(np.append(passages.first, len(passages.written))),
            near=near,
        )

    def _sums(self, prepared: Sequence[str]) -> Sums:
        """Add up `table` over the features of each prepared text: (texts, families, rows of `table`)."""
        sums = np.zeros((len(prepared), _FAMILIES, self.table.shape[0]), dtype=np.float32)
        for begin, end in _slices(prepared):
            for family, (rows, columns) in enumerate(letters_and_words(prepared[begin:end])):
                there, starts = np.unique(rows, return_index=True)
                if there.size:
                    told = self.table.take(self.place.take(columns), axis=1)
                    sums[begin + there, family] = np.add.reduceat(told, starts, axis=1).T
        return sums

    def _odds(self, sums: Sums) -> Odds:
        lengths = np.sqrt(np.maximum(sums[:, :, -1:], 1.0))
        return np.asarray((sums[:, :, :-1] / lengths).sum(axis=1) + self.intercepts, dtype=np.float64)


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
