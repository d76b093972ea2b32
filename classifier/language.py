"""English or Welsh? A small scorer of our own, so that a model that knows no Welsh is silent about a Welsh letter."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

LANGUAGE_BITS: Final = 12

_WIDTH: Final = 3
_MULTIPLIER: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_READ_AT_MOST: Final = 600


def language_counts(texts: Sequence[str]) -> NDArray[np.float32]:
    """Share of each hashed letter triple in each of `texts`: shape (texts, 2**LANGUAGE_BITS), rows add up to 1 or 0."""
    counts = np.zeros((len(texts), 1 << LANGUAGE_BITS), dtype=np.float32)
    for row, text in enumerate(texts):
        buckets = _triples(text)
        np.add.at(counts[row], buckets, 1.0 / max(buckets.size, 1))
    return counts


def welsh_logits(texts: Sequence[str], weights: NDArray[np.float32], intercept: float) -> NDArray[np.float64]:
    """Log odds that each of `texts` (normalised) is Welsh rather than English; `intercept` alone for an empty one."""
    sums = [float(weights[found].mean()) if (found := _triples(text)).size else 0.0 for text in texts]
    return np.array(sums, dtype=np.float64) + intercept


def _triples(text: str) -> NDArray[np.int64]:
    letters = np.frombuffer(f" {text[:_READ_AT_MOST]} ".encode("utf-8", "replace"), dtype=np.uint8)
    if letters.size < _WIDTH:
        return np.zeros(0, dtype=np.int64)
    wide = letters.astype(np.uint64)
    hashes = (wide[:-2] * _MULTIPLIER + wide[1:-1]) * _MULTIPLIER + wide[2:]
    return ((hashes * _MIX) >> np.uint64(64 - LANGUAGE_BITS)).astype(np.int64)
