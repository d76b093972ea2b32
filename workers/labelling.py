"""Notes what reviewers call letters: with their answer about a flagged one, or of any letter the classifier missed."""

from datetime import datetime

from core import clock, ids, log
from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapError
from routing import label_store
from routing.action import ReviewKind
from routing.answering import Outcome
from routing.label_store import Given
from routing.labels import ACCEPTABLE, UNACCEPTABLE, Label
from routing.review_store import Answer, ReviewRow
from workers.locating import copies_in
from workers.runtime import Runtime

_log = log.get("workers")

_EXPECTED = {Outcome.CONFIRM: UNACCEPTABLE, Outcome.OVERTURN: ACCEPTABLE}
_MISSING = "say what it is, with --label: {labels}"
_STRANGE = "{label!r} does not go with {outcome}: that is one of {labels}"


class LabelError(Exception):
    """The letter cannot be called so; the message says why, and what to do."""


def note(session: Session, row: ReviewRow, answer: Answer, *, now: datetime) -> None:
    """Note what the answer calls a flagged letter. Raises LabelError where it does not say, or does not fit."""
    if row.kind != ReviewKind.ABUSE or row.delivery_id is None:
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


def call(runtime: Runtime, delivery_id: int, called: Label, by: str) -> bool:
    """Note what an officer calls any letter: one that was missed, or a second opinion; returns whether it can teach.

    A letter of which nothing is held is fetched from its inbox, if it still lies there. Raises LabelError.
    """
    now = clock.now()
    with runtime.database.transaction() as session:
        row = ledger.delivery(session, delivery_id)
        if row is None or row.erased_at is not None:
            words = f"there is no message {ids.message_ref(delivery_id)}, or it was erased"
            raise LabelError(words)
        label_store.give(session, delivery_id, Given(label=called, by=by, flagged=False), now=now)
        held, letter = row.content is not None, ledger.as_delivery(row)
    raw = None if held else _fetched(runtime, letter)
    if raw is not None:
        with runtime.database.transaction() as session:
            ledger.attach_content(session, delivery_id, content_store.keep(session, raw, now=now))
    return held or raw is not None


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
