"""A letter after others on its matter is the same only if it adds nothing to them; the rest people decide."""

from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies.vocabulary import MatterState
from register.casework.facts import Matter
from routing.history import Background, PastLetter
from routing.likeness import imprint, sentences, telling_words
from routing.matters import MatterMatch, Relation, relate

FENCE = Matter(reference="REF-2024-77", title="Boundary fence behind Specimen Close", state=MatterState.CLOSED)
TREES = Matter(reference="REF-2024-90", title="Felling of the lime trees", state=MatterState.CLOSED)
ARWYDDION = Matter(reference="REF-2024-112", title="Arwyddion dwyieithog Ffordd Enghraifft", state=MatterState.CLOSED)

FIRST = """\
Dear Sir or Madam,

The panel behind number seven was put up on the wrong side of the ditch. I told your surveyor so on 3 June 2025,
and he wrote it in his book. Every winter since then the water stands in my garden up to the shed door.

You have answered none of the four questions in my letter. I want the panel moved, and I want to be paid £250 for the
apple tree.

Yours faithfully,
S. Specimen
"""
SECOND = """\
Nobody has come to look at the ditch, although your Mrs Hughes promised it to my wife on the telephone.
The surveyor measured from the lamp post and not from the hedge, and that is how the whole mistake began.
"""
TREE = "The lime trees in front of the chapel were healthy when your contractor felled them without any notice."
CYMRAEG = """\
Mae'r arwyddion ar Ffordd Enghraifft yn dal yn anghywir. Dywedodd eich swyddog wrthyf y byddai'r gwaith yn cael ei
orffen cyn diwedd yr haf, ac nid oes neb wedi dod.
"""

_NUMBERS = count(1)


def _past(
    text: str, subject: str = "The fence", *, matter: str = "REF-2024-77", number: int | None = None
) -> PastLetter:
    number = number or next(_NUMBERS)
    return PastLetter(
        case="E1",
        matter=matter,
        ref=f"M{number}",
        received_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
        message_id=f"<{number}@mail.example>",
        imprint=imprint(subject, text),
    )


HISTORY = (
    _past(SECOND, "Ditch and fence, second letter", number=15),
    _past(FIRST, "Panel behind number seven", number=12),
)
WELSH = (_past(CYMRAEG, "Arwyddion anghywir", matter="REF-2024-112", number=21),)


def _related(
    text: str, subject: str = "Hello", *, cited: str = "", history: tuple[PastLetter, ...] = HISTORY, attached: int = 0
) -> MatterMatch:
    background = Background(history, frozenset([cited] if cited else []))
    return relate(subject, text, attached, [FENCE, TREES, ARWYDDION], background)


REFLOWED = " ".join(FIRST.split()).replace("Madam, The", "Madam,\n\nThe").replace(". ", ".\n")
ONE_MORE = f"{FIRST}\nThe kitchen ceiling came down in the storm and my daughter was hurt.\n"
PARAPHRASE = """\
The fencing at the back of no. 7 stands on the wrong bank. Your surveyor knows, he noted it when I showed him. Each
winter my lawn is under water right up to the shed. Please shift it and pay for the tree that drowned.
"""

