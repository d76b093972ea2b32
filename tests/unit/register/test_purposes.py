"""What somebody reads a case for: a short phrase on one line, in which nobody is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.audit import AuditAction, AuditEntry
from register.purposes import MOST, PurposeRefusedError, nameless, stated


@pytest.mark.parametrize("written", ["call", "FOI/2026-17", "a visit to the allotments", "ffonio'n ôl", "x" * MOST])
def test_a_word_a_reference_or_a_short_phrase_is_a_purpose(written: str) -> None:
    assert stated(f" {written} ") == written


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="nothing"),
        pytest.param("  ", id="spaces"),
        pytest.param("one\ntwo", id="two lines"),
        pytest.param("a\0b", id="a control character"),
        pytest.param("\udcff", id="no text"),
        pytest.param("x" * (MOST + 1), id="too long"),
    ],
)
def test_what_is_no_short_phrase_is_refused_with_examples(written: str) -> None:
    with pytest.raises(PurposeRefusedError, match="on one line of at most 200 characters: a call, a visit"):
        stated(written)


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize(
    ("purpose", "kept"),
    [
        pytest.param("Ann called again", "[...] called again", id="a name"),
        pytest.param("to call VEXING-ŴYN back", "to call [...]-[...] back", id="however it is written"),
        pytest.param("annual review", "annual review", id="a word that only begins so"),
        pytest.param("wrote from ann@mail.example today", "wrote from [...] today", id="an e-mail address"),
        pytest.param("ann@mail.example", "[...]", id="an e-mail address alone"),
        pytest.param("meet @ two", "meet [...] two", id="nothing but the sign of one"),
        pytest.param("rang from 01632 960 001 twice", "rang from [...] twice", id="a telephone number"),
        pytest.param("rang from +44 (0)1632 960001", "rang from [...]", id="a number from abroad"),
        pytest.param("visit to YO1 6GA", "visit to [...]", id="a postcode"),
        pytest.param("review of 2026-03-04, REF-2024-77", "review of 2026-03-04, REF-2024-77", id="days, references"),
        pytest.param("vexing", "vexing", id="one word is the kind of work"),
    ],
)
def test_whom_it_is_about_is_left_out_of_a_phrase(purpose: str, kept: str) -> None:
    assert nameless(purpose, ("Ann Vexing-Ŵyn",)) == kept


@given(st.text(max_size=MOST + 20), st.lists(st.text(max_size=12), max_size=3))
def test_whatever_is_a_purpose_can_be_kept(written: str, names: list[str]) -> None:
    try:
        purpose = stated(written)
    except PurposeRefusedError:
        return

    kept = nameless(purpose, names)

    entry = AuditEntry(actor="j.owen", action=AuditAction.READ, details=(("purpose", kept),))
    assert dict(entry.details)["purpose"].isprintable()
