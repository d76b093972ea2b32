"""Reconciles every mailbox each hour: what can be mended is mended, and people are asked about the rest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core import clock, log
from core.db import Session
from ingest import store as ledger
from ingest.delivery import Disposition
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers import rounds_store
from workers.reconciling import Finding, reconcile, strays
from workers.recording import Performance
from workers.runtime import Runtime
from workers.store import leased

EVERY = timedelta(hours=1)
_STRAYS = "reconcile: mailboxes that nobody tends"
_ASK = {
    ReviewKind.MISSING: "This message was {words}. Confirm if you know where it is: it is not looked for again then.",
    ReviewKind.SHUNTED: "Nothing became of this message so far: {words}. Deal with it by hand if it cannot wait.",
}

_log = log.get("workers")


def prove(work: Performance) -> int:
    """Reconcile this mailbox if that was last done an hour ago; how many findings there were."""
    now, name = clock.now(), f"reconcile: {work.mailbox}"
    with work.runtime.database.transaction() as session:
        if work.runtime.stopping.is_set() or not rounds_store.is_due(session, name, EVERY, now=now):
            return 0
    findings = reconcile(work.runtime, work.mailbox)
    for finding in findings:
        _log.warning("mailbox.finding", mailbox=work.mailbox, message_ref=finding.message, words=finding.words)
    _look_again(work, findings)
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        _ask(session, findings, now)
        _close_found(session, work.mailbox, findings, now)
        rounds_store.note_round(session, name, now=now)
    return len(findings)


def prove_tended(runtime: Runtime, *, now: datetime) -> int:
    """Ask people, once an hour, about mailboxes with work undone that the settings do not name (any more)."""
    with leased(runtime.database, _STRAYS, seconds=runtime.settings.pace.lease_seconds) as lease:
        with runtime.database.transaction() as session:
            due = lease is not None and rounds_store.is_due(session, _STRAYS, EVERY, now=now)
        findings = strays(runtime) if due else []
        if due:
            with runtime.database.transaction() as session:
                _ask(session, findings, now)
                rounds_store.note_round(session, _STRAYS, now=now)
    return len(findings)


def _look_again(work: Performance, findings: Iterable[Finding]) -> None:
    """Have the next poll begin at the first message that the ledger lacks; what it knows it leaves alone.

    Where a poll is under way, or has learnt new UIDs since, what is amiss is seen again in an hour.
    """
    missed = [(finding.uidvalidity, finding.uid) for finding in findings if finding.uid is not None]
    if not missed:
        return
    uidvalidity, first = min(missed)
    inbox, seconds = work.runtime.settings.mailboxes[work.mailbox].inbox, work.runtime.settings.pace.lease_seconds
    with leased(work.runtime.database, f"poll:{work.mailbox}", seconds=seconds) as lease:
        if lease is None:
            return
        with work.runtime.database.transaction() as session:
            lease.confirm(session, now=clock.now())
            position = ledger.cursor(session, work.mailbox, inbox)
            if position is None or position.uidvalidity != uidvalidity or position.resync_until is not None:
                return
            back = replace(position, last_uid=min(position.last_uid, first - 1))
            ledger.set_cursor(session, work.mailbox, inbox, back, now=clock.now())


def _ask(session: Session, findings: Iterable[Finding], now: datetime) -> None:
    for finding in findings:
        if finding.delivery is not None:
            kind = ReviewKind.MISSING if finding.moved else ReviewKind.SHUNTED
            question = _ASK[kind].format(words=finding.words)
            item = RaiseReview(kind=kind, question=question, priority=1)
            review_store.raise_review(session, finding.delivery, item, now=now)


def _close_found(session: Session, mailbox: str, findings: Iterable[Finding], now: datetime) -> None:
    """Nobody is asked any longer about what has been seen where it belongs."""
    missing = {finding.delivery for finding in findings}
    asked = [
        row.delivery_id for row in review_store.open_reviews(session, ReviewKind.MISSING, limit=None) if row.delivery_id
    ]
    rows = (ledger.delivery(session, one) for one in asked)
    ours = (row for row in rows if row is not None and row.mailbox == mailbox)
    # What did not come back from where it waited is looked for by nobody but people.
    seen = [row.id for row in ours if row.id not in missing and row.disposition != Disposition.TAKEN]
    review_store.close_reviews(session, seen, ReviewKind.MISSING, "resolved", now=now)
