"""What follows from a person's answer: mail is filed, or put back where it belongs, exactly once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.builders import a_database, a_matter, a_restriction, an_entry, raw_mail
from tests.council import Council
from tests.servers import Dovecot, SmtpSink
from workers.answering import Answered, AnswerError, answer_item
from workers.reconciling import reconcile

SAME = raw_mail(subject="C-2025-0117", body="I still do not agree about C-2025-0117.\r\n")
PERHAPS = raw_mail(body="The noise from the bowls pavilion goes on.\r\n")


@pytest.fixture
def council(any_dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """One shared mailbox, on either kind of server."""
    council = Council(any_dovecot, smtp_sink, a_database(tmp_path))
    yield council
    council.close()


def _answers(council: Council, kind: ReviewKind, outcome: str) -> Answered:
    """Somebody answers the one open item of this queue."""
    with council.runtime.database.transaction() as session:
        (item,) = review_store.open_reviews(session, kind)
    return answer_item(council.runtime, item.id, Answer(outcome=outcome, by="jo"))


@pytest.mark.requirement("1.36")
def test_what_is_about_the_closed_matter_after_all_is_filed(council: Council) -> None:
    council.registers(an_entry(a_restriction("read-and-file")))
    council.receives(PERHAPS)
    council.sweeps(times=2)

    _answers(council, ReviewKind.MATTER, "confirm")
    council.sweeps(times=2)

    assert (council.folder(), council.folder("Read and file")) == ([], [PERHAPS])
    assert council.dispositions() == ["filed"]
    assert council.asks() == []


def test_what_is_new_stays_in_its_inbox(council: Council) -> None:
    council.registers(an_entry(a_restriction("read-and-file")))
    council.receives(PERHAPS)
    council.sweeps(times=2)

    assert _answers(council, ReviewKind.MATTER, "overturn").decision is None
    council.sweeps(times=2)

    assert council.folder() == [PERHAPS]
    assert council.dispositions() == ["kept"]


@pytest.mark.requirement("1.36")
def test_what_was_filed_wrongly_is_put_back_once_and_stays(council: Council) -> None:
    council.registers(an_entry(a_restriction("read-and-file")))
    council.receives(SAME)
    council.sweeps(times=2)
    assert council.folder("Read and file") == [SAME]

    _answers(council, ReviewKind.READ_AND_FILE, "overturn")
    council.sweeps(times=4)

    assert (council.folder(), council.folder("Read and file")) == ([SAME], [])
    assert council.dispositions() == ["put back", "kept"]
    assert council.asks() == []
    assert reconcile(council.runtime, "planning") == []


def test_an_answer_comes_in_time_to_stop_what_is_owed(council: Council) -> None:
    council.registers(an_entry(a_restriction("read-and-file")))
    council.receives(SAME)
    council.polls()

    _answers(council, ReviewKind.READ_AND_FILE, "release")
    council.sweeps(times=3)

    assert (council.folder(), council.folder("Read and file")) == ([SAME], [])
    assert council.dispositions() == ["kept"]


def test_what_waits_is_released_before_its_time(council: Council) -> None:
    windows = [{"day": "tuesday", "start": "10:00", "until": "10:01"}]
    times = a_restriction("contact-times", windows=windows, channels=["email"])
    council.registers(an_entry(times, a_restriction("new-information-only", ref="R2"), matters=(a_matter(),)))
    council.receives(SAME)
    council.polls()
    council.asks_about(1, ReviewKind.REGISTER)

    _answers(council, ReviewKind.REGISTER, "release")
    council.sweeps(times=4)

    assert (council.folder(), council.folder("Waiting")) == ([SAME], [])


@pytest.mark.requirement("3.27")
def test_what_brings_nothing_new_is_filed_and_what_does_goes_to_the_owner_of_the_case(council: Council) -> None:
    council.registers(an_entry(a_restriction("new-information-only"), matters=(a_matter(),)))
    council.receives(SAME)
    council.sweeps(times=2)
    council.receives(PERHAPS)
    _answers(council, ReviewKind.NEW_INFORMATION, "confirm")
    council.sweeps(times=2)

    _answers(council, ReviewKind.NEW_INFORMATION, "overturn")
    council.sweeps(times=2)

    assert (council.folder(), council.folder("Read and file")) == ([PERHAPS], [SAME])
    assert council.asks() == ["due"]


def test_an_item_is_answered_once_and_while_nobody_works_on_its_mailbox(council: Council) -> None:
    council.registers(an_entry(a_restriction("read-and-file")))
    council.receives(PERHAPS)
    council.sweeps()
    _answers(council, ReviewKind.MATTER, "confirm")

    with pytest.raises(AnswerError, match="has been answered"):
        answer_item(council.runtime, 1, Answer(outcome="overturn", by="sam"))


def test_mail_with_a_point_of_contact_is_taken_back_by_a_release(council: Council) -> None:
    council.registers(an_entry(a_restriction()))
    council.receives(raw_mail(body="I want to appeal against your decision to restrict my contact.\r\n"))
    council.sweeps(times=2)
    letters = len(council.sink.accepted)

    _answers(council, ReviewKind.CONTEST, "release")
    council.sweeps(times=4)

    assert len(council.folder()) == 1
    assert council.folder("Diverted") == []
    assert len(council.sink.accepted) == letters == 1
