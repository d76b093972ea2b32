"""Writers are told which way is open to them: once in the period that was decided, in the name of the case's owner."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core import clock
from policies import shelf
from policies.vocabulary import LetterKind, Part
from register import officer_store, recording
from register.casework.facts import Owner
from register.casework.steps import Ended, LetterIssued, Measure
from register.officers import Officer
from register.recording import Desk
from tests.desks import ASSET_OWNER, DIRECTOR, HEAD, Register, a_desk, facts
from tests.office import MARCH, Office, an_office, mail
from tests.simulation import SimulatedRuntime
from tests.unit.workers.notice_builders import (
    CLOSED,
    LETTERS_ONLY,
    MANAGER,
    answers,
    closes_with_a_letter,
    questions,
    restricted,
    sent,
    told,
    writes,
)
from workers.mailing import send_letters
from workers.noticing import send_notices
from workers.store import LeaseLostError


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office a week after the restriction took effect, and two days after the mail came."""
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=2))
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        yield office


@pytest.mark.requirement("1.63")
def test_who_writes_by_another_way_is_told_once_and_everything_they_wrote_is_filed(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11, 12, 13)

    issued = send_notices(office.runtime())
    send_letters(office.runtime())

    (letter,) = sent(office)
    assert issued == 1
    assert letter["To"] == "sam@post.example"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<11@mail.example>"
    assert HEAD.name in letter.as_string()
    assert len(office.lying_in("Read and file")) == 3
    (notice,) = told(office, ref)
    assert notice.message == "M1"


@pytest.mark.requirement("1.63")
def test_nobody_is_told_again_within_the_period(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)
    send_notices(office.runtime())
    writes(office, 12)

    assert send_notices(office.runtime()) == 0

    assert len(told(office, ref)) == 1


def test_a_notice_is_issued_once_whatever_dies_in_between(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)

    send_notices(office.runtime())
    send_notices(office.runtime())

    assert len(told(office, ref)) == 1
    assert office.count("notice where state = 'issued'") == 1


def test_what_was_lifted_meanwhile_is_told_to_nobody(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)
    Register(office.database).record(ref, Ended(reason="Lifted."), HEAD)

    assert send_notices(office.runtime()) == 0

    assert told(office, ref) == []
    assert office.count("notice where state = 'spared' and why like '%no longer in force%'") == 1


def test_without_an_owner_who_works_here_a_person_is_asked(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)
    with office.database.transaction() as session:
        officer_store.save(session, replace(HEAD, active=False))

    assert send_notices(office.runtime()) == 0

    (question,) = questions(office)
    assert f"nobody who works here owns {ref}" in question


def test_notice_after_notice_is_stopped_until_a_person_has_looked(office: Office) -> None:
    office.data["pace"]["notices_an_hour"] = 1
    restricted(office)
    register = Register(office.database)
    other = register.open(*facts("Jo Bloggs", "jo@post.example"), by=HEAD)
    register.restrict(other, Measure(terms=LETTERS_ONLY))
    office.deliver(mail("sam@post.example", 11), mail("jo@post.example", 12))
    office.sweep()

    assert send_notices(office.runtime()) == 1

    assert any("Is something looping?" in question for question in questions(office))
    assert office.count("notice where state = 'waiting'") == 1


def _a_flood(office: Office, *writers: str) -> None:
    """People who are all to be told, where one notice an hour goes out."""
    office.data["pace"]["notices_an_hour"] = 1
    for number, name in enumerate(writers):
        restricted(office, name=f"{name} Specimen", email=f"{name}@post.example")
        writes(office, number, sender=f"{name}@post.example")


def test_whether_something_is_looping_is_asked_once_and_not_of_every_message(office: Office) -> None:
    _a_flood(office, "Sam", "Jo", "Kim", "Lee")

    for _ in range(2):
        send_notices(office.runtime())

    (question,) = questions(office)
    assert "Is something looping?" in question
    assert office.count("notice where state = 'waiting'") == 3


def test_that_nobody_could_be_told_is_asked_whatever_else_is_asked_about_the_message(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _a_flood(office, "Sam", "Jo")
    send_notices(office.runtime())
    with office.database.transaction() as session:
        officer_store.save(session, replace(HEAD, active=False))
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=2, hours=2))

    assert send_notices(office.runtime()) == 0

    looping, not_told = questions(office)
    assert "Is something looping?" in looping
    assert "nobody who works here owns" in not_told


def test_a_shadowed_mailbox_tells_nobody(office: Office) -> None:
    office.data["mailboxes"]["housing"]["shadow"] = True
    restricted(office)
    writes(office, 11)

    assert send_notices(office.runtime()) == 0
    assert office.count("notice") == 0


def test_a_mailbox_put_into_shadow_meanwhile_tells_nobody(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)
    office.data["mailboxes"]["housing"]["shadow"] = True

    assert send_notices(office.runtime()) == 0
    assert told(office, ref) == []


