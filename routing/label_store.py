"""What people called letters: who, when and what, for the classifier to learn from and for reviewers to be compared.

No words of the letter are kept here: what is erased there, or no longer kept, teaches nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId, in_parts
from ingest.store import DeliveryRow
from routing.labels import Label


class LabelRow(Base):
    """What one officer called one letter, until they gave it another name."""

    __tablename__ = "label"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    label: Mapped[str] = mapped_column(String(30))
    given_by: Mapped[str] = mapped_column(String(100))
    given_at: Mapped[datetime]
    flagged: Mapped[bool]  # by the classifier; else a person found it
    superseded_at: Mapped[datetime | None]  # when the same officer called it something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an officer calls a letter; whether it is one that the classifier flagged."""

    label: Label
    by: str
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """One of them, with where the letter's bytes are, if they are kept."""

    delivery_id: int
    label: Label
    by: str
    at: datetime
    flagged: bool
    content: str | None

    @classmethod
    def of(cls, row: LabelRow, content: str | None) -> Self:
        """From the database."""
        return cls(
            delivery_id=row.delivery_id,
            label=Label(row.label),
            by=row.given_by,
            at=row.given_at,
            flagged=row.flagged,
            content=content,
        )


def give(session: Session, delivery_id: int, given: Given, *, now: datetime) -> None:
    """Note what somebody called a letter; what the same officer called it before is kept, and counts no longer."""
    before = (LabelRow.delivery_id == delivery_id) & (LabelRow.given_by == given.by) & LabelRow.superseded_at.is_(None)
    session.execute(update(LabelRow).where(before).values(superseded_at=now))
    row = {"delivery_id": delivery_id, "given_by": given.by, "given_at": now, "superseded_at": None}
    session.add(LabelRow(**row, label=given.label, flagged=given.flagged))


def all_given(session: Session, since: datetime | None = None) -> Sequence[Labelling]:
    """Everybody's last word on each letter, in the order in which they were given."""
    query = (
        select(LabelRow, DeliveryRow.content)
        .join(DeliveryRow, DeliveryRow.id == LabelRow.delivery_id)
        .where(LabelRow.superseded_at.is_(None))
    )
    if since is not None:
        query = query.where(LabelRow.given_at >= since)
    rows = session.execute(query.order_by(LabelRow.given_at, LabelRow.id))
    last = {(row.delivery_id, row.given_by): Labelling.of(row, content) for row, content in rows}
    return list(last.values())


def forget(session: Session, delivery_ids: Iterable[int]) -> None:
    """Erase what these letters were called."""
    for part in in_parts(delivery_ids):
        session.execute(delete(LabelRow).where(LabelRow.delivery_id.in_(part)))
