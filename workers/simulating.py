"""What would have become of recent mail under a draft restriction, another policy or another model; nothing is written.

Each message is decided twice, as it would be now and as it would be then, so that nothing else makes the difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from classifier.assessment import Assessment
from classifier.model import Model
from core import ids
from core.db import Session, in_parts
from ingest import finding_store
from ingest.finding_store import Received
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
from routing.decide import RoutingPolicy, decide
from workers import remembering
from workers.foreseeing import Letter, course
from workers.rehearsing import told
from workers.rereading import Reread, Rereading
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
class _Trial:
    """Both sides of the comparison: the means as they are, and as they would be, each with its policy."""

    draft: Draft
    runtime: Runtime
    policy: RoutingPolicy
    then: Runtime
    policy_then: RoutingPolicy


def simulate(runtime: Runtime, draft: Draft, *, since: datetime) -> Simulated:
    """Decide the mail received since then twice. Raises SettingsError for a policy nobody has."""
    runtime.models.look()
    then = _other(runtime, draft)
    trial = _Trial(draft, runtime, runtime.policy, then, then.policy)
    with runtime.database.transaction() as session:
        wanted = finding_store.received_since(session, since)
    changes: list[Change] = []
    looked_at = 0
    for mailbox, group in groupby(sorted(wanted, key=lambda row: row.delivery.mailbox), key=_mailbox):
        if mailbox in runtime.settings.mailboxes:
            mail = Rereading(runtime, mailbox)
            for part in in_parts(list(group), _AT_ONCE):
                found = mail.beginnings(part)
                looked_at += len(found)
                changes += _changes(trial, mail, found)
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


def _changes(trial: _Trial, mail: Rereading, found: Sequence[Reread]) -> Iterator[Change]:
    runtime, draft = trial.runtime, trial.draft
    letters = [_letter(mail, one) for one in found]
    messages = [letter.beginning for letter in letters]
    with runtime.database.transaction() as session:
        snapshot = register.snapshot(session, frozenset[str]().union(*map(_keys, messages)))
        earlier = remembering.earlier_letters(session, snapshot)
        pairs = zip(found, messages, strict=True)
        receipts = [replace(_receipt(runtime, session, *pair), earlier=earlier) for pair in pairs]
    drafted = Snapshot(tuple(_with_draft(entry, draft) for entry in snapshot.entries))
    texts = [message.new_words for message in messages]
    assessed = runtime.model.assess(texts)
    assessed_then = draft.model.assess(texts) if draft.model is not None else assessed
    excluded = trial.then.excludes(mail.mailbox)
    for one, letter, receipt, *scores in zip(found, letters, receipts, assessed, assessed_then, strict=True):
        now = _outcome(letter, receipt, snapshot, scores[0], trial.policy)
        receipt_then = replace(receipt, excluded=excluded)
        then = _outcome(letter, receipt_then, drafted, scores[1], trial.policy_then)
        if now != then:
            yield Change(
                message_ref=ids.message_ref(one.delivery.id),
                mailbox=one.delivery.mailbox,
                received_at=one.delivery.received_at,
                now=now,
                then=then,
            )


def _letter(mail: Rereading, one: Reread) -> Letter:
    trusted = mail.runtime.settings.council.authserv_id
    beginning = read(one.prefix, trusted_authserv_id=trusted)
    return Letter(beginning, one.prefix, partial(mail.whole, one), trusted)


def _outcome(
    letter: Letter, receipt: Receipt, snapshot: Snapshot, assessment: Assessment, policy: RoutingPolicy
) -> str:
    """What becomes of it, step by step, in words."""
    steps = course(letter, receipt, lambda message, then: decide(message, then, snapshot, assessment, policy))
    return ", then ".join(map(told, steps))


def _keys(message: Message) -> frozenset[str]:
    return lookup_keys(claims_of(message)) | postcode_keys(f"{message.subject}\n{message.text}")


def _receipt(runtime: Runtime, session: Session, one: Reread, message: Message) -> Receipt:
    mailbox = one.delivery.mailbox
    return Receipt(
        mailbox=mailbox,
        service=runtime.settings.service_of(mailbox),
        received_at=one.delivery.received_at,
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
