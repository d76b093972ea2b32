"""The ledger: one row per delivery, and the cursor of each mailbox."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import LONGEST_WAIT
from core.db import Base, RowId, in_parts, storable
from ingest.delivery import Arrival, Delivery, DeliveryState, Disposition, fingerprint, letter_key


class CursorRow(Base):
    """How far one folder has been read; `resync_until` is set while its UIDs are being learnt anew."""

    __tablename__ = "mailbox_cursor"

    mailbox: Mapped[str] = mapped_column(String(100), primary_key=True)
    folder: Mapped[str] = mapped_column(String(255), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)  # unsigned 32 bits: more than a signed INTEGER holds
    last_uid: Mapped[int] = mapped_column(BigInteger)
    resync_until: Mapped[int | None] = mapped_column(BigInteger)
    polled_at: Mapped[datetime]


class DeliveryRow(Base):
    """One message in one mailbox, from the poll that saw it to its disposition."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
        Index("ix_delivery_mailbox_fingerprint", "mailbox", "fingerprint"),
        Index("ix_delivery_state_mailbox", "state", "mailbox"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(100))
    folder: Mapped[str] = mapped_column(String(255))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(64))
    letter_key: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[str | None] = mapped_column(String(998))
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    disposition: Mapped[str | None] = mapped_column(String(20))
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int]  # counted before the work, so that a message that kills its worker is known for it
    retry_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    shunted_at: Mapped[datetime | None]
    content: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the bytes, where they are kept
    erased_at: Mapped[datetime | None]  # what is left is a tombstone, see `ingest.erasure_store`


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far one folder has been read."""

    uidvalidity: int
    last_uid: int
    resync_until: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """An arrival on its way into the ledger."""

    arrival: Arrival
    message_id: str | None


def cursor(session: Session, mailbox: str, folder: str) -> Cursor | None:
    """How far this folder has been read; None before the first poll."""
    row = session.get(CursorRow, (mailbox, folder))
    if row is None:
        return None
    return Cursor(uidvalidity=row.uidvalidity, last_uid=row.last_uid, resync_until=row.resync_until)


def set_cursor(session: Session, mailbox: str, folder: str, position: Cursor, *, now: datetime) -> None:
    """Move the cursor; in the same transaction as the rows it promises."""
    row = session.get(CursorRow, (mailbox, folder)) or CursorRow(mailbox=mailbox, folder=folder)
    row.uidvalidity, row.last_uid, row.resync_until = position.uidvalidity, position.last_uid, position.resync_until
    row.polled_at = now
    session.add(row)


def void_locators(session: Session, mailbox: str, folder: str) -> None:
    """Forget every UID of this folder, because the server gave out new ones; fingerprints find the messages again."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.mailbox == mailbox, DeliveryRow.folder == folder, DeliveryRow.uid > 0)
        .values(uid=-DeliveryRow.id)
    )


def relocate(
    session: Session, mailbox: str, folder: str, uidvalidity: int, arrivals: Sequence[Arrival]
) -> tuple[Arrival, ...]:
    """Give deliveries whose place is void their new UIDs, by fingerprint; the arrivals that are none of them come back.

    Only deliveries still expected in the folder are relocated: a copy of one that was moved away is a new delivery.
    """
    by_fingerprint: dict[str, list[DeliveryRow]] = {}
    prints = [fingerprint(arrival.prefix, arrival.size) for arrival in arrivals]
    query = select(DeliveryRow).where(
        DeliveryRow.mailbox == mailbox,
        DeliveryRow.folder == folder,
        DeliveryRow.uid < 0,
        DeliveryRow.fingerprint.in_(prints),
        or_(DeliveryRow.disposition.is_(None), DeliveryRow.disposition == Disposition.KEPT),
    )
    for row in session.scalars(query.order_by(DeliveryRow.id.desc())):
        by_fingerprint.setdefault(row.fingerprint, []).append(row)
    strangers: list[Arrival] = []
    for arrival, found in zip(arrivals, prints, strict=True):
        candidates = by_fingerprint.get(found)
        if candidates:
            row = candidates.pop()
            row.uidvalidity, row.uid = uidvalidity, arrival.uid
        else:
            strangers.append(arrival)
    session.flush()
    return tuple(strangers)


def record(
    session: Session, mailbox: str, selected: tuple[str, int], new: Sequence[NewDelivery], *, now: datetime
) -> tuple[Delivery, ...]:
    """Write arrivals into the ledger; `selected` is the folder's name and UIDVALIDITY. In order of the arrivals."""
    if not new:
        return ()
    rows = [_row(mailbox, selected, item, now) for item in new]
    returned = session.execute(insert(DeliveryRow).returning(DeliveryRow.uid, DeliveryRow.id), rows).all()
    ids = {uid: delivery_id for uid, delivery_id in returned}  # noqa: C416 - a Row is no pair to the type checker
    return tuple(_new_delivery(ids[row["uid"]], row) for row in rows)


def learn(session: Session, delivery_id: int, new: NewDelivery) -> Delivery:
    """Complete the row of a message that the server did not give when it was recorded."""
    row = session.get_one(DeliveryRow, delivery_id)
    row.fingerprint, row.letter_key = _keys(new)
    row.size, row.message_id, row.received_at = new.arrival.size, new.message_id, new.arrival.received_at
    return as_delivery(row)


