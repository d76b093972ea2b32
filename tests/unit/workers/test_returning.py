"""Letters that bring diverted mail: if one comes back a person knows, and a machine's answer is known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.parse import read
from register import personnel
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from routing.review_store import Answer
from tests.desks import a_desk
from tests.office import HOUSING, NORTH, Office, an_office, mail, to_north
from workers.answering import answer_item
from workers.returning import envelope_sender
from workers.telling import tell

DIAGNOSIS = b"Diagnostic-Code: smtp; 550 5.1.1 <spoc.north@council.example>: no\r\n such user\x07 here"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["smtp"]["sender"] = HOUSING
        yield office


def _diverted(office: Office, *raws: bytes) -> bytes:
    """Mail of Ann's is brought to NORTH; the letter that does it."""
    office.deliver(*(raws or (to_north(1),)))
    office.finish()
    return office.world.letters[-1][1]


def _asked(office: Office, kind: ReviewKind = ReviewKind.UNDELIVERED) -> list[tuple[int, str]]:
    with office.database.transaction() as session:
        return [(item.id, item.question) for item in review_store.open_reviews(session, kind)]


def _arrives(office: Office, *raws: bytes) -> None:
    office.deliver(*raws)
    office.finish()


def report(
    sent: bytes,
    action: bytes = b"failed",
    *,
    sender: bytes = b"mailer-daemon@mx.example",
    said: bytes = DIAGNOSIS,
    fields: bytes = b"",
) -> bytes:
    """What the receiving mail system says of a letter, which it returns whole."""
    lines = [
        b"Return-Path: <>",
        b"From: Mail Delivery System <" + sender + b">",
        b"To: " + HOUSING.encode(),
        b"Subject: Undelivered Mail Returned to Sender",
        b"Message-ID: <bounce@mx.example>",
        *([fields] if fields else []),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        b"",
        b"--b",
        b"Content-Type: message/delivery-status",
        b"",
        b"Reporting-MTA: dns; mx.example",
        b"",
        b"Final-Recipient: rfc822; spoc.north@council.example",
        b"Action: " + action,
        b"Status: 5.1.1",
        *([said] if said else []),
        b"",
        b"--b",
        b"Content-Type: message/rfc822",
        b"",
        sent,
        b"--b--",
        b"",
    ]
    return b"\r\n".join(lines)


def out_of_office(sent: bytes, sender: str = NORTH, *, number: int = 90) -> bytes:
    """What somebody's mail program answers to a letter by itself."""
    named = read(sent).message_id or ""
    head = f"In-Reply-To: {named}\r\nReferences: {named}\r\nAuto-Submitted: auto-replied\r\n"
    return head.encode() + mail(sender, number, subject="Automatic reply: Diverted to you")


@pytest.mark.parametrize("sender", [HOUSING, HOUSING.title()])
def test_whoever_cannot_deliver_diverted_mail_can_say_so_to_a_mailbox_that_is_tended(
    office: Office, sender: str
) -> None:
    office.data["smtp"]["sender"] = sender

    _diverted(office)

    assert office.world.senders == [sender]


def test_where_nobody_would_see_it_diverted_mail_leaves_from_the_null_sender(office: Office) -> None:
    office.data["smtp"]["sender"] = "mailroom@council.example"

    _diverted(office)

    assert office.world.senders == [""]
    assert envelope_sender(office.runtime().settings) == ""


def test_a_letter_that_comes_back_is_asked_about_once_and_urgently_and_the_report_stays(office: Office) -> None:
    sent = _diverted(office)

    _arrives(office, report(sent))
    _arrives(office, report(sent, said=b""))

    ((_, question),) = _asked(office)
    assert question == (
        f"M1 did not reach {NORTH}: 550 5.1.1 <{NORTH}>: no such user here. "
        "Release it to its inbox, or bring it to them by hand."
    )
    assert office.count("review_item where priority = 1") == 1
    assert office.lying_in("INBOX") == [report(sent), report(sent, said=b"")]


def test_mail_that_did_not_arrive_is_put_back_exactly_once_by_a_release(office: Office) -> None:
    sent = _diverted(office)
    _arrives(office, report(sent, said=b""))
    ((item, question),) = _asked(office)

    answer_item(office.runtime(), item, Answer(outcome="release", by="r.viewer"))
    office.finish()
    _arrives(office, report(sent))

    assert "their mail system gives no reason" in question
    assert office.lying_in("INBOX").count(to_north(1)) == 1
    assert office.lying_in("Diverted") == []
    assert len(office.world.letters) == 1
    assert _asked(office) == []


