"""Polls one mailbox: what is new goes into the ledger with the cursor in one commit, and is decided at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from core import clock, log
from ingest import store as ledger
from ingest.delivery import Arrival, Delivery, Disposition, message_id_of
from ingest.imap import ImapRefusedError, SelectedFolder
from ingest.store import Cursor
from workers.deciding import Batch, UnreadableError, Waiting, decide_all, put_off, show_if_hopeless

_log = log.get("workers")


def poll(batch: Batch) -> int:
    """Record and decide everything new in the inbox, then what earlier polls left undecided; returns how many."""
    mailbox = batch.runtime.settings.mailboxes[batch.mailbox]
    selected = batch.imap.select(mailbox.inbox)
    position = _position(batch, selected)
    seen = 0
    listed = batch.imap.uids_above(position.last_uid)
    for uids in _batches(_unknown(batch, selected, position, listed), batch.runtime.settings.pace.batch):
        if batch.runtime.stopping.is_set():
            return seen
        arrivals = _fetch(batch, uids)
        position = _advance(position, uids[-1])
        waiting = _record(batch, selected, position, arrivals)
        decide_all(batch, waiting)
        seen += len(waiting)
    end = replace(position, last_uid=max(listed, default=position.last_uid), resync_until=None)
    if end != position:
        _set_cursor(batch, selected, end)
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


def _unknown(batch: Batch, selected: SelectedFolder, position: Cursor, listed: Sequence[int]) -> list[int]:
    """Those that the ledger lacks; it has some of them after the cursor was wound back to find one that it missed."""
    if not listed:
        return []
    with batch.runtime.database.transaction() as session:
        place = (batch.mailbox, selected.name, selected.uidvalidity)
        known = ledger.known_uids(session, *place, above=position.last_uid)
    return [uid for uid in listed if uid not in known]


def _advance(position: Cursor, uid: int) -> Cursor:
    return replace(position, last_uid=uid)


def _fetch(batch: Batch, uids: Sequence[int]) -> tuple[Arrival, ...]:
    """What there is of these; what the server has and does not give arrives without a byte, to be learnt later."""
    given = _given(batch, uids)
    kept_back = batch.imap.present([uid for uid in uids if uid not in given])
    empty = {uid: Arrival(uid=uid, size=0, received_at=clock.now(), prefix=b"") for uid in kept_back}
    return tuple(arrival for _, arrival in sorted((given | empty).items()))


def _given(batch: Batch, uids: Sequence[int]) -> dict[int, Arrival]:
    """What the server gives; where it refuses many for the sake of one, that one is left out."""
    try:
        return {arrival.uid: arrival for arrival in batch.imap.prefixes(uids)}
    except ImapRefusedError:
        half = len(uids) // 2
        return _given(batch, uids[:half]) | _given(batch, uids[half:]) if half else {}


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
    return tuple(Waiting(delivery=delivery, prefix=arrival.prefix) for delivery, arrival in pairs if arrival.prefix)


def _set_cursor(batch: Batch, selected: SelectedFolder, position: Cursor) -> None:
    now = clock.now()
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        ledger.set_cursor(session, batch.mailbox, selected.name, position, now=now)


def _decide_left_over(batch: Batch, selected: SelectedFolder) -> int:
    """Decide what an earlier poll recorded but could not decide; what failed twice is tried by itself."""
    decided = 0
    tried: set[int] = set()
    while not batch.runtime.stopping.is_set() and (deliveries := _begin_again(batch, tried)):
        tried.update(delivery.id for delivery in deliveries)
        waiting = _refetch(batch, selected, deliveries)
        decide_all(batch, waiting)
        decided += len(waiting)
    return decided


def _begin_again(batch: Batch, tried: Collection[int]) -> tuple[Delivery, ...]:
    """Count the attempt before making it, one in each poll; a delivery that has failed before comes alone."""
    now = clock.now()
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        due = ledger.due_for_decision(session, batch.mailbox, now=now, limit=batch.runtime.settings.pace.batch)
        due = tuple(delivery for delivery in due if delivery.id not in tried)
        fresh = tuple(delivery for delivery in due if delivery.attempts == 1)
        chosen = fresh or due[:1]
        attempts = max((delivery.attempts for delivery in chosen), default=0)
        retry_at = batch.runtime.later(attempts, now=now)
        ledger.count_attempt(session, [delivery.id for delivery in chosen], retry_at=retry_at)
        for delivery in chosen:
            show_if_hopeless(batch, session, delivery, now)
    return tuple(replace(delivery, attempts=delivery.attempts + 1) for delivery in chosen)


def _refetch(batch: Batch, selected: SelectedFolder, deliveries: Sequence[Delivery]) -> tuple[Waiting, ...]:
    """The bytes of these deliveries again; those that are no longer there are settled, the unreadable put off."""
    placed = {item.uid: item for item in deliveries if _lies_in(item, selected)}
    given = _given(batch, list(placed))
    kept_back = batch.imap.present([uid for uid in placed if uid not in given])
    for item in deliveries:
        if item.folder != selected.name or item.uid in kept_back:
            put_off(batch, item, UnreadableError(f"the server does not give this message of {item.folder!r}"))
    gone = (item for item in deliveries if item.folder == selected.name and item.uid not in given.keys() | kept_back)
    _settle_taken(batch, list(gone))
    return tuple(_waiting(batch, placed[uid], arrival) for uid, arrival in given.items())


def _lies_in(item: Delivery, selected: SelectedFolder) -> bool:
    return item.uid > 0 and (item.folder, item.uidvalidity) == (selected.name, selected.uidvalidity)


def _waiting(batch: Batch, delivery: Delivery, arrival: Arrival) -> Waiting:
    if delivery.size == 0:  # recorded before the server gave anything of it
        with batch.runtime.database.transaction() as session:
            batch.lease.confirm(session, now=clock.now())
            new = ledger.NewDelivery(arrival=arrival, message_id=message_id_of(arrival.prefix))
            delivery = replace(ledger.learn(session, delivery.id, new), attempts=delivery.attempts)
    return Waiting(delivery=delivery, prefix=arrival.prefix)


def _settle_taken(batch: Batch, gone: Sequence[Delivery]) -> None:
    if gone:
        now = clock.now()
        with batch.runtime.database.transaction() as session:
            batch.lease.confirm(session, now=now)
            ledger.settle(session, [delivery.id for delivery in gone], Disposition.TAKEN, now=now)


def _batches(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
