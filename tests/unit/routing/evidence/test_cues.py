"""Demands and insistence are found in English and Welsh, and shown without naming anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.evidence.cues import demands, insistence


@pytest.mark.requirement("1.26", "3.13")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Reply within 2 hours or I go to the papers.", "reply within 2 hours"),
        ("I demand an immediate and comprehensive response.", "demand an immediate and comprehensive response"),
        ("Please respond by 5pm today.", "respond by 5pm today"),
        ("Within 24 hours I want a reply.", "within 24 hours i want a reply"),
        ("I expect to hear\nfrom you by tomorrow.", "hear from you by tomorrow"),
        ("Atebwch o fewn dwy awr.", "atebwch o fewn dwy awr"),
        ("Rwy'n mynnu ateb ar unwaith.", "mynnu ateb ar unwaith"),
        ("Ymatebwch erbyn yfory os gwelwch yn dda.", "ymatebwch erbyn yfory"),
    ],
)
def test_a_demand_for_an_answer_at_once_is_found_and_shown_in_its_words(text: str, shown: str) -> None:
    assert demands(text) == (shown,)


@pytest.mark.requirement("1.33")
@pytest.mark.parametrize(
    "text",
    [
        "Please reply within 20 working days, as the Act says.",
        "I look forward to hearing from you.",
        "Your reply of 3 March came late, and it is wrong.",
        "The bins were not emptied today. I called yesterday.",
        "Edrychaf ymlaen at glywed gennych.",
        "",
    ],
)
def test_asking_for_an_answer_in_due_time_is_no_demand(text: str) -> None:
    assert demands(text) == ()


@pytest.mark.requirement("1.27")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I will only speak to Mr Jones about this.", "only speak to"),
        ("I insist on speaking to the chief executive.", "insist on speaking to the chief executive"),
        ("Put me through to Mrs Evans.", "put me through to"),
        ("I refuse to deal with anyone except Ms Smith.", "refuse to deal with anyone except"),
        ("Dim ond siarad gyda Mr Davies wnaf i.", "dim ond siarad gyda"),
    ],
)
def test_insisting_on_certain_people_is_found_and_shown_without_their_names(text: str, shown: str) -> None:
    assert insistence(text) == (shown,)


@pytest.mark.parametrize("text", ["I will only speak to my solicitor.", "I would like to speak to you.", "Speak up!"])
def test_asking_for_somebody_to_speak_for_oneself_is_no_insistence(text: str) -> None:
    assert insistence(text) == ()


def test_what_stands_between_the_words_of_a_demand_is_left_out() -> None:
    found = demands("Reply to Gwen Prosser of 4 Mill Lane within 2 hours. Call me on 01632 960123 today.")

    assert found == ("reply to … of 4 … within 2 hours", "call me on … today")


CUES = st.lists(
    st.sampled_from(["reply", "within", "the", "2", "hour", "only", "speak", "to", "Zebedee", "today", "call"]),
    max_size=40,
)


@given(st.text() | CUES.map(" ".join))
def test_any_text_is_read_and_a_name_is_never_shown(text: str) -> None:
    assert "zebedee" not in " ".join((*demands(text), *insistence(text)))
