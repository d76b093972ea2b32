"""One thing is one thing however it is written: dates, sums, references, numbers and names, in English and Welsh."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.mentions import MentionKind, mentions


def _keys(text: str, kind: MentionKind) -> set[str]:
    return {mention.key for mention in mentions(text) if mention.kind is kind}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("14 March 2025", id="in-words"),
        pytest.param("14th of March 2025", id="ordinal"),
        pytest.param("March 14, 2025", id="month-first"),
        pytest.param("14 Mar. 2025", id="short"),
        pytest.param("14/03/2025", id="slashes"),
        pytest.param("14.3.25", id="full-stops"),
        pytest.param("2025-03-14", id="iso"),
        pytest.param("14 Mawrth 2025", id="welsh"),
        pytest.param("14eg o Fawrth 2025", id="welsh-mutated"),
    ],
)
def test_a_date_is_the_same_however_it_is_written(written: str) -> None:
    assert _keys(f"I wrote on {written} about it.", MentionKind.DATE) == {"date:2025-3-14"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("£1,250", "sum:1250.00", id="pounds"),
        pytest.param("£ 1250.00", "sum:1250.00", id="pence"),
        pytest.param("GBP 1250", "sum:1250.00", id="code"),
        pytest.param("1,250 pounds", "sum:1250.00", id="word"),
        pytest.param("1250 o bunnoedd", "sum:1250.00", id="welsh"),
    ],
)
def test_a_sum_is_the_same_however_it_is_written(written: str, key: str) -> None:
    assert _keys(f"You owe me {written} for the panel.", MentionKind.SUM) == {key}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        pytest.param("It is ENV-2025/113 now.", MentionKind.REFERENCE, "ENV-2025/113", id="reference"),
        pytest.param("Planning 24/01234/FUL was refused.", MentionKind.REFERENCE, "24/01234/FUL", id="planning"),
        pytest.param("The receipt is 20881.", MentionKind.NUMBER, "20881", id="number"),
        pytest.param("I spoke to Mrs Ffion Hughes of Elm Road.", MentionKind.NAME, "Mrs Ffion Hughes", id="name"),
    ],
)
def test_references_numbers_and_names_are_found(text: str, kind: MentionKind, words: str) -> None:
    assert words in {mention.words for mention in mentions(text) if mention.kind is kind}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I rang in June and in August and nobody answered.", id="a-month-alone"),
        pytest.param("It went on for 14 days.", id="a-few-days"),
        pytest.param("See page 24 of your letter.", id="a-page"),
    ],
)
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert _keys(text, MentionKind.DATE) == set()


def test_an_attachment_is_mentioned_by_its_name() -> None:
    (attached,) = mentions("Here it is.", ["Report.PDF"])

    assert (attached.kind, attached.words, attached.key) == (
        MentionKind.ATTACHMENT,
        "Report.PDF",
        "attachment:report.pdf",
    )


@given(st.text(alphabet="0123456789-/.,£ aMmarchIi\n") | st.text())
def test_any_text_has_its_mentions_each_once(text: str) -> None:
    keys = [mention.key for mention in mentions(text)]

    assert len(keys) == len(set(keys))
