"""One sweep of one mailbox: poll, record, decide, perform, under leases; whatever fails is tried again by the next."""

from collections.abc import Callable
from dataclasses import dataclass

from core import log
from ingest.imap import ImapSession
from workers.alone import INTERRUPTIONS
from workers.deciding import Batch
from workers.performing import perform
from workers.polling import poll
from workers.proving import prove
from workers.recording import Performance
from workers.runtime import Runtime
from workers.store import Lease, leased

_log = log.get("workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What one sweep did; `trouble` says in words why it ended early, or that another worker holds the mailbox."""

    mailbox: str
    polled: int = 0
    performed: int = 0
    trouble: str | None = None


def sweep(runtime: Runtime, mailbox: str) -> Sweep:
    """Poll a mailbox and perform what is owed; trouble with server, lease, database or settings ends it, not more."""
    polled = poll_mailbox(runtime, mailbox)
    performed = perform_mailbox(runtime, mailbox)
    return Sweep(
        mailbox=mailbox,
        polled=polled.polled,
        performed=performed.performed,
        trouble=polled.trouble or performed.trouble,
    )


def poll_mailbox(runtime: Runtime, mailbox: str) -> Sweep:
    """Record and decide what is new."""

    def work(lease: Lease, imap: ImapSession) -> Sweep:
        return Sweep(mailbox=mailbox, polled=poll(Batch(runtime, lease, imap, mailbox)))

    return _under_lease(runtime, "poll", mailbox, work)


def perform_mailbox(runtime: Runtime, mailbox: str) -> Sweep:
    """Carry out what has been decided, and now and then prove that all of it was."""

    def work(lease: Lease, imap: ImapSession) -> Sweep:
        performance = Performance(runtime, lease, imap, mailbox)
        performed = perform(performance)
        prove(performance)
        return Sweep(mailbox=mailbox, performed=performed)

    return _under_lease(runtime, "perform", mailbox, work)


def _under_lease(runtime: Runtime, task: str, mailbox: str, work: Callable[[Lease, ImapSession], Sweep]) -> Sweep:
    account = runtime.settings.mailboxes[mailbox]
    if runtime.stopping.is_set():
        return Sweep(mailbox=mailbox, trouble="told to stop")
    try:
        with leased(runtime.database, f"{task}:{mailbox}", seconds=runtime.settings.pace.lease_seconds) as lease:
            if lease is None:
                return Sweep(mailbox=mailbox, trouble=f"another worker has the lease to {task} it")
            done = work(lease, runtime.imap(mailbox, account))
            if done.polled or done.performed:
                _log.info("mailbox.swept", mailbox=mailbox, polled=done.polled, performed=done.performed)
            return done
    except INTERRUPTIONS as error:
        runtime.hang_up(mailbox)
        _log.warning("sweep.interrupted", mailbox=mailbox, task=task, error=type(error).__name__)
        return Sweep(mailbox=mailbox, trouble=f"{type(error).__name__}: {_one_line(error)}")


def _one_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
