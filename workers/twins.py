"""Identical messages: what was decided about the first holds for the next, unless a person has put the first back."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.db import Session
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError
from routing import moves_store
from routing import store as decisions
from routing.action import Hold, Keep, RaiseReview, ReviewKind
from routing.decision import Decision, Reason
from workers.locating import copies_in
from workers.runtime import Runtime

TwinKey = tuple[str, str]

PUT_BACK = "twin:put-back"
"""The code of the reason that a person has put an identical message back."""

_QUESTION = "Somebody has put this message back into the inbox. Should the restriction not apply to it?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """What messages take over from identical ones: a decision; or the moment for which they were held until now."""

    decisions: dict[TwinKey, Decision]
    released: dict[TwinKey, datetime]


def inherited(runtime: Runtime, mailbox: str, keys: list[TwinKey]) -> Inherited:
    """What each message identical to an earlier one of its mailbox takes over from it."""
    with runtime.database.transaction() as session:
        twins = ledger.earlier_twins(session, mailbox, keys)
        found = {key: (twin, decision) for key, twin, decision in _decided(session, twins)}
        ours = moves_store.put_back(session, [twin for twin, _ in found.values()])
        moved = moves_store.performed_moves(session, {twin for twin, _ in found.values()} - ours)
        deliveries = ledger.deliveries(session, moved)
    released = {key: until for key, (twin, decision) in found.items() if twin in ours and (until := _held(decision))}
    decided = {
        key: _put_back(decision)
        if twin in moved and not _lies_there(runtime, mailbox, deliveries[twin], moved[twin])
        else decision
        for key, (twin, decision) in found.items()
        if key not in released
    }
    return Inherited(decisions=decided, released=released)


def _held(decision: Decision) -> datetime | None:
    return next((action.until for action in decision.actions if isinstance(action, Hold)), None)


def _decided(session: Session, twins: dict[TwinKey, int]) -> list[tuple[TwinKey, int, Decision]]:
    rows = decisions.current_decisions(session, twins.values())
    return [(key, twin, decisions.decision_of(rows[twin])) for key, twin in twins.items() if twin in rows]


def _lies_there(runtime: Runtime, mailbox: str, delivery: Delivery, folder: str) -> bool:
    """Whether what we moved to `folder` is still there: looked up over a session of its own, the inbox stays open."""
    name = f"{mailbox}>{folder}"
    try:
        imap = runtime.imap(name, runtime.settings.mailboxes[mailbox])
        imap.select(folder, readonly=True)
        return bool(copies_in(imap, delivery))
    except ImapRefusedError:
        return False  # the folder is gone, and what lay in it
    finally:
        runtime.hang_up(name)


def _put_back(decision: Decision) -> Decision:
    """Their choice stands, and is asked about."""
    words = "It was moved out of this inbox, and a person has put it back: there it stays."
    ask = RaiseReview(kind=ReviewKind.RETURNED, question=_QUESTION, priority=6)
    return replace(decision, actions=(Keep(), ask), reasons=(Reason(code=PUT_BACK, words=words),))
