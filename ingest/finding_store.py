"""Finds in the ledger the message that somebody shows us: a copy of it, as it came or as a mail program forwards it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.delivery import fingerprint, letter_key, message_id_of
from ingest.headers import PREFIX
from ingest.store import DeliveryRow


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
