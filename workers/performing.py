"""Performs what the outbox owes: hand over to the SPOC first, move the original only after that is proven."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core import clock, ids, log
from core.db import Session
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Delivery, Disposition
from ingest.imap import ImapRefusedError, ImapSession, ImapUnavailableError
from routing import outbox_store as outbox
from routing import review_store
from routing import store as decisions
from routing.action import RaiseReview, ReviewKind
from routing.effect import DueEffect, EffectKind
from workers.appending import append_once
from workers.moving import Move, Moved, Mover, StaleLocatorsError
from workers.planning import disposition
from workers.runtime import Runtime
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError
from workers.store import Lease

_log = log.get("workers")
_AT_ONCE = 500
_AT_ONCE_VERIFIED = 25  # each is looked for at its destination: few enough to end, and be recorded, within a lease
_UNDELIVERABLE = "This could not be carried out and the message stays where it is: {error}"


@dataclass(frozen=True, slots=True)
class Performance:
    """The means and the right to act on one mailbox."""

    runtime: Runtime
    lease: Lease
    imap: ImapSession
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Moves whose attempt is on record; `uidvalidity` is None while a poll is learning the inbox's new UIDs."""

    moves: list[Move]
    uidvalidity: int | None
    pending: frozenset[int]


def perform(work: Performance) -> int:
    """Perform every effect of this mailbox that is due; returns how many were proven to have happened."""
    done = 0
    while due := _due(work):
        handovers = [effect for effect in due if effect.kind is not EffectKind.MOVE]
        moves = [effect for effect in due if effect.kind is EffectKind.MOVE]
        performed = _hand_over(work, handovers) + _move(work, moves)
        done += performed
        if not performed:
            break
    return done


def _due(work: Performance) -> tuple[DueEffect, ...]:
    with work.runtime.database.transaction() as session:
        return outbox.due_effects(session, work.mailbox, now=clock.now(), limit=_AT_ONCE)


def _hand_over(work: Performance, effects: Sequence[DueEffect]) -> int:
    """Send or append one by one: each is recorded before the next, so that a crash can repeat one at the most."""
    if not effects:
        return 0
    done = 0
    with work.runtime.relay() as relay:
        for effect in effects:
            delivery, payload = _begin(work, effect)
            try:
                evidence = _deliver(work, relay, effect, delivery, payload)
            except SmtpUnavailableError as error:
                _failed(work, effect, str(error))
                break  # the relay is down for every letter alike
            except (SmtpRefusedError, ImapRefusedError, ImapUnavailableError) as error:
                _failed(work, effect, str(error))
                continue
            _record(work, {effect.id: evidence}, {effect.id: effect.delivery_id})
            done += 1
    return done


def _deliver(work: Performance, relay: Relay, effect: DueEffect, delivery: Delivery, payload: bytes) -> str:
    work.lease.require(work.runtime.settings.pace.network_seconds)
    if effect.kind is EffectKind.SEND:
        return relay.send(effect.target, payload)
    return append_once(work.runtime, effect, delivery, payload)


def _begin(work: Performance, effect: DueEffect) -> tuple[Delivery, bytes]:
    """Count the attempt, then fetch what is to be sent."""
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        outbox.begin_effects(session, [effect.id], due_again=work.runtime.later(effect.attempts, now=now))
        payload = content_store.get(session, effect.content or "")
        delivery = ledger.deliveries(session, [effect.delivery_id])[effect.delivery_id]
    if payload is None:
        message = f"the stored letter of effect {effect.id} is gone"
        raise LookupError(message)
    return delivery, payload


def _move(work: Performance, effects: Sequence[DueEffect]) -> int:
    done = 0
    for folder, group in groupby(sorted(effects, key=_kind_of_move), key=_kind_of_move):
        for chunk in _chunks(list(group), _AT_ONCE if work.imap.can_move and not folder[1] else _AT_ONCE_VERIFIED):
            done += _move_to(work, folder[0], chunk)
    return done


def _kind_of_move(effect: DueEffect) -> tuple[str, bool]:
    return effect.target, effect.begun


def _chunks(effects: Sequence[DueEffect], size: int) -> Iterator[Sequence[DueEffect]]:
    for start in range(0, len(effects), size):
        yield effects[start : start + size]


