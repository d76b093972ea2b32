"""A referral from a message that an officer forwards: the case it belongs to, with the message's own header fields."""

from core.db import Session
from ingest.forwarded import header_lines, original
from ingest.message import Address
from ingest.parse import read
from register import recording, store
from register.casework.facts import Fact, Identifier, IdentifierKind, Owner, Person
from register.dates import day_of
from register.evidence import address_keys
from register.fields import is_email
from register.recording import Desk, Recorded
from register.records import record_from

_LONGEST_LABEL = 300


class NobodyError(Exception):
    """It cannot be told who wrote the message, so there is nobody to refer."""


def refer(session: Session, desk: Desk, raw: bytes, account: str) -> Recorded:
    """Record a referral about the writer of this message, in their case if they have one, else in a new one.

    `raw` is the message itself or one that has it attached. Raises NobodyError, RecordRefusedError for an account that
    says nothing or too much, and what recording raises.
    """
    message = original(raw)
    read_as = read(message)
    if read_as.suspect or len(read_as.from_) != 1 or not is_email(read_as.from_[0].addr_spec):
        message_words = "it cannot be told who wrote this message: open the case by hand"
        raise NobodyError(message_words)
    author = read_as.from_[0]
    told = {"account": account, "message": read_as.message_id, "original": header_lines(message)}
    referral = record_from({"kind": "referral", **told})
    known = store.refs_with(session, address_keys(author.addr_spec))
    if known:
        return recording.record(session, desk, known[0], referral)
    return recording.open_case(session, desk, [*_facts(author, desk), referral])


def _facts(author: Address, desk: Desk) -> tuple[Fact, ...]:
    since = day_of(desk.now)
    return (
        Person(name=(author.display_name.strip() or author.addr_spec)[:_LONGEST_LABEL]),
        Identifier(identifier=IdentifierKind.EMAIL, value=author.addr_spec, source="the mail referred", since=since),
        Owner(officer=desk.officer.username, service=desk.officer.service),
    )
