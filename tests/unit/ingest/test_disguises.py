"""Words a person reads and a machine does not are made plain; all others stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.disguises import undisguised, unmasked

INVISIBLE = ("\u200b", "\u2066", "\u061c", "\ufe0f", "\u034f", "\u2062", "\u180e", "\u00ad", "\U000e0061", "\u3164")


@pytest.mark.parametrize("character", INVISIBLE)
def test_invisible_characters_are_left_out(character: str) -> None:
    assert unmasked(character.join("help")) == "help"


@pytest.mark.parametrize(
    "written",
    [
        "h e l p",
        "h.e.l.p",
        "h|e|l|p",
        "h·e·l·p",
        "h/e/l/p",
        "h,e,l,p",
        "h😀e😀l😀p",
        "ʜᴇʟᴘ",
        "🅷🅴🅻🅿",
        "h\u0435l\u0440",
    ],
)
def test_letters_set_apart_or_borrowed_make_the_word(written: str) -> None:
    assert undisguised(written) == "help"


def test_figures_within_a_word_are_letters() -> None:
    assert undisguised("I w4nt to k1ll mys3lf") == "I want to kill myself"


@pytest.mark.parametrize(
    "text", ["HOU-2025-014", "a, b, c", "e.g. at 4 p.m. in the U.K.", "Rwy'n byw yn y tŷ.", "5 kms", "PC 12345"]
)
def test_ordinary_writing_stays_as_it_is(text: str) -> None:
    assert undisguised(text) == text


@given(st.text())
def test_any_text_is_made_plain_once(text: str) -> None:
    assert unmasked(unmasked(text)) == unmasked(text)
    undisguised(text)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_characters_are_never_taken_for_others(text: str) -> None:
    assert unmasked(text) == text
