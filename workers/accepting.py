"""Accepts an address as that of somebody on the register, and has the message decided again: all of it in one commit.

The address goes into the case through the gates of casework, like anything that is recorded there; from then on mail
from it is theirs. Nothing is done of itself: an officer says so, on a question that shows what speaks for it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from core import clock, ids
from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Disposition
from ingest.message import Message
from register import officer_store, recording
from register import store as register
from register.addresses import canonical
from register.case_store import ConflictError
from register.casework.refusal import RefusedError
from register.dates import day_of
from register.matching import lookup_keys
from register.places import postcode_keys
from register.recording import Desk, UnknownCaseError
from register.records import RecordRefusedError, record_from
from routing import moves_store, outbox_store, review_store
from routing import store as decisions
from routing.action import Action, RaiseReview, ReviewKind
from routing.answering import Outcome
from routing.claims import claims_of
from routing.correspondence import Receipt
from routing.decide import decide
from routing.decision import Decision, Reason
from routing.effect import Effect
from routing.review_store import Answer, ReviewRow
from routing.suggesting import obstacle
from workers import remembering
from workers.answering import About, Answered, AnswerError, about, supersede, undisturbed
from workers.disowning import kept_message
from workers.letter import LetterError
from workers.planning import ForeignSpocError, Subject, plan
from workers.runtime import Runtime

_REFUSALS = (RefusedError, UnknownCaseError, ConflictError, RecordRefusedError, LetterError, ForeignSpocError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """The message that an item asks about, as it is held here."""

    found: About
    message: Message
    raw: bytes

    @property
    def ref(self) -> str:
        return ids.message_ref(self.found.delivery.id)

    @property
    def address(self) -> str:
        return self.message.from_[0].addr_spec


def accept(runtime: Runtime, item: int, case: str, officer: str) -> Answered:
    """Record the author's address in this case, answer the item, and decide the message by the register as it then is.

    An address that the case has already is not recorded twice. Raises AnswerError, and then nothing has changed.
    """
    runtime.models.look()  # before the transaction: the message is decided by the model in force
    try:
        return undisturbed(runtime, item, lambda: _accept(runtime, item, case, officer))
    except _REFUSALS as error:
        raise AnswerError(str(error)) from None


def _accept(runtime: Runtime, item: int, case: str, username: str) -> Answered:
    with runtime.database.transaction() as session:
        desk = _desk(runtime, session, username)
        letter = _letter(runtime, session, item)
        _record(session, desk, letter, case)
        answer = Answer(outcome=Outcome.CONFIRM, by=username, note=f"The address is accepted as that of {case}.")
        if not review_store.answer(session, item, answer, now=desk.now):
            raise AnswerError(_gone(item))
        decision = _decided(runtime, session, letter, answer)
        delivery = letter.found.delivery
        return Answered(decision=decision, message_ref=ids.message_ref(delivery.id))


def _desk(runtime: Runtime, session: Session, username: str) -> Desk:
    officer = officer_store.officers(session).named(username)
    if officer is None or not officer.active:
        words = f"there is no active officer {username}: see `mailroom officer list`"
        raise AnswerError(words)
    return runtime.desk(officer)


def _letter(runtime: Runtime, session: Session, item: int) -> _Letter:
    row = review_store.review(session, item)
    if row is None or row.closed_at is not None:
        raise AnswerError(_gone(item))
    if row.kind != ReviewKind.IDENTITY:
        words = f"item {item} asks about {row.kind}, not about who wrote it: answer it with `mailroom review decide`"
        raise AnswerError(words)
    found = about(session, row)
    kept = kept_message(runtime, session, found.delivery) if found is not None else None
    if found is None or kept is None or found.delivery.mailbox not in runtime.settings.mailboxes:
        words = f"the message of item {item}, or its mailbox, is gone: record the address with `mailroom case record`"
        raise AnswerError(words)
    message, raw = kept
    reason = obstacle(message, runtime.policy.staff)
    if reason is not None:
        words = f"item {item}: {reason}, so it proves nobody's address. Answer it with `mailroom review decide`"
        raise AnswerError(words)
    return _Letter(found=found, message=message, raw=raw)


def _gone(item: int) -> str:
    return f"item {item} does not exist or has been answered: see `mailroom review show {item}`"


def _record(session: Session, desk: Desk, letter: _Letter, case: str) -> None:
    entry, address = register.entry(session, case), canonical(letter.address)
    if entry is not None and address in set(map(canonical, entry.representatives)):
        words = f"this is the address of somebody who speaks for the person of {case}, not of the person"
        raise AnswerError(words)
    if entry is not None and address in set(map(canonical, entry.addresses)):
        return
    fields = {"kind": "identifier", "identifier": "email", "value": letter.address}
    source = {"source": f"accepted from {letter.ref}", "since": day_of(desk.now).isoformat()}
    recording.record(session, desk, case, record_from({**fields, **source}))


def _decided(runtime: Runtime, session: Session, letter: _Letter, answer: Answer) -> Decision:
    delivery, now = letter.found.delivery, clock.now()
    (assessment,) = runtime.model.assess([letter.message.new_words])
    snapshot = register.snapshot(session, _keys(letter.message))
    receipt = replace(_receipt(runtime, session, letter), earlier=remembering.earlier_letters(session, snapshot))
    decision = decide(letter.message, receipt, snapshot, assessment, runtime.policy)
    words = "A person accepted the writer's address."
    decision = replace(
        decision,
        actions=_unasked(decision.actions, review_store.of_delivery(session, delivery.id)),
        reasons=(Reason(code="answer:identity:accept", words=words), *decision.reasons),
        decided_by=answer.by,
    )
    effects = _effects(runtime, session, letter, decision)
    kept = (
        (effect, None if effect.payload is None else content_store.keep(session, effect.payload, now=now))
        for effect in effects
    )
    decided = decisions.Decided(
        delivery_id=delivery.id,
        mailbox=delivery.mailbox,
        decision=decision,
        effects=tuple(kept),
        assessment=asdict(assessment),
        supersedes=letter.found.row.id,
    )
    supersede(runtime, session, delivery, decided, now)
    remembering.remember_filed(session, [(delivery.id, letter.message, decision)])
    return decision


def _keys(message: Message) -> frozenset[str]:
    return lookup_keys(claims_of(message)) | postcode_keys(f"{message.subject}\n{message.text}")


def _receipt(runtime: Runtime, session: Session, letter: _Letter) -> Receipt:
    delivery, settings = letter.found.delivery, runtime.settings
    return Receipt(
        mailbox=delivery.mailbox,
        service=settings.service_of(delivery.mailbox),
        received_at=delivery.received_at,
        address=settings.mailboxes[delivery.mailbox].address,
        excluded=runtime.excludes(delivery.mailbox),
        own_letter=bool(outbox_store.known_keys(session, set(letter.message.loop_tokens))),
    )


def _unasked(actions: Iterable[Action], items: Iterable[ReviewRow]) -> tuple[Action, ...]:
    """The actions without what people have been asked about the message already."""
    asked = {(item.kind, item.question) for item in items}
    return tuple(one for one in actions if not (isinstance(one, RaiseReview) and (one.kind, one.question) in asked))


def _effects(runtime: Runtime, session: Session, letter: _Letter, decision: Decision) -> tuple[Effect, ...]:
    """What the decision owes, of a message that lies in its inbox still; where a person has taken it, it stays."""
    delivery, settings = letter.found.delivery, runtime.settings
    gone = {Disposition.TAKEN, Disposition.PUT_BACK}  # what came back takes the decision over
    taken = delivery.disposition in gone or moves_store.place_of(session, delivery.id) is not None
    if taken or settings.mailboxes[delivery.mailbox].shadow:
        return ()
    subject = Subject(
        delivery=ledger.deliveries(session, [delivery.id])[delivery.id], message=letter.message, raw=letter.raw
    )
    return plan(decision, subject, settings, now=clock.now())