def test_the_story_of_a_message_tells_that_its_letter_came_back(office: Office) -> None:
    _arrives(office, report(_diverted(office)))

    story = tell(office.runtime(), 1)

    assert story is not None
    assert f"It did not reach {NORTH}: a mail system returned it." in [event.words for event in story.events]


def test_what_has_been_taken_back_from_there_is_not_asked_about(office: Office) -> None:
    sent = _diverted(office)
    with office.database.transaction() as session:
        ask = RaiseReview(kind=ReviewKind.ABUSE, question="Is it?")
        review_store.raise_review(session, 1, ask, now=a_desk().now)
    ((item, _),) = _asked(office, ReviewKind.ABUSE)
    answer_item(office.runtime(), item, Answer(outcome="release", by="r.viewer"))
    office.finish()

    _arrives(office, report(sent))

    assert _asked(office) == []


@pytest.mark.parametrize("action", [b"delayed", b"delivered", b"relayed", b"expanded"])
def test_a_letter_that_is_late_or_has_arrived_is_asked_about_by_nobody(office: Office, action: bytes) -> None:
    theirs = mail("ann@mail.example", 1) + b"Action: failed\r\nDiagnostic-Code: smtp; 550 says Ann\r\n"

    _arrives(office, report(_diverted(office, theirs), action))

    assert _asked(office) == []


def test_only_a_key_of_ours_is_believed(office: Office) -> None:
    sent = _diverted(office)
    key = read(sent).loop_tokens[0].encode()
    other = b"0" * 40

    _arrives(office, report(sent.replace(key, other)))

    assert _asked(office) == []


def test_a_letter_is_not_taken_for_one_that_somebody_names_in_what_it_carries(office: Office) -> None:
    first = _diverted(office)
    named = f"References: {read(first).message_id}\r\n".encode()
    second = _diverted(office, named + to_north(2))

    _arrives(office, report(second))

    ((_, question),) = _asked(office)
    assert question.startswith("M2 did not reach")


@pytest.mark.parametrize("sender", [b"ann@mail.example", b"mailer-daemon@mx.example"])
@pytest.mark.parametrize("action", [b"failed", b"delayed"])
@pytest.mark.parametrize("at_the_top", [True, False], ids=["with our loop header", "without"])
def test_a_report_is_never_diverted_whoever_sends_it(
    office: Office, sender: bytes, action: bytes, *, at_the_top: bool
) -> None:
    sent = _diverted(office)
    fields = b"X-Council-Mailroom-Loop: " + read(sent).loop_tokens[0].encode() if at_the_top else b""
    told = report(sent, action, sender=sender, fields=fields)

    _arrives(office, told)

    assert len(office.world.letters) == 1
    assert office.lying_in("INBOX") == [told]


def test_a_point_of_contact_whose_machine_answers_is_asked_about_once_in_a_week(office: Office) -> None:
    with office.database.transaction() as session:
        fields = {"name": "N", "job_title": "SPOC", "service": "housing", "email": NORTH.title()}
        personnel.set_officer(session, a_desk(), "n.orth", fields)
    sent = _diverted(office)

    _arrives(office, out_of_office(sent), out_of_office(sent, number=91))
    ((item, question),) = _asked(office, ReviewKind.REGISTER)
    answer_item(office.runtime(), item, Answer(outcome="confirm", by="r.viewer"))
    _arrives(office, out_of_office(sent, number=92))

    assert question == (
        f"{NORTH} answered automatically to M1: are they away? Then `mailroom officer set n.orth absent_until=DAY` "
        "brings their mail to who stands in."
    )
    assert office.count("review_item where priority = 6") == 1
    assert _asked(office, ReviewKind.REGISTER) == []
    assert len(office.world.letters) == 1


def test_a_week_later_it_is_asked_again(office: Office) -> None:
    sent = _diverted(office)
    _arrives(office, out_of_office(sent))
    ((item, _),) = _asked(office, ReviewKind.REGISTER)
    answer_item(office.runtime(), item, Answer(outcome="confirm", by="r.viewer"))
    with office.database.engine.begin() as connection:
        connection.exec_driver_sql("update review_item set raised_at = '2020-01-01 00:00:00.000000'")

    _arrives(office, out_of_office(sent, number=91))

    assert len(_asked(office, ReviewKind.REGISTER)) == 1


def test_that_a_letter_was_read_is_no_absence(office: Office) -> None:
    sent = _diverted(office)
    read_it = b"Content-Type: multipart/report; report-type=disposition-notification\r\n" + out_of_office(sent)

    _arrives(office, read_it)

    assert _asked(office, ReviewKind.REGISTER) == []
