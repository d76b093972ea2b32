"""Items that are about several messages: one question for everything somebody sends, wherever, until it is answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Select, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base
from routing import review_store
from routing.action import RaiseReview
from routing.review_store import ReviewRow


class JoinedRow(Base):
    """That a message came while an item was open, and belongs to it."""

    __tablename__ = "review_joined"

    item_id: Mapped[int] = mapped_column(ForeignKey("review_item.id", ondelete="CASCADE"), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True, index=True)


def ask(session: Session, asked: Sequence[tuple[int, int, RaiseReview]], *, now: datetime) -> None:
    """Write items for people; what joins an item that is open adds its message to that one.

    Each is (delivery id, decision id, what is asked). Of two transactions that open the same item at once, the second
    fails with IntegrityError, and finds the item when it is tried again. An item that is being answered is waited for:
    the answer is either about this message too, or this one opens an item of its own.
    """
    review_store.ask(session, [one for one in asked if not one[2].joins], now=now)
    for delivery_id, decision_id, item in asked:
        if not item.joins:
            continue
        found = session.scalar(_newest(item.joins).with_for_update().execution_options(populate_existing=True))
        if found is None or found.closed_at is not None:
            review_store.ask(session, [(delivery_id, decision_id, item)], now=now)
        elif delivery_id not in messages(session, found):
            session.execute(insert(JoinedRow), [{"item_id": found.id, "delivery_id": delivery_id}])


def newest(session: Session, joins: str) -> ReviewRow | None:
    """The newest item of this name; only that may be open."""
    return session.scalar(_newest(joins))


def _newest(joins: str) -> Select[ReviewRow]:
    return select(ReviewRow).where(ReviewRow.joins == joins).order_by(ReviewRow.id.desc()).limit(1)


def answered(session: Session, joins: str) -> str | None:
    """When and by whom the newest item of this name was answered; None if it is open, or there is none."""
    found = newest(session, joins)
    if found is None or found.closed_at is None:
        return None
    return f"on {found.closed_at:%d %B %Y} by {found.closed_by}"


def messages(session: Session, item: ReviewRow) -> tuple[int, ...]:
    """The deliveries that an item is about, in the order in which they joined it."""
    joined = select(JoinedRow.delivery_id).where(JoinedRow.item_id == item.id).order_by(JoinedRow.delivery_id)
    first = () if item.delivery_id is None else (item.delivery_id,)
    return (*first, *session.scalars(joined))


def of_delivery(session: Session, delivery_id: int) -> tuple[ReviewRow, ...]:
    """All items ever raised about one delivery, or joined by it, in order."""
    joined = select(JoinedRow.item_id).where(JoinedRow.delivery_id == delivery_id)
    query = select(ReviewRow).where((ReviewRow.delivery_id == delivery_id) | ReviewRow.id.in_(joined))
    return tuple(session.scalars(query.order_by(ReviewRow.id)))
