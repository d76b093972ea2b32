"""What speaks for somebody having written from an unrecorded address is shown to a person, and proves nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.assessment import NOT_ASSESSED
from ingest.message import Address, AuthenticationResult, Message
from policies.vocabulary import RestrictionKind
from register.addresses import canonical
from register.entry import RegisterEntry, Snapshot
from register.places import postcode_keys
from register.projection import telephone_key
from routing.action import Keep, RaiseReview, ReviewKind
from routing.decide import decide
from routing.decision import Decision
from routing.history import PastLetter
from routing.likeness import imprint
from routing.suggesting import signs
from tests.builders import (
    ANN,
    NOON,
    OMBUDSMAN,
    POLICY,
    SPOC,
    STRANGER,
    a_matter,
    a_message,
    a_receipt,
    a_restriction,
    an_entry,
)

CONTACTS = frozenset({telephone_key("01904 960123"), *postcode_keys("YO1 9ZZ")})
KNOWN = an_entry(a_restriction(), matters=(a_matter(),), contacts=CONTACTS)
NAMED = "Ann Vexing"


def found(text: str = "", *, name: str = NAMED, entry: RegisterEntry = KNOWN, **others: Any) -> tuple[str, ...]:  # noqa: ANN401 - any field of a message
    author = (Address(addr_spec=STRANGER, display_name=name),)
    return signs(a_message(None, text=text, from_=author, **others), a_receipt(), entry)


def decided(message: Message, *entries: RegisterEntry) -> Decision:
    return decide(message, a_receipt(), Snapshot(entries), NOT_ASSESSED, POLICY)


def questions(decision: Decision) -> list[str]:
    return [one.question for one in decision.reviews if one.kind is ReviewKind.IDENTITY]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        pytest.param("Ring me on 01904 960123.", "a recorded telephone number", id="number"),
        pytest.param("Ring +44 (0)1904 960-123", "a recorded telephone number", id="number written otherwise"),
        pytest.param("I live at yo19zz, as you know.", "a recorded postcode", id="postcode"),
        pytest.param("About C 2025/0117 again.", "the reference of a matter", id="reference"),
        pytest.param("Do it.\n\nAnn Vexing", "the signature", id="signature"),
    ],
)
def test_shows_what_the_message_has_of_the_person(text: str, sign: str) -> None:
    assert found(text) == ("the name shown", sign)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("My order number is 1019049601234.", id="within a longer number"),
        pytest.param("About C-2025-01178.", id="within a longer reference"),
    ],
)
def test_shows_nothing_that_only_looks_like_it(text: str) -> None:
    assert found(text) == ("the name shown",)


def test_what_is_quoted_is_no_sign() -> None:
    text = "I agree with her.\n> Ring me on 01904 960123.\n> Ann Vexing"

    assert found(text, name="", own_text="I agree with her.") == ()


def test_a_reply_to_a_letter_of_theirs_is_a_sign() -> None:
    earlier = PastLetter(
        case="E1",
        matter="C-2025-0117",
        ref="M7",
        received_at=NOON,
        imprint=imprint("Noise", "The noise."),
        message_id="<7@mail.example>",
    )
    message = a_message(STRANGER, references=("<7@mail.example>",))

    assert signs(message, a_receipt(earlier=(earlier,)), KNOWN) == ("an earlier letter it answers",)
    assert signs(message, a_receipt(earlier=(earlier,)), an_entry(ref="E2")) == ()


@pytest.mark.parametrize("text", ["Ring me on 01904 960123.", "I live at YO1 9ZZ.", "About C-2025-0117."])
def test_what_many_people_may_have_is_no_question_by_itself(text: str) -> None:
    assert decided(a_message(STRANGER, text=text), KNOWN).actions == (Keep(),)


def test_the_signs_are_reasons_too_and_name_nobody() -> None:
    author = (Address(addr_spec=STRANGER, display_name=NAMED),)
    decision = decided(a_message(None, from_=author, text="Ring 01904 960123."), KNOWN)

    (cited,) = [reason for reason in decision.reasons if reason.code == "signs:E1"]
    assert cited.words == "What points to E1: the name shown, a recorded telephone number."


def test_a_question_stays_short_however_many_it_could_be() -> None:
    author = (Address(addr_spec=STRANGER, display_name=NAMED),)
    text = "Ring 01904 960123, YO1 9ZZ, C-2025-0117.\n\nAnn Vexing"
    many = [
        an_entry(a_restriction(), ref=f"{number:050}", matters=(a_matter(),), contacts=CONTACTS) for number in range(9)
    ]
    message = a_message(None, from_=author, text=text, reply_to=(Address(addr_spec=ANN),))

    (question,) = questions(decided(message, *many))

    assert len(question) <= 1000
    assert "--case REF" in question


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"authentication": AuthenticationResult.FAIL}, id="forged"),
        pytest.param({"suspect": ("several-from-headers",)}, id="ambiguous"),
    ],
)
def test_accepting_is_offered_only_where_the_address_is_surely_the_writers(others: dict[str, Any]) -> None:
    author = (Address(addr_spec=STRANGER, display_name=NAMED),)

    (question,) = questions(decided(a_message(None, from_=author, **others), KNOWN))

    assert "review accept" not in question


WORDS = st.sampled_from(
    ["Ann Vexing", "Yours, Ann Vexing", ANN, "01904 960123", "YO1 9ZZ", "C-2025-0117", "Noise from the bowls pavilion"]
)
TEXTS = st.lists(WORDS | st.text(max_size=40), max_size=6).map("\n".join)
OTHER_AUTHORS = st.sampled_from([
    "ann.vexing+x@mail.example",
    "\u0430nn.vexing@mail.example",
    "annvexing@mail.example",
    "ann.vexing@mail.example.evil.example",
    "SRS0=ab=cd=mail.example=ann.vexing@fwd.example",
    STRANGER,
    SPOC,
    OMBUDSMAN,
]) | st.emails()  # fmt: skip
ALL_KINDS = an_entry(
    *(a_restriction(kind, ref=f"R{number}") for number, kind in enumerate(RestrictionKind)),
    matters=(a_matter(),),
    contacts=CONTACTS,
)


@given(
    author=OTHER_AUTHORS,
    name=st.sampled_from([NAMED, ANN, ""]),
    beside=st.lists(st.sampled_from([ANN, STRANGER]), max_size=2),
    text=TEXTS,
    authentication=st.sampled_from(AuthenticationResult),
)
def test_no_evidence_but_the_address_in_from_ever_moves_or_answers_mail(
    author: str, name: str, beside: Sequence[str], text: str, authentication: AuthenticationResult
) -> None:
    others = tuple(Address(addr_spec=address) for address in beside)
    written = a_message(None, from_=(Address(addr_spec=author, display_name=name),), text=text)
    message = replace(
        written,
        subject="C-2025-0117",
        sender=others[:1],
        reply_to=others,
        resent_from=others,
        return_path=ANN,
        references=("<1@mail.example>",),
        authentication=authentication,
    )

    decision = decided(message, ALL_KINDS)

    assert canonical(author) != canonical(ANN)
    assert all(isinstance(action, Keep | RaiseReview) for action in decision.actions)
    assert all(len(question) <= 1000 for question in questions(decision))