# What comes after the two letters, and whether it is the same matter.
LETTERS = [
    pytest.param(FIRST, "Hello", "", Relation.SAME, id="the whole letter again"),
    pytest.param(FIRST.upper(), "Hello", "", Relation.SAME, id="in capitals"),
    pytest.param(REFLOWED, "Hello", "", Relation.SAME, id="wrapped anew"),
    pytest.param(f"{SECOND}\n{FIRST}", "Hello", "", Relation.SAME, id="both letters in one"),
    pytest.param(f"Again!\n\n{FIRST}", "Hello", "", Relation.SAME, id="again, with a word that says nothing"),
    pytest.param(FIRST, "Re: Fwd: Panel behind number seven", "", Relation.SAME, id="under its subject"),
    pytest.param(SECOND, "Ymateb: Ditch and fence, second letter", "", Relation.SAME, id="under its subject, in Welsh"),
    pytest.param(FIRST, "Hello", "<12@mail.example>", Relation.SAME, id="in its thread"),
    pytest.param(ONE_MORE, "Hello", "", Relation.UNSURE, id="with one new sentence"),
    pytest.param(ONE_MORE, "REF-2024-77", "", Relation.UNSURE, id="with one new sentence, under the reference"),
    pytest.param(ONE_MORE, "Hello", "<12@mail.example>", Relation.UNSURE, id="with one new sentence, in the thread"),
    pytest.param(f"{FIRST}\nThe ceiling fell.\n", "Hello", "", Relation.UNSURE, id="with a short new sentence"),
    pytest.param(FIRST.replace("You have answered none", "I accept."), "Hello", "", Relation.UNSURE, id="turned round"),
    pytest.param(FIRST.replace("3 June", "9 June"), "Hello", "", Relation.UNSURE, id="with another date"),
    pytest.param(FIRST.replace("£250", "£400"), "Hello", "", Relation.UNSURE, id="with another sum"),
    pytest.param(
        FIRST.replace("S. Specimen", "Ref ENV-2025-113"), "Hello", "", Relation.UNSURE, id="another reference"
    ),
    pytest.param(SECOND.replace("Hughes", "Bevan"), "Hello", "", Relation.UNSURE, id="with another name"),
    pytest.param(FIRST, "The kitchen ceiling fell on us", "", Relation.UNSURE, id="under a subject that says more"),
    pytest.param(PARAPHRASE, "Panel behind number seven", "", Relation.UNSURE, id="a paraphrase under its subject"),
    pytest.param(PARAPHRASE, "Hello", "<12@mail.example>", Relation.UNSURE, id="a paraphrase in its thread"),
    pytest.param(PARAPHRASE, "REF-2024-77", "", Relation.SAME, id="a paraphrase under the reference"),
    pytest.param("My bin was not emptied.", "Re: Panel behind number seven", "", Relation.UNSURE, id="a bin, in reply"),
    pytest.param("Yes please.", "Hello", "<12@mail.example>", Relation.UNSURE, id="a yes in the thread"),
    pytest.param("", "Hello", "<12@mail.example>", Relation.UNSURE, id="no words in the thread"),
    pytest.param("Why does nobody answer me?", "REF-2024-77", "", Relation.SAME, id="a reminder under the reference"),
    pytest.param("You have answered none of the four questions.", "Hello", "", Relation.NEW, id="half a sentence"),
    pytest.param("My bin was not emptied.", "Missed bin", "", Relation.NEW, id="a bin"),
    pytest.param(PARAPHRASE, "My garden", "", Relation.NEW, id="a paraphrase under another subject"),
]


@pytest.mark.requirement("2.22", "2.24", "3.14")
@pytest.mark.parametrize(("text", "subject", "cited", "relation"), LETTERS)
def test_what_a_later_letter_is(text: str, subject: str, cited: str, relation: Relation) -> None:
    found = _related(text, subject, cited=cited)

    assert found.relation is relation, found.evidence
    assert found.evidence


# The same in Welsh.
LLYTHYRAU = [
    pytest.param(CYMRAEG, "Helo", Relation.SAME, id="yr un llythyr"),
    pytest.param(f"{CYMRAEG}\nSyrthiodd yr arwydd ar ben plentyn.\n", "Helo", Relation.UNSURE, id="brawddeg newydd"),
    pytest.param(
        f"{CYMRAEG}\nDigwyddodd ar 4 Mai 2025.\n", "Ymateb: Arwyddion anghywir", Relation.UNSURE, id="dyddiad newydd"
    ),
    pytest.param("Ni chasglwyd fy min sbwriel.", "Biniau", Relation.NEW, id="biniau"),
]


@pytest.mark.parametrize(("text", "subject", "relation"), LLYTHYRAU)
def test_what_a_later_letter_in_welsh_is(text: str, subject: str, relation: Relation) -> None:
    assert _related(text, subject, history=WELSH).relation is relation


def test_the_evidence_names_the_letter_and_its_day() -> None:
    found = _related(FIRST, "Re: Panel behind number seven", cited="<12@mail.example>")

    assert found.evidence == (
        "It belongs to the thread of M12 of 3 March 2026, which was about REF-2024-77.",
        "It has the subject of M12 of 3 March 2026, which was about REF-2024-77.",
        "100% of what it says stood in earlier letters about REF-2024-77, most of it in M12 of 3 March 2026.",
    )


