"""The erasure of deliveries: what is left of each is a tombstone, by which its message is known again and left alone.

A tombstone has the place and the fingerprint of a message, its size, its moments and its disposition: no sender, no
Message-ID, no byte of it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import in_parts
from ingest.store import DeliveryRow


def rows(session: Session, ids: Iterable[int]) -> tuple[DeliveryRow, ...]:
    """These deliveries, as far as the ledger has them, in the order in which they were recorded."""
    found = (session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(part))) for part in in_parts(ids))
    return tuple(sorted((row for part in found for row in part), key=lambda row: row.id))


def lock(session: Session, ids: Iterable[int]) -> None:
    """Let nobody ask about these deliveries, or decide about them, until the transaction ends."""
    for part in in_parts(ids):
        # Whoever adds a row that refers to one of them waits for this lock; SQLite has one writer anyway.
        session.execute(
            select(DeliveryRow.id).where(DeliveryRow.id.in_(part)).order_by(DeliveryRow.id).with_for_update()
        )


def entomb(session: Session, ids: Iterable[int], *, now: datetime) -> None:
    """Leave of these deliveries what a poll needs to know them by, and nothing that says what they were."""
    for part in in_parts(ids):
        session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(part))
            .values(message_id=None, last_error=None, content=None, erased_at=now)
        )


def contents_needed(session: Session, digests: Iterable[str]) -> frozenset[str]:
    """Those of these kept bytes that are of some delivery still."""
    needed: set[str] = set()
    for part in in_parts(digests):
        needed.update(session.scalars(select(DeliveryRow.content).where(DeliveryRow.content.in_(part)).distinct()))
    return frozenset(needed)
