"""Texts that are nearly the same are known again by sketches that hold no word of them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.evidence.sketches import ALIKE, Sketch, alike, likeness, sketch
from tests.evidence import LETTER

SKETCHES = st.lists(st.lists(st.integers(0, 60), max_size=32).map(lambda them: tuple(sorted(set(them)))), max_size=12)
ANOTHER = (
    "My council tax was put up although nobody has lived in the upper flat since the fire, which your own surveyor saw "
    "in March when he came about the roof and the broken gutter."
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LETTER.upper(), id="another case"),
        pytest.param(f"Dear Sir\n\n{LETTER}\n\nYours\nBea Cross", id="a name below it"),
        pytest.param(LETTER.replace("library", "school"), id="another place"),
        pytest.param("> " + LETTER.replace(" ", "\n> ", 5), id="other lines"),
    ],
)
@pytest.mark.requirement("2.22")
def test_the_same_text_is_known_again_though_a_name_or_a_place_differs(text: str) -> None:
    assert likeness(sketch(LETTER), sketch(text)) >= ALIKE


@pytest.mark.requirement("2.22")
def test_another_letter_is_not_taken_for_the_same() -> None:
    assert likeness(sketch(LETTER), sketch(ANOTHER)) < 0.1


@pytest.mark.parametrize("text", ["", "Thank you for your letter", "1 2 3 4 5 6 7"])
def test_nothing_is_told_of_a_text_that_is_too_short(text: str) -> None:
    assert sketch(text) == ()
    assert likeness(sketch(text), sketch(text)) == 0


@given(st.text())
def test_any_text_has_a_sketch(text: str) -> None:
    assert likeness(sketch(text), sketch(text)) in {0.0, 1.0}


@given(SKETCHES, st.randoms(use_true_random=False))
def test_which_texts_are_alike_does_not_depend_on_their_order(sketches: list[Sketch], chance: random.Random) -> None:
    shuffled = chance.sample(sketches, len(sketches))

    assert alike(shuffled) == alike(sketches)


@given(SKETCHES)
def test_a_text_stands_for_itself_or_for_one_that_stands_for_itself(sketches: list[Sketch]) -> None:
    found = alike(sketches)

    assert set(found) == {one for one in sketches if one}
    assert all(found[root] == root for root in found.values())
