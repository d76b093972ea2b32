"""The same question about a message is asked once; another one is asked, whatever waits in its queue already."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from routing import review_store
from routing.action import RaiseReview, ReviewKind
from routing.review_store import Answer
from tests.office import MARCH, Office, an_office, ordinary

LATER = MARCH + timedelta(hours=1)
NEXT_DAY = MARCH + timedelta(days=1, hours=1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with one message."""
    with an_office(tmp_path) as office:
        office.deliver(ordinary(1))
        office.sweep()
        yield office


def _asks(office: Office, kind: ReviewKind, question: str, *, now: datetime = MARCH) -> None:
    with office.database.transaction() as session:
        review_store.raise_review(session, 1, RaiseReview(kind=kind, question=question), now=now)


def _answers(office: Office, *, now: datetime = MARCH, outcome: str = "confirm") -> None:
    with office.database.transaction() as session:
        (item,) = review_store.open_reviews(session)
        review_store.answer(session, item.id, Answer(outcome=outcome, by="r.viewer"), now=now)


def _open(office: Office) -> list[str]:
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session)]


def test_a_question_that_waits_is_not_asked_again(office: Office) -> None:
    long = "Whose message is this? " * 100

    for _ in range(2):
        _asks(office, ReviewKind.REGISTER, long)

    assert len(_open(office)) == 1


def test_another_question_of_the_same_queue_is_asked_beside_it(office: Office) -> None:
    _asks(office, ReviewKind.REGISTER, "Is something looping?")
    _asks(office, ReviewKind.REGISTER, "Its writer could not be told.")

    assert _open(office) == ["Is something looping?", "Its writer could not be told."]


def test_an_answer_to_one_question_silences_no_other(office: Office) -> None:
    _asks(office, ReviewKind.REGISTER, "Is something looping?")
    _answers(office)

    _asks(office, ReviewKind.REGISTER, "Is something looping?", now=LATER)
    _asks(office, ReviewKind.REGISTER, "Its writer could not be told.", now=LATER)

    assert _open(office) == ["Its writer could not be told."]


def test_what_was_answered_is_asked_again_after_a_day_or_at_once_where_that_could_not_be_done(office: Office) -> None:
    _asks(office, ReviewKind.REGISTER, "Is something looping?")
    _answers(office)
    _asks(office, ReviewKind.REGISTER, "Is something looping?", now=NEXT_DAY)
    assert len(_open(office)) == 1

    _answers(office, now=NEXT_DAY, outcome="release")
    _asks(office, ReviewKind.REGISTER, "Is something looping?", now=NEXT_DAY + timedelta(hours=1))

    assert len(_open(office)) == 1


@pytest.mark.parametrize("kind", [ReviewKind.SHUNTED, ReviewKind.MISSING])
def test_one_trouble_is_asked_about_once_though_each_attempt_tells_it_otherwise(
    office: Office, kind: ReviewKind
) -> None:
    _asks(office, kind, "This could not be carried out: connection lost")
    _asks(office, kind, "This could not be carried out: 451 try later")

    assert _open(office) == ["This could not be carried out: connection lost"]
