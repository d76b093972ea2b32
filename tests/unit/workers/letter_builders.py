"""Letters of a case by e-mail, what mail systems report of them, and what came of that."""

from email.message import Message
from email.parser import BytesHeaderParser

from core.db import Session
from policies.vocabulary import Channel
from register import issuing, recording
from register.casework.standing import Standing
from register.casework.steps import LetterFailed
from register.officers import Officer
from routing import review_store
from routing.action import ReviewKind
from tests.desks import DIRECTOR, HEAD, Register, a_desk, a_notice, facts, the_way
from tests.office import Office
from workers import mailing, mailing_store

SAM = "sam@post.example"
FORMAL = (b"Final-Recipient: rfc822; sam@post.example", b"Action: failed", b"Status: 5.1.1")


def issued(office: Office, channel: Channel = Channel.EMAIL, address: str = SAM, name: str = "Sam Specimen") -> str:
    """A case whose notice has just been issued; its reference."""
    register = Register.of(office.database)
    ref = register.open(*facts(name, address))
    for by, step in the_way()[:3]:
        register.record(ref, step, by)
    with office.database.transaction() as session:
        issue(session, office, ref, channel)
    return ref


def issue(session: Session, office: Office, ref: str, channel: Channel, by: Officer = HEAD) -> None:
    """Issue the notice of a case."""
    letter = issuing.composed(session, a_desk(by), ref, a_notice(channel), council="Test Council")
    documents = issuing.drawn_up(letter)
    done = issuing.issue(session, a_desk(by), letter, documents)
    mailing.owe(session, office.runtime().settings, done, documents.pdf)


def standing_of(office: Office, ref: str) -> Standing:
    """How a case stands."""
    with office.database.transaction() as session:
        return recording.read(session, a_desk(DIRECTOR), ref, purpose="test")


def has_notice(office: Office, ref: str) -> bool:
    """Whether the person has been told, as far as the case knows, what is proposed."""
    proposal = standing_of(office, ref).proposal
    return proposal is not None and proposal.notice is not None


def failures(office: Office, ref: str) -> list[LetterFailed]:
    """The letters of a case that are recorded as failed."""
    return [event.record for event in standing_of(office, ref).case.of(LetterFailed)]


def fates(office: Office, ref: str) -> list[str]:
    """What became of the letters of a case."""
    with office.database.transaction() as session:
        return list(mailing_store.of_case(session, ref).values())


def asked(office: Office) -> list[str]:
    """What the owners of cases are asked."""
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session, ReviewKind.DUE)]


def headers_of(sent: bytes) -> Message:
    """The header fields of a letter."""
    return BytesHeaderParser().parsebytes(sent)


def bounce(
    sent: bytes, *said: bytes, sender: bytes = b"mailer-daemon@mx.example", fields: tuple[bytes, ...] = ()
) -> bytes:
    """What a mail system reports of a letter, by default that it failed, as RFC 3464 has it."""
    head, _, _ = sent.partition(b"\r\n\r\n")
    lines = [
        *fields,
        b"From: Mail Delivery System <" + sender + b">",
        b"To: housing@council.example",
        b"Subject: Undelivered Mail Returned to Sender",
        b"Message-ID: <bounce@mx.example>",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        b"",
        b"--b",
        b"Content-Type: text/plain",
        b"",
        b"The address does not exist.",
        b"--b",
        b"Content-Type: message/delivery-status",
        b"",
        b"Reporting-MTA: dns; mx.example",
        b"",
        *(said or FORMAL),
        b"",
        b"--b",
        b"Content-Type: text/rfc822-headers",
        b"",
        head,
        b"",
        b"--b--",
        b"",
    ]
    return b"\r\n".join(lines)


def plain_report(sent: bytes, text: str, *fields: str, subject: str = "Mail delivery failed") -> bytes:
    """What an older mail system reports of a letter, in words only."""
    named = headers_of(sent)["Message-ID"]
    head = [
        "Return-Path: <>",
        *fields,
        "From: Mail Delivery System <mailer-daemon@mx.example>",
        "To: housing@council.example",
        f"Subject: {subject}",
        f"References: {named}",
        "Message-ID: <report@mx.example>",
    ]
    return "\r\n".join([*head, "", *text.splitlines(), ""]).encode()
