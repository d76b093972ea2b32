"""A dry run: what would be decided about an inbox, by the very function that decides; nothing is written."""

from typing import Any

from ingest.delivery import Arrival, Delivery, fingerprint, message_id_of
from register.dates import COUNCIL_TIME
from routing.action import Action, FileInto, Hold, Keep, Notice, RaiseReview, Redirect
from routing.decision import Decision
from workers.deciding import Batch, Waiting, judge
from workers.runtime import Runtime
from workers.store import Lease


def rehearse(runtime: Runtime, mailbox: str) -> list[dict[str, Any]]:
    """One row for each message in the inbox: its UID, what would become of it, and why.

    Raises ImapUnavailableError or ImapRefusedError.
    """
    account = runtime.settings.mailboxes[mailbox]
    pace = runtime.settings.pace
    imap = runtime.imap(mailbox, account)
    selected = imap.select(account.inbox, readonly=True)
    batch = Batch(runtime, Lease(f"rehearsal:{mailbox}", 0, 0), imap, mailbox)
    rows: list[dict[str, Any]] = []
    uids = imap.uids_above(0)
    for start in range(0, len(uids), pace.batch):
        fetched = imap.prefixes(uids[start : start + pace.batch])
        waiting = [_waiting(mailbox, selected.name, selected.uidvalidity, item) for item in fetched]
        rows += [
            {
                "mailbox": mailbox,
                "uid": item.delivery.uid,
                "outcome": in_words(item.decision),
                "why": why(item.decision),
            }
            for item in judge(batch, waiting)
        ]
    return rows


def in_words(decision: Decision) -> str:
    """What a decision does, shortly."""
    return ", ".join(map(_in_words, decision.actions))


def _in_words(action: Action) -> str:
    match action:
        case Keep():
            return "kept"
        case Redirect(spoc):
            return f"redirected to {spoc}"
        case FileInto(folder):
            return f"filed ({folder})"
        case Hold(until):
            return f"held until {until.astimezone(COUNCIL_TIME):%d %B %Y, %H:%M}"
        case Notice(letter=letter):
            return f"the writer is told ({letter})"
        case RaiseReview(kind=kind):
            return f"ask: {kind}"


def why(decision: Decision) -> str:
    """Why, in one paragraph."""
    return " ".join(reason.words for reason in decision.reasons)


def _waiting(mailbox: str, folder: str, uidvalidity: int, item: Arrival) -> Waiting:
    delivery = Delivery(
        id=0,
        mailbox=mailbox,
        folder=folder,
        uidvalidity=uidvalidity,
        uid=item.uid,
        fingerprint=fingerprint(item.prefix, item.size),
        size=item.size,
        received_at=item.received_at,
        message_id=message_id_of(item.prefix),
        attempts=0,
    )
    return Waiting(delivery=delivery, prefix=item.prefix)
