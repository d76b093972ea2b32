r"""The audit trail as a chain: every event carries the hash of the one before, so that a change anywhere shows.

An event's hash is SHA-256 over the 64 hexadecimal digits of the previous event's hash (64 zeros before the first) and,
right behind them, the event as canonical JSON: `[seq,at,actor,action,subject,[[name,value],...]]`, in this order, no
space between tokens, everything beyond ASCII as `\uxxxx`, `at` in UTC to the microsecond
(`2026-03-04T12:00:00.000000+00:00`).

The trail outlives the erasure of what it speaks of. It holds references, versions and digests; a name, an address or
free text is refused, but for one phrase: what somebody read a case for.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

Details = tuple[tuple[str, str], ...]

MOST_ACTOR = 300  # characters
MOST_SUBJECT = 100
MOST_VALUE = 200
LEAST_SALT = 16  # bytes: fewer could be tried out

_DETAIL_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PHRASE = "purpose"  # the one detail that may be of several words; `register.purposes` takes names out of it
# One word, as references, numbers, kinds, digests and moments are; after an @ only the day of a policy's version.
_DETAIL_VALUE = re.compile(r"[\w.:/+~-]*(@[\d-]+)?")
_WITNESS = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class AuditAction(StrEnum):
    """What was done. An older version of the product meets actions it does not know: those of events are any text."""

    OPENED = "opened"
    RECORDED = "recorded"
    READ = "read"
    LISTED = "listed"
    LOOKED_UP = "looked-up"
    EXPORTED = "exported"
    IMPORTED = "imported"
    LETTER = "letter"
    ERASED = "erased"
    ERASURE_PREVIEWED = "erasure-previewed"
    PACK = "pack"
    OFFICER_CHANGED = "officer-changed"
    VERIFIED = "verified"
    REPORTED = "reported"  # the trail itself was read
    REFUSED = "refused"  # a case, a pack or the whole register was asked for by somebody it is not for
    REFRESHED = "refreshed"
    REVEALED = "revealed"  # words that may be abusive were shown to an officer, who had asked for them
    MODEL = "model"  # a classifier's model was made, put in force, taken back, or its trial ended


class AuditEntryError(ValueError):
    """An entry holds what may not be kept for ever, or cannot be; the message says which part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What is to be noted. `subject` is a reference, empty where the whole register is meant.

    Raises AuditEntryError for a detail of several words, an e-mail address outside `actor`, or text too long.
    """

    actor: str
    action: AuditAction
    subject: str = ""
    details: Details = ()

    def __post_init__(self) -> None:
        if not self.actor or not _plain(self.actor, MOST_ACTOR):
            message = f"actor: name the officer in 1 to {MOST_ACTOR} characters, without control characters"
            raise AuditEntryError(message)
        if "@" in self.subject or not _plain(self.subject, MOST_SUBJECT):
            message = f"subject: give a reference of at most {MOST_SUBJECT} characters, never an address"
            raise AuditEntryError(message)
        for name, value in self.details:
            if not (_DETAIL_NAME.fullmatch(name) and _fits(name, value)):
                message = (
                    f"detail {name[:40]}: give one word (a reference, version or digest), never text or an address"
                )
                raise AuditEntryError(message)


@dataclass(frozen=True, slots=True)
class Witness:
    """A point of the chain. Written down elsewhere, it proves later that nothing up to it was rewritten or cut off."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Witness":
        """Read what `str` gave. Raises ValueError."""
        match = _WITNESS.fullmatch(text.strip())
        if match is None:
            message = "a witness is a number, a colon and 64 hexadecimal digits, as `mailroom audit verify` prints it"
            raise ValueError(message)
        return cls(int(match[1]), match[2])


