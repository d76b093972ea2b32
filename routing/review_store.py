"""The items people are asked about, and what they answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId, in_parts, storable
from routing.action import RaiseReview, ReviewKind
from routing.answering import Outcome
from routing.labels import Label

_ASK_AGAIN_AFTER = timedelta(days=1)
_IN_OTHER_WORDS = frozenset({ReviewKind.MISSING, ReviewKind.SHUNTED})  # one trouble, told by its last attempt
_OPEN = text("closed_at IS NULL")
_WHILE_OPEN: dict[str, Any] = {"sqlite_where": _OPEN, "postgresql_where": _OPEN}


class ReviewRow(Base):
    """Something a person is asked, and what they answered."""

    __tablename__ = "review_item"
    __table_args__ = (
        Index("ix_review_item_open", "closed_at", "priority"),
        Index("ix_review_item_joins", "joins", unique=True, **_WHILE_OPEN),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    case_ref: Mapped[str | None] = mapped_column(String(100), index=True)  # where it is about a case, not a message
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[str] = mapped_column(String(20))
    joins: Mapped[str | None] = mapped_column(String(100))  # messages with the same are one item while it is open
    priority: Mapped[int]
    question: Mapped[str] = mapped_column(String(1000))
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(100))
    outcome: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(2000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person answered, and why; `label` is what they call a letter that was flagged."""

    outcome: str
    by: str
    note: str = ""
    label: Label | None = None


def ask(session: Session, asked: Sequence[tuple[int, int, RaiseReview]], *, now: datetime) -> None:
    """Write items for people; each is (delivery id, decision id, what is asked)."""
    if asked:
        session.execute(
            insert(ReviewRow), [_values(delivery, decision, item, now) for delivery, decision, item in asked]
        )


def open_reviews(session: Session, kind: ReviewKind | None = None, *, limit: int | None = 200) -> tuple[ReviewRow, ...]:
    """Unanswered items, most urgent first."""
    query = select(ReviewRow).where(ReviewRow.closed_at.is_(None))
    if kind is not None:
        query = query.where(ReviewRow.kind == kind)
    return tuple(session.scalars(query.order_by(ReviewRow.priority, ReviewRow.id).limit(limit)))


def open_by_queue(session: Session, kind: ReviewKind | None = None) -> dict[str, int]:
    """How many unanswered items each queue has, the queue with the most urgent of them first."""
    query = select(ReviewRow.kind, func.count()).where(ReviewRow.closed_at.is_(None)).group_by(ReviewRow.kind)
    if kind is not None:
        query = query.where(ReviewRow.kind == kind)
    found = session.execute(query.order_by(func.min(ReviewRow.priority), func.min(ReviewRow.id)))
    return {str(queue): int(count) for queue, count in found}


def review(session: Session, review_id: int) -> ReviewRow | None:
    """One item."""
    return session.get(ReviewRow, review_id)


def raise_review(session: Session, delivery_id: int, item: RaiseReview, *, now: datetime) -> None:
    """Ask a person something no decision asked; once while it is open, and after an answer not for a day.

    Another question of the same queue is no reason to keep silent, unless it can only tell of the same trouble. A
    release wants something done, and is no answer if that cannot be.
    """
    same = ReviewRow.kind == item.kind
    if item.kind not in _IN_OTHER_WORDS:
        same &= ReviewRow.question == storable(item.question, 1000)
    lately = ReviewRow.closed_by.is_not(None) & (ReviewRow.closed_at > now - _ASK_AGAIN_AFTER)
    answered = lately & (ReviewRow.outcome != Outcome.RELEASE)
    query = select(ReviewRow.id).where(
        ReviewRow.delivery_id == delivery_id, same, ReviewRow.closed_at.is_(None) | answered
    )
    if session.scalar(query.limit(1)) is None:
        session.execute(insert(ReviewRow), [_values(delivery_id, None, item, now)])


