"""Figures of a case: evidence for whoever decides, and what is recorded besides of its own accord."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.db import Database
from policies import shelf
from policies.vocabulary import Channel, Language, LetterKind, Part
from register import recording
from register.casework.facts import ActionKind, Incident, Person
from register.casework.figures import report
from register.casework.standing import Standing
from register.casework.steps import Ended, LetterIssued, Referral
from register.casework.views import timeline
from register.listing import Only, listed
from tests.builders import declared_tables
from tests.desks import GOVERNANCE, MONDAY, Register, a_desk, facts


@pytest.fixture
def register() -> Iterator[Register]:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    yield Register.of(database)
    database.dispose()


def _incident(days_ago: int, channel: Channel = Channel.EMAIL, **others: object) -> Incident:
    usual = {"categories": ("many-complaints",), "account": "As noted.", **others}
    return Incident(at=MONDAY - timedelta(days=days_ago), channel=channel, **usual)  # type: ignore[arg-type]


@pytest.mark.requirement("1.11", "3.10")
@pytest.mark.parametrize("channel", Channel)
def test_an_incident_on_any_channel_stands_in_the_timeline_and_the_totals(register: Register, channel: Channel) -> None:
    ref = register.open()
    before = len(facts())

    stands = register.record(ref, _incident(1, channel)).standing

    assert timeline(stands)[2].record.kind == "incident"
    assert sum(week.contacts for week in report(stands).weeks) == before - 2
    assert dict(report(stands).weeks[-1].by_channel)[channel] >= 1


@pytest.mark.requirement("1.22")
def test_contacts_are_counted_for_each_officer_they_were_directed_at(register: Register) -> None:
    ref = register.open()
    register.record(ref, _incident(3, affected=("j.jones", "a.ash")))

    stands = register.record(ref, _incident(2, affected=("j.jones",))).standing

    assert report(stands).by_officer == (("j.jones", 2), ("a.ash", 1))


@pytest.mark.requirement("0.9", "2.9")
def test_what_happened_after_the_last_measure_counts_as_continued(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)
    before = report(_read(register, ref))

    after = MONDAY + timedelta(days=10)
    stands = register.record(
        ref, Incident(at=after, channel=Channel.EMAIL, categories=("threats",), account="x"), now=after
    )
    found = report(stands.standing)

    assert (before.before_measure, before.continued) == (2, 0)
    assert (found.before_measure, found.continued) == (2, 1)
    assert [week.monday for week in found.weeks] == [date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 9)]


@pytest.mark.requirement("1.20", "1.21", "1.23", "1.18", "3.16")
@pytest.mark.parametrize(
    ("policy", "category"),
    [
        *(
            ("001", name)
            for name in ("no-serious-value", "disruption", "obsessive-or-vexatious", "unsupported-allegations")
        ),
        *(("003", name) for name in ("non-standard-ways", "evidence-refused")),
    ],
)
def test_what_only_people_can_judge_is_never_suggested_by_a_model(policy: str, category: str) -> None:
    assert shelf.find(policy).newest.categories[category].model is False


@pytest.mark.requirement("1.18", "1.20", "1.21", "1.23")
@pytest.mark.parametrize(
    "category", ["no-serious-value", "disruption", "obsessive-or-vexatious", "unsupported-allegations"]
)
def test_what_people_judge_is_selectable_and_counted(register: Register, category: str) -> None:
    ref = register.open()

    stands = register.record(ref, _incident(1, categories=(category,))).standing

    assert (category, 1) in report(stands).by_category


@pytest.mark.requirement("2.13")
def test_the_formal_log_holds_only_those_for_whom_restrictions_were_decided(register: Register) -> None:
    informal = register.open()
    formal = register.open(*facts("Bea Cross", "bea@post.example"))
    register.restrict(formal)

    with register.database.transaction() as session:
        everybody = listed(session, a_desk(GOVERNANCE))
        log = listed(session, a_desk(GOVERNANCE), Only(formal=True))

    assert [line["ref"] for line in everybody.lines] == [informal, formal]
    assert [line["ref"] for line in log.lines] == [formal]


@pytest.mark.requirement("2.9")
def test_the_way_back_to_normal_is_open(register: Register) -> None:
    ref = register.open()
    register.restrict(ref)

    stands = register.record(ref, Ended(reason="The behaviour has changed."), now=MONDAY + timedelta(days=60)).standing

    assert stands.active == ()
    assert stands.state == "ended"


@pytest.mark.requirement("3.19")
def test_a_reply_that_asks_to_refrain_leaves_a_note_of_its_own_accord(register: Register) -> None:
    _, *others = facts()
    ref = register.open(Person(name="Sam Specimen", language=Language.ENGLISH), *others)
    reply = LetterIssued(
        letter=LetterKind.REPLY_AND_CONDUCT,
        on=MONDAY.date(),
        channel=Channel.EMAIL,
        languages=(Language.ENGLISH,),
        parts={Part.ANSWER: "The light will be mended on Friday.", Part.CONDUCT: "Please do not swear at officers."},
        message="M1024",
    )

    with register.database.transaction() as session:
        done = recording.record(session, replace(a_desk(), policies=shelf.find("003")), ref, reply)

    (note,) = done.standing.case.actions(ActionKind.NOTE)
    assert note.record.reference == "M1024"
    assert "asked to refrain" in note.record.words
    assert done.event.record == reply


def test_ten_referrals_restrict_nobody(register: Register) -> None:
    ref = register.open()
    for _ in range(10):
        register.record(ref, Referral(account="It goes on."))

    assert _read(register, ref).arrangements == ()


def _read(register: Register, ref: str) -> Standing:
    with register.database.transaction() as session:
        return recording.read(session, a_desk(GOVERNANCE), ref, purpose="test")
