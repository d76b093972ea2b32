"""Finds in the ledger the message that somebody shows us: a copy of it, as it came or as a mail program forwards it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.delivery import Delivery, Disposition, fingerprint, letter_key, message_id_of
from ingest.headers import PREFIX
from ingest.store import DeliveryRow, deliveries


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery, with the SHA-256 of its bytes where they are kept."""

    delivery: Delivery
    content: str | None


def received_since(session: Session, moment: datetime) -> tuple[Received, ...]:
    """What the council received since then, in order; what was put back is there as the delivery it became."""
    query = select(DeliveryRow.id, DeliveryRow.content).where(
        DeliveryRow.received_at >= moment,
        DeliveryRow.erased_at.is_(None),
        DeliveryRow.disposition.is_distinct_from(Disposition.PUT_BACK),
    )
    kept = {delivery_id: content for delivery_id, content in session.execute(query.order_by(DeliveryRow.id))}  # noqa: C416 - a Row is no pair to mypy
    return tuple(Received(one, kept[one.id]) for one in deliveries(session, kept).values())


def has_message_id(session: Session, message_id: str) -> bool:
    """Whether a message with this Message-ID was received, and not erased since."""
    query = select(DeliveryRow.id).where(DeliveryRow.message_id == message_id, DeliveryRow.erased_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def of_message(session: Session, raw: bytes) -> Sequence[DeliveryRow]:
    """Every delivery of this message: those with the very same header and size where there are any, oldest first.

    Else those with its Message-ID whose body begins alike; else, for a mail program may have written the body anew,
    those with its Message-ID, provided they are one letter. What was erased is not found again.
    """
    prefix, held = raw[:PREFIX], select(DeliveryRow).where(DeliveryRow.erased_at.is_(None)).order_by(DeliveryRow.id)
    name, print_ = message_id_of(prefix), fingerprint(prefix, len(raw))
    alike = session.scalars(held.where(DeliveryRow.letter_key == letter_key(prefix, name))).all()
    same = [row for row in alike if row.fingerprint == print_]
    if same or name is None:  # without a Message-ID, letters that only begin alike may be of different people
        return same
    if alike:
        return alike
    named = session.scalars(held.where(DeliveryRow.message_id == name)).all()
    return named if len({row.letter_key for row in named}) == 1 else ()
