"""Which figures people were shown already, so that nobody is shown them twice."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.db import in_parts
from routing.action import ReviewKind
from routing.evidence.cards import CAMPAIGN
from routing.review_store import ReviewRow
from routing.trace_store import TraceRow


def cases_shown(session: Session, since: datetime) -> frozenset[str]:
    """The cases of which a card is open, or was raised since then."""
    query = select(ReviewRow.case_ref).where(_shown(since), ReviewRow.case_ref.is_not(None))
    return frozenset(ref for ref in session.scalars(query) if ref)


def writers_shown(session: Session, since: datetime) -> frozenset[str]:
    """The writers of whom a card is open, or was raised since then; one about a campaign is of nobody."""
    query = select(TraceRow.writer).join(ReviewRow, ReviewRow.delivery_id == TraceRow.delivery_id)
    return frozenset(session.scalars(query.where(_shown(since), ~ReviewRow.question.startswith(CAMPAIGN))))


def campaigns_shown(session: Session, delivery_ids: Iterable[int]) -> frozenset[int]:
    """Those of these deliveries that stand for a campaign on a card."""
    found: set[int | None] = set()
    for part in in_parts(delivery_ids):
        query = select(ReviewRow.delivery_id).where(
            ReviewRow.kind == ReviewKind.EVIDENCE,
            ReviewRow.delivery_id.in_(part),
            ReviewRow.question.startswith(CAMPAIGN),
        )
        found.update(session.scalars(query))
    return frozenset(one for one in found if one is not None)


def newest_of(session: Session, writers: Collection[str]) -> int | None:
    """The newest delivery of these writers."""
    query = select(TraceRow.delivery_id).where(TraceRow.writer.in_(writers))
    return session.scalar(query.order_by(TraceRow.received_at.desc(), TraceRow.delivery_id.desc()).limit(1))


def _shown(since: datetime) -> ColumnElement[bool]:
    recent = or_(ReviewRow.closed_at.is_(None), ReviewRow.raised_at > since)
    return (ReviewRow.kind == ReviewKind.EVIDENCE) & recent
