"""Proof on demand: what the servers have is in the ledger, and what was decided lies where its decision put it."""

from collections.abc import Iterator
from dataclasses import dataclass

from core import clock, ids
from ingest import standing_store
from ingest import store as ledger
from ingest.imap import ImapRefusedError, ImapUnavailableError
from routing import moves_store, review_store
from routing.action import ReviewKind
from workers.locating import copies_in
from workers.runtime import Runtime

_PATIENCE_SWEEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is amiss: about a message of the ledger, or one that it lacks, or a mailbox as a whole."""

    mailbox: str
    words: str
    delivery: int | None = None
    uid: int | None = None
    uidvalidity: int = 0  # by which the UID is meant
    moved: bool = False  # it was, and is not where it was moved to

    @property
    def message(self) -> str | None:
        """The message as people name it."""
        if self.delivery is not None:
            return ids.message_ref(self.delivery)
        return None if self.uid is None else f"UID {self.uid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What is amiss anywhere, and the mailboxes whose server did not let itself be asked, with its words."""

    findings: list[Finding]
    silent: dict[str, str]


def reconcile_all(runtime: Runtime) -> Reconciled:
    """What is amiss in every mailbox; one that cannot be looked at does not keep the others from it."""
    findings, silent = [], {}
    for mailbox in runtime.settings.mailboxes:
        try:
            findings += reconcile(runtime, mailbox)
        except (ImapUnavailableError, ImapRefusedError) as error:
            silent[mailbox] = str(error)
    return Reconciled(findings=[*findings, *strays(runtime)], silent=silent)


def reconcile(runtime: Runtime, mailbox: str) -> list[Finding]:
    """What is amiss in one mailbox; empty if every message has exactly one disposition.

    Raises ImapUnavailableError, or ImapRefusedError if the inbox cannot be opened.
    """
    return [*_inbox(runtime, mailbox), *_overdue(runtime, mailbox), *_moved(runtime, mailbox)]


def strays(runtime: Runtime) -> list[Finding]:
    """Mailboxes that are no longer in the settings, or have another name there, and have work undone."""
    with runtime.database.transaction() as session:
        undone = standing_store.mailboxes_with_work(session)
    words = "{count} messages of {mailbox!r} wait, and it is not in the settings: put it back under this name"
    return [
        Finding(mailbox=mailbox, delivery=oldest, words=words.format(count=count, mailbox=mailbox))
        for mailbox, (count, oldest) in undone.items()
        if mailbox not in runtime.settings.mailboxes
    ]


def _inbox(runtime: Runtime, mailbox: str) -> Iterator[Finding]:
    """Messages the server has below the cursor that the ledger lacks, and a mailbox that is not polled."""
    account = runtime.settings.mailboxes[mailbox]
    selected = runtime.imap(mailbox, account).select(account.inbox, readonly=True)
    with runtime.database.transaction() as session:
        position = ledger.cursor(session, mailbox, account.inbox)
        known = ledger.known_uids(session, mailbox, account.inbox, selected.uidvalidity)
    if position is None or position.uidvalidity != selected.uidvalidity:
        yield Finding(mailbox=mailbox, words="the inbox has not been polled since its UIDs were given out")
        return
    for uid in runtime.imap(mailbox, account).uids_above(0):
        if uid <= position.last_uid and uid not in known:
            words = "on the server, but not in the ledger"
            yield Finding(mailbox=mailbox, uid=uid, uidvalidity=selected.uidvalidity, words=words)


def _overdue(runtime: Runtime, mailbox: str) -> Iterator[Finding]:
    """Deliveries that have had no disposition for longer than ten polls should take."""
    patience = runtime.settings.pace.poll_seconds * _PATIENCE_SWEEPS
    with runtime.database.transaction() as session:
        late = standing_store.unsettled(session, mailbox, older_than=patience, now=clock.now())
        waiting = moves_store.waiting(session, mailbox, now=clock.now())
    for delivery_id, state in late:
        if delivery_id not in waiting:
            yield Finding(mailbox=mailbox, delivery=delivery_id, words=f"no disposition yet: it is only {state}")


def _moved(runtime: Runtime, mailbox: str) -> Iterator[Finding]:
    """Originals that were moved, are not to be seen at their destination, and that nobody has accounted for.

    What is seen once is not looked for again: people may do with it what they like.
    """
    account = runtime.settings.mailboxes[mailbox]
    with runtime.database.transaction() as session:
        moves = moves_store.unverified_moves(session, mailbox)
        moved = [item for found in moves.values() for item in found.values()]
        deliveries = ledger.deliveries(session, moved)
        accounted = review_store.answered_about(session, moved, ReviewKind.MISSING)
    for folder, found in moves.items():
        imap = runtime.imap(mailbox, account)
        try:
            imap.select(folder, readonly=True)
            seen = [key for key, item in found.items() if copies_in(imap, deliveries[item])]
            where = f"moved to {folder!r}, but not to be seen there"
        except ImapRefusedError:
            seen, where = [], f"moved to {folder!r}, which is gone"
        with runtime.database.transaction() as session:
            moves_store.mark_verified(session, seen, now=clock.now())
        for key, item in found.items():
            if key not in seen and item not in accounted:
                yield Finding(mailbox=mailbox, delivery=item, words=where, moved=True)
