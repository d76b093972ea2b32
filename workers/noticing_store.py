"""Notices that decisions owe: what a writer is to be told under a restriction, if the case says that it is time to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId, storable
from ingest.store import DeliveryRow
from policies.vocabulary import LetterKind
from routing.action import Notice


class Fate(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    ISSUED = "issued"  # as a letter of the case, which is sent like any other
    SPARED = "spared"  # it was not the time, or it could not be


class NoticeRow(Base):
    """One notice owed because of one message; `why` says what spared the writer from it, or for what it waits."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("delivery_id", "restriction_ref", "letter"),
        Index("ix_notice_state", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    case_ref: Mapped[str] = mapped_column(String(50), index=True)
    restriction_ref: Mapped[str] = mapped_column(String(50))
    letter: Mapped[str] = mapped_column(String(30))
    by: Mapped[str | None] = mapped_column(String(100))  # the officer whose answer owes it; None: the rules
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(500))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A notice on its way."""

    id: int
    delivery_id: int
    case_ref: str
    restriction_ref: str
    letter: LetterKind
    by: str | None
    attempts: int


def owe(session: Session, delivery_id: int, notices: Sequence[Notice], *, now: datetime, by: str | None = None) -> None:
    """Owe these because of one message; what is owed because of it already is not owed twice."""
    query = select(NoticeRow.restriction_ref, NoticeRow.letter).where(NoticeRow.delivery_id == delivery_id)
    known = {(ref, letter) for ref, letter in session.execute(query)} if notices else set()
    fresh = {(notice.restriction, str(notice.letter)): notice for notice in notices}
    rows = [
        {
            "delivery_id": delivery_id,
            "case_ref": notice.case,
            "restriction_ref": notice.restriction,
            "letter": str(notice.letter),
            "by": by,
            "state": Fate.WAITING,
            "attempts": 0,
            "due_at": now,
        }
        for key, notice in fresh.items()
        if key not in known
    ]
    if rows:
        session.execute(insert(NoticeRow), rows)


def waiting(session: Session, *, now: datetime, limit: int = 50) -> tuple[Owed, ...]:
    """Notices whose time has come, the oldest first."""
    query = select(NoticeRow).where(NoticeRow.state == Fate.WAITING, NoticeRow.due_at <= now)
    return tuple(_owed(row) for row in session.scalars(query.order_by(NoticeRow.due_at, NoticeRow.id).limit(limit)))


def begun(session: Session, owed: Owed, *, due_at: datetime) -> None:
    """Note an attempt; it is made again at `due_at` unless the notice is settled by then."""
    values = {"attempts": owed.attempts + 1, "due_at": due_at, "why": None}
    session.execute(update(NoticeRow).where(_waits(owed.id)).values(values))


def put_off(session: Session, owed: Owed, why: str, *, until: datetime) -> None:
    """Let a notice wait for what is no failure: the attempt that found it so is not counted."""
    values = {"attempts": owed.attempts, "due_at": until, "why": storable(why, 500)}
    session.execute(update(NoticeRow).where(_waits(owed.id)).values(values))


def still_waits(session: Session, notice_id: int) -> bool:
    """Whether nobody has settled a notice meanwhile; nobody else does before this transaction ends."""
    return session.scalar(select(NoticeRow.id).where(_waits(notice_id)).with_for_update()) is not None


def settle(session: Session, notice_id: int, fate: Fate, *, now: datetime, why: str | None = None) -> None:
    """Note what became of a notice."""
    values = {"state": fate, "why": storable(why, 500) if why else None, "settled_at": now}
    session.execute(update(NoticeRow).where(NoticeRow.id == notice_id).values(values))


def forestall(session: Session, row: DeliveryRow, owed: Sequence[Notice], *, now: datetime, by: str) -> None:
    """Settle what waits because of this message, or of what it was before it came back; not what is still owed."""
    letters = {(notice.restriction, str(notice.letter)) for notice in owed}
    earlier = select(DeliveryRow.id).where(_alike(row), DeliveryRow.mailbox == row.mailbox, DeliveryRow.id <= row.id)
    query = select(NoticeRow).where(NoticeRow.state == Fate.WAITING, NoticeRow.delivery_id.in_(earlier))
    for found in session.scalars(query.with_for_update()):
        if found.delivery_id != row.id or (found.restriction_ref, found.letter) not in letters:
            settle(session, found.id, Fate.SPARED, now=now, why=f"forestalled by {by}'s answer")


def issued_because_of(session: Session, row: DeliveryRow, case_ref: str) -> tuple[int, ...]:
    """The deliveries of the same message, in whichever mailbox, because of which this case was sent a notice."""
    query = select(NoticeRow.delivery_id).join(DeliveryRow, DeliveryRow.id == NoticeRow.delivery_id)
    issued = query.where(NoticeRow.case_ref == case_ref, NoticeRow.state == Fate.ISSUED, _alike(row))
    return tuple(session.scalars(issued.order_by(NoticeRow.id)))


def issued_since(session: Session, mailbox: str, moment: datetime) -> int:
    """How many notices were issued since then because of mail to this mailbox."""
    query = (
        select(func.count())
        .select_from(NoticeRow)
        .join(DeliveryRow, DeliveryRow.id == NoticeRow.delivery_id)
        .where(DeliveryRow.mailbox == mailbox, NoticeRow.state == Fate.ISSUED, NoticeRow.settled_at > moment)
    )
    return session.scalar(query) or 0


def erase(session: Session, case_ref: str) -> None:
    """Remove every notice of a case."""
    session.execute(delete(NoticeRow).where(NoticeRow.case_ref == case_ref))


def of_delivery(session: Session, delivery_id: int) -> tuple[NoticeRow, ...]:
    """Every notice that one message led to, in order."""
    return tuple(session.scalars(select(NoticeRow).where(NoticeRow.delivery_id == delivery_id).order_by(NoticeRow.id)))


def _waits(notice_id: int) -> ColumnElement[bool]:
    return (NoticeRow.id == notice_id) & (NoticeRow.state == Fate.WAITING)


def _alike(row: DeliveryRow) -> ColumnElement[bool]:
    """Deliveries of one message; without a Message-ID, letters that only begin alike need not be the same."""
    same = DeliveryRow.letter_key == row.letter_key
    return same if row.message_id else same & (DeliveryRow.fingerprint == row.fingerprint)


def _owed(row: NoticeRow) -> Owed:
    fields = (name for name in Owed.__slots__ if name != "letter")
    return Owed(letter=LetterKind(row.letter), **{name: getattr(row, name) for name in fields})
