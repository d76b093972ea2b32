"""Letters to people that go out by e-mail: rendered once, sent until it is known what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId, storable


class Fate(StrEnum):
    """What became of a letter."""

    WAITING = "waiting to be sent"
    SENT = "sent"
    FAILED = "came back"


class MailingRow(Base):
    """One letter of a case to one address; the key is in its Message-ID, by which a bounce is known again."""

    __tablename__ = "mailing"
    __table_args__ = (
        Index("ix_mailing_waiting", "fate", "due_at"),
        Index("ix_mailing_automatic_to", "automatic_to", "settled_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    case_ref: Mapped[str] = mapped_column(String(50), index=True)
    number: Mapped[int]
    recipient: Mapped[str] = mapped_column(String(320))
    rendered: Mapped[bytes] = mapped_column(LargeBinary)
    fate: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # when it was sent; else when it came back
    automatic_to: Mapped[str | None] = mapped_column(String(320))  # the canonical address; None: an officer's letter
    last_error: Mapped[str | None] = mapped_column(String(500))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """A letter on its way: record `number` of a case, for one address.

    `automatic_to` is the canonical form of that address where the software issued it, and counts against its caps.
    """

    key: str
    case_ref: str
    number: int
    recipient: str
    rendered: bytes
    automatic_to: str | None = None
    attempts: int = 0


def owe(session: Session, mailing: Mailing, *, now: datetime) -> None:
    """Owe the sending of a letter."""
    row = {name: getattr(mailing, name) for name in Mailing.__slots__}
    session.execute(insert(MailingRow), [{**row, "fate": Fate.WAITING, "due_at": now}])


def waiting(session: Session, *, now: datetime, limit: int = 50) -> Sequence[Mailing]:
    """Letters to be sent now, the longest waiting first."""
    query = select(MailingRow).where(MailingRow.fate == Fate.WAITING, MailingRow.due_at <= now)
    rows = session.scalars(query.order_by(MailingRow.due_at, MailingRow.id).limit(limit))
    return [_mailing(row) for row in rows]


def begun(session: Session, key: str, *, due_at: datetime) -> None:
    """Note the attempt before it is made; it is tried again at `due_at` unless its fate is known by then."""
    session.execute(
        update(MailingRow).where(MailingRow.key == key).values(attempts=MailingRow.attempts + 1, due_at=due_at)
    )


def settle(session: Session, key: str, fate: Fate, error: str = "", *, now: datetime) -> bool:
    """Note what became of a letter; False if that was known already."""
    sent = func.coalesce(MailingRow.settled_at, now)
    settled = session.execute(
        update(MailingRow)
        .where(MailingRow.key == key, MailingRow.fate != fate, MailingRow.fate != Fate.FAILED)
        .values(fate=fate, settled_at=sent, last_error=storable(error, 500) or None)
        .returning(MailingRow.id)
    )
    return settled.first() is not None


def automatic(session: Session, address: str, *, since: datetime) -> tuple[datetime | None, ...]:
    """When each automatic letter to this canonical address went out after `since`; None for one still to be sent."""
    query = select(MailingRow.settled_at).where(
        MailingRow.automatic_to == address, MailingRow.settled_at.is_(None) | (MailingRow.settled_at > since)
    )
    return tuple(session.scalars(query))


def with_keys(session: Session, keys: Sequence[str]) -> Sequence[Mailing]:
    """The letters with these keys."""
    if not keys:
        return ()
    return [_mailing(row) for row in session.scalars(select(MailingRow).where(MailingRow.key.in_(keys)))]


def of_case(session: Session, ref: str) -> dict[int, str]:
    """What became of the letters of a case, by the number of their record."""
    rows = session.scalars(select(MailingRow).where(MailingRow.case_ref == ref).order_by(MailingRow.id))
    return {row.number: row.fate for row in rows}


def recipients(session: Session, ref: str) -> dict[int, str]:
    """The address that each letter of a case was to go to, by the number of its record."""
    rows = session.execute(select(MailingRow.number, MailingRow.recipient).where(MailingRow.case_ref == ref))
    return {number: recipient for number, recipient in rows}  # noqa: C416 - a Row is no pair to the type checker


def erase(session: Session, ref: str) -> None:
    """Remove every letter of a case, with its address; a bounce that comes later is of nothing known."""
    session.execute(delete(MailingRow).where(MailingRow.case_ref == ref))


def _mailing(row: MailingRow) -> Mailing:
    return Mailing(**{name: getattr(row, name) for name in Mailing.__slots__})
