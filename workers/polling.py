"""Polls one mailbox: what is new goes into the ledger with the cursor in one commit, and is decided at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core import clock, log
from ingest import store as ledger
from ingest.delivery import Arrival, Delivery, Disposition, message_id_of
from ingest.imap import SelectedFolder
from ingest.store import Cursor
from workers.deciding import Batch, Waiting, decide_all

_log = log.get("workers")


def poll(batch: Batch) -> int:
    """Record and decide everything new in the inbox, then what earlier polls left undecided; returns how many."""
    mailbox = batch.runtime.settings.mailboxes[batch.mailbox]
    selected = batch.imap.select(mailbox.inbox)
    position = _position(batch, selected)
    seen = 0
    for uids in _batches(batch.imap.uids_above(position.last_uid), batch.runtime.settings.pace.batch):
        arrivals = _fetch(batch, uids)
        position = _advance(position, uids[-1])
        waiting = _record(batch, selected, position, arrivals)
        decide_all(batch, waiting)
        seen += len(waiting)
    if position.resync_until is not None:
        _finish_resync(batch, selected, position)
    return seen + _decide_left_over(batch, selected)


def _position(batch: Batch, selected: SelectedFolder) -> Cursor:
    """Where to go on; after a change of UIDVALIDITY (or UIDs that went backwards), from the beginning."""
    now = clock.now()
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        position = ledger.cursor(session, batch.mailbox, selected.name)
        if position is None:
            position = Cursor(uidvalidity=selected.uidvalidity, last_uid=0, resync_until=None)
        elif _uids_are_new(position, selected):
            _log.warning("mailbox.uids_changed", mailbox=batch.mailbox)
            ledger.void_locators(session, batch.mailbox, selected.name)
            until = (selected.uidnext or 2**32) - 1
            position = Cursor(uidvalidity=selected.uidvalidity, last_uid=0, resync_until=until)
        ledger.set_cursor(session, batch.mailbox, selected.name, position, now=now)
    return position


def _uids_are_new(position: Cursor, selected: SelectedFolder) -> bool:
    rolled_back = selected.uidnext is not None and selected.uidnext <= position.last_uid
    return position.uidvalidity != selected.uidvalidity or rolled_back


def _advance(position: Cursor, uid: int) -> Cursor:
    return replace(position, last_uid=uid)


def _fetch(batch: Batch, uids: Sequence[int]) -> tuple[Arrival, ...]:
    fetched = batch.imap.prefixes(uids, length=batch.runtime.settings.pace.prefix_bytes)
    arrivals = [
        Arrival(uid=item.uid, size=item.size, received_at=item.received_at, prefix=item.prefix) for item in fetched
    ]
    return tuple(sorted(arrivals, key=lambda arrival: arrival.uid))


def _record(
    batch: Batch, selected: SelectedFolder, position: Cursor, arrivals: Sequence[Arrival]
) -> tuple[Waiting, ...]:
    """Commit ledger rows and the cursor that promises them; messages known before a resync get their new UID."""
    now = clock.now()
    place = (selected.name, selected.uidvalidity)
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        if position.resync_until is not None:
            arrivals = ledger.relocate(session, batch.mailbox, *place, arrivals)
        new = [ledger.NewDelivery(arrival=item, message_id=message_id_of(item.prefix)) for item in arrivals]
        recorded = ledger.record(session, batch.mailbox, place, new, now=now)
        ledger.set_cursor(session, batch.mailbox, selected.name, position, now=now)
    pairs = zip(recorded, arrivals, strict=True)
    return tuple(Waiting(delivery=delivery, prefix=arrival.prefix) for delivery, arrival in pairs)


def _finish_resync(batch: Batch, selected: SelectedFolder, position: Cursor) -> None:
    now = clock.now()
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        settled = replace(position, resync_until=None)
        ledger.set_cursor(session, batch.mailbox, selected.name, settled, now=now)


def _decide_left_over(batch: Batch, selected: SelectedFolder) -> int:
    """Decide what an earlier poll recorded but could not decide; what failed twice is tried by itself."""
    decided = 0
    while deliveries := _begin_again(batch):
        waiting, gone = _refetch(batch, selected, deliveries)
        _settle_taken(batch, gone)
        decide_all(batch, waiting)
        decided += len(waiting)
    return decided


def _begin_again(batch: Batch) -> tuple[Delivery, ...]:
    """Count the attempt before making it; a delivery that has failed before comes alone."""
    now = clock.now()
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        due = ledger.due_for_decision(session, batch.mailbox, now=now, limit=batch.runtime.settings.pace.batch)
        fresh = tuple(delivery for delivery in due if delivery.attempts == 1)
        chosen = fresh or due[:1]
        attempts = max((delivery.attempts for delivery in chosen), default=0)
        retry_at = batch.runtime.later(attempts, now=now)
        ledger.count_attempt(session, [delivery.id for delivery in chosen], retry_at=retry_at)
    return tuple(replace(delivery, attempts=delivery.attempts + 1) for delivery in chosen)


def _refetch(
    batch: Batch, selected: SelectedFolder, deliveries: Sequence[Delivery]
) -> tuple[tuple[Waiting, ...], tuple[Delivery, ...]]:
    """The bytes of these deliveries again, and those that are no longer where they were."""
    placed = [item for item in deliveries if item.uid > 0 and item.uidvalidity == selected.uidvalidity]
    length = batch.runtime.settings.pace.prefix_bytes
    prefixes = {item.uid: item.prefix for item in batch.imap.prefixes([item.uid for item in placed], length=length)}
    found = tuple(Waiting(delivery=item, prefix=prefixes[item.uid]) for item in placed if item.uid in prefixes)
    there = {item.delivery.id for item in found}
    return found, tuple(item for item in deliveries if item.id not in there)


def _settle_taken(batch: Batch, gone: Sequence[Delivery]) -> None:
    if gone:
        now = clock.now()
        with batch.runtime.database.transaction() as session:
            batch.lease.confirm(session, now=now)
            ledger.settle(session, [delivery.id for delivery in gone], Disposition.TAKEN, now=now)


def _batches(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
