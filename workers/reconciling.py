"""Proof on demand: what the servers have is in the ledger, and what was decided lies where its decision put it."""

from collections.abc import Iterator
from typing import Any

from core import clock, ids
from ingest import standing_store
from ingest import store as ledger
from ingest.imap import ImapRefusedError
from routing import moves_store
from workers.locating import copies_in
from workers.runtime import Runtime

_PATIENCE_SWEEPS = 10


def reconcile(runtime: Runtime, mailbox: str) -> list[dict[str, Any]]:
    """What is amiss in one mailbox, one row each; empty if every message has exactly one disposition.

    Raises ImapUnavailableError, or ImapRefusedError if the inbox cannot be opened.
    """
    return [{"mailbox": mailbox, **finding} for finding in _findings(runtime, mailbox)]


def strays(runtime: Runtime) -> list[dict[str, Any]]:
    """Mailboxes that are no longer in the settings, or have another name there, and have work undone."""
    with runtime.database.transaction() as session:
        undone = standing_store.mailboxes_with_work(session)
    return [
        {
            "mailbox": mailbox,
            "message": None,
            "finding": f"{count} messages wait, and it is not in the settings: put it back under this name",
        }
        for mailbox, count in undone.items()
        if mailbox not in runtime.settings.mailboxes
    ]


def _findings(runtime: Runtime, mailbox: str) -> Iterator[dict[str, Any]]:
    yield from _inbox(runtime, mailbox)
    yield from _overdue(runtime, mailbox)
    yield from _moved(runtime, mailbox)


def _inbox(runtime: Runtime, mailbox: str) -> Iterator[dict[str, Any]]:
    """Messages the server has below the cursor that the ledger lacks, and a mailbox that is not polled."""
    account = runtime.settings.mailboxes[mailbox]
    selected = runtime.imap(mailbox, account).select(account.inbox, readonly=True)
    with runtime.database.transaction() as session:
        position = ledger.cursor(session, mailbox, account.inbox)
        known = ledger.known_uids(session, mailbox, account.inbox, selected.uidvalidity)
    if position is None or position.uidvalidity != selected.uidvalidity:
        yield {"message": None, "finding": "the inbox has not been polled since its UIDs were given out"}
        return
    for uid in runtime.imap(mailbox, account).uids_above(0):
        if uid <= position.last_uid and uid not in known:
            yield {"message": f"UID {uid}", "finding": "on the server, but not in the ledger"}


def _overdue(runtime: Runtime, mailbox: str) -> Iterator[dict[str, Any]]:
    """Deliveries that have had no disposition for longer than ten polls should take."""
    patience = runtime.settings.pace.poll_seconds * _PATIENCE_SWEEPS
    with runtime.database.transaction() as session:
        late = standing_store.unsettled(session, mailbox, older_than=patience, now=clock.now())
        waiting = moves_store.waiting(session, mailbox, now=clock.now())
    for delivery_id, state in late:
        if delivery_id not in waiting:
            yield {"message": ids.message_ref(delivery_id), "finding": f"no disposition yet: it is only {state}"}


def _moved(runtime: Runtime, mailbox: str) -> Iterator[dict[str, Any]]:
    """Originals that were moved, and are not to be seen at their destination; what is seen is not looked for again."""
    account = runtime.settings.mailboxes[mailbox]
    with runtime.database.transaction() as session:
        moves = moves_store.unverified_moves(session, mailbox)
        deliveries = ledger.deliveries(session, [item for found in moves.values() for item in found.values()])
    for folder, found in moves.items():
        imap = runtime.imap(mailbox, account)
        try:
            imap.select(folder, readonly=True)
        except ImapRefusedError:
            yield {"message": None, "finding": f"{len(found)} messages were moved to {folder!r}, which is gone"}
            continue
        seen = [key for key, item in found.items() if copies_in(imap, deliveries[item])]
        with runtime.database.transaction() as session:
            moves_store.mark_verified(session, seen, now=clock.now())
        for delivery_id in (item for key, item in found.items() if key not in seen):
            yield {"message": ids.message_ref(delivery_id), "finding": f"moved to {folder!r}, but not to be seen there"}
