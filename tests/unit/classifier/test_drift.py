"""Figures on how scores and judgements change: equal things are equal, and too little to say says nothing."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.measuring.drift import SHIFTED, agreement, stability_index

ORDINARY = np.random.default_rng(7).beta(0.3, 12, size=2_000).tolist()


def test_scores_that_are_as_before_are_stable() -> None:
    assert stability_index(ORDINARY[:1_000], ORDINARY[1_000:]) < SHIFTED / 4


def test_scores_that_rise_are_told() -> None:
    assert stability_index(ORDINARY, [min(1.0, score * 6) for score in ORDINARY]) > SHIFTED


@pytest.mark.parametrize("few", [[], ORDINARY[:50]])
def test_a_few_scores_say_nothing(few: list[float]) -> None:
    assert isnan(stability_index(ORDINARY, few))


def test_people_who_agree_on_both_answers_have_a_kappa_of_one() -> None:
    found = agreement([(True, True), (False, False)] * 5)

    assert (found.letters, found.alike, found.kappa) == (10, 10, 1.0)


def test_people_who_agree_by_chance_have_none() -> None:
    found = agreement([(True, True), (True, False), (False, True), (False, False)])

    assert found.kappa == pytest.approx(0.0)


def test_three_people_on_one_letter_judged_one_letter() -> None:
    assert agreement([(True, True, True)]).letters == 1


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), max_size=30))
def test_agreement_is_never_more_than_all_of_it_and_nobody_is_first(judged: list[list[bool]]) -> None:
    found, backwards = agreement(judged), agreement([answers[::-1] for answers in judged])

    assert 0 <= found.alike <= found.letters <= len(judged)
    assert isnan(found.kappa) or found.kappa <= 1.0 + 1e-9
    assert isnan(found.kappa) or found.kappa == pytest.approx(backwards.kappa)
