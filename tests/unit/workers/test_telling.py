"""The story of a message tells what happened, what is still owed, and what will not happen any more; nothing else."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from routing.review_store import Answer
from tests.office import HOUSING, MARCH, NORTH, Office, an_office, to_north
from tests.unit.workers.notice_builders import restricted, writes
from workers.answering import answer_item
from workers.mailing import send_letters
from workers.noticing import send_notices
from workers.telling import tell

SAM = "sam@post.example"

Passes = Callable[[timedelta], None]


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Passes:
    """Lets it be so much later than when the mail came."""
    return lambda later: monkeypatch.setattr(clock, "now", lambda: MARCH + later)


@pytest.fixture
def office(tmp_path: Path, passes: Passes) -> Iterator[Office]:
    """An office under a policy that has letters."""
    passes(timedelta(days=2))
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        yield office


def _story(office: Office) -> list[str]:
    story = tell(office.runtime(), 1)
    assert story is not None
    return [event.words for event in story.events]


def _answered(office: Office) -> None:
    """Somebody releases the message while it is on its way."""
    with office.database.transaction() as session:
        review_store.raise_review(session, 1, RaiseReview(kind=ReviewKind.ABUSE, question="Is it?"), now=clock.now())
        (item,) = review_store.open_reviews(session, ReviewKind.ABUSE)
    answer_item(office.runtime(), item.id, Answer(outcome="release", by="r.viewer"))


def test_what_an_answer_has_cancelled_is_no_longer_owed(office: Office, passes: Passes) -> None:
    office.world.relay_down = True
    office.deliver(to_north(1))
    office.sweep()
    assert f"Still owed: send to {NORTH}, 1 attempt; last trouble: connection lost." in _story(office)
    passes(timedelta(days=3))

    _answered(office)

    story = _story(office)
    answered = story.index("Decided by r.viewer: kept.")
    assert story[answered + 1 : answered + 3] == [
        f"No longer owed: send to {NORTH}, 1 attempt; last trouble: connection lost.",
        "No longer owed: move to Diverted, 0 attempts.",
    ]
    assert not any(words.startswith("Still owed") for words in story)


def test_what_a_person_had_moved_was_not_moved(office: Office, passes: Passes) -> None:
    office.world.nobody.add(NORTH)
    office.deliver(to_north(1))
    office.sweep()
    office.world.account(HOUSING)["INBOX"].messages.clear()
    office.world.nobody.clear()
    passes(timedelta(days=3))

    office.finish()

    assert "Not moved to Diverted: a person had moved it." in _story(office)
    assert f"Sent to {NORTH}: 250 taken." in _story(office)
    assert not any(words.startswith("Moved") for words in _story(office))


def test_a_writer_is_told_when_the_letter_has_left_and_not_before(office: Office) -> None:
    ref = restricted(office)
    writes(office, 1)
    send_notices(office.runtime())
    waits = f"The writer has not been told what applies (waiting to be sent): the wrong-channel letter of {ref}."
    assert waits in _story(office)

    send_letters(office.runtime())

    assert f"The writer is told what applies: the wrong-channel letter of {ref}." in _story(office)
    assert waits not in _story(office)


def test_a_letter_that_came_back_has_told_nobody(office: Office) -> None:
    ref = restricted(office)
    writes(office, 1)
    office.world.nobody.add(SAM)
    send_notices(office.runtime())

    send_letters(office.runtime())

    assert f"The writer has not been told what applies (came back): the wrong-channel letter of {ref}." in _story(
        office
    )
