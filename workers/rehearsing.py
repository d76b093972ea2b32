"""A dry run: what would be decided about an inbox, by the very function that decides; nothing is written."""

from functools import partial
from typing import Any

from ingest.delivery import Arrival, Delivery, fingerprint, message_id_of
from register.dates import COUNCIL_TIME
from routing.abuse import may_upset
from routing.action import Action, FileInto, Hold, Keep, Notice, RaiseReview, Redirect
from routing.decide import decide
from routing.decision import Decision
from workers.deciding import Batch, Judged, Waiting, judge
from workers.foreseeing import BEGINNING_ONLY, Foreseen, Letter, foresee
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
                "outcome": told(foreseen),
                "why": why(foreseen.decision),
            }
            for item, foreseen in ((item, _foreseen(batch, item)) for item in judge(batch, waiting))
        ]
    return rows


def in_words(decision: Decision) -> str:
    """What a decision does, shortly."""
    return ", ".join(map(_in_words, decision.actions))


def told(foreseen: Foreseen) -> str:
    """The same of what would be decided, and whether too little of the message could be read for it."""
    return f"{in_words(foreseen.decision)}{'' if foreseen.surely else BEGINNING_ONLY}"


def _foreseen(batch: Batch, item: Judged) -> Foreseen:
    """What a sweep would decide in the end."""
    settings, policy = batch.runtime.settings, batch.runtime.policy
    fetch = partial(batch.imap.whole, item.delivery.uid)
    letter = Letter(item.message, item.waiting.prefix, fetch, settings.council.authserv_id)
    again = partial(decide, receipt=item.receipt, snapshot=item.snapshot, assessment=item.assessment, policy=policy)
    return foresee(letter, item.decision, again)


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
    """Why, in one paragraph, without what may upset whoever reads it."""
    return " ".join(reason.words for reason in decision.reasons if not may_upset(reason))


def _waiting(mailbox: str, folder: str, uidvalidity: int, item: Arrival) -> Waiting:
    """A message as if it had been recorded; the ledger has no number below one, so each is told from all others."""
    delivery = Delivery(
        id=-item.uid,
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
