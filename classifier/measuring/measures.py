"""Figures of merit, in numpy: ranking, recall at a price, and calibration at a base rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]

EDGES: Final = (0.0, 0.002, 0.01, 0.05, 0.2, 0.5, 1.0)
"""Of the bands of scores that a reader of the card may compare with what was the case."""


def auroc(scores: Scores, labels: Labels) -> float:
    """Chance that an abusive text scores above another one, ties counting half; NaN if either kind is missing."""
    positives = int(labels.sum())
    negatives = labels.size - positives
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle_ranks = np.cumsum(counts) - (counts - 1) / 2.0
    above = middle_ranks[place][labels].sum() - positives * (positives + 1) / 2.0
    return float(above / (positives * negatives))


def average_precision(scores: Scores, labels: Labels) -> float:
    """Mean precision at each abusive text found, going down the scores; ties are taken together. NaN without any."""
    positives = int(labels.sum())
    if not positives:
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(labels[order])
    ends = np.append(np.flatnonzero(np.diff(scores[order])), scores.size - 1)
    precision = found[ends] / (ends + 1)
    return float((np.diff(np.append(0, found[ends])) * precision).sum() / positives)


def recall_at(scores: Scores, labels: Labels, false_flags: float) -> float:
    """Share of abusive texts above the lowest threshold that flags at most `false_flags` (0..1) of the others."""
    if labels.all() or not labels.any():
        return float("nan")
    allowed = int(np.floor(false_flags * (~labels).sum()))
    others = np.sort(scores[~labels])[::-1]
    bar = others[allowed] if allowed < others.size else -np.inf
    return float((scores[labels] > bar).mean())


def base_rate_weights(labels: Labels, base_rate: float) -> NDArray[np.float64]:
    """Weights, adding up to 1, under which `base_rate` of the texts are abusive."""
    share = float(labels.mean())
    if share in {0.0, 1.0}:
        return np.full(labels.size, 1.0 / labels.size)
    weights: NDArray[np.float64] = np.where(labels, base_rate / share, (1.0 - base_rate) / (1.0 - share))
    weights /= weights.sum()
    return weights


def brier(scores: Scores, labels: Labels, weights: NDArray[np.float64]) -> float:
    """Weighted mean squared distance of the stated probability from what was the case."""
    return float((weights * (scores - labels) ** 2).sum())


def calibration_error(scores: Scores, labels: Labels, weights: NDArray[np.float64], bins: int = 15) -> float:
    """Expected calibration error over `bins` equal intervals of the score."""
    place = np.minimum((scores * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(place, weights=weights * (scores - labels), minlength=bins)
    return float(np.abs(gaps).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Texts with scores from `low` up to `high`: their share of all, the mean score, and how many are abusive."""

    low: float
    high: float
    share: float
    stated: float
    found: float


def reliability(
    scores: Scores, labels: Labels, weights: NDArray[np.float64], edges: Sequence[float] = EDGES
) -> tuple[Band, ...]:
    """Bands of scores that have any texts, each edge about five times the one before: most mail scores near nought."""
    place = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, len(edges) - 2)
    masses, stated, found = (
        np.bincount(place, weights=weights * values, minlength=len(edges) - 1)
        for values in (np.ones(scores.size), scores, labels.astype(np.float64))
    )
    return tuple(
        Band(
            low=edges[band],
            high=edges[band + 1],
            share=float(masses[band]),
            stated=float(stated[band] / masses[band]),
            found=float(found[band] / masses[band]),
        )
        for band in np.flatnonzero(masses).tolist()
    )
