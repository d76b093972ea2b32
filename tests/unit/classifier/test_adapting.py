"""What reviewers decided moves a model: nothing without decisions, nobody alone, and what is new can be learnt."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.labelled import Labelled
from classifier.model import SHIPPED
from classifier.packed import unpack
from classifier.training.adapting import adapt, weights_of


def _called(text: str, *, abusive: bool, by: str = "jo") -> Labelled:
    return Labelled(text=text, abusive=abusive, kind="insult" if abusive else "", by=by)


def test_without_decisions_nothing_moves() -> None:
    arrays, about = unpack(SHIPPED)

    adapted = adapt(arrays, about, [])

    assert np.array_equal(adapted.arrays["heads"], arrays["heads"])
    assert adapted.about == about


def test_only_the_heads_of_abuse_move() -> None:
    arrays, about = unpack(SHIPPED)
    decided = [_called(f"Away and bile yer heid, depot {number}.", abusive=True) for number in range(12)]

    adapted = adapt(arrays, about, decided)

    names = about["heads"]["names"]
    known = arrays["heads"].shape[0]
    moved = np.abs(adapted.arrays["heads"][:known] - arrays["heads"]).max(axis=0) > 0
    assert {name for name, changed in zip(names, moved, strict=False) if changed} <= {
        *("abuse", "threat", "insult", "hate", "harassment")
    }
    assert moved[names.index("abuse")]
    assert np.array_equal(adapted.arrays["posts"], arrays["posts"])


def test_words_that_no_letter_had_get_a_place() -> None:
    arrays, about = unpack(SHIPPED)
    decided = [_called("You zqxvj wrmplk, all of you.", abusive=True) for _ in range(3)]

    assert adapt(arrays, about, decided).arrays["head_columns"].size > arrays["head_columns"].size


@given(st.lists(st.sampled_from(["jo", "kim", "lou", "max"]), min_size=1, max_size=300))
def test_nobody_outweighs_all_the_others(officers: list[str]) -> None:
    decided = [_called("Any letter.", abusive=True, by=by) for by in officers]

    weights = Counter[str]()
    for one, weight in zip(decided, weights_of(decided), strict=True):
        weights[one.by] += weight  # type: ignore[assignment]

    for by, weight in weights.items():
        others = len(officers) - officers.count(by)
        assert weight <= max(30, others) + 1e-6
        assert weight <= officers.count(by) + 1e-6
