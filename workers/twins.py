"""Identical messages: what was decided about the first holds for the next, unless a person has put the first back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.db import Session
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError
from routing import moves_store, returns_store, review_store
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
    """What messages, by delivery, take over from identical ones: a decision; or the moment for which they were held.

    Of those that were held also what people have answered meanwhile, each with its queue.
    """

    decisions: dict[int, Decision]
    released: dict[int, datetime]
    answered: dict[int, frozenset[tuple[str, str]]]

    def unasked(self, delivery_id: int, decision: Decision) -> Decision:
        """The decision without what a person has answered about the message while it was held."""
        told = self.answered.get(delivery_id, frozenset())
        left = tuple(
            one for one in decision.actions if not (isinstance(one, RaiseReview) and (one.kind, one.question) in told)
        )
        return replace(decision, actions=left) if told else decision


def inherited(runtime: Runtime, mailbox: str, keys: Mapping[int, TwinKey]) -> Inherited:
    """What each message identical to an earlier one of its mailbox takes over from it; `keys` is by delivery.

    From the one that came back as this one; else from the newest.
    """
    with runtime.database.transaction() as session:
        newest = ledger.earlier_twins(session, mailbox, list(keys.values()))
        alike = {one: newest[key] for one, key in keys.items() if key in newest}
        found = _decided(session, alike | returns_store.came_from(session, alike))
        twins = {twin for twin, _ in found.values()}
        ours = moves_store.put_back(session, twins)
        moved = moves_store.performed_moves(session, twins - ours)
        deliveries = ledger.deliveries(session, moved)
        told = review_store.answered_questions(session, ours)
    away = {one for one, folder in moved.items() if not _lies_there(runtime, mailbox, deliveries[one], folder)}
    released = {one: until for one, (twin, decision) in found.items() if twin in ours and (until := _held(decision))}
    decided = {
        one: _put_back(decision) if twin in away else decision
        for one, (twin, decision) in found.items()
        if one not in released
    }
    answered = {one: told[found[one][0]] for one in released if found[one][0] in told}
    return Inherited(decisions=decided, released=released, answered=answered)


def brought_back(session: Session, delivery_ids: Iterable[int]) -> frozenset[int]:
    """Those of these deliveries that a person has put back into the inbox, where each was decided as such."""
    later = {one: returns_store.later_alike(session, one) for one in delivery_ids}
    rows = decisions.current_decisions(session, {twin for twins in later.values() for twin in twins})
    by_hand = {
        twin for twin, row in rows.items() if any(r.code == PUT_BACK for r in decisions.decision_of(row).reasons)
    }
    return frozenset(one for one, twins in later.items() if not by_hand.isdisjoint(twins))


def _held(decision: Decision) -> datetime | None:
    return next((action.until for action in decision.actions if isinstance(action, Hold)), None)


def _decided(session: Session, twins: dict[int, int]) -> dict[int, tuple[int, Decision]]:
    rows = decisions.current_decisions(session, twins.values())
    return {one: (twin, decisions.decision_of(rows[twin])) for one, twin in twins.items() if twin in rows}


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
