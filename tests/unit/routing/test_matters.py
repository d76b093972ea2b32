"""A message is the same matter only with evidence for it and no sign of anything new; the rest a person decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.vocabulary import MatterState
from register.casework.facts import Matter
from routing.matters import Relation, relate

CHATTER = (
    "You still have not answered me and it is nine months now. I rang twice and nobody rang back.\n"
    "I pay my council tax like everybody else, 01632 960001 is my number, and your last letter says nothing."
)


LABELS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=300).filter(str.strip)


def a_matter(reference: str = "REF-2024-77", title: str = "Boundary fence behind Specimen Close") -> Matter:
    return Matter(reference=reference, title=title, state=MatterState.CLOSED)


CLOSED = a_matter()


@pytest.mark.parametrize(
    "quoted",
    [
        pytest.param("REF-2024-77", id="as-recorded"),
        pytest.param("ref-2024-77", id="lower-case"),
        pytest.param("Ref 2024 77", id="spaces"),
        pytest.param("REF/2024/77", id="slashes"),
        pytest.param("REF\u20132024\u201377", id="en-dashes"),
        pytest.param("ref. 2024-77", id="full-stop"),
        pytest.param("REF202477", id="run-together"),
        pytest.param("(REF-2024-77)", id="brackets"),
    ],
)
def test_a_quoted_reference_is_the_same_matter_however_it_is_written(quoted: str) -> None:
    found = relate(f"Re: {quoted} again 12", CHATTER, 0, [CLOSED])

    assert (found.relation, found.matter) == (Relation.SAME, "REF-2024-77")
    assert found.evidence


def test_a_reference_in_the_text_is_as_good_as_one_in_the_subject() -> None:
    assert relate("Again", f"About REF-2024-77. {CHATTER}", 0, [CLOSED]).relation is Relation.SAME


@pytest.mark.requirement("3.14")
@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("Re: Boundary fence behind Specimen Close", id="reply"),
        pytest.param("the fence on the boundary, behind Specimen Close!!", id="other-order"),
    ],
)
def test_a_variation_under_the_whole_title_is_the_same_matter(subject: str) -> None:
    assert relate(subject, CHATTER, 0, [CLOSED]).relation is Relation.SAME


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param("REF-2024-771", CHATTER, id="longer-number"),
        pytest.param("REF-2024-7", CHATTER, id="shorter-number"),
        pytest.param("XREF-2024-77", CHATTER, id="longer-word"),
        pytest.param("Missed bins", "You missed my bins on Monday and again today.", id="another-subject"),
        pytest.param("Noise", "There is noise from the yard.", id="nothing-in-common"),
    ],
)
def test_what_has_nothing_in_common_is_new(subject: str, text: str) -> None:
    assert relate(subject, text, 0, [CLOSED]).relation is Relation.NEW


@pytest.mark.requirement("2.32")
@pytest.mark.parametrize(
    ("subject", "text", "attachments"),
    [
        pytest.param("REF-2024-77", CHATTER, 1, id="attachment"),
        pytest.param("REF-2024-77 and ENV-2025-113", CHATTER, 0, id="another-reference"),
        pytest.param("REF-2024-77", "Also about planning 25/01234/FUL.", 0, id="a-planning-number"),
        pytest.param("REF-2024-77", "And what of case number 48151?", 0, id="a-case-number"),
        pytest.param("REF-2024-77", "The panel fell on 14 March 2025.", 0, id="a-date-nobody-wrote-before"),
        pytest.param("REF-2024-77", "Syrthiodd y panel ar 14eg o Fawrth.", 0, id="a-date-cy"),
        pytest.param("REF-2024-77", "It has cost me \u00a3250.", 0, id="a-sum-nobody-wrote-before"),
        pytest.param("REF-2024-77", "The panel fell in yesterday.", 0, id="yesterday"),
        pytest.param("REF-2024-77", "This is a new complaint, about the bins.", 0, id="new-complaint"),
        pytest.param("REF-2024-77", "I have new evidence from the surveyor.", 0, id="new-evidence"),
        pytest.param("REF-2024-77", "On a separate matter, my bin was missed.", 0, id="separate-matter"),
        pytest.param("REF-2024-77", "Mae gen i gwyn newydd am y biniau.", 0, id="new-complaint-cy"),
        pytest.param("REF-2024-77", "Mae hyn am fater arall.", 0, id="other-matter-cy"),
        pytest.param("REF-2024-77", " \n", 0, id="no-words-of-its-own"),
        pytest.param(
            "The fence", "That fence on the boundary behind Specimen Close leans.", 0, id="title-without-reference"
        ),
        pytest.param("", "", 0, id="nothing-at-all"),
    ],
)
def test_what_is_mixed_or_half_said_is_for_a_person(subject: str, text: str, attachments: int) -> None:
    assert relate(subject, text, attachments, [CLOSED]).relation is Relation.UNSURE


def test_two_matters_of_one_person_in_one_letter_are_for_a_person() -> None:
    other = a_matter("REF-2024-7", "Felling of the lime trees")

    found = relate("REF-2024-77 and REF-2024-7", CHATTER, 0, [CLOSED, other])

    assert found.relation is Relation.UNSURE


def test_the_reference_of_one_matter_under_the_title_of_another_is_for_a_person() -> None:
    other = a_matter("REF-2024-7", "Felling of the lime trees")

    assert relate("Felling lime trees", "It is REF-2024-77", 0, [other, CLOSED]).relation is Relation.UNSURE


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Noise", id="one-word"),
        pytest.param("The case about noise", id="empty-words"),
        pytest.param("...", id="none"),
    ],
)
def test_a_title_that_tells_little_proves_nothing(title: str) -> None:
    assert relate("Noise", "Noise again", 0, [a_matter(title=title)]).relation is Relation.NEW


@pytest.mark.parametrize("reference", [pytest.param("7", id="a-digit"), pytest.param("Noise", id="a-word")])
def test_a_reference_anybody_might_write_by_chance_proves_nothing(reference: str) -> None:
    assert relate("7 Noise", "7 nights of noise", 0, [a_matter(reference, "Noise")]).relation is Relation.NEW


def test_without_matters_everything_is_new() -> None:
    assert relate("REF-2024-77", CHATTER, 0, []).relation is Relation.NEW


@pytest.mark.requirement("4.12")
@given(text=st.text(), attachments=st.integers(min_value=1, max_value=9))
def test_an_attachment_is_never_silently_more_of_the_same(text: str, attachments: int) -> None:
    assert relate("REF-2024-77", text, attachments, [CLOSED]).relation is not Relation.SAME


@given(subject=st.text(), text=st.text(), reference=LABELS, title=LABELS)
def test_any_message_and_any_matter_have_an_answer_with_its_evidence(
    subject: str, text: str, reference: str, title: str
) -> None:
    assert relate(subject, text, 0, [a_matter(reference, title)]).evidence


@given(st.text(alphabet="abc 0123456789-/REFref"))
def test_same_always_names_a_matter_that_the_text_names(text: str) -> None:
    found = relate("", text, 0, [CLOSED])

    if found.relation is Relation.SAME:
        assert found.matter == "REF-2024-77"
        assert "77" in text
