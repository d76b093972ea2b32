"""Performs what the outbox owes: hand over to the SPOC first, move the original only after that is proven."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from core import clock, log
from core.accounts import SettingsError
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError, ImapUnavailableError
from routing import outbox_store as outbox
from routing.effect import DueEffect, EffectKind
from workers.appending import append_once
from workers.moving import Move, Moved, Mover, StaleLocatorsError
from workers.planning import ForeignSpocError
from workers.recording import Performance, ask_person, note_failure, record
from workers.smtp import Relay, SmtpRefusedError, SmtpUnavailableError

_log = log.get("workers")
_AT_ONCE = 500
_AT_ONCE_VERIFIED = 25  # each is looked for at its destination: few enough to end, and be recorded, within a lease


class LetterGoneError(Exception):
    """What an effect was to hand over is no longer kept."""

    def __init__(self, effect_id: int) -> None:
        super().__init__(f"the stored letter of effect {effect_id} is gone: hand the original over by hand")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Moves whose attempt is on record; `uidvalidity` is None while a poll is learning the inbox's new UIDs."""

    moves: list[Move]
    uidvalidity: int | None
    pending: frozenset[int]


def perform(work: Performance) -> int:
    """Perform every effect of this mailbox that is due; returns how many were proven to have happened.

    One kind after the other, so that what waits for a server holds up nothing that can do without it.
    """
    return sum(_perform_all(work, kind) for kind in (EffectKind.SEND, EffectKind.APPEND, EffectKind.MOVE))


def _perform_all(work: Performance, kind: EffectKind) -> int:
    done = 0
    tried: set[int] = set()
    silent: set[str] = set()
    while due := [effect for effect in _due(work, kind) if effect.id not in tried]:
        tried.update(effect.id for effect in due)
        done += _move(work, due) if kind is EffectKind.MOVE else _hand_over(work, due, silent)
    return done


def _due(work: Performance, kind: EffectKind) -> tuple[DueEffect, ...]:
    if work.runtime.stopping.is_set():
        return ()
    with work.runtime.database.transaction() as session:
        return outbox.due_effects(session, work.mailbox, kind, now=clock.now(), limit=_AT_ONCE)


def _hand_over(work: Performance, effects: Sequence[DueEffect], silent: set[str]) -> int:
    """Send or append one by one: each is recorded before the next, so that a crash can repeat one at the most.

    Servers that do not answer are noted in `silent`, and what is meant for them waits.
    """
    done = 0
    with work.runtime.relay() as relay:
        for effect in effects:
            if work.runtime.stopping.is_set():
                break
            if _way(effect) not in silent:
                done += _hand_over_one(work, relay, effect, silent)
    _postpone(work, [effect for effect in effects if _way(effect) in silent])
    return done


def _way(effect: DueEffect) -> str:
    """Whose silence would stop this: one relay takes every letter, each SPOC's account its own copies."""
    return effect.kind if effect.kind is EffectKind.SEND else effect.target


def _hand_over_one(work: Performance, relay: Relay, effect: DueEffect, silent: set[str]) -> int:
    try:
        delivery, payload = _begin(work, effect)
        evidence = _deliver(work, relay, effect, delivery, payload)
    except (SmtpUnavailableError, ImapUnavailableError) as error:
        note_failure(work, effect, str(error))
        silent.add(_way(effect))
    except SmtpRefusedError as error:
        note_failure(work, effect, str(error))
        silent.update({_way(effect)} if error.every_letter else ())
    except (ImapRefusedError, SettingsError, ForeignSpocError, LetterGoneError, ValueError) as error:
        note_failure(work, effect, str(error))
    else:
        record(work, {effect.id: evidence}, {effect.id: effect.delivery_id})
        return 1
    return 0


def _postpone(work: Performance, effects: Sequence[DueEffect]) -> None:
    """Let those that were not begun wait as well, or they would stand before all others in the next sweep."""
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        ids_ = [effect.id for effect in effects]
        outbox.postpone_effects(session, ids_, due_at=work.runtime.later(1, now=now))


