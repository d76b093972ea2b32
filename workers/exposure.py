"""Spares people abuse that they need not read: it is hidden until somebody asks, and who had to read it is counted.

Rows 1.9 and 3.3. What was shown is on record in the audit trail: whom, which message and when, never a word of it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from core.db import Session
from register import audit_store
from register.audit import AuditAction
from register.audit_store import Wanted
from register.recording import Desk
from routing import review_store
from routing.action import ReviewKind
from routing.answering import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What one officer met in a period: messages shown that may be abusive, questions answered, found to be abuse."""

    officer: str
    shown: int
    answered: int
    abuse: int


def reveal(session: Session, desk: Desk, message_ref: str) -> None:
    """Put on record that this officer is shown what may be abusive in a message."""
    audit_store.append(session, [desk.note(AuditAction.REVEALED, message_ref)], now=desk.now)


def exposures(session: Session, desk: Desk, since: datetime, until: datetime) -> tuple[Exposure, ...]:
    """Every officer who met any, who met most first; that the figures were read is on record."""
    shown = {
        (event.actor, event.subject)
        for event in audit_store.report(session, Wanted(action=AuditAction.REVEALED, since=since, until=until))
    }
    seen = Counter(actor for actor, _ in shown)
    answers = review_store.answered_between(session, ReviewKind.ABUSE, since, until)
    answered = Counter(row.closed_by or "" for row in answers)
    abuse = Counter(row.closed_by or "" for row in answers if row.outcome == Outcome.CONFIRM)
    audit_store.append(session, [desk.note(AuditAction.LISTED, "exposure")], now=desk.now)
    everybody = sorted({*seen, *answered}, key=lambda name: (-seen[name] - answered[name], name))
    return tuple(
        Exposure(officer=name, shown=seen[name], answered=answered[name], abuse=abuse[name]) for name in everybody
    )
