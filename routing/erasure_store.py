"""The erasure of what was decided, done and asked about deliveries: keys and kinds stay, every word goes.

Decisions are never edited, and outbox rows and answers neither; this is the one exception, and only
`workers.entombing` makes it, when the retention of a case is over, or of mail that belongs to none.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from core.db import in_parts
from ingest.delivery import DeliveryState
from ingest.store import DeliveryRow
from routing.action import Keep
from routing.outbox_store import PENDING, PERFORMED, OutboxRow
from routing.record import actions_as_data
from routing.review_store import ReviewRow
from routing.store import DecisionCaseRow, DecisionRow

WITH_ITS_CASE = "Erased with its case."
OF_NO_CASE = "Erased: it belonged to no case, and its time was over."

# An identical message that turns up later inherits this: it is kept, without a question and without its bytes.
_NOTHING_LEFT: dict[str, Any] = {
    "actions": actions_as_data((Keep(),)),
    "register_versions": [],
    "assessment": {},
}


def at_rest(session: Session, among: Iterable[int] | None = None) -> dict[int, datetime]:
    """Deliveries of which more is held than the ledger's row, with which people and software are done: since when.

    They are settled, nothing is owed to them, and every question about them is answered; the last answer counts, or
    where nobody was asked, the settling. Mailbox by mailbox, and by id; `among` looks at these alone.
    """
    parts = [None] if among is None else list(in_parts(among))
    rows = (row for part in parts for row in session.execute(_at_rest(part)))
    return {row.id: row.last or row.settled_at for row in rows}


def _at_rest(part: Iterable[int] | None) -> Select[tuple[int, datetime | None, datetime]]:
    about = ReviewRow.delivery_id.is_not(None) if part is None else ReviewRow.delivery_id.in_(part)
    closed, count = func.count(ReviewRow.closed_at), func.count(ReviewRow.id)
    columns = (ReviewRow.delivery_id, func.max(ReviewRow.closed_at).label("last"), (count - closed).label("open"))
    asked = select(*columns).where(about).group_by(ReviewRow.delivery_id).subquery()
    owed = select(OutboxRow.id).where(OutboxRow.delivery_id == DeliveryRow.id, OutboxRow.state == PENDING)
    query = (
        select(DeliveryRow.id, asked.c.last, DeliveryRow.settled_at)
        .outerjoin(asked, asked.c.delivery_id == DeliveryRow.id)
        .where(
            DeliveryRow.erased_at.is_(None),
            DeliveryRow.state == DeliveryState.SETTLED,
            or_(DeliveryRow.content.is_not(None), asked.c.delivery_id.is_not(None)),
            func.coalesce(asked.c.open, 0) == 0,
            ~owed.exists(),
        )
        .order_by(DeliveryRow.mailbox, DeliveryRow.id)
    )
    return query if part is None else query.where(DeliveryRow.id.in_(part))


def cases_of(session: Session, delivery_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """By delivery, the cases that decisions about it rested on; none of them need exist still."""
    found: dict[int, set[str]] = {}
    for part in in_parts(delivery_ids):
        query = (
            select(DecisionRow.delivery_id, DecisionCaseRow.case_ref)
            .join(DecisionCaseRow, DecisionCaseRow.decision_id == DecisionRow.id)
            .where(DecisionRow.delivery_id.in_(part))
        )
        for delivery_id, ref in session.execute(query):
            found.setdefault(delivery_id, set()).add(ref)
    return {delivery_id: frozenset(refs) for delivery_id, refs in found.items()}


def erase_decisions(session: Session, delivery_ids: Iterable[int], words: str) -> None:
    """Take from decisions what they say, their assessment and the cases they rested on: the one edit they ever see."""
    for part in in_parts(delivery_ids):
        decisions = select(DecisionRow.id).where(DecisionRow.delivery_id.in_(part))
        session.execute(delete(DecisionCaseRow).where(DecisionCaseRow.decision_id.in_(decisions)))
        nothing_left = {**_NOTHING_LEFT, "reasons": [["erased", words]]}
        session.execute(update(DecisionRow).where(DecisionRow.delivery_id.in_(part)).values(nothing_left))


def erase_effects(session: Session, delivery_ids: Iterable[int], words: str) -> None:
    """Take from effects their payload and what servers said of them; by its key each is still known as performed."""
    for part in in_parts(delivery_ids):
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.delivery_id.in_(part))
            .values(content=None, evidence=words, last_error=None)
        )


def erase_questions(session: Session, delivery_ids: Iterable[int], words: str) -> None:
    """Take from the questions about these deliveries what they say, and from their answers the note."""
    for part in in_parts(delivery_ids):
        session.execute(update(ReviewRow).where(ReviewRow.delivery_id.in_(part)).values(question=words, note=None))


def erase_questions_about_case(session: Session, ref: str) -> None:
    """Remove what people were asked about a case itself."""
    session.execute(delete(ReviewRow).where(ReviewRow.case_ref == ref))


def payloads(session: Session, delivery_ids: Iterable[int]) -> frozenset[str]:
    """The kept bytes that effects of these deliveries carried."""
    found: set[str | None] = set()
    for part in in_parts(delivery_ids):
        found.update(session.scalars(select(OutboxRow.content).where(OutboxRow.delivery_id.in_(part))))
    return frozenset(digest for digest in found if digest)


def payloads_needed(session: Session, digests: Iterable[str]) -> frozenset[str]:
    """Those of these kept bytes that are the payload of some effect still."""
    needed: set[str] = set()
    for part in in_parts(digests):
        needed.update(session.scalars(select(OutboxRow.content).where(OutboxRow.content.in_(part)).distinct()))
    return frozenset(needed)


def pending(session: Session, delivery_ids: Iterable[int]) -> frozenset[int]:
    """Those of these deliveries to which something is still owed."""
    found: set[int] = set()
    for part in in_parts(delivery_ids):
        owed = select(OutboxRow.delivery_id).where(OutboxRow.delivery_id.in_(part), OutboxRow.state == PENDING)
        found.update(session.scalars(owed))
    return frozenset(found)


def unanswered(session: Session, delivery_ids: Iterable[int]) -> tuple[int, ...]:
    """The review items about these deliveries that nobody has answered."""
    found: list[int] = []
    for part in in_parts(delivery_ids):
        found += session.scalars(
            select(ReviewRow.id).where(ReviewRow.delivery_id.in_(part), ReviewRow.closed_at.is_(None))
        )
    return tuple(sorted(found))


def copies(session: Session, delivery_ids: Iterable[int]) -> Counter[tuple[str, str, str]]:
    """Where copies lie that we brought there, how many in each place: (mailbox, kind of effect, folder or address)."""
    found: Counter[tuple[str, str, str]] = Counter()
    for part in in_parts(delivery_ids):
        query = (
            select(OutboxRow.mailbox, OutboxRow.kind, OutboxRow.target, func.count())
            .where(OutboxRow.delivery_id.in_(part), OutboxRow.state == PERFORMED)
            .group_by(OutboxRow.mailbox, OutboxRow.kind, OutboxRow.target)
        )
        for mailbox, kind, target, count in session.execute(query):
            found[mailbox, kind, target] += count
    return found
