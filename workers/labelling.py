"""Notes what reviewers call letters: with their answer about a flagged one, or of any letter the classifier missed."""

from datetime import datetime

from core import clock, ids, log
from core.db import Session, storable
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapError
from register import officer_store
from routing import label_store
from routing import store as decisions
from routing.action import ReviewKind
from routing.answering import Outcome
from routing.label_store import Given
from routing.labels import ACCEPTABLE, UNACCEPTABLE, Label
from routing.review_store import Answer, ReviewRow
from workers.locating import copies_in
from workers.runtime import Runtime

_log = log.get("workers")

_LONGEST_NAME = 100

_EXPECTED = {Outcome.CONFIRM: UNACCEPTABLE, Outcome.OVERTURN: ACCEPTABLE}
_NOT_ASKED = "it asks about {}, not about abuse: leave out --label, or use `mailroom review label`"
_MISSING = "say what it is, with --label: {labels}"
_STRANGE = "{label!r} does not go with {outcome}: that is one of {labels}"


class LabelError(Exception):
    """The letter cannot be called so; the message says why, and what to do."""


def note(session: Session, row: ReviewRow, answer: Answer, *, now: datetime) -> None:
    """Note what the answer calls a flagged letter. Raises LabelError where it does not say, or does not fit."""
    if row.kind != ReviewKind.ABUSE or row.delivery_id is None:
        if answer.label is not None:
            raise LabelError(_NOT_ASKED.format(row.kind))
        return
    expected = _EXPECTED.get(Outcome(answer.outcome))
    if expected is not None and answer.label is None:
        raise LabelError(_MISSING.format(labels=", ".join(expected)))
    if answer.label is None:
        return
    if expected is not None and answer.label not in expected:
        told = _STRANGE.format(label=str(answer.label), outcome=answer.outcome, labels=", ".join(expected))
        raise LabelError(told)
    given = Given(label=answer.label, by=answer.by, flagged=True)
    label_store.give(session, row.delivery_id, given, now=now)


def call(runtime: Runtime, delivery_id: int, called: Label, by: str) -> str:
    """Note what an officer calls any letter: one that was missed, or a second opinion; returns why it cannot teach.

    A letter of which nothing is held is fetched from its inbox, if it still lies there. Raises LabelError.
    """
    now = clock.now()
    if not by or storable(by, _LONGEST_NAME) != by:
        words = f"say who calls it so in 1 to {_LONGEST_NAME} characters"
        raise LabelError(words)
    with runtime.database.transaction() as session:
        row = _letter(session, delivery_id)
        given = Given(label=called, by=by, flagged=decisions.was_flagged(session, delivery_id))
        label_store.give(session, delivery_id, given, now=now)
        held, letter = row.content is not None, ledger.as_delivery(row)
        stranger = officer_store.officers(session).named(by) is None
    raw = None if held else _fetched(runtime, letter)
    if raw is not None:
        with runtime.database.transaction() as session:
            _letter(session, delivery_id)  # it may have been erased meanwhile
            ledger.attach_content(session, delivery_id, content_store.keep(session, raw, now=now))
    if stranger:
        return f"{by} is no officer of the register"
    return "" if held or raw is not None else "the letter itself is not held and not in its inbox any longer"


def _letter(session: Session, delivery_id: int) -> ledger.DeliveryRow:
    row = ledger.delivery(session, delivery_id)
    if row is None or row.erased_at is not None:
        words = f"there is no message {ids.message_ref(delivery_id)}, or it was erased"
        raise LabelError(words)
    return row


def _fetched(runtime: Runtime, letter: Delivery) -> bytes | None:
    """The letter from the folder it came to; None if it is not there, or that cannot be looked up now."""
    account = runtime.settings.mailboxes.get(letter.mailbox)
    if account is None:
        return None
    try:
        imap = runtime.imap(letter.mailbox, account)
        imap.select(letter.folder, readonly=True)
        found = copies_in(imap, letter)
        return imap.whole(found[0]) if found else None
    except ImapError as error:
        _log.warning("letter.not_fetched", message_ref=ids.message_ref(letter.id), error=str(error))
        runtime.hang_up(letter.mailbox)
        return None
