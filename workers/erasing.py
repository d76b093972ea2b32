"""Erases closed cases whose retention is over, with their mail as far as it is held here (rows 1.83, 2.39).

What stays is the audit trail, that the case was erased, and a tombstone of each delivery, by which its message is known
again. What lies in the council's mailboxes is not touched: no action of this product deletes mail. The preview says
where it lies, so that a person can.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.db import Session
from ingest import content_store
from ingest.delivery import DeliveryState
from register import audit_store, case_store, due_store, officer_store, others_store
from register import store as register
from register.audit import AuditAction
from register.casework.due import Due, DueKind
from register.casework.refusal import Objection, RefusedError, against, plainly, titles
from register.casework.standing import Standing
from register.casework.steps import LetterIssued
from register.dates import day_of
from register.projection import Ground, entry_of, listing_of
from register.recording import Desk
from routing import erasure_store, history_store
from workers import mailing_store, noticing_store
from workers.entombing import entomb, kept_of, remaining
from workers.holding import Holding, holding
from workers.mailing_store import Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasable:
    """What erasing one case takes away, and what not: `remaining` tells where copies lie in mailboxes.

    `kept_bytes` are of messages and what was sent of them; `shared` messages stay because another case needs them.
    """

    ref: str
    version: int
    closed_on: date | None
    due_on: date | None
    clause: str
    records: int
    letters: int
    messages: int
    kept_bytes: int
    shared: int
    remaining: tuple[str, ...]
    obstacles: tuple[Objection, ...]


def erasable(session: Session, desk: Desk) -> list[Erasable]:
    """Every case whose retention is over today, with what still keeps it from being erased; that it was read is noted.

    Raises RefusedError for anybody but the information asset owner (row 1.53).
    """
    require_asset_owner(desk, "register")
    found = [foreseen(session, desk, holding(session, ref)) for ref in due_refs(session, desk)]
    due = [item for item in found if item.due_on is not None and item.due_on <= day_of(desk.now)]
    note = desk.note(AuditAction.ERASURE_PREVIEWED, "register", cases=str(len(due)))
    audit_store.append(session, [note], now=desk.now)
    return due


def due_refs(session: Session, desk: Desk) -> tuple[str, ...]:
    """The cases whose retention is over as their deadlines were last read off them."""
    due = due_store.due(session, day_of(desk.now), desk.calendar)
    return tuple(item.ref for item in due if item.kind is DueKind.RETENTION)


def erase(session: Session, desk: Desk, ref: str, *, seen: int | None = None) -> Erasable:
    """Erase a case and its mail, all of it in this transaction; returns what was there.

    Everything is looked at anew here, whatever a preview said. `seen` is the version the officer was looking at.
    Raises UnknownCaseError; ConflictError where something was recorded since; and RefusedError where it is not due,
    where something is still to be done about it, and for anybody but the information asset owner.
    """
    require_asset_owner(desk, ref)
    case_store.lock(session, [ref])
    held = holding(session, ref)
    if seen is not None and seen != held.case.version:
        raise case_store.ConflictError(ref, seen, held.case.version)
    found = foreseen(session, desk, held)
    if found.obstacles:
        raise RefusedError(ref, "erasure", desk.in_force.version, found.obstacles)
    entomb(session, held.own, erasure_store.WITH_ITS_CASE, now=desk.now)
    _erase_case(session, desk, found)
    return found


def require_asset_owner(desk: Desk, ref: str) -> None:
    """Refuse, with RefusedError about `ref`, anybody but the information asset owner (row 1.53)."""
    policy = desk.in_force
    if not desk.officer.active or not desk.officer.holds(policy.asset_owner.value):
        words = f"erasure is for {titles(policy, policy.asset_owner.value)}, and {desk.officer.username} is not"
        raise RefusedError(ref, "erasure", policy.version, (against(policy.asset_owner, words),))


def foreseen(session: Session, desk: Desk, held: Holding) -> Erasable:
    """What erasing this case would take away, and what speaks against it now."""
    due = _retention(session, desk, held.standing)
    closed = held.standing.closed
    return Erasable(
        ref=held.case.ref,
        version=held.case.version,
        closed_on=day_of(closed.at) if closed else None,
        due_on=due.on if due else None,
        clause=due.clause if due else desk.in_force.retention.period.clause,
        records=held.case.version,
        letters=len(held.case.of(LetterIssued)),
        messages=len(held.own),
        kept_bytes=sum(content_store.sizes(session, kept_of(session, held.own)).values()),
        shared=len(held.shared),
        remaining=remaining(session, held.own),
        obstacles=tuple(_obstacles(session, desk, held, due)),
    )


def _retention(session: Session, desk: Desk, standing: Standing) -> Due | None:
    ground = Ground(policy=desk.policy, calendar=desk.calendar, officers=officer_store.officers(session))
    dues = listing_of(standing, entry_of(standing, ground), ground).dues
    return next((due for due in dues if due.kind is DueKind.RETENTION), None)


def _obstacles(session: Session, desk: Desk, held: Holding, due: Due | None) -> Iterator[Objection]:
    yield from _too_early(desk, held.standing, due)
    owed = erasure_store.pending(session, held.own_ids) | {
        row.id for row in held.own if row.state != DeliveryState.SETTLED
    }
    if owed:
        yield plainly(f"{len(owed)} of its messages are still being dealt with: see `mailroom status`, and wait")
    unanswered = erasure_store.unanswered(session, held.own_ids)
    if unanswered:
        items = ", ".join(map(str, unanswered[:10]))
        yield plainly(f"people are asked about its messages and have not answered: decide items {items} first")
    waiting = [number for number, fate in mailing_store.of_case(session, held.case.ref).items() if fate == Fate.WAITING]
    if waiting:
        yield plainly(f"letters {', '.join(map(str, waiting))} wait to be sent")


def _too_early(desk: Desk, standing: Standing, due: Due | None) -> Iterator[Objection]:
    retention = desk.in_force.retention.period
    if standing.case.held:
        yield plainly("a legal hold keeps it: nothing is erased until the hold is lifted")
    elif standing.closed is None:
        yield against(retention, "it is not closed: only what has been closed for the whole period is erased")
    elif due is None:
        yield plainly("something in it is active, though it is closed: end that first")
    elif due.on > day_of(desk.now):
        yield Objection(f"it may be erased from {due.on:%d %B %Y}", due.clause)


def _erase_case(session: Session, desk: Desk, found: Erasable) -> None:
    mailing_store.erase(session, found.ref)
    noticing_store.erase(session, found.ref)
    erasure_store.erase_questions_about_case(session, found.ref)
    history_store.forget_case(session, found.ref)
    due_store.replace_dues(session, [found.ref], ())
    others_store.erase(session, found.ref)
    register.remove(session, [found.ref])
    row = case_store.ErasureRow(
        case_ref=found.ref,
        erased_at=desk.now,
        erased_by=desk.officer.username,
        policy=desk.in_force.version,
        events=found.records,
        messages=found.messages,
    )
    case_store.erase(session, row)
    counts = {"records": found.records, "letters": found.letters, "messages": found.messages, "bytes": found.kept_bytes}
    details = {name: str(count) for name, count in counts.items()}
    note = desk.note(AuditAction.ERASED, found.ref, policy=desk.in_force.version, **details)
    audit_store.append(session, [note], now=desk.now)
