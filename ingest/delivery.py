"""A delivery: one message in one mailbox, by its locator and by the fingerprint that survives a change of locator."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest.headers import header_block, scan

LETTER_BODY_BYTES = 16_384

MESSAGE_ID = re.compile(r"<[^<>\s\0]{1,250}+>")  # PostgreSQL takes no NUL


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    RECORDED = "recorded"  # in the ledger; what to do is not decided yet
    DECIDED = "decided"  # a decision is committed; some of its effects are still to be performed
    SETTLED = "settled"  # it has its disposition


class Disposition(StrEnum):
    """Where a delivery ended; exactly one of these for every delivery."""

    KEPT = "kept"
    REDIRECTED = "redirected"
    FILED = "filed"
    PUT_BACK = "put back"  # into its inbox, where it is a delivery anew
    TAKEN = "taken by a person"  # somebody moved or deleted it before we acted: their choice stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as a server gives it, in no ledger yet; `size` in bytes of the whole, `prefix` its first bytes."""

    uid: int
    size: int
    received_at: datetime
    prefix: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger. A `uid` below zero means that its last known place is void (UIDVALIDITY changed)."""

    id: int
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    fingerprint: str
    size: int
    received_at: datetime
    message_id: str | None
    attempts: int


def fingerprint(prefix: bytes, size: int) -> str:
    """What a message is, wherever it lies: SHA-256 over its header block as received and its size.

    The Received lines make it unique; it costs no body download. Take it from prefixes of one length only.
    """
    digest = hashlib.sha256(header_block(prefix))
    digest.update(b"%d" % size)
    return digest.hexdigest()


def letter_key(prefix: bytes, message_id: str | None) -> str:
    """What a letter is, in whichever mailbox: SHA-256 over its Message-ID and how its body begins; evidence only."""
    body = prefix[len(header_block(prefix)) :][:LETTER_BODY_BYTES]
    return hashlib.sha256((message_id or "").encode() + b"\0" + body).hexdigest()


def message_id_of(prefix: bytes) -> str | None:
    """The Message-ID with its angle brackets, or None if there is none that deserves the name."""
    found = MESSAGE_ID.search(scan(prefix).first("message-id") or "")
    return found[0] if found else None