def _move_to(work: Performance, folder: str, effects: Sequence[DueEffect]) -> int:
    settings = work.runtime.settings
    mailbox = settings.mailboxes[work.mailbox]
    begun = _begin_moves(work, folder, effects)
    if begun.uidvalidity is None:
        return 0  # a poll is learning the inbox's new UIDs; the moves come after it
    pace = settings.pace
    mover = Mover(work.imap, mailbox, work.lease, pace.network_seconds, pace.prefix_bytes, begun.pending)
    moved: list[Moved] = []
    try:
        for outcome in mover.move(begun.moves, folder, uidvalidity=begun.uidvalidity):
            moved.append(outcome)  # noqa: PERF402 - what was proven before a failure must be kept
    except StaleLocatorsError as error:
        _log.info("move.postponed", mailbox=work.mailbox, reason=type(error).__name__)
    except ImapRefusedError as error:
        for effect in effects:
            _failed(work, effect, str(error))
    finally:
        if moved:
            _record_moves(work, begun.moves, moved)
    return len(moved)


def _begin_moves(work: Performance, folder: str, effects: Sequence[DueEffect]) -> _Begun:
    now = clock.now()
    inbox = work.runtime.settings.mailboxes[work.mailbox].inbox
    attempts = max(effect.attempts for effect in effects)
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        position = ledger.cursor(session, work.mailbox, inbox)
        deliveries = ledger.deliveries(session, [effect.delivery_id for effect in effects])
        twins = outbox.moved_before(session, work.mailbox, folder, {item.fingerprint for item in deliveries.values()})
        due_again = work.runtime.later(attempts, now=now)
        outbox.begin_effects(session, [effect.id for effect in effects], due_again=due_again)
        pending = ledger.deliveries(session, outbox.owed_moves(session, work.mailbox))
    moves = [
        Move(
            effect=effect, delivery=deliveries[effect.delivery_id], filed_twins=twins.get(_print(deliveries, effect), 0)
        )
        for effect in effects
    ]
    ready = position is not None and position.resync_until is None
    return _Begun(
        moves=moves,
        uidvalidity=position.uidvalidity if position is not None and ready else None,
        pending=frozenset(item.uid for item in pending.values()),
    )


def _print(deliveries: dict[int, Delivery], effect: DueEffect) -> str:
    return deliveries[effect.delivery_id].fingerprint


def _record_moves(work: Performance, moves: Sequence[Move], moved: Sequence[Moved]) -> None:
    delivery_of = {move.effect.id: move.delivery.id for move in moves}
    overtaken = {outcome.effect_id for outcome in moved if outcome.taken}
    evidence = {outcome.effect_id: outcome.evidence for outcome in moved if not outcome.taken}
    _record(work, evidence, {outcome.effect_id: delivery_of[outcome.effect_id] for outcome in moved}, overtaken)


def _record(
    work: Performance, evidence: dict[int, str], deliveries: dict[int, int], overtaken: Collection[int] = ()
) -> None:
    """Commit what was proven, and settle each delivery to which nothing more is owed; `deliveries` is by effect."""
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        outbox.effects_performed(session, evidence, now=now)
        outbox.effects_overtaken(session, overtaken, now=now)
        finished = outbox.without_pending_effects(session, deliveries.values())
        taken = frozenset(deliveries[effect_id] for effect_id in overtaken)
        for outcome, settled in _dispositions(session, finished, taken):
            ledger.settle(session, settled, outcome, now=now)


def _dispositions(
    session: Session, finished: frozenset[int], taken: frozenset[int]
) -> Iterable[tuple[Disposition, list[int]]]:
    by_outcome: dict[Disposition, list[int]] = {}
    for delivery_id, row in decisions.current_decisions(session, finished).items():
        intended = disposition(decisions.decision_of(row))
        # A letter that reached its SPOC has reached it, whoever moved the original afterwards.
        lost_race = delivery_id in taken and intended is not Disposition.REDIRECTED
        by_outcome.setdefault(Disposition.TAKEN if lost_race else intended, []).append(delivery_id)
    return by_outcome.items()


def _failed(work: Performance, effect: DueEffect, error: str) -> None:
    """Note why, try again later, and after enough tries ask a person; the original stays in its inbox meanwhile."""
    now = clock.now()
    attempts = effect.attempts + 1
    _log.warning("effect.failed", message_ref=ids.message_ref(effect.delivery_id), kind=effect.kind, attempts=attempts)
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        outbox.effect_failed(session, effect.id, error, due_at=work.runtime.later(attempts, now=now))
        if attempts >= work.runtime.settings.pace.shunt_after:
            ask = RaiseReview(kind=ReviewKind.SHUNTED, question=_UNDELIVERABLE.format(error=error), priority=1)
            review_store.raise_review(session, effect.delivery_id, ask, now=now)
