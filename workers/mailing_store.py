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
    UNCERTAIN = "perhaps sent"  # the relay will not take it, but may have taken an earlier try
    FAILED = "came back"
    WITHHELD = "not sent"  # its address is no longer the person's


LOST = frozenset({Fate.FAILED, Fate.WITHHELD})
"""What is final: it did not reach the person."""


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
    doubtful: Mapped[bool]  # whether a try has begun, or got no answer, that the relay may have taken
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # when it was sent; else when it was known not to be
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
    fate: Fate = Fate.WAITING
    attempts: int = 0
    doubtful: bool = False


def owe(session: Session, mailing: Mailing, *, now: datetime) -> None:
    """Owe the sending of a letter."""
    row = {name: getattr(mailing, name) for name in Mailing.__slots__}
    session.execute(insert(MailingRow), [{**row, "owed_at": now, "due_at": now}])


def waiting(session: Session, *, now: datetime, limit: int = 50) -> Sequence[Mailing]:
    """Letters to be sent now, the longest waiting first."""
    query = select(MailingRow).where(MailingRow.fate == Fate.WAITING, MailingRow.due_at <= now)
    rows = session.scalars(query.order_by(MailingRow.due_at, MailingRow.id).limit(limit))
    return [_mailing(row) for row in rows]


def waiting_since(session: Session, keys: Sequence[str], moment: datetime) -> Sequence[Mailing]:
    """Those of these letters that still wait, and were owed at this moment already."""
    late = (MailingRow.fate == Fate.WAITING) & (MailingRow.owed_at <= moment)
    query = select(MailingRow).where(MailingRow.key.in_(keys), late).order_by(MailingRow.id)
    return [_mailing(row) for row in session.scalars(query)]


def begun(session: Session, key: str, *, due_at: datetime) -> bool:
    """Note the attempt before it is made; it is tried again at `due_at` unless its fate is known by then.

    False if it is not to be sent any longer. Until `not_taken` says otherwise, the relay may have taken it.
    """
    begun = (
        update(MailingRow)
        .where(MailingRow.key == key, MailingRow.fate == Fate.WAITING)
        .values(attempts=MailingRow.attempts + 1, doubtful=True, due_at=due_at)
        .returning(MailingRow.id)
    )
    return session.execute(begun).first() is not None


def not_taken(session: Session, mailing: Mailing) -> None:
    """Note that the relay certainly did not take the letter at the last attempt; of earlier ones that says nothing."""
    session.execute(update(MailingRow).where(MailingRow.key == mailing.key).values(doubtful=mailing.doubtful))


def postpone(session: Session, keys: Sequence[str], *, due_at: datetime) -> None:
    """Let these wait, though nothing was tried: the relay takes no letter at present."""
    session.execute(update(MailingRow).where(MailingRow.key.in_(keys)).values(due_at=due_at))


def settle(session: Session, key: str, fate: Fate, error: str = "", *, now: datetime) -> bool:
    """Note what became of a letter; False if that was known already."""
    sent = func.coalesce(MailingRow.settled_at, now)
    settled = session.execute(
        update(MailingRow)
        .where(MailingRow.key == key, MailingRow.fate != fate, MailingRow.fate.not_in(LOST))
        .values(fate=fate, settled_at=sent, last_error=storable(error, 500) or None)
        .returning(MailingRow.id)
    )
    return settled.first() is not None


def automatic(session: Session, address: str, *, since: datetime) -> tuple[datetime | None, ...]:
    """When each automatic letter to this canonical address went out after `since`; None for one still to be sent."""
    query = select(MailingRow.settled_at).where(
        *(MailingRow.automatic_to == address, MailingRow.fate != Fate.WITHHELD),
        MailingRow.settled_at.is_(None) | (MailingRow.settled_at > since),
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
    values = {name: getattr(row, name) for name in Mailing.__slots__}
    return Mailing(**{**values, "fate": Fate(row.fate)})
