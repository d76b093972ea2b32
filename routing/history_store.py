"""Which letters were about a matter of a case: remembered by hashes, and forgotten with the letter or the case."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, insert, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import ids
from core.db import Base, RowId, in_parts, storable
from ingest.store import DeliveryRow
from routing.history import MOST_LETTERS, PastLetter
from routing.likeness import Imprint

_LONGEST_MATTER = 300


class MatterLetterRow(Base):
    """That one letter was about one matter, with what a later one is held against; see `routing.likeness`."""

    __tablename__ = "matter_letter"
    __table_args__ = (
        UniqueConstraint("case_ref", "matter", "delivery_id"),
        Index("ix_matter_letter_newest", "case_ref", "matter", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_ref: Mapped[str] = mapped_column(String(50))
    matter: Mapped[str] = mapped_column(String(_LONGEST_MATTER))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(String(998))
    subject: Mapped[str] = mapped_column(String(16))
    sentences: Mapped[list[Any]]
    words: Mapped[list[Any]]
    mentions: Mapped[list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutMatter:
    """A letter to be remembered."""

    case: str
    matter: str
    delivery_id: int
    message_id: str | None
    imprint: Imprint


def remember(session: Session, letters: Iterable[AboutMatter]) -> None:
    """Remember these; one that is remembered already is remembered as it was."""
    wanted = {(one.case, one.matter[:_LONGEST_MATTER], one.delivery_id): one for one in letters}
    if not wanted:
        return
    columns = (MatterLetterRow.case_ref, MatterLetterRow.matter, MatterLetterRow.delivery_id)
    numbers = {delivery_id for _, _, delivery_id in wanted}
    query = select(*columns).where(MatterLetterRow.delivery_id.in_(numbers))
    known = {(case, matter, delivery_id) for case, matter, delivery_id in session.execute(query)}
    rows = [_values(matter, one) for key, one in wanted.items() if key not in known for matter in [key[1]]]
    if rows:
        session.execute(insert(MatterLetterRow), rows)


def of_cases(
    session: Session, cases: Collection[str], *, before: int | None = None, most: int = MOST_LETTERS
) -> tuple[PastLetter, ...]:
    """The letters about matters of these cases, the newest first, and no more than `most` of each matter.

    `before`: only such as were recorded before this delivery.
    """
    found: list[PastLetter] = []
    for part in in_parts(cases):
        place = (
            func.row_number()
            .over(partition_by=(MatterLetterRow.case_ref, MatterLetterRow.matter), order_by=MatterLetterRow.id.desc())
            .label("place")
        )
        older = MatterLetterRow.delivery_id < before if before is not None else true()
        newest = select(MatterLetterRow.id, place).where(MatterLetterRow.case_ref.in_(part), older).subquery()
        query = (
            select(MatterLetterRow, DeliveryRow.received_at)
            .join(newest, newest.c.id == MatterLetterRow.id)
            .join(DeliveryRow, DeliveryRow.id == MatterLetterRow.delivery_id)
            .where(newest.c.place <= most)
            .order_by(MatterLetterRow.id.desc())
        )
        found += [_letter(row, received_at) for row, received_at in session.execute(query)]
    return tuple(found)


def forget(session: Session, delivery_ids: Iterable[int]) -> None:
    """Forget what was remembered of these messages."""
    for part in in_parts(delivery_ids):
        session.execute(delete(MatterLetterRow).where(MatterLetterRow.delivery_id.in_(part)))


def forget_copies(session: Session, message_ids: Collection[str]) -> None:
    """Forget every copy of these messages, whose place people have said is not with a matter."""
    for part in in_parts(message_ids):
        session.execute(delete(MatterLetterRow).where(MatterLetterRow.message_id.in_(part)))


def forget_case(session: Session, ref: str) -> None:
    """Forget what was remembered about a case."""
    session.execute(delete(MatterLetterRow).where(MatterLetterRow.case_ref == ref))


def _values(matter: str, one: AboutMatter) -> dict[str, Any]:
    return {
        "case_ref": one.case,
        "matter": matter,
        "delivery_id": one.delivery_id,
        "message_id": None if one.message_id is None else storable(one.message_id, 998),
        "subject": one.imprint.subject,
        "sentences": sorted(one.imprint.sentences),
        "words": sorted(one.imprint.words),
        "mentions": sorted(one.imprint.mentions),
    }


def _letter(row: MatterLetterRow, received_at: datetime) -> PastLetter:
    return PastLetter(
        case=row.case_ref,
        matter=row.matter,
        ref=ids.message_ref(row.delivery_id),
        received_at=received_at,
        message_id=row.message_id,
        imprint=Imprint(
            subject=row.subject,
            sentences=frozenset(row.sentences),
            words=frozenset(row.words),
            mentions=frozenset(row.mentions),
        ),
    )