def asked_since(session: Session, kind: ReviewKind, beginning: str, since: datetime) -> bool:
    """Whether a question that begins so was put into this queue since then, or waits there still."""
    query = select(ReviewRow.id).where(
        *(ReviewRow.kind == kind, ReviewRow.question.startswith(beginning, autoescape=True)),
        (ReviewRow.raised_at > since) | ReviewRow.closed_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def raise_about_case(session: Session, ref: str, item: RaiseReview, *, now: datetime) -> None:
    """Ask a person about a case; the same question is asked once while it is open."""
    raise_about_cases(session, [(ref, item)], now=now)


def raise_about_cases(session: Session, asked: Sequence[tuple[str, RaiseReview]], *, now: datetime) -> None:
    """The same for many: each is (reference, what is asked)."""
    rows = {(ref, item.question): {**_values(None, None, item, now), "case_ref": ref} for ref, item in asked}
    waiting: set[tuple[str | None, str]] = set()
    for refs in in_parts({ref for ref, _ in asked}):
        query = select(ReviewRow.case_ref, ReviewRow.question).where(
            ReviewRow.case_ref.in_(refs), ReviewRow.closed_at.is_(None)
        )
        waiting.update((row.case_ref, row.question) for row in session.execute(query))
    new = [row for row in rows.values() if (row["case_ref"], row["question"]) not in waiting]
    if new:
        session.execute(insert(ReviewRow), new)


def answer(session: Session, review_id: int, answer: Answer, *, now: datetime) -> bool:
    """Record a person's answer; False if there is no such item or somebody answered it before."""
    result = session.execute(
        update(ReviewRow)
        .where(ReviewRow.id == review_id, ReviewRow.closed_at.is_(None))
        .values(closed_at=now, closed_by=answer.by, outcome=answer.outcome, note=storable(answer.note, 2000))
        .returning(ReviewRow.id)
    )
    return result.first() is not None


def close_reviews(
    session: Session, delivery_ids: Sequence[int], kind: ReviewKind, outcome: str, *, now: datetime
) -> None:
    """Close open items of one kind because their cause is gone."""
    session.execute(
        update(ReviewRow)
        .where(ReviewRow.delivery_id.in_(delivery_ids), ReviewRow.kind == kind, ReviewRow.closed_at.is_(None))
        .values(closed_at=now, outcome=outcome)
    )


def close_asked(session: Session, delivery_ids: Sequence[int], outcome: str, *, now: datetime) -> None:
    """Close the open items that decisions about these asked; what is asked about several messages stays open."""
    asked = ReviewRow.decision_id.is_not(None) & ReviewRow.joins.is_(None) & ReviewRow.closed_at.is_(None)
    session.execute(
        update(ReviewRow).where(ReviewRow.delivery_id.in_(delivery_ids), asked).values(closed_at=now, outcome=outcome)
    )


def answered_questions(session: Session, delivery_ids: Iterable[int]) -> dict[int, frozenset[tuple[str, str]]]:
    """By delivery, the questions that people have answered about it, each with its queue."""
    found: dict[int, frozenset[tuple[str, str]]] = {}
    for part in in_parts(delivery_ids):
        query = select(ReviewRow.delivery_id, ReviewRow.kind, ReviewRow.question).where(
            ReviewRow.delivery_id.in_(part), ReviewRow.closed_by.is_not(None)
        )
        for row in session.execute(query):
            found[row.delivery_id] = found.get(row.delivery_id, frozenset()) | {(row.kind, row.question)}
    return found


def of_delivery(session: Session, delivery_id: int) -> tuple[ReviewRow, ...]:
    """All items ever raised about one delivery, in order."""
    return tuple(session.scalars(select(ReviewRow).where(ReviewRow.delivery_id == delivery_id).order_by(ReviewRow.id)))


def answered_about(session: Session, delivery_ids: Iterable[int], kind: ReviewKind) -> frozenset[int]:
    """Those of these deliveries about which a person has answered such an item."""
    found: set[int | None] = set()
    for part in in_parts(delivery_ids):
        query = select(ReviewRow.delivery_id).where(
            ReviewRow.delivery_id.in_(part), ReviewRow.kind == kind, ReviewRow.closed_by.is_not(None)
        )
        found.update(session.scalars(query))
    return frozenset(one for one in found if one is not None)


def answered_between(session: Session, kind: ReviewKind, since: datetime, until: datetime) -> tuple[ReviewRow, ...]:
    """What people answered in one queue in a period, `until` excluded."""
    query = select(ReviewRow).where(
        ReviewRow.kind == kind,
        ReviewRow.closed_by.is_not(None),
        ReviewRow.closed_at >= since,
        ReviewRow.closed_at < until,
    )
    return tuple(session.scalars(query.order_by(ReviewRow.id)))


def of_case(session: Session, ref: str) -> tuple[ReviewRow, ...]:
    """All items ever raised about a case itself, in order."""
    return tuple(session.scalars(select(ReviewRow).where(ReviewRow.case_ref == ref).order_by(ReviewRow.id)))


def _values(delivery_id: int | None, decision_id: int | None, item: RaiseReview, now: datetime) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id,
        "decision_id": decision_id,
        "kind": item.kind,
        "joins": item.joins or None,
        "priority": item.priority,
        "question": storable(item.question, 1000),
        "raised_at": now,
    }
