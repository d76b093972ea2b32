"""Writers are told which way is open to them: once in the period that was decided, in the name of the case's owner."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from core import clock
from policies import shelf
from policies.period import Period
from policies.vocabulary import Channel, LetterKind, Part
from register import officer_store, recording
from register.casework.facts import Owner
from register.casework.steps import Ended, LetterIssued, Measure
from register.officers import Officer
from register.restrictions import FixedLetter, SingleChannel, Terms
from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.desks import ASSET_OWNER, DIRECTOR, HEAD, Register, a_desk, facts
from tests.office import MARCH, Office, an_office, mail
from tests.unit.register.casework_builders import an_adoption
from workers.answering import answer_item
from workers.mailing import send_letters
from workers.noticing import send_notices

LETTERS_ONLY = SingleChannel(channel=Channel.LETTER, notice_every=Period.parse("30 days"))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office a week after the restriction took effect, and two days after the mail came."""
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=2))
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        yield office


def _restricted(office: Office, terms: Terms = LETTERS_ONLY) -> str:
    """Somebody whom a restriction asks to write letters; the reference of their case."""
    register = Register.of(office.database)
    ref = register.open(*facts())
    register.restrict(ref, Measure(terms=terms))
    return ref


def _writes(office: Office, *numbers: int) -> None:
    office.deliver(*(mail("sam@post.example", number, subject=f"The gate {number}") for number in numbers))
    office.sweep()
    office.sweep()


def _sent(office: Office) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=default) for _, raw in office.world.letters]


def _told(office: Office, ref: str) -> list[LetterIssued]:
    with office.database.transaction() as session:
        standing = recording.read(session, a_desk(DIRECTOR), ref, purpose="test")
    found = (event.record for event in standing.case.of(LetterIssued))
    return [letter for letter in found if letter.letter is LetterKind.WRONG_CHANNEL]


def _questions(office: Office) -> list[str]:
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session) if item.kind == "register"]


@pytest.mark.requirement("1.63")
def test_who_writes_by_another_way_is_told_once_and_everything_they_wrote_is_filed(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11, 12, 13)

    issued = send_notices(office.runtime())
    send_letters(office.runtime())

    (letter,) = _sent(office)
    assert issued == 1
    assert letter["To"] == "sam@post.example"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<11@mail.example>"
    assert HEAD.name in letter.as_string()
    assert len(office.lying_in("Read and file")) == 3
    (told,) = _told(office, ref)
    assert told.message == "M1"


@pytest.mark.requirement("1.63")
def test_nobody_is_told_again_within_the_period(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11)
    send_notices(office.runtime())
    _writes(office, 12)

    assert send_notices(office.runtime()) == 0

    assert len(_told(office, ref)) == 1


def test_a_notice_is_issued_once_whatever_dies_in_between(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11)

    send_notices(office.runtime())
    send_notices(office.runtime())

    assert len(_told(office, ref)) == 1
    assert office.count("notice where state = 'issued'") == 1


def test_what_was_lifted_meanwhile_is_told_to_nobody(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11)
    Register(office.database).record(ref, Ended(reason="Lifted."), HEAD)

    assert send_notices(office.runtime()) == 0

    assert _told(office, ref) == []
    assert office.count("notice where state = 'spared' and why like '%no longer in force%'") == 1


def test_without_an_owner_who_works_here_a_person_is_asked(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11)
    with office.database.transaction() as session:
        officer_store.save(session, replace(HEAD, active=False))

    assert send_notices(office.runtime()) == 0

    (question,) = _questions(office)
    assert f"nobody who works here owns {ref}" in question


def test_notice_after_notice_is_stopped_until_a_person_has_looked(office: Office) -> None:
    office.data["pace"]["notices_an_hour"] = 1
    _restricted(office)
    register = Register(office.database)
    other = register.open(*facts("Jo Bloggs", "jo@post.example"), by=HEAD)
    register.restrict(other, Measure(terms=LETTERS_ONLY))
    office.deliver(mail("sam@post.example", 11), mail("jo@post.example", 12))
    office.sweep()

    assert send_notices(office.runtime()) == 1

    assert any("Is something looping?" in question for question in _questions(office))
    assert office.count("notice where state = 'waiting'") == 1


