"""What falls due, in the database: read off each case when it changes, so that a list is one indexed query."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Index, Row, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId, in_parts
from policies.period import Period, Unit
from register.casework.deadlines import Due, DueKind, recomputed
from register.dates import WorkingCalendar

_SLACK = timedelta(days=30)  # a closure can move a deadline in working days by less than this


class DueRow(Base):
    """One deadline; `raised_at` once somebody was asked about it."""

    __tablename__ = "register_due"
    __table_args__ = (Index("ix_register_due_on", "due_on", "ref"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(100), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    due_on: Mapped[date]
    basis: Mapped[date]
    period: Mapped[str | None] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(String(1000))
    clause: Mapped[str] = mapped_column(String(1000))
    owner: Mapped[str | None] = mapped_column(String(300))
    once_come: Mapped[str | None] = mapped_column(String(1000))
    raised_at: Mapped[datetime | None]


_COLUMNS = DueRow.__table__.columns
_BESIDE_CASES = DueRow.kind.in_((DueKind.TRAINING, DueKind.POLICY_REVIEW))  # of an officer, of the policy


def replace_dues(session: Session, refs: Sequence[str], dues: Iterable[Due]) -> None:
    """What is due in these cases now; one that somebody was asked about already stays marked so."""
    _replace(session, DueRow.ref.in_(refs) & ~_BESIDE_CASES, dues)


def replace_dues_beside_cases(session: Session, dues: Iterable[Due]) -> None:
    """The same for all that officers and the policy itself have due; nothing is written where nothing changed."""
    now = tuple(dues)
    if {_due(row) for row in session.execute(select(*_COLUMNS).where(_BESIDE_CASES))} != set(now):
        _replace(session, _BESIDE_CASES, now)


def _replace(session: Session, which: ColumnElement[bool], dues: Iterable[Due]) -> None:
    asked = session.scalars(select(DueRow).where(which, DueRow.raised_at.is_not(None)))
    raised = {(row.ref, row.kind, row.basis): row.raised_at for row in asked}
    session.execute(delete(DueRow).where(which))
    rows = [{**_values(due), "raised_at": raised.get((due.ref, due.kind, due.basis))} for due in dues]
    if rows:
        session.execute(insert(DueRow), rows, execution_options={"render_nulls": True})  # else a statement for each


def due(session: Session, until: date, calendar: WorkingCalendar) -> Iterator[Due]:
    """Everything due in cases up to and including `until`, the longest overdue first, by today's calendar."""
    query = select(*_COLUMNS).where(DueRow.due_on <= until + _SLACK, ~_BESIDE_CASES)
    query = query.order_by(DueRow.due_on, DueRow.ref, DueRow.id)
    found = (_by_calendar(_due(row), calendar) for row in session.execute(query))
    return iter(sorted((item for item in found if item.on <= until), key=lambda item: (item.on, item.ref, item.kind)))


def not_yet_raised(session: Session, on: date, calendar: WorkingCalendar) -> Sequence[tuple[int, Due]]:
    """Deadlines that have come and that nobody was asked about yet, by row."""
    query = select(*_COLUMNS).where(DueRow.due_on <= on + _SLACK, DueRow.raised_at.is_(None))
    rows = session.execute(query.order_by(DueRow.due_on, DueRow.id))
    found = ((row.id, _by_calendar(_due(row), calendar)) for row in rows)
    return [(number, item) for number, item in found if item.on <= on]


def mark_raised(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Note that somebody was asked about these."""
    for part in in_parts(ids):
        session.execute(update(DueRow).where(DueRow.id.in_(part)).values(raised_at=now))


def _by_calendar(item: Due, calendar: WorkingCalendar) -> Due:
    counts_days = item.period is not None and item.period.unit is Unit.WORKING_DAYS
    return recomputed(item, calendar) if counts_days else item


def _values(item: Due) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "kind": item.kind,
        "due_on": item.on,
        "basis": item.basis,
        "period": None if item.period is None else str(item.period),
        "words": item.words[:1000],
        "clause": item.clause[:1000],
        "owner": item.owner,
        "once_come": None if item.once_come is None else item.once_come[:1000],
    }


def _due(row: Row[Any]) -> Due:
    return Due(
        kind=DueKind(row.kind),
        ref=row.ref,
        on=row.due_on,
        words=row.words,
        clause=row.clause,
        basis=row.basis,
        period=None if row.period is None else _period(row.period),
        owner=row.owner,
        once_come=row.once_come,
    )


_period = lru_cache(maxsize=64)(Period.parse)  # a council has a handful of them, and thousands of deadlines
