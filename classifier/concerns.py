"""Rights claimed and dangers told in words that nobody listed: a second pair of eyes beside the forms of words.

One head a kind; a letter's whole or whichever of its passages reads most like the kind counts: a right is often
claimed in one line of a long complaint. What is found is a question for a person, never an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from classifier.assessment import Concern
from classifier.heads import Odds, Read, Reading

DANGERS: Final = frozenset({"safeguarding", "risk-to-life"})
"""Looked for in everybody's mail, so that their alarms must be rarer."""

_SHOWN: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Concerns:
    """From which log odds on each kind is told of; its head stands at `heads` among those of the model."""

    kinds: tuple[str, ...]
    heads: tuple[int, ...]
    thresholds: NDArray[np.float64]

    @classmethod
    def made_of(cls, about: Mapping[str, Any]) -> Self:
        """From what a weights file says of itself; raises KeyError on what is missing, ValueError on a strange kind."""
        told, names = about["concerns"], list(about["heads"]["names"])
        kinds = tuple(told["kinds"])
        return cls(kinds=kinds, heads=tuple(map(names.index, kinds)), thresholds=np.array(told["thresholds"]))

    def find(self, read: Reading) -> list[tuple[Concern, ...]]:
        """Of each text, what its own words may claim or tell of, in the order of `kinds`."""
        return [
            tuple(
                Concern(kind=self.kinds[kind], passage=self._passage(read, row, kind))
                for kind in np.flatnonzero(odds >= self.thresholds).tolist()
            )
            for row, odds in enumerate(self.odds(read))
        ]

    def odds(self, read: Read) -> Odds:
        """Log odds of each kind (columns) in each text (rows), by whichever of its passages reads most like it."""
        return np.asarray(np.maximum(read.whole, read.best)[:, self.heads])

    def _passage(self, read: Reading, row: int, kind: int) -> str:
        return read.passages.likeliest(row, read.near[:, self.heads[kind]])[:_SHOWN]