def test_a_shadowed_mailbox_tells_nobody(office: Office) -> None:
    office.data["mailboxes"]["housing"]["shadow"] = True
    _restricted(office)
    _writes(office, 11)

    assert send_notices(office.runtime()) == 0
    assert office.count("notice") == 0


def test_a_mailbox_put_into_shadow_meanwhile_tells_nobody(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11)
    office.data["mailboxes"]["housing"]["shadow"] = True

    assert send_notices(office.runtime()) == 0
    assert _told(office, ref) == []


@pytest.mark.requirement("1.63")
def test_the_notice_is_recorded_by_the_software_in_the_name_of_the_owner(office: Office) -> None:
    ref = _restricted(office)
    _writes(office, 11)
    send_notices(office.runtime())

    with office.database.transaction() as session:
        case = recording.read(session, a_desk(ASSET_OWNER), ref, purpose="test").case

    event = next(one for one in case.of(LetterIssued) if one.record.letter is LetterKind.WRONG_CHANNEL)
    assert (event.by.officer, event.by.name, event.by.roles) == ("mailroom", HEAD.name, frozenset())


MANAGER = Officer(
    username="crm",
    name="The Customer Relations Manager",
    job_title="Customer Relations Manager",
    service="customer-relations",
    roles=frozenset({"customer-relations-manager"}),
)
CLOSED = FixedLetter(
    letter="We have answered this in full.", letter_cy="Rydym wedi ateb hyn yn llawn.", every=Period.parse("30 days")
)


def _closes_with_a_letter(office: Office) -> str:
    """Somebody whose letters are closed with a stored one, under policy 002; the reference of their case."""
    office.data["council"]["policy"] = "002"
    desk = replace(a_desk(MANAGER, MARCH), policies=shelf.find("002"))
    adopted = an_adoption(stage="formal", measures=(Measure(terms=CLOSED),), review_on=date(2026, 8, 1))
    owner = Owner(officer=MANAGER.username, service=MANAGER.service)
    with office.database.transaction() as session:
        officer_store.save(session, MANAGER)
        done = recording.open_case(session, desk, [*facts()[:1], facts()[2], adopted, owner])
    return done.standing.case.ref


def _answers(office: Office, outcome: str) -> None:
    """The oldest open question whether a letter holds a new complaint is answered."""
    with office.database.transaction() as session:
        item = review_store.open_reviews(session, ReviewKind.CLOSING)[0]
    answer_item(office.runtime(), item.id, Answer(outcome=outcome, by=MANAGER.username))


@pytest.mark.requirement("2.35")
def test_the_stored_letter_goes_out_once_a_person_says_that_there_is_no_new_complaint(office: Office) -> None:
    ref = _closes_with_a_letter(office)
    _writes(office, 11)
    before = send_notices(office.runtime())

    _answers(office, "confirm")
    office.sweep()
    issued = send_notices(office.runtime())
    send_letters(office.runtime())

    (letter,) = _sent(office)
    assert (before, issued) == (0, 1)
    assert letter["To"] == "sam@post.example"
    assert len(office.lying_in("Read and file")) == 1
    with office.database.transaction() as session:
        case = recording.read(session, replace(a_desk(MANAGER), policies=shelf.find("002")), ref, purpose="test").case
    (event,) = case.of(LetterIssued)
    assert (event.record.letter, event.by.officer) == (LetterKind.FIXED_CLOSING, MANAGER.username)
    assert event.record.parts[Part.ANSWER] == CLOSED.letter


@pytest.mark.requirement("2.35")
def test_three_letters_in_a_day_are_closed_with_one(office: Office) -> None:
    _closes_with_a_letter(office)
    _writes(office, 11, 12, 13)

    for _ in range(3):
        _answers(office, "confirm")
        send_notices(office.runtime())
    send_letters(office.runtime())

    assert len(_sent(office)) == 1
    assert office.count("notice where state = 'spared' and why like 'told on %'") == 2


@pytest.mark.requirement("2.35")
def test_a_new_complaint_is_not_closed(office: Office) -> None:
    _closes_with_a_letter(office)
    _writes(office, 11)

    _answers(office, "overturn")
    office.sweep()

    assert send_notices(office.runtime()) == 0
    assert office.lying_in("Read and file") == []
