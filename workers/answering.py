"""Carries out what follows from a person's answer: the answer, the decision it makes and its effects in one commit."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime

from classifier.assessment import NOT_ASSESSED
from core import clock, ids
from core.db import Session
from ingest import store as ledger
from ingest.delivery import DeliveryState, Disposition
from policies.vocabulary import LetterKind
from routing import joined_store, moves_store, returns_store, review_store
from routing import outbox_store as outbox
from routing import store as decisions
from routing.action import FileInto, Keep, Notice, RaiseReview, ReviewKind
from routing.answering import Outcome, answered
from routing.decision import Decision, Reason
from routing.effect import Effect
from routing.review_store import Answer, ReviewRow
from workers import labelling, noticing_store
from workers.disowning import disown
from workers.planning import disposition, folder_named, move, restore
from workers.remembering import remember_answer
from workers.runtime import Runtime
from workers.store import leased
from workers.timeliness import SparedError, in_force

_TRIES, _BETWEEN = 40, 0.25  # seconds; a worker performs for moments at a time
_TAKEN = (
    "{ref} came back into its inbox as {now}, and somebody has taken it from there: it is where they put it, and"
    " nothing is left to release. Answer with confirm or overturn"
)
_UNTENDED = (
    "{ref} came to the mailbox {mailbox!r}, which the settings do not name: put it back there under this name, and then"
    " answer"
)
_NEW = "{ref} brings something new, says {by}: consider it, and acknowledge it."


class AnswerError(Exception):
    """The item cannot be answered so; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an answer led to; `decision` is None where nothing of the message changes."""

    decision: Decision | None = None
    message_ref: str | None = None
    not_asked_again: tuple[str, ...] = ()  # the cases about which the message's address is not asked again


@dataclass(frozen=True, slots=True)
class About:
    """The message an item is about: its delivery, and the decision that holds for it."""

    delivery: ledger.DeliveryRow
    row: decisions.DecisionRow

    @property
    def decision(self) -> Decision:
        """The decision."""
        return decisions.decision_of(self.row)


def answer_item(runtime: Runtime, item: int, answer: Answer) -> Answered:
    """Record an answer and owe what follows from it; the next sweep does it, once. Raises AnswerError.

    Nothing is performed for the mailbox meanwhile, so that no effect is under way while it is taken back.
    """
    return undisturbed(runtime, item, lambda: _answer(runtime, item, answer))


def undisturbed(runtime: Runtime, item: int, act: Callable[[], Answered]) -> Answered:
    """Do this while nothing is decided or performed for any mailbox that the item is about.

    A poll may have read what is now answered, and add to the item. Raises AnswerError if a mailbox is busy for long.
    """
    mailboxes: list[str] = []
    for _ in range(_TRIES):
        mailboxes = _mailboxes_of(runtime, item)
        with ExitStack() as stack:
            seconds = runtime.settings.pace.lease_seconds
            held = (
                stack.enter_context(leased(runtime.database, f"{task}:{one}", seconds=seconds))
                for one in mailboxes
                for task in ("poll", "perform")
            )
            if all(lease is not None for lease in held) and _mailboxes_of(runtime, item) == mailboxes:
                return act()
        if runtime.stopping.wait(_BETWEEN):
            break
    busy = " or ".join(mailboxes)
    words = f"{busy} is being worked on at this moment, and the item is not answered: try again in a minute"
    raise AnswerError(words)


def _mailboxes_of(runtime: Runtime, item: int) -> list[str]:
    with runtime.database.transaction() as session:
        row = review_store.review(session, item)
        named = () if row is None else joined_store.messages(session, row)
        deliveries = (ledger.delivery(session, one) for one in named)
        return sorted({delivery.mailbox for delivery in deliveries if delivery is not None})


def _all_about(session: Session, row: ReviewRow) -> list[About]:
    """Every message that an item is about."""
    return [found for one in joined_store.messages(session, row) if (found := _about(session, one)) is not None]


def about(session: Session, row: ReviewRow) -> About | None:
    """What an item is about; None if that is no message, or one of which nothing is left to decide.

    A message that was put back into its inbox is what it became there, once that is decided.
    """
    return None if row.delivery_id is None else _about(session, row.delivery_id)


def _about(session: Session, delivery_id: int) -> About | None:
    rows = decisions.current_decisions(session, (delivery_id, *returns_store.since(session, delivery_id)))
    newest = max(rows, default=delivery_id)
    delivery, current = ledger.delivery(session, newest), rows.get(newest)
    if delivery is None or current is None or delivery.erased_at is not None:
        return None
    return About(delivery, current)


def _answer(runtime: Runtime, item: int, answer: Answer) -> Answered:
    now = clock.now()
    with runtime.database.transaction() as session:
        if not review_store.answer(session, item, answer, now=now):
            words = f"item {item} does not exist or has been answered: see `mailroom review show {item}`"
            raise AnswerError(words)
        row = review_store.review(session, item)
        found = about(session, row) if row is not None else None
        if row is None or found is None:
            return Answered() if row is None else _undecided(runtime, session, row, answer, now)
        kind, outcome = ReviewKind(row.kind), Outcome(answer.outcome)
        _note_label(session, row, answer, now)
        if outcome is Outcome.RELEASE:
            _require_there(row, found)
        if kind is ReviewKind.NEW_INFORMATION and outcome is Outcome.OVERTURN:
            _tell_owner(session, found, answer, now)
        remember_answer(session, found.delivery, found.decision, row)
        disowned = kind is ReviewKind.IDENTITY and outcome is Outcome.OVERTURN
        refs = disown(runtime, session, found.delivery, found.decision, answer.by) if disowned else ()
        decision = answered(found.decision, kind, outcome, answer.by)
        if decision is not None and kind is ReviewKind.CLOSING:
            _require_letter(session, item, decision)
        if decision is not None:
            _commit(runtime, session, found, decision, now)
        if outcome is Outcome.RELEASE:
            _release_others(runtime, session, row, answer, now)
        return Answered(decision=decision, message_ref=ids.message_ref(found.delivery.id), not_asked_again=refs)


def _undecided(runtime: Runtime, session: Session, row: ReviewRow, answer: Answer, now: datetime) -> Answered:
    """What is released before it could be decided is decided by that: it stays in its inbox."""
    delivery = None if row.delivery_id is None else ledger.delivery(session, row.delivery_id)
    waits = delivery is not None and delivery.state == DeliveryState.RECORDED and delivery.erased_at is None
    if delivery is None or not waits or answer.outcome != Outcome.RELEASE:
        return Answered()
    words = f"A person answered the {row.kind} item before the message was decided: {answer.outcome}."
    decision = Decision(
        actions=(Keep(),),
        reasons=(Reason(code=f"answer:{row.kind}:{answer.outcome}", words=words),),
        policy_version=runtime.policy.version,
        register_versions=(),
        model_version=NOT_ASSESSED.model_version,
        decided_by=answer.by,
    )
    decided = decisions.Decided(
        delivery_id=delivery.id,
        mailbox=delivery.mailbox,
        decision=decision,
        effects=(),
        assessment=asdict(NOT_ASSESSED),
    )
    decisions.commit_decisions(session, [decided], now=now)
    ledger.settle(session, [delivery.id], Disposition.KEPT, now=now)
    return Answered(decision=decision, message_ref=ids.message_ref(delivery.id))


def _release_others(runtime: Runtime, session: Session, row: ReviewRow, answer: Answer, now: datetime) -> None:
    """What is asked about several messages together is released of each whose mailbox is still tended."""
    for found in _all_about(session, row)[1:]:
        decision = answered(found.decision, ReviewKind(row.kind), Outcome.RELEASE, answer.by)
        if decision is not None and found.delivery.mailbox in runtime.settings.mailboxes:
            _commit(runtime, session, found, decision, now)


def _note_label(session: Session, row: ReviewRow, answer: Answer, now: datetime) -> None:
    try:
        labelling.note(session, row, answer, now=now)
    except labelling.LabelError as error:
        words = f"item {row.id}: {error}"
        raise AnswerError(words) from None


def _require_there(row: ReviewRow, found: About) -> None:
    """Raise AnswerError if what an item is about came back and was taken by somebody."""
    delivery = found.delivery
    if row.delivery_id not in {None, delivery.id} and delivery.disposition == Disposition.TAKEN:
        words = _TAKEN.format(ref=ids.message_ref(row.delivery_id or 0), now=ids.message_ref(delivery.id))
        raise AnswerError(words)


def _require_letter(session: Session, item: int, decision: Decision) -> None:
    """Raise AnswerError if a stored letter is to close the message, and none is decided on any longer."""
    ended: list[SparedError] = []
    closing = [one for one in decision.actions if isinstance(one, Notice) and one.letter is LetterKind.FIXED_CLOSING]
    for notice in closing:
        try:
            in_force(session, notice.case, notice.restriction)
        except SparedError as reason:
            ended.append(reason)
    if ended and len(ended) == len(closing):
        words = f"item {item}: {ended[0]}, so no stored letter closes this: release it or overturn it instead"
        raise AnswerError(words)


def _commit(runtime: Runtime, session: Session, found: About, decision: Decision, now: datetime) -> None:
    delivery = found.delivery
    if delivery.mailbox not in runtime.settings.mailboxes:
        raise AnswerError(_UNTENDED.format(ref=ids.message_ref(delivery.id), mailbox=delivery.mailbox))
    effects = _effects(runtime, session, delivery, decision)
    decided = decisions.Decided(
        delivery_id=delivery.id,
        mailbox=delivery.mailbox,
        decision=decision,
        effects=tuple((effect, None) for effect in effects),
        assessment=found.row.assessment,
        supersedes=found.row.id,
    )
    supersede(runtime, session, found.delivery, decided, now)


def supersede(
    runtime: Runtime, session: Session, delivery: ledger.DeliveryRow, decided: decisions.Decided, now: datetime
) -> None:
    """Write the decision of a person, owe its effects and notices, and note whether anything is left to be done.

    What waited to be told because of the decision before is told no longer, and of what is only rehearsed nothing is.
    """
    decision, shadow = decided.decision, runtime.settings.mailboxes[delivery.mailbox].shadow
    decisions.commit_decisions(session, [decided], now=now)
    notices = [action for action in decision.actions if isinstance(action, Notice) and not shadow]
    noticing_store.forestall(session, delivery, notices, now=now, by=decision.decided_by or "a person")
    noticing_store.owe(session, delivery.id, notices, now=now, by=decision.decided_by)
    if decided.effects:
        ledger.mark_decided(session, [delivery.id])
    elif delivery.state != DeliveryState.SETTLED:
        ledger.settle(session, [delivery.id], disposition(decision), now=now)
    review_store.close_reviews(session, [delivery.id], ReviewKind.READ_AND_FILE, "superseded", now=now)


def _effects(
    runtime: Runtime, session: Session, delivery: ledger.DeliveryRow, decision: Decision
) -> tuple[Effect, ...]:
    """What brings the message from where it lies, or is on its way to, to where the decision wants it."""
    settings = runtime.settings
    if settings.mailboxes[delivery.mailbox].shadow:
        return ()
    place = moves_store.place_of(session, delivery.id)
    outbox.cancel_effects(session, delivery.id)
    if delivery.disposition == Disposition.PUT_BACK:
        return ()  # what it becomes in its inbox takes the decision over
    filed = next((action for action in decision.actions if isinstance(action, FileInto)), None)
    if filed is not None:
        folder = folder_named(settings.mailboxes[delivery.mailbox].folders, filed.folder)
        return () if place is not None else (move(delivery.id, folder, settings),)
    return () if place is None else (restore(delivery.id, place.folder, settings, after=place.after),)


def _tell_owner(session: Session, found: About, answer: Answer, now: datetime) -> None:
    """Row 3.27: what is new goes to whoever owns the case."""
    question = _NEW.format(ref=ids.message_ref(found.delivery.id), by=answer.by)
    ask = RaiseReview(kind=ReviewKind.DUE, question=question, priority=4)
    for version in found.decision.register_versions:
        review_store.raise_about_case(session, version.rpartition("@")[0], ask, now=now)
