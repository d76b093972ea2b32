"""What would have become of recent mail under a draft restriction, another policy or another model; nothing is written.

Each message is decided twice, as it would be now and as it would be then, so that nothing else makes the difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from classifier.model import Model
from core import ids
from core.db import Session, in_parts
from ingest import content_store, finding_store
from ingest.delivery import Delivery
from ingest.finding_store import Received
from ingest.imap import ImapRefusedError, ImapUnavailableError
from ingest.message import Message
from ingest.parse import read
from register import store as register
from register.casework.steps import Measure
from register.entry import RegisterEntry, Restriction, Snapshot
from register.matching import lookup_keys
from register.places import postcode_keys
from routing import outbox_store
from routing.claims import claims_of
from routing.correspondence import Receipt
from routing.decide import decide
from workers import remembering
from workers.rehearsing import in_words
from workers.runtime import Runtime

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is tried: measures for one case, another council policy (by name), another model; or several at once."""

    case: str | None = None
    measures: tuple[Measure, ...] = ()
    policy: str | None = None
    model: Model | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One message that would have gone otherwise."""

    message_ref: str
    mailbox: str
    received_at: datetime
    now: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What would change, of how many messages looked at; of `missing` neither we nor the mailbox has the text."""

    changes: tuple[Change, ...]
    looked_at: int
    missing: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A delivery with what there is of it."""

    delivery: Delivery
    raw: bytes


def simulate(runtime: Runtime, draft: Draft, *, since: datetime) -> Simulated:
    """Decide the mail received since then twice. Raises SettingsError for a policy nobody has."""
    then = _other(runtime, draft)
    with runtime.database.transaction() as session:
        wanted = finding_store.received_since(session, since)
    changes: list[Change] = []
    looked_at = 0
    for mailbox, group in groupby(sorted(wanted, key=lambda row: row.delivery.mailbox), key=_mailbox):
        if mailbox in runtime.settings.mailboxes:
            for part in in_parts(list(group), _AT_ONCE):
                held = _held(runtime, mailbox, part)
                looked_at += len(held)
                changes += _changes(runtime, then, draft, held)
    return Simulated(
        changes=tuple(sorted(changes, key=lambda change: (change.received_at, change.message_ref))),
        looked_at=looked_at,
        missing=len(wanted) - looked_at,
    )


def _other(runtime: Runtime, draft: Draft) -> Runtime:
    """The same means under the drafted policy."""
    if draft.policy is None:
        return runtime
    council = runtime.settings.council.model_copy(update={"policy": draft.policy})
    return Runtime(runtime.settings.model_copy(update={"council": council}), runtime.database)


def _mailbox(row: Received) -> str:
    return row.delivery.mailbox


def _held(runtime: Runtime, mailbox: str, rows: Sequence[Received]) -> list[_Held]:
    """What we keep of these; of the others what still lies in the inbox."""
    held: list[_Held] = []
    away: list[Delivery] = []
    with runtime.database.transaction() as session:
        for row in rows:
            raw = content_store.get(session, row.content) if row.content else None
            if raw is None:
                away.append(row.delivery)
            else:
                held.append(_Held(row.delivery, raw))
    return [*held, *_in_inbox(runtime, mailbox, away)] if away else held


def _in_inbox(runtime: Runtime, mailbox: str, deliveries: Sequence[Delivery]) -> Iterator[_Held]:
    account = runtime.settings.mailboxes[mailbox]
    try:
        imap = runtime.imap(mailbox, account)
        selected = imap.select(account.inbox, readonly=True)
        placed = {
            one.uid: one
            for one in deliveries
            if (one.folder, one.uidvalidity) == (selected.name, selected.uidvalidity) and one.uid > 0
        }
        found = list(imap.prefixes(list(placed))) if placed else []
    except (ImapUnavailableError, ImapRefusedError):
        runtime.hang_up(mailbox)
        return
    for arrival in found:
        yield _Held(placed[arrival.uid], arrival.prefix)


def _changes(runtime: Runtime, then: Runtime, draft: Draft, held: Sequence[_Held]) -> Iterator[Change]:
    trusted = runtime.settings.council.authserv_id
    messages = [read(one.raw, trusted_authserv_id=trusted) for one in held]
    with runtime.database.transaction() as session:
        snapshot = register.snapshot(session, frozenset[str]().union(*map(_keys, messages)))
        earlier = remembering.earlier_letters(session, snapshot)
        pairs = zip(held, messages, strict=True)
        receipts = [replace(_receipt(runtime, session, *pair), earlier=earlier) for pair in pairs]
    drafted = Snapshot(tuple(_with_draft(entry, draft) for entry in snapshot.entries))
    texts = [message.own_text for message in messages]
    assessed = runtime.model.assess(texts)
    assessed_then = draft.model.assess(texts) if draft.model is not None else assessed
    each = zip(held, messages, receipts, assessed, assessed_then, strict=True)
    for one, message, receipt, assessment, assessment_then in each:
        before = decide(message, receipt, snapshot, assessment, runtime.policy)
        excluded = then.excludes(one.delivery.mailbox)
        after = decide(message, replace(receipt, excluded=excluded), drafted, assessment_then, then.policy)
        if in_words(before) != in_words(after):
            yield Change(
                message_ref=ids.message_ref(one.delivery.id),
                mailbox=one.delivery.mailbox,
                received_at=one.delivery.received_at,
                now=in_words(before),
                then=in_words(after),
            )


def _keys(message: Message) -> frozenset[str]:
    return lookup_keys(claims_of(message)) | postcode_keys(f"{message.subject}\n{message.text}")


def _receipt(runtime: Runtime, session: Session, held: _Held, message: Message) -> Receipt:
    mailbox = held.delivery.mailbox
    return Receipt(
        mailbox=mailbox,
        service=runtime.settings.service_of(mailbox),
        received_at=held.delivery.received_at,
        address=runtime.settings.mailboxes[mailbox].address,
        excluded=runtime.excludes(mailbox),
        own_letter=bool(outbox_store.known_keys(session, set(message.loop_tokens))),
    )


def _with_draft(entry: RegisterEntry, draft: Draft) -> RegisterEntry:
    """The entry as if the drafted measures had always been in force."""
    if entry.ref != draft.case:
        return entry
    always = datetime.min.replace(tzinfo=UTC)
    added = (
        Restriction(
            ref=f"{entry.ref}-D{number}",
            terms=measure.terms,
            commenced_at=always,
            ends_at=None,
            mailboxes=frozenset(measure.mailboxes),
            services=frozenset(measure.services),
        )
        for number, measure in enumerate(draft.measures, start=1)
    )
    return replace(entry, restrictions=(*entry.restrictions, *added))
