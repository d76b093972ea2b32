"""A referral from a message that an officer forwards: the case it belongs to, with the message's own header fields."""

from collections.abc import Sequence

from core import ids
from core.db import Session
from core.settings import Settings
from ingest import content_store, finding_store
from ingest.forwarded import header_lines, original
from ingest.message import Address, Message
from ingest.parse import read
from ingest.store import DeliveryRow
from register import recording, store
from register.addresses import canonical
from register.casework.facts import Fact, Identifier, IdentifierKind, Owner, Person
from register.dates import day_of
from register.evidence import address_keys
from register.fields import is_email
from register.recording import Desk, Recorded
from register.records import record_from

_LONGEST_LABEL = 300


class NobodyError(Exception):
    """It cannot be told who wrote the message, so there is nobody to refer."""


def refer(session: Session, desk: Desk, settings: Settings, raw: bytes, account: str) -> Recorded:
    """Record a referral about the writer of this message, in their case if they have one, else in a new one.

    `raw` is the message itself or one that has it attached; the referral cites its delivery where the ledger knows it,
    so that it belongs to the case, and else its Message-ID. Raises NobodyError, RecordRefusedError for an account that
    says nothing or too much, and what recording raises.
    """
    message = original(raw)
    read_as = read(message)
    if read_as.suspect or len(read_as.from_) != 1 or not is_email(read_as.from_[0].addr_spec):
        message_words = "it cannot be told who wrote this message: open the case by hand"
        raise NobodyError(message_words)
    author = read_as.from_[0]
    found = _delivery(session, settings, message, read_as)
    cited = read_as.message_id if found is None else ids.message_ref(found)
    told = {"account": account, "message": cited, "original": header_lines(message)}
    referral = record_from({"kind": "referral", **told})
    known = store.refs_with(session, address_keys(author.addr_spec))
    if known:
        return recording.record(session, desk, known[0], referral)
    return recording.open_case(session, desk, [*_facts(author, desk), referral])


def _delivery(session: Session, settings: Settings, raw: bytes, message: Message) -> int | None:
    """The delivery of this message: of several the one in a mailbox that it is addressed to, else the oldest."""
    rows = finding_store.of_message(session, raw)
    if _contradicted(session, rows, message):
        return None
    addressed = {canonical(address.addr_spec) for address in (*message.to, *message.cc)}
    ours = {name for name, mailbox in settings.mailboxes.items() if canonical(mailbox.address) in addressed}
    best = min(rows, key=lambda row: (row.mailbox not in ours, row.id), default=None)
    return None if best is None else best.id


def _contradicted(session: Session, rows: Sequence[DeliveryRow], message: Message) -> bool:
    """Whether what is kept of these is of another writer or has another subject: then a Message-ID was used twice."""
    digest = next((row.content for row in rows if row.content), None)
    kept = None if digest is None else content_store.get(session, digest)
    if kept is None:
        return False
    found = read(kept)
    return (_author(found), found.subject) != (_author(message), message.subject)


def _author(message: Message) -> tuple[str, ...]:
    return tuple(canonical(address.addr_spec) or address.addr_spec for address in message.from_)


def _facts(author: Address, desk: Desk) -> tuple[Fact, ...]:
    since = day_of(desk.now)
    return (
        Person(name=(author.display_name.strip() or author.addr_spec)[:_LONGEST_LABEL]),
        Identifier(identifier=IdentifierKind.EMAIL, value=author.addr_spec, source="the mail referred", since=since),
        Owner(officer=desk.officer.username, service=desk.officer.service),
    )
