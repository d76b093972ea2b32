"""Rights and dangers told without their names: what the shipped model points to, in any text."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.model import shipped_model

TOLD = {
    "foi": "How much did the council spend on agency staff in the parks team last year, and who signed it off?",
    "homelessness": "My landlord wants us gone by Saturday and we have nowhere to sleep after that.",
    "hazard": "There is black mould all over the baby's bedroom wall and the council still has not sent anybody.",
    "risk-to-life": "I have my tablets lined up and my letters written. You will not be hearing from me again.",
    "contest": "You blocked my emails and passed me to one officer. I never agreed to it and I want it looked at.",
}
TOLD_IN_WELSH = {
    "homelessness": "Mae'r perchennog wedi dweud bod rhaid i ni fynd erbyn dydd Gwener a does gennym unman i fynd.",
    "hazard": "Mae llwydni du dros wal llofft y babi ac mae'r dŵr yn dod drwy'r nenfwd yn ein tŷ cyngor.",
}
WORDS = ["bins", "council", "reply", "noise", "tax", "roof", "help", "school", "rent", "dog", "gate"]
ORDINARY = (
    "When is the garden waste collected in January?",
    "Thank you for mending the bench by the pond so quickly.",
    "Prynhawn da, pryd mae'r llyfrgell ar agor dros y Nadolig?",
    "The bus shelter on Mill Lane has lost a pane of glass.",
    "",
    "?",
)


@pytest.mark.requirement("1.35", "3.6")
@pytest.mark.parametrize(("kind", "text"), [*TOLD.items(), *TOLD_IN_WELSH.items()])
def test_points_to_what_a_letter_tells_without_its_name(kind: str, text: str) -> None:
    assert kind in {concern.kind for concern in shipped_model().assess_one(text).concerns}


@pytest.mark.parametrize("text", ORDINARY)
def test_sees_nothing_in_ordinary_letters(text: str) -> None:
    assert shipped_model().assess_one(text).concerns == ()


def test_sees_hardly_anything_in_words_without_sentences() -> None:
    chance = np.random.default_rng(7)
    heaps = [" ".join(chance.choice(WORDS, size=int(chance.integers(5, 120)))) for _ in range(300)]

    assert sum(bool(one.concerns) for one in shipped_model().assess(heaps)) <= 15


def test_shows_the_sentences_that_tell_it_in_a_long_letter() -> None:
    before = "The hedge on Mill Lane is high. The lamp by the school flickers. Thank you for the new bins. "
    after = " My neighbour sends her regards. The bowls club has a new hut. The geese are back. The daffodils are out."

    concerns = shipped_model().assess_one(f"{before}{TOLD['homelessness']}{after}").concerns

    (passage,) = (concern.passage for concern in concerns if concern.kind == "homelessness")
    assert "gone by Saturday" in passage
    assert "daffodils" not in passage


def test_sees_nothing_in_what_somebody_else_wrote_below() -> None:
    quoted = "\n".join(f"> {line}" for line in TOLD["risk-to-life"].split(". "))

    assert shipped_model().assess_one(f"Please put this with the others.\n\n{quoted}").concerns == ()


@settings(max_examples=60, deadline=timedelta(seconds=5))
@given(st.lists(st.text(max_size=300) | st.sampled_from([*TOLD.values(), *ORDINARY]), max_size=6))
def test_reads_any_text_alone_as_in_a_batch(texts: list[str]) -> None:
    together = [one.concerns for one in shipped_model().assess(texts)]

    assert together == [shipped_model().assess_one(text).concerns for text in texts]


def test_reads_five_megabytes_in_bounded_time() -> None:
    assert isinstance(shipped_model().assess_one("a roof. " * 650_000).concerns, tuple)
