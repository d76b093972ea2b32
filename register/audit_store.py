"""The audit trail in the database: written in the transaction of what it tells of, and only ever appended to.

Append last in a transaction: on PostgreSQL every other writer of the trail waits from then until its end.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Database, RowId
from register.audit import (
    MOST_ACTOR,
    MOST_SUBJECT,
    START,
    AuditEntry,
    AuditEvent,
    Details,
    Witness,
    chained,
    details_from,
)

PART = 1_000  # events read in one transaction
_LOCK = int.from_bytes(b"mc-audit")  # any number that nobody else locks


class AuditRow(Base):
    """One event; `migrations.guards` refuses to change or delete it, or to add one that does not follow the last."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(MOST_ACTOR))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(MOST_SUBJECT), index=True)
    details: Mapped[str] = mapped_column(Text)  # a JSON array of pairs, read by us so that a damaged one can be told
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


_COLUMNS = AuditRow.__table__.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events a report is about: from `since` up to, not including, `until`; None does not restrict."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    action: str | None = None
    subject: str | None = None


def append(session: Session, entries: Sequence[AuditEntry], *, now: datetime) -> None:
    """Add to the trail what the rest of this transaction does; it is noted if, and only if, that is committed."""
    if not entries:
        return
    if session.connection().dialect.name == "postgresql":
        # A statement of its own: the head is read by the next one, which sees what the last holder committed.
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = head(session)
    rows = []
    for entry in entries:
        event = chained(last, entry, at=now)
        rows.append(_row(event))
        last = event.witness
    session.execute(insert(AuditRow), rows)


def head(session: Session) -> Witness:
    """The newest event, as a witness to keep; START before the first."""
    row = session.execute(select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)).first()
    return START if row is None else Witness(row.seq, row.hash)


def events(session: Session, *, after: int = 0, limit: int = PART) -> tuple[AuditEvent, ...]:
    """At most `limit` events with numbers above `after`, in order."""
    return _read(session, select(*_COLUMNS).where(AuditRow.seq > after).limit(limit))


def trail(database: Database, *, after: int = 0, last: int | None = None) -> Iterator[AuditEvent]:
    """Every event above `after` up to and including `last`, however many; no transaction stays open in between."""
    while True:
        with database.transaction() as session:
            part = events(session, after=after)
        if not part:
            return
        for event in part:
            if last is not None and event.seq > last:
                return
            yield event
        after = part[-1].seq


def of_subject(session: Session, ref: str) -> tuple[AuditEvent, ...]:
    """Everything done with one reference, by anybody."""
    return report(session, Wanted(subject=ref))


def report(session: Session, wanted: Wanted) -> tuple[AuditEvent, ...]:
    """Who looked at what and who changed what, in order: the information asset owner's report (row 1.53)."""
    query = select(*_COLUMNS)
    if wanted.since is not None:
        query = query.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditRow.at < wanted.until)
    equal = {AuditRow.actor: wanted.actor, AuditRow.action: wanted.action, AuditRow.subject: wanted.subject}
    for column, value in equal.items():
        if value is not None:
            query = query.where(column == value)
    return _read(session, query)


def span(session: Session, *, since: datetime | None, until: datetime | None) -> tuple[Witness, int]:
    """The unbroken stretch that has every event of a period: the point before its first event, and its last number.

    Clocks differ between machines, so events just outside the period may lie within the stretch.
    """
    last = select(func.max(AuditRow.seq))
    end = session.scalar(last if until is None else last.where(AuditRow.at < until)) or 0
    if since is None:
        return START, end
    first = session.scalar(select(func.min(AuditRow.seq)).where(AuditRow.at >= since))
    before = head(session) if first is None else _witness(session, first - 1)
    return before, max(before.seq, end)


def _witness(session: Session, seq: int) -> Witness:
    found = session.scalar(select(AuditRow.hash).where(AuditRow.seq == seq))
    return START if found is None else Witness(seq, found)


def _read(session: Session, query: Select[Any]) -> tuple[AuditEvent, ...]:
    return tuple(_event(row) for row in session.execute(query.order_by(AuditRow.seq)))


def _event(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        details=_details(row.details),
        previous=row.previous,
        hash=row.hash,
    )


def _row(event: AuditEvent) -> dict[str, Any]:
    row = {column.name: getattr(event, column.name) for column in _COLUMNS}
    return {**row, "details": json.dumps(event.details)}


def _details(text: str) -> Details:
    """What was stored; anything else is handed on as it is, so that `verify` finds it altered."""
    try:
        return details_from(json.loads(text))
    except (ValueError, RecursionError):
        return (("damaged", text),)