START = Witness(0, "0" * 64)
"""What comes before the first event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One event as it stands in the trail; whether it is sound is for `verify` to say."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Details
    previous: str
    hash: str

    @property
    def witness(self) -> Witness:
        """This event as a point of the chain."""
        return Witness(self.seq, self.hash)


def chained(previous: Witness, entry: AuditEntry, *, at: datetime) -> AuditEvent:
    """The event that follows `previous`."""
    seq, action = previous.seq + 1, str(entry.action)
    text = _canonical(seq, at, (entry.actor, action, entry.subject), entry.details)
    return AuditEvent(
        seq=seq,
        at=at,
        actor=entry.actor,
        action=action,
        subject=entry.subject,
        details=entry.details,
        previous=previous.hash,
        hash=_hash(previous.hash, text),
    )


def digest(salt: bytes, canonical: bytes) -> str:
    """What the trail keeps of a record: proves its content while the salt is kept with it, and nothing afterwards.

    HMAC-SHA256, 64 hexadecimal digits. Raises ValueError for a salt that could be guessed.
    """
    if len(salt) < LEAST_SALT:
        message = f"the salt has {len(salt)} bytes: fewer than {LEAST_SALT} can be guessed"
        raise ValueError(message)
    return hmac.new(salt, canonical, hashlib.sha256).hexdigest()


class Fault(StrEnum):
    """What may be wrong with a chain."""

    ALTERED = "altered"  # the content of an event, or its hash
    BROKEN_LINK = "broken link"  # to the event before
    GAP = "gap"
    REPEATED = "repeated"  # or out of order
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"  # consistently, but not as the witness has it
    CONTRADICTED = "contradicted"  # a case no longer says what was recorded
    UNGUARDED = "unguarded"  # the database would let the trail be changed


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, and the number of the event where it shows."""

    fault: Fault
    seq: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What `verify` found. `head` is the last event: a witness worth keeping if there are no findings."""

    head: Witness
    events: int
    findings: tuple[Finding, ...]


def verify(events: Iterable[AuditEvent], *, start: Witness = START, expected: Witness | None = None) -> Verification:
    """Follow a chain from `start` to its end, and see that it passes through `expected`, a witness kept earlier.

    Without a witness, a tail that was cut off cleanly and a chain rewritten from some event on cannot be told.
    """
    head, count, findings = start, 0, list[Finding]()
    passed = expected in {None, start}
    for event in events:
        findings += _faults(event, head)
        head, count = event.witness, count + 1
        passed = passed or head == expected
    if expected is not None and not passed:
        findings.append(_unwitnessed(expected, head))
    return Verification(head=head, events=count, findings=tuple(findings))


def _faults(event: AuditEvent, before: Witness) -> Iterator[Finding]:
    seq = event.seq
    if seq > before.seq + 1:
        yield Finding(Fault.GAP, seq, f"events {before.seq + 1} to {seq - 1} are missing")
    elif seq <= before.seq:
        yield Finding(Fault.REPEATED, seq, f"event {seq} stands behind event {before.seq}")
    if event.previous != before.hash:
        yield Finding(Fault.BROKEN_LINK, seq, f"event {seq} does not follow from the event before it")
    text = _canonical(seq, event.at, (event.actor, event.action, event.subject), event.details)
    if event.hash != _hash(event.previous, text):
        yield Finding(Fault.ALTERED, seq, f"event {seq} is not what it was when it was written")


def _unwitnessed(expected: Witness, head: Witness) -> Finding:
    if expected.seq > head.seq:
        words = f"the trail ends at event {head.seq}, the witness saw event {expected.seq}"
        return Finding(Fault.TRUNCATED, expected.seq, words)
    words = f"event {expected.seq} is missing or is not the one the witness saw: what led to it was rewritten"
    return Finding(Fault.REWRITTEN, expected.seq, words)


def details_from(data: object) -> Details:
    """Details as JSON has them, a list of lists of two strings. Raises ValueError for any other shape."""
    return tuple(_pair(pair) for pair in (data if isinstance(data, list) else [data]))


def _pair(data: object) -> tuple[str, str]:
    match data:
        case [str(name), str(value)]:
            return name, value
    message = "details are pairs of a name and a value"
    raise ValueError(message)


def as_text(moment: datetime) -> str:
    """A moment as it is hashed and exported: UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(seq: int, at: datetime, words: tuple[str, str, str], details: Details) -> str:
    return json.dumps([seq, as_text(at), *words, details], separators=(",", ":"))


def _hash(previous: str, canonical: str) -> str:
    # What somebody else put into the database may be no ASCII; it is hashed like the rest, and found.
    return hashlib.sha256(f"{previous}{canonical}".encode("utf-8", "replace")).hexdigest()


def _fits(name: str, value: str) -> bool:
    one_word = _DETAIL_VALUE.fullmatch(value) is not None and len(value) <= MOST_VALUE
    return one_word or (name == _PHRASE and "@" not in value and _plain(value, MOST_VALUE))


def _plain(text: str, most: int) -> bool:
    return len(text) <= most and not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text)
