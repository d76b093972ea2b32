"""Letters of a case that came back: recorded where a mail system says so, and asked about where anybody could."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from register import due_store, store
from register.casework.due import DueKind
from register.casework.facts import Capacity, Identifier, IdentifierKind, IdentifierWithdrawn, Representative
from register.casework.steps import Activation, LetterFailed
from routing import review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.desks import HEAD, MONDAY, Register, a_desk
from tests.office import Office, an_office, mail
from tests.unit.workers.letter_builders import (
    FORMAL,
    SAM,
    asked,
    bounce,
    failures,
    fates,
    has_notice,
    headers_of,
    issued,
    plain_report,
)
from workers.answering import answer_item
from workers.mailing import send_letters

BORDER = "mx.council.example"
NULL_SENDER = b"Return-Path: <>"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["council"] |= {"policy": "001", "authserv_id": BORDER}
        office.data["smtp"]["sender"] = "housing@council.example"
        yield office


def _sent(office: Office) -> tuple[str, bytes]:
    """A letter of a case has gone out: the reference of the case, and the letter."""
    ref = issued(office)
    send_letters(office.runtime())
    return ref, office.world.letters[-1][1]


def _arrives(office: Office, *raws: bytes) -> None:
    office.deliver(*raws)
    office.finish()


def _for(recipient: bytes, action: bytes = b"failed") -> tuple[bytes, ...]:
    return (b"Final-Recipient: rfc822; " + recipient, b"Action: " + action, b"Status: 5.1.1")


Forged = Callable[[bytes], bytes]

NOT_BELIEVED: list[tuple[str, Forged, str]] = [
    (
        "from the person",
        lambda sent: bounce(sent, sender=SAM.encode(), fields=(NULL_SENDER,)),
        "it comes from an address of the case",
    ),
    (
        "from an address of theirs as they may spell it",
        lambda sent: bounce(sent, sender=b"Sam+x@Post.Example"),
        "it comes from an address of the case",
    ),
    (
        "from an address that was withdrawn",
        lambda sent: bounce(sent, sender=b"old@post.example"),
        "it comes from an address of the case",
    ),
    (
        "from who speaks for them",
        lambda sent: bounce(sent, sender=b"niece@home.example"),
        "it comes from an address of the case",
    ),
    (
        "answered to the person",
        lambda sent: bounce(sent, fields=(b"Reply-To: " + SAM.encode(),)),
        "it comes from an address of the case",
    ),
    (
        "returned to the person",
        lambda sent: bounce(sent, fields=(b"Return-Path: <" + SAM.encode() + b">",)),
        "it comes from an address of the case",
    ),
    (
        "from a domain that did not send it",
        lambda sent: bounce(sent, fields=(f"Authentication-Results: {BORDER}; dmarc=fail".encode(), NULL_SENDER)),
        "it does not come from the domain that it names",
    ),
    (
        "from several authors",
        lambda sent: bounce(sent, fields=(b"From: another@mx.example",)),
        "it cannot be told who wrote it",
    ),
    (
        "with a sender to answer to",
        lambda sent: bounce(sent, fields=(b"Return-Path: <somebody@mx.example>",)),
        "it did not come as mail systems send their reports",
    ),
    (
        "in words only",
        lambda sent: plain_report(sent, "It could not be delivered.", "X-Failed-Recipients: " + SAM).replace(
            b"Return-Path: <>\r\n", b""
        ),
        "it did not come as mail systems send their reports",
    ),
    (
        "about somebody else",
        lambda sent: bounce(sent, *_for(b"jo@post.example")),
        "it does not name the address that the letter went to",
    ),
    (
        "about somebody else, ours being one that got it",
        lambda sent: bounce(sent, *_for(SAM.encode(), b"delivered"), b"", *_for(b"jo@post.example")),
        "it does not name the address that the letter went to",
    ),
    (
        "in words about nobody that a field names",
        lambda sent: plain_report(sent, f"It could not be delivered to {SAM}."),
        "it does not name the address that the letter went to",
    ),
]


@pytest.mark.parametrize(
    ("forged", "doubt"), [pytest.param(forged, doubt, id=name) for name, forged, doubt in NOT_BELIEVED]
)
def test_a_report_that_anybody_could_have_written_voids_nothing_and_is_asked_about(
    office: Office, forged: Forged, doubt: str
) -> None:
    ref, sent = _sent(office)
    old = Identifier(identifier=IdentifierKind.EMAIL, value="old@post.example", source="a letter", since=MONDAY.date())
    niece = Representative(name="A Niece", capacity=Capacity.FAMILY, addresses=("niece@home.example",))
    for fact in (old, IdentifierWithdrawn(value=old.value, reason="Not used."), niece):
        Register(office.database).record(ref, fact)

    _arrives(office, forged(sent))

    (question,) = asked(office)
    assert question == (
        f"Letter 9 of {ref} may not have reached the person: M1 says so, but {doubt}. Find out. If it has not, send it"
        f" another way, and record that it failed: `mailroom case record {ref} kind=letter-failed letter=9 on=DAY"
        " reason='...'`."
    )
    assert failures(office, ref) == []
    assert fates(office, ref) == ["sent"]
    assert has_notice(office, ref)


def test_whoever_claims_not_to_have_had_the_letter_cannot_hold_up_what_it_announced(office: Office) -> None:
    ref, sent = _sent(office)
    head = f"X-Failed-Recipients: {SAM}\r\nIn-Reply-To: {headers_of(sent)['Message-ID']}\r\n"
    _arrives(office, head.encode() + mail(SAM, 1, subject="hello"))

    Register(office.database).record(ref, Activation(commences_at=MONDAY), HEAD)

    assert has_notice(office, ref) is False  # what was proposed is in force
    assert failures(office, ref) == []


BELIEVED: list[tuple[str, Forged]] = [
    ("formal", bounce),
    ("formal, without a sender", lambda sent: bounce(sent, fields=(NULL_SENDER,))),
    ("formal, of an unnamed system", lambda sent: bounce(sent, fields=(NULL_SENDER,), sender=b"MAILER-DAEMON")),
    (
        "formal, for one of two",
        lambda sent: bounce(sent, *_for(b"jo@post.example", b"delivered"), b"", *_for(b"<Sam@Post.example>")),
    ),
    (
        "formal, with the address as it was sent to",
        lambda sent: bounce(sent, b"Original-Recipient: rfc822;sam@post.example", *_for(b"sam@elsewhere.example")),
    ),
    ("in words, with a field", lambda sent: plain_report(sent, "It failed.", "X-Failed-Recipients: " + SAM)),
]


@pytest.mark.parametrize("report", [pytest.param(report, id=name) for name, report in BELIEVED])
def test_what_a_mail_system_reports_is_recorded_once_and_the_owner_knows(office: Office, report: Forged) -> None:
    ref, sent = _sent(office)

    _arrives(office, report(sent), report(sent))

    assert [failure.letter for failure in failures(office, ref)] == [9]
    assert asked(office) == [
        f"Letter 9 of {ref} did not reach the person; send it another way. The receiving mail system returned it (M1)."
    ]
    assert not has_notice(office, ref)


def test_a_letter_that_came_back_is_a_duty_of_its_case(office: Office) -> None:
    ref, sent = _sent(office)

    _arrives(office, bounce(sent))

    with office.database.transaction() as session:
        kinds = {due.kind for due in due_store.due(session, MONDAY.date(), a_desk().calendar)}
        lists = [entry.ref for entry, *_ in store.listed(session)]
    assert ref in lists
    assert DueKind.UNDELIVERED_LETTER in kinds or office.count("register_due where kind = 'undelivered-letter'") == 1


def test_a_mail_system_is_believed_after_somebody_was_not(office: Office) -> None:
    ref, sent = _sent(office)
    _arrives(office, bounce(sent, sender=SAM.encode()))

    _arrives(office, bounce(sent))

    assert [failure.reason for failure in failures(office, ref)] == ["The receiving mail system returned it (M2)."]


def test_what_is_not_believed_is_asked_about_once_in_a_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _, sent = _sent(office)
    forged = bounce(sent, sender=SAM.encode())
    _arrives(office, forged, forged)
    with office.database.transaction() as session:
        (item,) = review_store.open_reviews(session, ReviewKind.DUE)
    answer_item(office.runtime(), item.id, Answer(outcome="confirm", by="r.viewer"))

    _arrives(office, forged)
    assert asked(office) == []

    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    _arrives(office, forged)
    (question,) = asked(office)
    assert "M4 says so" in question


@pytest.mark.parametrize("sender", [b"mailer-daemon@mx.example", SAM.encode()])
def test_what_an_officer_has_recorded_as_failed_is_neither_recorded_again_nor_asked_about(
    office: Office, sender: bytes
) -> None:
    ref, sent = _sent(office)
    failed = LetterFailed(letter=9, on=MONDAY.date(), reason="They rang: nothing has come.")
    Register(office.database).record(ref, failed)

    _arrives(office, bounce(sent, sender=sender))

    assert failures(office, ref) == [failed]
    assert asked(office) == []


def test_an_address_that_the_relay_refuses_is_known_to_the_owner_at_once(office: Office) -> None:
    ref = issued(office)
    office.world.nobody.add(SAM)

    assert send_letters(office.runtime()) == 0
    assert send_letters(office.runtime()) == 0

    (failure,) = failures(office, ref)
    assert failure.reason == "550 5.1.1 no such user"
    assert len(asked(office)) == 1


def test_somebody_who_quotes_our_letter_bounces_nothing(office: Office) -> None:
    ref, sent = _sent(office)

    _arrives(office, mail(SAM, 1) + b"> " + sent.replace(b"\r\n", b"\r\n> "))

    assert failures(office, ref) == []
    assert asked(office) == []


@pytest.mark.parametrize("action", [b"delayed", b"delivered", b"relayed"])
def test_a_letter_that_is_only_late_or_has_arrived_did_not_come_back(office: Office, action: bytes) -> None:
    ref, sent = _sent(office)

    _arrives(office, bounce(sent, *_for(SAM.encode(), action)))
    assert failures(office, ref) == []
    assert asked(office) == []

    _arrives(office, bounce(sent, *FORMAL))
    assert len(failures(office, ref)) == 1


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param(
            "Warning: message 1AbCdE-0001 delayed 24 hours",
            "A message that you sent has not yet been delivered to one or more of its\nrecipients.\n\n"
            "No action is required on your part. Delivery attempts will continue for\nsome time.",
            id="Exim",
        ),
        pytest.param(
            "Warning: could not send message for past 4 hours",
            "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.",
            id="Sendmail",
        ),
        pytest.param("Delivery Status Notification (Delay)", "It was not delivered.", id="Gmail"),
        pytest.param(
            "Undelivered mail",
            "It could not be delivered to sam.\nIt will be retried until it is 5 days old.",
            id="words",
        ),
    ],
)
def test_a_warning_in_words_that_a_letter_is_late_says_nothing_of_its_fate(
    office: Office, subject: str, text: str
) -> None:
    ref, sent = _sent(office)

    _arrives(office, plain_report(sent, text, subject=subject))

    assert failures(office, ref) == []
    assert asked(office) == []
    assert has_notice(office, ref)


def test_a_warning_that_an_address_does_not_exist_is_no_delay(office: Office) -> None:
    ref, sent = _sent(office)
    told = plain_report(sent, f"{SAM}: no such user.", "X-Failed-Recipients: " + SAM, subject=f"Warning: {SAM}")

    _arrives(office, told)

    assert len(failures(office, ref)) == 1
