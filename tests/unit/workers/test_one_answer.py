"""One response line (row 4.8): whatever somebody sends, wherever, until it is answered is one item, answered once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from core import clock
from register import store as register
from register.entry import RegisterEntry, Restriction
from register.outbound import Outgoing, ruling
from register.restrictions import OneResponseLine
from routing import joined_store
from routing.action import ReviewKind
from routing.answering import Outcome
from routing.review_store import Answer, ReviewRow, open_reviews
from tests.office import MARCH, NORTH, Office, an_office, mail
from workers.answering import answer_item
from workers.telling import tell

DEE = "dee@mail.example"
PLACES = ("housing", "planning", "parking", "streets")
LINE = Restriction(
    ref="D1-R1", commenced_at=datetime(2026, 1, 1, tzinfo=UTC), ends_at=None, terms=OneResponseLine(owner=NORTH)
)
DEES = RegisterEntry(ref="D1", version=0, name="Person D1", addresses=(DEE,), restrictions=(LINE,))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A council of four mailboxes; Dee is answered by NORTH, once."""
    with an_office(tmp_path) as office:
        with office.database.transaction() as session:
            register.save(session, DEES, now=MARCH)
        places = {place: {"address": f"{place}@council.example", "password": "x"} for place in PLACES}
        office.data["mailboxes"] = places
        yield office


@pytest.mark.requirement("4.8")
def test_four_letters_to_four_mailboxes_are_one_item(office: Office) -> None:
    _writes_everywhere(office)

    (item,) = _items(office)

    assert item.question.startswith(f"{NORTH} answers its writer once (D1-R1)")
    assert _messages(office, item) == (1, 2, 3, 4)


@pytest.mark.requirement("4.8")
def test_their_letters_are_one_conversation_before_the_one_who_answers(office: Office) -> None:
    _writes_everywhere(office)

    letters = [message_from_bytes(raw) for to, raw in office.world.letters if to == NORTH]

    assert len(letters) == len(PLACES)
    assert len({letter["Message-ID"] for letter in letters}) == len(PLACES)
    assert len({letter["References"] for letter in letters}) == 1


def test_what_comes_after_the_answer_is_owed_another(office: Office) -> None:
    _writes_everywhere(office)
    _answers(office)

    _writes(office, "planning", 9)

    (item,) = _items(office)
    assert _messages(office, item) == (5,)


@pytest.mark.requirement("4.8")
def test_a_second_answer_is_refused_until_something_new_has_come(office: Office) -> None:
    _writes(office, "housing", 1)
    assert _may_write(office, NORTH) == ()
    assert _may_write(office, "clerk@council.example") == (
        f"D1 is answered by {NORTH} alone (D1-R1); give it to them.",
    )

    _answers(office)
    (refused,) = _may_write(office, NORTH)
    assert "was answered on" in refused
    assert "by north" in refused

    _writes(office, "planning", 2)
    assert _may_write(office, NORTH) == ()


def test_released_together_each_message_lies_in_its_own_inbox_again(office: Office) -> None:
    _writes_everywhere(office)
    (item,) = _items(office)

    answer_item(office.runtime(), item.id, Answer(outcome=Outcome.RELEASE, by="head"))
    for place in PLACES:
        office.sweep(place)

    for number, place in enumerate(PLACES, start=1):
        assert office.lying_in("INBOX", f"{place}@council.example") == [mail(DEE, number)]


def test_the_story_of_each_message_tells_of_the_one_item(office: Office) -> None:
    _writes_everywhere(office)
    (item,) = _items(office)

    for message in (1, 4):
        story = tell(office.runtime(), message)
        assert story is not None
        assert any(f"item {item.id}, answer" in event.words for event in story.events)


def test_no_answer_is_owed_to_a_machine(office: Office) -> None:
    away = mail(DEE, 1, subject="Out of office").replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:", 1)

    office.deliver(away)
    office.sweep()

    assert _items(office) == ()


def test_however_many_letters_come_before_the_answer_they_are_one_item(office: Office) -> None:
    for number, place in enumerate(PLACES * 3, start=1):
        office.deliver(mail(DEE, number), address=f"{place}@council.example")

    for place in PLACES:
        office.sweep(place)

    (item,) = _items(office)
    assert len(_messages(office, item)) == len(PLACES) * 3


def _writes_everywhere(office: Office) -> None:
    for number, place in enumerate(PLACES, start=1):
        _writes(office, place, number)


def _writes(office: Office, place: str, number: int) -> None:
    office.deliver(mail(DEE, number), address=f"{place}@council.example")
    office.sweep(place)
    office.sweep(place)


def _answers(office: Office) -> None:
    (item,) = _items(office)
    answer_item(office.runtime(), item.id, Answer(outcome=Outcome.CONFIRM, by="north"))


def _items(office: Office) -> tuple[ReviewRow, ...]:
    with office.database.transaction() as session:
        return open_reviews(session, ReviewKind.ANSWER)


def _messages(office: Office, item: ReviewRow) -> tuple[int, ...]:
    with office.database.transaction() as session:
        return joined_store.messages(session, item)


def _may_write(office: Office, sender: str) -> tuple[str, ...]:
    with office.database.transaction() as session:
        mail_out = Outgoing(to=DEE, sender=sender)
        return ruling(
            [DEES], mail_out, at=clock.now(), answered=lambda ref: joined_store.answered(session, ref)
        ).reasons
