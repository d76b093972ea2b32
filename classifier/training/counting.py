"""What the heads are taught on: how often each letter run and each word stands in each text, as sparse matrices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped] # ships no types

from classifier.features import SPELLED, letters_and_words
from classifier.normalise import own_text
from classifier.passages import Passages

_BATCH: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """A matrix for either family of features, texts in rows; each feature counts once a sentence."""

    families: tuple[sparse.csr_matrix, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Count in the own words of each text."""
        batches = [_counts(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return cls(families=tuple(sparse.vstack(family, format="csr") for family in zip(*batches, strict=True)))

    def texts_with(self, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """In how many of the chosen texts each feature stands; of all by default."""
        rows = slice(None) if chosen is None else chosen
        return np.asarray(sum(matrix[rows].getnnz(axis=0) for matrix in self.families), dtype=np.int64)

    def rarity(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """The inverse frequency of each of the columns, after that of a feature no text has."""
        texts = self.families[0].shape[0]
        with_it = self.texts_with()[columns]
        return np.asarray(np.log((1 + texts) / (1 + np.concatenate(([0], with_it)))) + 1.0)

    def scaled(self, columns: NDArray[np.int64], rarity: NDArray[np.float64]) -> sparse.csr_matrix:
        """Counts by rarity, each family of a text of length one: shape (texts, columns)."""
        squares = np.full(SPELLED, rarity[0] ** 2)
        squares[columns] = rarity[1:] ** 2
        parts = []
        for counts in self.families:
            lengths = np.sqrt(np.maximum(counts @ squares, 1.0))
            parts.append(sparse.diags(1.0 / lengths) @ counts[:, columns] @ sparse.diags(rarity[1:]))
        return sparse.csr_matrix(parts[0] + parts[1])


def _counts(texts: Sequence[str]) -> list[sparse.csr_matrix]:
    passages = Passages.of([own_text(text) for text in texts])
    owner = np.repeat(np.arange(len(texts)), np.diff(np.append(passages.first, len(passages.written))))
    return [
        sparse.csr_matrix((np.ones(rows.size), (owner[rows], columns)), shape=(len(texts), SPELLED))
        for rows, columns in letters_and_words(passages.prepared)
    ]
