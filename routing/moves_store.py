"""Where originals were moved, are to be moved, and were put back: the outbox as read by who asks where they lie."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from core.db import in_parts
from ingest.store import DeliveryRow
from routing.effect import EffectKind
from routing.outbox_store import CANCELLED, OVERTAKEN, PENDING, PERFORMED, OutboxRow, of_delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an original was brought to; `after` is the key of the move if it is not known yet whether it happened."""

    folder: str
    after: str | None = None


def place_of(session: Session, delivery_id: int) -> Place | None:
    """Where we have moved, or may have moved, an original; None while it lies in its inbox, or was put back there."""
    rows = [
        row
        for row in of_delivery(session, delivery_id)
        if (row.kind in {EffectKind.MOVE, EffectKind.RESTORE} and row.state == PERFORMED)
        or (row.kind == EffectKind.MOVE and row.state == PENDING and row.attempts > 0)
    ]
    if not rows or rows[-1].kind == EffectKind.RESTORE:
        return None
    return Place(folder=rows[-1].target, after=rows[-1].key if rows[-1].state == PENDING else None)


def put_back(session: Session, delivery_ids: Iterable[int]) -> frozenset[int]:
    """Those of these deliveries that were put back into their inbox, or may have been: an attempt has begun."""
    query = select(OutboxRow.delivery_id).where(
        OutboxRow.delivery_id.in_(list(delivery_ids)),
        OutboxRow.kind == EffectKind.RESTORE,
        OutboxRow.attempts > 0,
        OutboxRow.state.in_([PENDING, PERFORMED]),
    )
    return frozenset(session.scalars(query))


def moved_before(session: Session, mailbox: str, folder: str, prints: Iterable[str]) -> dict[str, int]:
    """By fingerprint, how many identical messages of this mailbox were moved to `folder`, and not put back from it."""
    back = aliased(OutboxRow)
    left = select(back.id).where(
        *(back.delivery_id == OutboxRow.delivery_id, back.kind == EffectKind.RESTORE, back.target == folder),
        back.state.in_([PERFORMED, OVERTAKEN]),
    )
    query = (
        select(DeliveryRow.fingerprint, func.count())
        .join(OutboxRow, OutboxRow.delivery_id == DeliveryRow.id)
        .where(
            DeliveryRow.mailbox == mailbox,
            DeliveryRow.fingerprint.in_(list(prints)),
            OutboxRow.kind == EffectKind.MOVE,
            OutboxRow.target == folder,
            OutboxRow.state == PERFORMED,
            ~left.exists(),
        )
        .group_by(DeliveryRow.fingerprint)
    )
    return {print_: count for print_, count in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy


def performed_moves(session: Session, delivery_ids: Iterable[int]) -> dict[int, str]:
    """By delivery, the folder that its newest performed move brought it to; of an erased one it is of no concern."""
    query = (
        select(OutboxRow)
        .join(DeliveryRow, DeliveryRow.id == OutboxRow.delivery_id)
        .where(OutboxRow.delivery_id.in_(list(delivery_ids)), DeliveryRow.erased_at.is_(None))
        .where(OutboxRow.kind == EffectKind.MOVE, OutboxRow.state == PERFORMED)
    )
    return {row.delivery_id: row.target for row in session.scalars(query.order_by(OutboxRow.id))}


def waiting(session: Session, mailbox: str, *, now: datetime) -> frozenset[int]:
    """The deliveries of this mailbox that wait for a time that was decided on."""
    query = select(OutboxRow.delivery_id).where(
        OutboxRow.mailbox == mailbox, OutboxRow.state == PENDING, OutboxRow.not_before > now
    )
    return frozenset(session.scalars(query))


def owed_moves(session: Session, mailbox: str) -> frozenset[int]:
    """The UIDs of this mailbox's messages that are still to be moved."""
    query = (
        select(DeliveryRow.uid)
        .join(OutboxRow, OutboxRow.delivery_id == DeliveryRow.id)
        .where(OutboxRow.mailbox == mailbox, OutboxRow.kind == EffectKind.MOVE, OutboxRow.state == PENDING)
    )
    return frozenset(session.scalars(query))


def unverified_moves(session: Session, mailbox: str) -> dict[str, dict[int, int]]:
    """By folder, the performed moves whose copy no reconciliation has seen yet: delivery id by effect id.

    Not of what is, or will be, put back.
    """
    back = aliased(OutboxRow)
    returns = (back.delivery_id == OutboxRow.delivery_id, back.kind == EffectKind.RESTORE, back.state != CANCELLED)
    query = select(OutboxRow).where(
        OutboxRow.mailbox == mailbox,
        OutboxRow.kind == EffectKind.MOVE,
        OutboxRow.state == PERFORMED,
        OutboxRow.verified_at.is_(None),
        ~select(back.id).where(*returns).exists(),
    )
    found: dict[str, dict[int, int]] = {}
    for row in session.scalars(query.order_by(OutboxRow.id)):
        found.setdefault(row.target, {})[row.id] = row.delivery_id
    return found


def mark_verified(session: Session, effect_ids: Iterable[int], *, now: datetime) -> None:
    """Record that these moves' copies have been seen; people may do with them what they like from here on."""
    for part in in_parts(effect_ids):
        session.execute(update(OutboxRow).where(OutboxRow.id.in_(part)).values(verified_at=now))