def due_for_decision(session: Session, mailbox: str, *, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Deliveries recorded but not decided whose wait is over, fewest attempts first."""
    query = (
        select(DeliveryRow)
        .where(
            DeliveryRow.state == DeliveryState.RECORDED,
            DeliveryRow.mailbox == mailbox,
            or_(DeliveryRow.retry_at.is_(None), DeliveryRow.retry_at <= now, DeliveryRow.retry_at > now + LONGEST_WAIT),
        )
        .order_by(DeliveryRow.attempts, DeliveryRow.id)
        .limit(limit)
    )
    return tuple(as_delivery(row) for row in session.scalars(query))


def count_attempt(session: Session, ids: Iterable[int], *, retry_at: datetime) -> None:
    """Note that work on these begins, before it does; if it never ends, they wait until `retry_at`."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(list(ids)))
        .values(attempts=DeliveryRow.attempts + 1, retry_at=retry_at)
    )


def note_failure(session: Session, delivery_id: int, error: str, *, retry_at: datetime) -> None:
    """Remember why the last attempt failed and when to try again."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id == delivery_id)
        .values(last_error=storable(error, 500), retry_at=retry_at)
    )


def shunt(session: Session, delivery_id: int, *, now: datetime) -> None:
    """Mark a delivery that keeps failing; it stays in its inbox and is tried again, and a person is asked."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id == delivery_id, DeliveryRow.shunted_at.is_(None))
        .values(shunted_at=now)
    )


def mark_decided(session: Session, ids: Iterable[int]) -> None:
    """Their decision is committed with this; effects remain."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(list(ids)))
        .values(state=DeliveryState.DECIDED, retry_at=None, shunted_at=None)
    )


def settle(session: Session, ids: Iterable[int], disposition: Disposition, *, now: datetime) -> None:
    """Give deliveries their disposition."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(list(ids)))
        .values(state=DeliveryState.SETTLED, disposition=disposition, settled_at=now, retry_at=None, shunted_at=None)
    )


def attach_content(session: Session, delivery_id: int, digest: str) -> None:
    """Say which kept bytes are this delivery's."""
    session.execute(update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(content=digest))


def delivery(session: Session, delivery_id: int) -> DeliveryRow | None:
    """One row of the ledger, whole, for telling its story."""
    return session.get(DeliveryRow, delivery_id)


def of_mailbox(session: Session, mailbox: str) -> tuple[DeliveryRow, ...]:
    """Every delivery of one mailbox, in the order in which they were recorded."""
    return tuple(session.scalars(select(DeliveryRow).where(DeliveryRow.mailbox == mailbox).order_by(DeliveryRow.id)))


def deliveries(session: Session, ids: Iterable[int]) -> dict[int, Delivery]:
    """Deliveries by id."""
    parts = (session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(part))) for part in in_parts(ids))
    return {row.id: as_delivery(row) for rows in parts for row in rows}


def earlier_twins(session: Session, mailbox: str, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """For each (fingerprint, letter key) that the mailbox had before, the newest delivery that was decided."""
    query = (
        select(DeliveryRow.fingerprint, DeliveryRow.letter_key, func.max(DeliveryRow.id))
        .where(
            DeliveryRow.mailbox == mailbox,
            DeliveryRow.fingerprint.in_([fingerprint for fingerprint, _ in keys]),
            DeliveryRow.state != DeliveryState.RECORDED,
        )
        .group_by(DeliveryRow.fingerprint, DeliveryRow.letter_key)
    )
    found = {(print_, letter): newest for print_, letter, newest in session.execute(query)}
    return {key: found[key] for key in keys if key in found}


def known_uids(session: Session, mailbox: str, folder: str, uidvalidity: int, *, above: int = 0) -> frozenset[int]:
    """Every UID of this folder above this one that the ledger has."""
    query = select(DeliveryRow.uid).where(
        *(DeliveryRow.mailbox == mailbox, DeliveryRow.folder == folder, DeliveryRow.uidvalidity == uidvalidity),
        DeliveryRow.uid > above,
    )
    return frozenset(session.scalars(query))


def _row(mailbox: str, selected: tuple[str, int], new: NewDelivery, now: datetime) -> dict[str, Any]:
    folder, uidvalidity = selected
    arrival = new.arrival
    print_, letter = _keys(new)
    return {
        "mailbox": mailbox,
        "folder": folder,
        "uidvalidity": uidvalidity,
        "uid": arrival.uid,
        "fingerprint": print_,
        "letter_key": letter,
        "size": arrival.size,
        "message_id": new.message_id,
        "received_at": arrival.received_at,
        "recorded_at": now,
        "state": DeliveryState.RECORDED,
        "attempts": 1,  # deciding follows at once
    }


def _keys(new: NewDelivery) -> tuple[str, str]:
    """Fingerprint and letter key."""
    prefix = new.arrival.prefix
    return fingerprint(prefix, new.arrival.size), letter_key(prefix, new.message_id)


def _new_delivery(delivery_id: int, row: dict[str, Any]) -> Delivery:
    return Delivery(id=delivery_id, **{name: row[name] for name in _SHARED if name != "id"})


def as_delivery(row: DeliveryRow) -> Delivery:
    """What the rest of the product works with."""
    return Delivery(**{name: getattr(row, name) for name in _SHARED})


_SHARED = tuple(Delivery.__dataclass_fields__)
