"""Decides a batch of recorded deliveries: read, look up, assess, decide, and commit decision and outbox together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from classifier.assessment import Assessment
from core import clock, ids, log
from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Delivery, Disposition, letter_key
from ingest.headers import PREFIX
from ingest.imap import ImapSession
from ingest.message import Message
from ingest.parse import read
from register import store as register
from register.entry import Snapshot
from register.matching import lookup_keys
from register.places import postcode_keys
from routing import outbox_store, review_store, trace_store
from routing import store as decisions
from routing.action import Notice, RaiseReview, ReviewKind
from routing.claims import claims_of
from routing.correspondence import Receipt
from routing.decide import decide
from routing.decision import Decision
from routing.effect import Effect
from routing.history import PastLetter
from workers import noticing_store, remembering, returning, tracing
from workers.alerting import alert
from workers.alone import each_alone, in_pages
from workers.models import note_trial
from workers.planning import Subject, disposition, plan
from workers.runtime import Runtime
from workers.store import Lease
from workers.twins import Inherited, TwinKey, inherited

_log = log.get("workers")

_SHUNTED = "The software failed on this message. It lies untouched in its inbox; please deal with it by hand."


class UnreadableError(Exception):
    """A message that cannot be read at present; it stays where it is, and is tried again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The means and the right to decide one mailbox's messages."""

    runtime: Runtime
    lease: Lease
    imap: ImapSession
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A recorded delivery and the bytes fetched of it."""

    delivery: Delivery
    prefix: bytes

    @property
    def twin_key(self) -> TwinKey:
        """What an identical message would share."""
        return self.delivery.fingerprint, letter_key(self.prefix, self.delivery.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A delivery with what was decided about it."""

    waiting: Waiting
    message: Message
    decision: Decision
    assessment: Assessment
    tried: Assessment | None
    receipt: Receipt
    snapshot: Snapshot

    @property
    def delivery(self) -> Delivery:
        """The delivery."""
        return self.waiting.delivery

    @property
    def bytes_needed(self) -> int:
        """How much of it must be held: all, if it is acted on or a person is asked; else nothing."""
        concerned = bool(self.decision.reviews) or disposition(self.decision) is not Disposition.KEPT
        return self.delivery.size if concerned else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the database knows that bears on a batch: the register, identical messages decided before, our own keys."""

    snapshot: Snapshot
    twins: Inherited
    own_keys: frozenset[str]
    earlier: tuple[PastLetter, ...]
    replies: dict[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class _Planned:
    judged: Judged
    raw: bytes | None
    effects: tuple[Effect, ...]
    gone: bool = False


def decide_all(batch: Batch, waiting: Sequence[Waiting]) -> None:
    """Decide each of these; one that fails is put off and noted, and its neighbours go on."""
    judged: list[Judged] = []

    def put_off_judged(item: Judged, error: Exception) -> None:
        put_off(batch, item.delivery, error)

    each_alone(
        lambda part: judged.extend(judge(batch, part)),
        waiting,
        lambda item, error: put_off(batch, item.delivery, error),
    )
    for page in in_pages(judged, lambda item: item.bytes_needed, batch.runtime.settings.pace.page_bytes):
        each_alone(lambda part: _commit(batch, part), page, put_off_judged)


def judge(batch: Batch, waiting: Sequence[Waiting]) -> list[Judged]:
    """Read and decide; nothing is written and nothing is touched."""
    runtime = batch.runtime
    policy = runtime.policy
    messages = [read(item.prefix, trusted_authserv_id=runtime.settings.council.authserv_id) for item in waiting]
    known = _look_up(batch, waiting, messages)
    assessments = runtime.models.assess([message.new_words for message in messages])
    judged: list[Judged] = []
    for item, message, (assessment, tried) in zip(waiting, messages, assessments, strict=True):
        receipt = _receipt(batch, item.delivery, own_letter=not known.own_keys.isdisjoint(message.loop_tokens))
        released = known.twins.released.get(item.delivery.id)
        receipt = replace(receipt, earlier=known.earlier, replies_to=known.replies.get(message.references, ""))
        if released is not None:  # it has waited: what applies is what applies to mail that comes then
            receipt = replace(receipt, received_at=max(released, receipt.received_at))
        decision = known.twins.decisions.get(item.delivery.id) or decide(
            message, receipt, known.snapshot, assessment, policy
        )
        decision = known.twins.unasked(item.delivery.id, decision)
        judged.append(
            Judged(
                waiting=item,
                message=message,
                decision=decision,
                assessment=assessment,
                tried=tried,
                receipt=receipt,
                snapshot=known.snapshot,
            )
        )
    return judged


def put_off(batch: Batch, delivery: Delivery, error: Exception) -> None:
    """Note a failure, wait before the next try, and after enough tries ask a person; the message stays where it is."""
    now = clock.now()
    reference = ids.message_ref(delivery.id)
    _log.warning("message.failed", message_ref=reference, error=type(error).__name__, attempts=delivery.attempts)
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        retry_at = batch.runtime.later(delivery.attempts, now=now)
        ledger.note_failure(session, delivery.id, f"{type(error).__name__}: {error}", retry_at=retry_at)
        show_if_hopeless(batch, session, delivery, now)


def show_if_hopeless(batch: Batch, session: Session, delivery: Delivery, now: datetime) -> None:
    """After enough tries, which may have killed the worker, ask a person."""
    if delivery.attempts >= batch.runtime.settings.pace.shunt_after:
        ledger.shunt(session, delivery.id, now=now)
        ask = RaiseReview(kind=ReviewKind.SHUNTED, question=_SHUNTED, priority=1)
        review_store.raise_review(session, delivery.id, ask, now=now)


def _look_up(batch: Batch, waiting: Sequence[Waiting], messages: Sequence[Message]) -> _Known:
    keys = {key for message in messages for key in lookup_keys(claims_of(message))}
    keys |= {key for message in messages for key in postcode_keys(f"{message.subject}\n{message.text}")}
    tokens = {token for message in messages for token in message.loop_tokens}
    with batch.runtime.database.transaction() as session:
        snapshot = register.snapshot(session, keys)
        own_keys = outbox_store.known_keys(session, tokens)
        earlier = remembering.earlier_letters(session, snapshot)
        replies = returning.letters_answered(session, messages)
    twins = inherited(batch.runtime, batch.mailbox, {item.delivery.id: item.twin_key for item in waiting})
    return _Known(snapshot=snapshot, twins=twins, own_keys=own_keys, earlier=earlier, replies=replies)


def _receipt(batch: Batch, delivery: Delivery, *, own_letter: bool) -> Receipt:
    settings = batch.runtime.settings
    return Receipt(
        mailbox=batch.mailbox,
        service=settings.service_of(batch.mailbox),
        received_at=delivery.received_at,
        address=settings.mailboxes[batch.mailbox].address,
        excluded=batch.runtime.excludes(batch.mailbox),
        own_letter=own_letter,
    )


def _commit(batch: Batch, page: Sequence[Judged]) -> None:
    """Fetch what is needed whole, plan the effects, and write it all in one transaction."""
    now = clock.now()
    planned = [_planned(batch, item, now) for item in page]
    decided = (item.judged for item in planned if not item.gone)
    traces = tracing.traces(batch.runtime, [(it.delivery, it.message, it.receipt, it.decision) for it in decided])
    with batch.runtime.database.transaction() as session:
        batch.lease.confirm(session, now=now)
        _write(batch, session, [item for item in planned if not item.gone], now)
        trace_store.remember(session, traces)
        gone = [item.judged.delivery.id for item in planned if item.gone]
        ledger.settle(session, gone, Disposition.TAKEN, now=now)
    alert((item.judged.delivery.id, item.judged.decision) for item in planned if not item.gone)


def _planned(batch: Batch, item: Judged, now: datetime) -> _Planned:
    if not item.bytes_needed:
        return _Planned(item, None, ())
    prefix = item.waiting.prefix
    # Some servers only guess at the size: all of it is what is shorter than we asked for.
    complete = item.delivery.size <= len(prefix) < PREFIX
    raw = prefix if complete else batch.imap.whole(item.delivery.uid)
    if raw is None:
        return _gone(batch, item)
    if len(raw) > len(prefix) and disposition(item.decision) in {Disposition.FILED, Disposition.PUT_BACK}:
        item = _reconsidered(batch, item, raw)
    settings = batch.runtime.settings
    if settings.mailboxes[batch.mailbox].shadow:
        return _Planned(item, raw, ())
    subject = Subject(delivery=item.delivery, message=item.message, raw=raw)
    return _Planned(item, raw, plan(item.decision, subject, settings, now=now))


def _gone(batch: Batch, item: Judged) -> _Planned:
    """A person took it away between our FETCHes. Raises UnreadableError if it is still there."""
    if batch.imap.present([item.delivery.uid]):
        message = "the server gave the beginning of this message, but not the whole"
        raise UnreadableError(message)
    return _Planned(item, None, (), gone=True)


def _reconsidered(batch: Batch, item: Judged, raw: bytes) -> Judged:
    """Decide again on every byte: nothing is filed because of what its beginning says."""
    message = read(raw, trusted_authserv_id=batch.runtime.settings.council.authserv_id, whole=True)
    decision = decide(message, item.receipt, item.snapshot, item.assessment, batch.runtime.policy)
    return replace(item, message=message, decision=decision)


def _write(batch: Batch, session: Session, planned: Sequence[_Planned], now: datetime) -> None:
    decided = [_decided(batch, session, item, now) for item in planned]
    decisions.commit_decisions(session, decided, now=now)
    judged = [item.judged for item in planned]
    for it, raw in ((item.judged, item.raw) for item in planned):
        if raw is not None:
            ledger.attach_content(session, it.delivery.id, content_store.keep(session, raw, now=now))
    ledger.mark_decided(session, [item.judged.delivery.id for item in planned if item.effects])
    ledger.settle(session, [item.judged.delivery.id for item in planned if not item.effects], Disposition.KEPT, now=now)
    note_trial(session, ((it.delivery.id, it.assessment, it.tried) for it in judged))
    remembering.remember_filed(session, ((it.delivery.id, it.message, it.decision) for it in judged))
    for it in judged:
        noticing_store.owe(session, it.delivery.id, _notices(batch, it.decision), now=now)
        returning.note(session, batch.runtime, it.delivery.id, it.message, it.waiting.prefix)
    again = [it.delivery.id for it in judged if it.delivery.attempts > 1]
    review_store.close_reviews(session, again, ReviewKind.SHUNTED, "resolved", now=now)


def _notices(batch: Batch, decision: Decision) -> list[Notice]:
    """What writers are to be told because of a decision; nobody is told of what is only rehearsed."""
    shadow = batch.runtime.settings.mailboxes[batch.mailbox].shadow
    return [] if shadow else [action for action in decision.actions if isinstance(action, Notice)]


def _decided(batch: Batch, session: Session, item: _Planned, now: datetime) -> decisions.Decided:
    kept = [
        (effect, None if effect.payload is None else content_store.keep(session, effect.payload, now=now))
        for effect in item.effects
    ]
    return decisions.Decided(
        delivery_id=item.judged.delivery.id,
        mailbox=batch.mailbox,
        decision=item.judged.decision,
        effects=tuple(kept),
        assessment=asdict(item.judged.assessment),
    )
