"""Figures of merit, in numpy: ranking, recall at a price, and calibration at a base rate."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]


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
