"""The erasure of what was decided, done and asked about deliveries: keys and kinds stay, every word goes.

Decisions are never edited, and outbox rows and answers neither; this is the one exception, and only
`workers.erasing` makes it, when the retention of a case is over.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.db import in_parts
from routing.action import Keep
from routing.outbox_store import PENDING, PERFORMED, OutboxRow
from routing.record import actions_as_data
from routing.review_store import ReviewRow
from routing.store import DecisionCaseRow, DecisionRow

ERASED = "Erased with its case."

# An identical message that turns up later inherits this: it is kept, without a question and without its bytes.
_NOTHING_LEFT: dict[str, Any] = {
    "actions": actions_as_data((Keep(),)),
    "reasons": [["erased", ERASED]],
    "register_versions": [],
    "assessment": {},
}


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


def erase_decisions(session: Session, delivery_ids: Iterable[int]) -> None:
    """Take from decisions their words, their assessment and the cases they rested on: the one edit they ever see."""
    for part in in_parts(delivery_ids):
        decisions = select(DecisionRow.id).where(DecisionRow.delivery_id.in_(part))
        session.execute(delete(DecisionCaseRow).where(DecisionCaseRow.decision_id.in_(decisions)))
        session.execute(update(DecisionRow).where(DecisionRow.delivery_id.in_(part)).values(_NOTHING_LEFT))


def erase_effects(session: Session, delivery_ids: Iterable[int]) -> None:
    """Take from effects their payload and what servers said of them; by its key each is still known as performed."""
    for part in in_parts(delivery_ids):
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.delivery_id.in_(part))
            .values(content=None, evidence=ERASED, last_error=None)
        )


def erase_questions(session: Session, delivery_ids: Iterable[int], ref: str) -> None:
    """Take the words from what people were asked about these deliveries; what they were asked about the case goes."""
    session.execute(delete(ReviewRow).where(ReviewRow.case_ref == ref))
    for part in in_parts(delivery_ids):
        session.execute(update(ReviewRow).where(ReviewRow.delivery_id.in_(part)).values(question=ERASED, note=None))


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
