"""A person's answer stands before a notice that still waits, and one message is never the cause of two letters."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from core import clock
from policies.vocabulary import LetterKind
from register.casework.facts import Need
from register.casework.steps import Ended
from register.recording import Desk, record
from routing.action import ReviewKind
from tests.desks import Register
from tests.office import HOUSING, MARCH, Office, an_office, mail
from tests.unit.workers.notice_builders import (
    MANAGER,
    answers,
    closes_with_a_letter,
    questions,
    restricted,
    sent,
    told,
    writes,
)
from workers.answering import AnswerError
from workers.mailing import send_letters
from workers.noticing import send_notices
from workers.telling import tell

PLANNING = "planning@council.example"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=2))
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        office.data["mailboxes"]["planning"] = {"address": PLANNING, "password": "x"}
        yield office


def _notices(office: Office) -> int:
    """Send what is owed, and tell how many letters went out."""
    send_notices(office.runtime())
    send_letters(office.runtime())
    return len(sent(office))


def _story(office: Office, delivery: int) -> str:
    story = tell(office.runtime(), delivery)
    assert story is not None
    return "\n".join(event.words for event in story.events)


@pytest.mark.parametrize("outcome", ["overturn", "release"])
def test_what_was_filed_wrongly_tells_its_writer_nothing(office: Office, outcome: str) -> None:
    restricted(office)
    writes(office, 11)

    answers(office, outcome, ReviewKind.READ_AND_FILE)
    for _ in range(3):
        office.sweep()

    assert _notices(office) == 0
    assert len(office.lying_in("INBOX")) == 1
    assert "forestalled by crm's answer" in _story(office, 1)


def test_a_tick_that_it_was_read_leaves_the_notice_owed(office: Office) -> None:
    restricted(office)
    writes(office, 11)

    answers(office, "confirm", ReviewKind.READ_AND_FILE)

    assert _notices(office) == 1


@pytest.mark.parametrize(
    ("outcome", "letters", "filed"),
    [pytest.param("confirm", 1, 1, id="it needs no answer"), pytest.param("overturn", 0, 0, id="it is owed one")],
)
def test_of_somebody_with_a_need_a_person_says_whether_the_notice_is_right(
    office: Office, outcome: str, letters: int, filed: int
) -> None:
    ref = restricted(office)
    Register(office.database).record(ref, Need(need="Panic attacks.", adjustment="Short letters."))
    writes(office, 11)

    answers(office, outcome, ReviewKind.MATTER)
    office.sweep()

    assert _notices(office) == letters
    assert len(office.lying_in("Read and file")) == filed


def test_what_a_person_takes_back_into_the_inbox_tells_its_writer_nothing(office: Office) -> None:
    ref = restricted(office)
    writes(office, 11)
    folders = office.world.account(HOUSING)
    (moved,) = folders["Read and file"].messages.values()
    folders["Read and file"].messages.clear()
    folders["INBOX"].add(moved)
    office.sweep()

    assert _notices(office) == 0
    assert told(office, ref) == []
    assert "somebody has put the message back into its inbox" in _story(office, 1)


def test_a_letter_to_two_mailboxes_is_answered_once_however_late_the_second_comes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = restricted(office)
    writes(office, 11)
    assert _notices(office) == 1
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=60))

    office.world.deliver(PLANNING, mail("sam@post.example", 11, subject="The gate 11"), MARCH + timedelta(days=60))
    office.sweep("planning")
    office.sweep("planning")

    assert _notices(office) == 1
    assert len(told(office, ref)) == 1
    assert "told because of M1 already, which is the same message" in _story(office, 2)


def test_an_answer_to_the_second_copy_of_a_letter_forestalls_what_waits_because_of_the_first(office: Office) -> None:
    restricted(office)
    writes(office, 11)
    writes(office, 11)

    answers(office, "release", ReviewKind.READ_AND_FILE, newest=True)

    assert _notices(office) == 0
    assert "forestalled by crm's answer" in _story(office, 1)
    assert "forestalled by crm's answer" in _story(office, 2)


def _ends(office: Office, ref: str, day: date) -> None:
    desk = Desk(
        policies=office.runtime().policies, calendar=office.runtime().calendar, officer=MANAGER, now=clock.now()
    )
    with office.database.transaction() as session:
        record(session, desk, ref, Ended(reason=f"It was right to end it on {day}."))


@pytest.mark.requirement("2.35")
def test_nothing_is_closed_by_a_stored_letter_after_its_restriction_has_ended(office: Office) -> None:
    ref = closes_with_a_letter(office)
    writes(office, 11)
    _ends(office, ref, date(2026, 3, 4))

    with pytest.raises(AnswerError) as refused:
        answers(office, "confirm")

    assert str(refused.value) == (
        f"item 1: {ref}-R1 is no longer in force since 4 March 2026, so no stored letter closes this: release it or"
        " overturn it instead"
    )
    assert len(questions(office, ReviewKind.CLOSING)) == 1
    assert answers(office, "overturn").decision is None


@pytest.mark.requirement("2.35")
def test_whoever_confirmed_is_told_if_the_restriction_ends_before_the_letter_goes_out(office: Office) -> None:
    ref = closes_with_a_letter(office)
    writes(office, 11)
    answers(office, "confirm")
    office.sweep()
    _ends(office, ref, date(2026, 3, 4))

    assert _notices(office) == 0

    (question,) = questions(office, ReviewKind.DUE)
    assert question == (
        f"For crm: the stored letter that was to close M1 did not go out: {ref}-R1 is no longer in force since 4 March"
        " 2026. The message is filed and nobody has answered it: release it, or answer it by hand."
    )
    answers(office, "release", ReviewKind.DUE)
    office.sweep()
    office.sweep()
    assert len(office.lying_in("INBOX")) == 1


def test_a_mailbox_in_shadow_owes_no_letter_whatever_is_answered(office: Office) -> None:
    closes_with_a_letter(office)
    office.data["mailboxes"]["housing"]["shadow"] = True
    writes(office, 11)

    answers(office, "confirm")

    assert office.count("notice") == 0


def test_an_address_is_known_in_every_spelling_of_its_mailbox(office: Office) -> None:
    restricted(office, email="sam.specimen@gmail.com")
    writes(office, 11, sender="SamSpecimen+council@googlemail.com")

    assert _notices(office) == 1

    (letter,) = sent(office)
    assert letter["To"] == "SamSpecimen+council@googlemail.com"


@pytest.mark.requirement("2.35")
def test_two_answers_in_a_row_close_a_message_with_one_letter(office: Office) -> None:
    closes_with_a_letter(office)
    writes(office, 11)

    answers(office, "confirm")
    office.sweep()

    assert _notices(office) == 1
    assert _notices(office) == 1
    assert office.count(f"notice where letter = '{LetterKind.FIXED_CLOSING}' and state = 'issued'") == 1
