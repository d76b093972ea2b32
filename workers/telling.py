"""Tells the whole story of one message, in sentences and in order: received, decided, done, asked, answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from core import ids
from core.db import Session
from core.settings import Settings
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import DeliveryState
from ingest.details import MessageDetails
from ingest.message import Message
from ingest.parse import details, read
from register import case_store
from register.casework.steps import LetterIssued
from routing import joined_store, outbox_store, review_store
from routing import store as decisions
from routing.abuse import HIDDEN, may_upset
from routing.effect import EffectKind
from workers import mailing_store, noticing_store
from workers.noticing_store import Fate
from workers.rehearsing import in_words
from workers.runtime import Runtime

_VERBS = {
    EffectKind.SEND: ("Sent to", "send to"),
    EffectKind.APPEND: ("Appended to", "append to"),
    EffectKind.MOVE: ("Moved to", "move to"),
    EffectKind.RESTORE: ("Put back from", "put back from"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a message."""

    at: datetime
    words: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All of it; `message` and `details` are there where its bytes were kept.

    What may be abusive is not told unless it is revealed: `hidden` says that there is such a thing, `quoted` is why.
    """

    ref: str
    mailbox: str
    outcome: str
    message: Message | None
    details: MessageDetails | None
    events: tuple[Event, ...]
    quoted: str = ""
    hidden: bool = False

    @property
    def may_upset(self) -> bool:
        """Whether there is, or would be, something to take care of."""
        return self.hidden or bool(self.quoted)

    @property
    def subject(self) -> str | None:
        """What the writer called it, if that may be shown."""
        if self.message is None:
            return None
        return HIDDEN if self.hidden else self.message.subject

    @property
    def own_words(self) -> str | None:
        """What the writer wrote, if that may be shown."""
        if self.message is None:
            return None
        return HIDDEN if self.hidden else self.message.own_text

    def as_data(self) -> dict[str, Any]:
        """The story as JSON can hold it."""
        return {
            "message": self.ref,
            "mailbox": self.mailbox,
            "outcome": self.outcome,
            "from": [address.addr_spec for address in self.message.from_] if self.message else None,
            "subject": self.subject,
            "events": [{"at": event.at, "what": event.words, "details": list(event.details)} for event in self.events],
        }


def tell(runtime: Runtime, delivery_id: int, *, revealed: bool = False) -> Story | None:
    """The story of one delivery, or None if the ledger has no such delivery."""
    with runtime.database.transaction() as session:
        return told(session, runtime.settings, delivery_id, revealed=revealed)


def told(session: Session, settings: Settings, delivery_id: int, *, revealed: bool = False) -> Story | None:
    """The same, within a transaction that reads more than this."""
    row = ledger.delivery(session, delivery_id)
    if row is None:
        return None
    raw = content_store.get(session, row.content) if row.content else None
    trusted = settings.council.authserv_id
    quoted = _quoted(decisions.history(session, row.id))
    return Story(
        ref=ids.message_ref(delivery_id),
        mailbox=settings.mailboxes[row.mailbox].address if row.mailbox in settings.mailboxes else row.mailbox,
        outcome=_outcome(row),
        message=None if raw is None else read(raw, trusted_authserv_id=trusted, whole=True),
        details=None if raw is None else details(raw),
        events=events_of(session, row, revealed=revealed),
        quoted=quoted if revealed else "",
        hidden=bool(quoted) and not revealed,
    )


def _quoted(made: tuple[decisions.DecisionRow, ...]) -> str:
    """What of the letter its decisions repeat that may upset, each once."""
    reasons = (reason for row in made for reason in decisions.decision_of(row).reasons)
    return " ".join(dict.fromkeys(reason.words for reason in reasons if may_upset(reason)))


def events_of(session: Session, row: ledger.DeliveryRow, *, revealed: bool = False) -> tuple[Event, ...]:
    """What happened to a delivery, in order; its bytes are not looked at."""
    made = decisions.history(session, row.id)
    events = [*_received(row), *_decided(made, revealed=revealed)]
    events += _done(outbox_store.of_delivery(session, row.id), made)
    events += _asked(joined_store.of_delivery(session, row.id))
    events += _told(session, noticing_store.of_delivery(session, row.id))
    events += _settled(row)
    return tuple(sorted(events, key=lambda event: event.at))


def _outcome(row: ledger.DeliveryRow) -> str:
    if row.state == DeliveryState.SETTLED:
        return row.disposition or ""
    if row.shunted_at is not None:
        return f"shunted after {row.attempts} attempts; it lies in its inbox"
    return "decided, being carried out" if row.state == DeliveryState.DECIDED else "waiting to be decided"


def _received(row: ledger.DeliveryRow) -> Iterator[Event]:
    yield Event(at=row.received_at, words=f"The council received it ({row.size:,} bytes) in {row.folder}.")
    yield Event(at=row.recorded_at, words=f"It was recorded: UIDVALIDITY {row.uidvalidity}, UID {row.uid}.")
    if row.last_error:
        yield Event(at=row.recorded_at, words=f"An attempt failed: {row.last_error}")


def _settled(row: ledger.DeliveryRow) -> Iterator[Event]:
    if row.settled_at is not None:
        yield Event(at=row.settled_at, words=f"It has its disposition: {row.disposition}.")
    if row.erased_at is not None:
        yield Event(at=row.erased_at, words="All that was kept of this message was erased.")


def _decided(rows: tuple[decisions.DecisionRow, ...], *, revealed: bool) -> Iterator[Event]:
    for row in rows:
        decision = decisions.decision_of(row)
        by = row.decided_by or "the rules"
        cited = ", ".join(row.register_versions) or "none"
        versions = f"Policy {row.policy_version}; model {row.model_version}; register entries {cited}."
        reasons = tuple(
            f"{reason.words if revealed or not may_upset(reason) else HIDDEN} [{reason.code}]"
            for reason in decision.reasons
        )
        yield Event(at=row.decided_at, words=f"Decided by {by}: {in_words(decision)}.", details=(*reasons, versions))


def _done(rows: tuple[outbox_store.OutboxRow, ...], made: tuple[decisions.DecisionRow, ...]) -> Iterator[Event]:
    for row in rows:
        done, to_do = _VERBS[EffectKind(row.kind)]
        trouble = f"; last trouble: {row.last_error}" if row.last_error else ""
        tried = f"{to_do} {row.target}, {row.attempts} attempt{'' if row.attempts == 1 else 's'}{trouble}."
        match row.state:
            case outbox_store.PERFORMED:
                yield Event(at=row.performed_at or row.due_at, words=f"{done} {row.target}: {row.evidence}.")
            case outbox_store.OVERTAKEN:
                words = f"Not {done[:1].lower()}{done[1:]} {row.target}: {row.evidence}."
                yield Event(at=row.performed_at or row.due_at, words=words)
            case outbox_store.CANCELLED:
                over = next((one.decided_at for one in made if one.id > row.decision_id), row.due_at)
                yield Event(at=over, words=f"No longer owed: {tried}")
            case _:
                yield Event(at=row.not_before or row.due_at, words=f"Still owed: {tried}")
        if row.returned_at is not None:
            yield Event(at=row.returned_at, words=f"It did not reach {row.target}: a mail system returned it.")


def _told(session: Session, rows: tuple[noticing_store.NoticeRow, ...]) -> Iterator[Event]:
    for row in rows:
        yield Event(at=row.settled_at or row.due_at, words=_of_notice(session, row))


def _of_notice(session: Session, row: noticing_store.NoticeRow) -> str:
    letter = f"the {row.letter} letter of {row.case_ref}"
    match Fate(row.state):
        case Fate.SPARED:
            return f"The writer is not told ({row.letter} letter of {row.case_ref}): {row.why}."
        case Fate.WAITING:
            return f"Still owed: {letter}." + (f" It waits: {row.why}." if row.why else "")
        case Fate.ISSUED:
            return f"{_told_or_not(_fate_of_letter(session, row))}: {letter}."
        case fate:
            assert_never(fate)


def _told_or_not(fate: str) -> str:
    match fate:
        case mailing_store.Fate.SENT:
            return "The writer is told what applies"
        case mailing_store.Fate.UNCERTAIN:
            return "It is not known whether the writer has been told what applies (the relay gave no answer)"
        case _:
            return f"The writer has not been told what applies ({fate})"


def _fate_of_letter(session: Session, notice: noticing_store.NoticeRow) -> str:
    """What has become of the letter that a notice was issued as."""
    case, ref = case_store.case(session, notice.case_ref), ids.message_ref(notice.delivery_id)
    issued = case.of(LetterIssued) if case is not None else ()
    number = next((one.number for one in issued if (one.record.message, one.record.letter) == (ref, notice.letter)), 0)
    return mailing_store.of_case(session, notice.case_ref).get(number, mailing_store.Fate.SENT)


def _asked(rows: tuple[review_store.ReviewRow, ...]) -> Iterator[Event]:
    for row in rows:
        yield Event(at=row.raised_at, words=f"A person is asked (item {row.id}, {row.kind}): {row.question}")
        if row.closed_at is not None:
            said = f" “{row.note}”" if row.note else ""
            yield Event(at=row.closed_at, words=f"Item {row.id} was answered by {row.closed_by}: {row.outcome}.{said}")