@pytest.mark.requirement("1.63")
def test_the_notice_is_recorded_by_the_software_in_the_name_of_the_owner(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)
    send_notices(office.runtime())

    with office.database.transaction() as session:
        case = recording.read(session, a_desk(ASSET_OWNER), ref, purpose="test").case

    event = next(one for one in case.of(LetterIssued) if one.record.letter is LetterKind.WRONG_CHANNEL)
    assert (event.by.officer, event.by.name, event.by.roles) == ("mailroom", HEAD.name, frozenset())


@pytest.mark.requirement("2.35")
def test_the_stored_letter_goes_out_once_a_person_says_that_there_is_no_new_complaint(office: Office) -> None:
    ref = closes_with_a_letter(office)
    writes(office, 11)
    before = send_notices(office.runtime())

    answers(office, "confirm")
    office.sweep()
    issued = send_notices(office.runtime())
    send_letters(office.runtime())

    (letter,) = sent(office)
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
    closes_with_a_letter(office)
    writes(office, 11, 12, 13)

    for _ in range(3):
        answers(office, "confirm")
        send_notices(office.runtime())
    send_letters(office.runtime())

    assert len(sent(office)) == 1
    assert office.count("notice where state = 'spared' and why like 'told on %'") == 2


@pytest.mark.requirement("2.35")
def test_a_new_complaint_is_not_closed(office: Office) -> None:
    closes_with_a_letter(office)
    writes(office, 11)

    answers(office, "overturn")
    office.sweep()

    assert send_notices(office.runtime()) == 0
    assert office.lying_in("Read and file") == []


@pytest.mark.parametrize(
    "subject", ["Out of office hours noise at the club", "Vacation of 3 Example Road on Friday", "Out of office"]
)
def test_who_writes_of_offices_and_holidays_is_told_as_anybody(office: Office, subject: str) -> None:
    ref = restricted(office)
    office.deliver(mail("sam@post.example", 11, subject=subject))
    office.sweep()

    assert send_notices(office.runtime()) == 1

    assert len(told(office, ref)) == 1
    assert office.count("mail_trace") == 1


@pytest.mark.parametrize("field", [b"List-Id: <bins.lists.example>", b"Precedence: list", b"Precedence: bulk"])
def test_no_letter_answers_what_was_posted_to_a_list_and_a_person_is_asked_to_tell_its_writer(
    office: Office, field: bytes
) -> None:
    ref = restricted(office)
    office.deliver(field + b"\r\n" + mail("sam@post.example", 11))
    office.sweep()

    assert send_notices(office.runtime()) == 0

    assert told(office, ref) == []
    (question,) = questions(office)
    assert "it came by way of a mailing list, or in bulk" in question
    assert "tell them by hand" in question


def test_who_was_told_already_is_not_asked_about_when_they_post_to_a_list(office: Office) -> None:
    restricted(office)
    writes(office, 11)
    send_notices(office.runtime())
    office.deliver(b"List-Id: <bins.lists.example>\r\n" + mail("sam@post.example", 12))
    office.sweep()

    assert send_notices(office.runtime()) == 0

    assert questions(office) == []


class _Failing(SimulatedRuntime):
    """A product that fails, as nobody foresaw, as soon as it works in the name of one officer."""

    error: Exception = NotImplementedError()

    def desk(self, officer: Officer) -> Desk:
        if officer.name == DIRECTOR.name:
            raise self.error
        return super().desk(officer)


def _two_owners(office: Office) -> _Failing:
    """Of two people who wrote, the first is told in the name of the director, for whom the software fails."""
    first = restricted(office)
    Register(office.database).record(first, Owner(officer=DIRECTOR.username, service=DIRECTOR.service))
    restricted(office, name="Jo Bloggs", email="jo@post.example")
    office.deliver(mail("sam@post.example", 11), mail("jo@post.example", 12))
    office.sweep()
    office.data["pace"] |= {"retry_seconds": 0.0001, "retry_cap_seconds": 0.0001, "shunt_after": 3}
    return _Failing(office.runtime().settings, office.database)


def test_a_notice_on_which_the_software_fails_holds_up_no_other_and_a_person_is_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = _two_owners(office)
    issued = []

    for hour in range(5):
        monkeypatch.setattr(clock, "now", lambda hour=hour: MARCH + timedelta(days=2, hours=hour))
        issued.append(send_notices(runtime))
        assert len(questions(office)) == (hour >= 2)

    assert issued == [1, 0, 0, 0, 0]
    assert questions(office) == [
        "Its writer could not be told what applies (wrong-channel): the software failed (NotImplementedError)"
    ]
    assert office.count("notice where state = 'waiting'") == 0


def test_a_round_ends_at_once_where_another_worker_has_taken_over(office: Office) -> None:
    runtime = _two_owners(office)
    runtime.error = LeaseLostError("notices")

    with pytest.raises(LeaseLostError):
        send_notices(runtime)

    assert office.count("notice where state = 'waiting'") == 2


def test_a_notice_whose_every_attempt_killed_its_worker_is_asked_about(office: Office) -> None:
    restricted(office)
    writes(office, 11)
    with office.database.engine.begin() as connection:
        connection.execute(text("update notice set attempts = 5"))

    assert send_notices(office.runtime()) == 0

    (question,) = questions(office)
    assert "no attempt came to an end" in question