def test_a_name_that_is_new_is_told_of_without_being_repeated() -> None:
    found = _related(SECOND.replace("Hughes", "Bevan"))

    assert any("mentions a name" in words for words in found.evidence)
    assert not any("Bevan" in words for words in found.evidence)


def test_a_letter_that_goes_on_about_two_matters_is_for_a_person() -> None:
    felled = _past(f"{TREE} Nobody has told me who decided it.", matter="REF-2024-90")

    found = _related(
        f"{FIRST}\n{TREE} Nobody has told me who decided it.", history=(felled, *HISTORY), cited=felled.message_id or ""
    )

    assert (found.relation, found.matter) == (Relation.UNSURE, None)


def test_the_reference_of_one_matter_in_the_thread_of_another_is_for_a_person() -> None:
    found = _related("Well, what about it?", "REF-2024-90", cited="<12@mail.example>")

    assert found.relation is Relation.UNSURE


def test_a_matter_that_is_not_asked_about_is_not_looked_at() -> None:
    found = relate("Hello", FIRST, 0, [TREES], Background(HISTORY))

    assert found.relation is Relation.NEW


@pytest.mark.parametrize("subject", ["Complaint", "Re: Letter", ""])
def test_a_subject_that_many_letters_have_is_no_evidence(subject: str) -> None:
    history = (_past(FIRST, "Complaint"), _past(FIRST, "Letter"), _past(FIRST, ""))

    assert _related("My bin was not emptied.", subject, history=history).relation is Relation.NEW


WORDS = st.text("abcdefghijklmnopqrstuvwyzŵŷ", min_size=4, max_size=12).filter(
    lambda word: len(telling_words(word)) == 1
)
OWN_SENTENCES = st.lists(WORDS, min_size=6, max_size=14, unique=True).map(
    lambda words: " ".join(words).capitalize() + "."
)


@pytest.mark.requirement("4.12")
@given(own=OWN_SENTENCES, place=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_a_sentence_of_its_own_is_never_filed_because_the_rest_is_old(own: str, place: tuple[bool, bool, bool]) -> None:
    thread, titled, before = place
    text = f"{own}\n\n{FIRST}" if before else f"{FIRST}\n{own}"

    found = _related(text, "Panel behind number seven" if titled else "Hello", cited="<12@mail.example>" * thread)

    assert found.relation is not Relation.SAME


DAYS = st.dates().map(lambda day: f"{day.day} {day:%B} {day.year:04}")
SUMS = st.integers(min_value=251, max_value=99_999).map(lambda pounds: f"£{pounds}")
REFERENCES = st.from_regex(r"\A[A-Z]{2,4}-20[0-2]\d-\d{2,4}\Z").filter(lambda ref: "REF-2024-77" not in ref)


@pytest.mark.requirement("4.12")
@given(
    mentioned=DAYS | SUMS | REFERENCES, subject=st.sampled_from(["Hello", "REF-2024-77", "Panel behind number seven"])
)
def test_a_new_date_sum_or_reference_is_never_silently_more_of_the_same(mentioned: str, subject: str) -> None:
    assume(mentioned != "3 June 2025")

    found = _related(f"{FIRST}\nIt is {mentioned}.", subject)

    assert found.relation is not Relation.SAME


@pytest.mark.requirement("4.12")
@given(text=st.sampled_from([FIRST, SECOND]), attached=st.integers(min_value=1, max_value=3))
def test_an_attachment_is_for_a_person_even_under_an_old_letter(text: str, attached: int) -> None:
    assert _related(text, "REF-2024-77", attached=attached).relation is Relation.UNSURE


@given(text=st.text(), subject=st.text(), earlier=st.text())
def test_any_letter_after_any_other_has_an_answer_with_its_evidence(text: str, subject: str, earlier: str) -> None:
    assert _related(text, subject, history=(_past(earlier, subject, number=1),), cited="<1@mail.example>").evidence


@given(text=st.text(), more=st.lists(st.text(), max_size=3))
def test_what_is_the_same_by_earlier_letters_alone_says_nothing_that_they_did_not(text: str, more: list[str]) -> None:
    history = tuple(_past(earlier) for earlier in more)
    known = frozenset[str]().union(*(past.imprint.sentences for past in history))

    found = _related(text, history=history)

    if found.relation is Relation.SAME and "77" not in text:
        assert all(one.key in known or not one.telling for one in sentences("Hello", text))