def _deliver(work: Performance, relay: Relay, effect: DueEffect, delivery: Delivery, payload: bytes) -> str:
    work.lease.require(work.runtime.settings.pace.network_seconds)
    if not work.runtime.settings.is_ours(effect.target):
        raise ForeignSpocError(effect.target)
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
        if effect.attempts >= work.runtime.settings.pace.shunt_after:  # and no attempt lived to tell of its failure
            ask_person(session, effect, "no attempt has come to an end", now)
    if payload is None:
        raise LetterGoneError(effect.id)
    return delivery, payload


def _move(work: Performance, effects: Sequence[DueEffect]) -> int:
    done = 0
    told = work.imap.can_move and work.imap.can_expunge_by_uid  # COPYUID comes with UIDPLUS
    for folder, group in groupby(sorted(effects, key=_kind_of_move), key=_kind_of_move):
        for chunk in _chunks(list(group), _AT_ONCE if told and not folder[1] else _AT_ONCE_VERIFIED):
            done += 0 if work.runtime.stopping.is_set() else _move_to(work, folder[0], chunk)
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
    mover = Mover(work.imap, mailbox, work.lease, settings.pace.network_seconds, begun.pending)
    here = [move for move in begun.moves if move.delivery.folder == mailbox.inbox]
    for move in begun.moves:
        if move.delivery.folder != mailbox.inbox:
            note_failure(work, move.effect, f"it lies in {move.delivery.folder!r}, which is no longer the inbox")
    moved: list[Moved] = []
    try:
        act = partial(mover.move, folder=folder, uidvalidity=begun.uidvalidity)
        refused = _all_or_each(work, act, here, moved)
        _note_unproven(work, here, refused | {outcome.effect_id for outcome in moved})
    except StaleLocatorsError as error:
        _log.info("move.postponed", mailbox=work.mailbox, reason=type(error).__name__)
    finally:
        if moved:
            _record_moves(work, begun.moves, moved)
    return len(moved)


def _all_or_each(
    work: Performance, act: Callable[[Sequence[Move]], Iterator[Moved]], moves: Sequence[Move], moved: list[Moved]
) -> set[int]:
    """Move these, or, if the server refuses them together, each alone; returns the effects that were refused.

    `moved` grows with what is proven, and keeps it whatever happens.
    """
    try:
        for outcome in act(moves):
            moved.append(outcome)  # noqa: PERF402 - what was proven before a failure must be kept
    except ImapRefusedError as refusal:
        if len(moves) == 1:
            note_failure(work, moves[0].effect, str(refusal))
            return {moves[0].effect.id}
        proven = {outcome.effect_id for outcome in moved}
        rest = [move for move in moves if move.effect.id not in proven]
        return {effect_id for move in rest for effect_id in _all_or_each(work, act, [move], moved)}
    return set()


def _note_unproven(work: Performance, moves: Sequence[Move], told: Collection[int]) -> None:
    """A move that is neither refused nor seen to happen is verified by the next attempt; not for ever, though."""
    for move in moves:
        if move.effect.id not in told and move.effect.attempts + 1 >= work.runtime.settings.pace.shunt_after:
            note_failure(work, move.effect, "the server refuses nothing, yet the original has not left the inbox")


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
        pending = outbox.owed_moves(session, work.mailbox)
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
        pending=pending,
    )


def _print(deliveries: dict[int, Delivery], effect: DueEffect) -> str:
    return deliveries[effect.delivery_id].fingerprint


def _record_moves(work: Performance, moves: Sequence[Move], moved: Sequence[Moved]) -> None:
    delivery_of = {move.effect.id: move.delivery.id for move in moves}
    overtaken = {outcome.effect_id for outcome in moved if outcome.taken}
    evidence = {outcome.effect_id: outcome.evidence for outcome in moved if not outcome.taken}
    record(work, evidence, {outcome.effect_id: delivery_of[outcome.effect_id] for outcome in moved}, overtaken)
