"""Brings diverted mail into a SPOC's own IMAP account: appended as it arrived, with its time of receipt, once."""

from core.settings import Spoc
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError, ImapSession, ImapUnavailableError
from routing.effect import DueEffect
from workers.locating import copies_in
from workers.recording import Performance


def append_once(work: Performance, effect: DueEffect, delivery: Delivery, raw: bytes) -> str:
    """Append `raw` to the SPOC's folder unless an earlier attempt did; returns how we know that it is there.

    Raises ImapUnavailableError or ImapRefusedError.
    """
    runtime, spoc = work.runtime, work.runtime.settings.spoc(effect.target)
    name = f"{delivery.mailbox}>{spoc.address}"  # each mailbox its own: they are swept side by side
    try:
        imap = runtime.imap(name, spoc)
        _open(imap, spoc.folder)
        if effect.begun and copies_in(imap, delivery):
            return "seen in the SPOC's mailbox"
        work.hold()
        return _append(imap, spoc, delivery, raw)
    except (ImapUnavailableError, ImapRefusedError):
        runtime.hang_up(name)
        raise


def _append(imap: ImapSession, spoc: Spoc, delivery: Delivery, raw: bytes) -> str:
    uid = imap.append(spoc.folder, raw, received_at=delivery.received_at)
    if uid is not None:
        return f"appended, now UID {uid} there"
    imap.select(spoc.folder)
    if copies_in(imap, delivery):
        return "appended, then seen in the SPOC's mailbox"
    what = f"append to {spoc.folder!r}"
    raise ImapUnavailableError(what, "accepted, but not to be seen there")


def _open(imap: ImapSession, folder: str) -> None:
    """Select the SPOC's folder; make it if it is missing."""
    try:
        imap.select(folder)
    except ImapRefusedError:
        if folder in imap.folders():
            raise
        imap.create_folder(folder)
        imap.select(folder)
