from dataclasses import fields
from datetime import date, time

import pytest

from policies.period import Period, Unit
from policies.vocabulary import Channel, Language, RestrictionKind
from register.casework.steps import Measure
from register.letters.sentences import explain
from register.letters.wording import wording
from register.restrictions import (
    Agreement,
    ContactTimes,
    LimitedTopics,
    SpocDiversion,
    StatementsInWriting,
    TelephoneLimit,
    Terms,
    TimeLimit,
    Window,
)
from tests.unit.register.letters.builders import CLOSED, SPOC, TERMS, a_measure

ENGLISH, WELSH = wording(Language.ENGLISH), wording(Language.WELSH)

# What staff are told, and who inside the council reads or stands in, is none of the letter's business.
FOR_STAFF = {"kind", "deputy", "reader", "guidance", "document", "letter", "letter_cy", "notice_every"}


def _english(terms: Terms) -> str:
    return explain(Measure(terms=terms), (CLOSED,), ENGLISH)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", RestrictionKind)
def test_every_restriction_is_explained_with_its_terms(kind: RestrictionKind, language: Language) -> None:
    terms, words = TERMS[kind], wording(language)

    said = explain(a_measure(kind), (CLOSED,), words)

    assert said.startswith(f"{words.restrictions[kind].name}: ")
    assert "{" not in said
    assert "None" not in said
    for field in fields(terms):
        value = getattr(terms, field.name)
        if (
            isinstance(value, str)
            and field.name not in FOR_STAFF
            and not isinstance(value, Channel)
            and value != "never"
        ):
            assert value in said


def test_what_staff_are_told_stays_with_staff() -> None:
    assert "For staff only." not in explain(a_measure(RestrictionKind.OTHER), (), ENGLISH)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        pytest.param(SpocDiversion(spoc=SPOC), f"Please write only to {SPOC}.", id="one contact"),
        pytest.param(
            SpocDiversion(spoc=SPOC, others=("a@council.example", "b@council.example")),
            "You may also receive answers from: a@council.example, b@council.example.",
            id="others who answer",
        ),
        pytest.param(
            LimitedTopics(rule="only", topics=("parking",)), "only on these subjects: parking.", id="only these topics"
        ),
        pytest.param(
            TelephoneLimit(calls=0, instead=SPOC), f"Instead of calling, please contact: {SPOC}", id="no calls"
        ),
        pytest.param(
            TelephoneLimit(calls=2, per=Period(2, Unit.WEEKS)), "in each period of 2 weeks: 2.", id="some calls"
        ),
        pytest.param(
            Agreement(terms="One e-mail a week.", signed_on=date(2026, 1, 5)),
            "You made this agreement with us on 5 January 2026",
            id="a signed agreement",
        ),
        pytest.param(
            StatementsInWriting(send_to=SPOC, days_before=0),
            f"to {SPOC} before a meeting",
            id="a statement until the last",
        ),
        pytest.param(
            ContactTimes(windows=(Window(day="tuesday", start=time(10), until=time(12)),), channels=(Channel.EMAIL,)),
            "Tuesday, 10:00 to 12:00. We keep anything that you send us at other times",
            id="times for mail, which waits",
        ),
        pytest.param(
            TimeLimit(minutes=15),
            "When you are in contact with us by telephone or in person, a conversation",
            id="two ways of contact",
        ),
        pytest.param(
            TimeLimit(minutes=15, channels=(Channel.TELEPHONE, Channel.IN_PERSON, Channel.MEETING)),
            "by telephone, in person or at meetings",
            id="three ways of contact",
        ),
    ],
)
def test_each_case_has_its_own_sentence(terms: Terms, expected: str) -> None:
    assert expected in _english(terms)


def test_times_for_calls_say_nothing_about_mail() -> None:
    assert "send us" not in explain(a_measure(RestrictionKind.CONTACT_TIMES), (), ENGLISH)


def test_a_matter_is_named_with_its_title() -> None:
    assert "C-2025-0117 (Noise from the bowls pavilion)" in explain(
        a_measure(RestrictionKind.READ_AND_FILE), (CLOSED,), WELSH
    )


@pytest.mark.parametrize(
    ("measure", "scope"),
    [
        pytest.param(a_measure(), "This applies to the whole council.", id="none given"),
        pytest.param(
            a_measure(services=("planning", "parks"), mailboxes=("leader",)),
            "This applies to your contact with: planning, parks, leader.",
            id="services and mailboxes",
        ),
        pytest.param(
            a_measure(subject_matter="The bowls pavilion"),
            "This applies to the whole council. The subject it applies to: The bowls pavilion",
            id="a subject",
        ),
    ],
)
def test_the_scope_is_told(measure: Measure, scope: str) -> None:
    assert explain(measure, (), ENGLISH).endswith(f"\n{scope}")
