"""Figures of merit against cases that can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.measuring.measures import (
    auroc,
    average_precision,
    base_rate_weights,
    brier,
    calibration_error,
    recall_at,
    reliability,
)

LABELS = np.array([False, False, True, True])


def test_auroc_counts_pairs_in_the_right_order() -> None:
    assert auroc(np.array([0.1, 0.4, 0.35, 0.8]), LABELS) == pytest.approx(0.75)


def test_auroc_of_equal_scores_is_a_coin() -> None:
    assert auroc(np.full(4, 0.3), LABELS) == pytest.approx(0.5)


def test_auroc_of_one_kind_alone_is_not_a_number() -> None:
    assert np.isnan(auroc(np.array([0.2]), np.array([True])))


def test_average_precision_is_the_mean_at_each_find() -> None:
    assert average_precision(np.array([0.1, 0.4, 0.35, 0.8]), LABELS) == pytest.approx((1 + 2 / 3) / 2)


def test_recall_at_no_false_flags_counts_what_stands_above_all_others() -> None:
    assert recall_at(np.array([0.1, 0.4, 0.35, 0.8]), LABELS, 0.0) == pytest.approx(0.5)


def test_weights_bring_the_share_to_the_base_rate() -> None:
    weights = base_rate_weights(LABELS, 0.01)

    assert weights.sum() == pytest.approx(1.0)
    assert weights[LABELS].sum() == pytest.approx(0.01)


def test_a_score_that_is_always_right_has_no_error() -> None:
    scores, weights = LABELS.astype(np.float64), np.full(4, 0.25)

    assert brier(scores, LABELS, weights) == 0.0
    assert calibration_error(scores, LABELS, weights) == 0.0


def test_calibration_error_is_the_gap_within_a_bin() -> None:
    assert calibration_error(np.full(4, 0.9), LABELS, np.full(4, 0.25)) == pytest.approx(0.4)


def test_each_band_tells_what_was_stated_and_what_was_the_case() -> None:
    scores, labels = np.array([0.001, 0.001, 0.3, 0.9]), np.array([False, False, True, False])

    bands = reliability(scores, labels, np.full(4, 0.25))

    assert [(band.low, band.share, band.found) for band in bands] == [
        (0.0, 0.5, 0.0),
        (0.2, 0.25, 1.0),
        (0.5, 0.25, 0.0),
    ]
    assert bands[1].stated == pytest.approx(0.3)


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=30))
def test_bands_hold_every_text_once(texts: list[tuple[float, bool]]) -> None:
    scores, labels = np.array([score for score, _ in texts]), np.array([label for _, label in texts])

    bands = reliability(scores, labels, np.full(len(texts), 1.0 / len(texts)))

    assert sum(band.share for band in bands) == pytest.approx(1.0)
    assert sum(band.share * band.found for band in bands) == pytest.approx(labels.mean())
    assert all(band.low - 1e-9 <= band.stated <= band.high + 1e-9 for band in bands)
