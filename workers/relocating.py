"""Moves originals out of their inbox, and back into it, each effect begun on record before it is tried."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from core import clock, ids, log
from ingest import finding_store
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError
from routing import moves_store
from routing import outbox_store as outbox
from routing.effect import DueEffect, EffectKind
from workers.locating import copies_in
from workers.moving import Move, Moved, Mover, StaleLocatorsError
from workers.recording import Performance, note_failure, record

_log = log.get("workers")
_AT_ONCE = 500
_AT_ONCE_VERIFIED = 25  # each is looked for at its destination: few enough to end, and be recorded, within a lease


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Moves whose attempt is on record; `uidvalidity` is None while a poll is learning the inbox's new UIDs."""

    moves: list[Move]
    uidvalidity: int | None
    pending: frozenset[int]


def relocate(work: Performance, effects: Sequence[DueEffect]) -> int:
    """Move these out of the inbox, or put them back into it; returns how many were proven to have happened."""
    done = 0
    told = work.imap.can_move and work.imap.can_expunge_by_uid  # COPYUID comes with UIDPLUS
    for folder, group in groupby(sorted(effects, key=_kind_of_move), key=_kind_of_move):
        for chunk in _chunks(list(group), _AT_ONCE if told and not folder[1] else _AT_ONCE_VERIFIED):
            if not work.runtime.stopping.is_set():
                act = _restore_from if chunk[0].kind is EffectKind.RESTORE else _move_to
                done += act(work, folder[0], chunk)
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
    here = [move for move in begun.moves if move.delivery.folder == mailbox.inbox]
    for move in begun.moves:
        if move.delivery.folder != mailbox.inbox:
            note_failure(work, move.effect, f"it lies in {move.delivery.folder!r}, which is no longer the inbox")
    seconds = settings.pace.network_seconds
    mover = Mover(work.imap, mailbox.inbox, work.lease, seconds, begun.pending)
    return _relocated(work, partial(mover.move, folder=folder, uidvalidity=begun.uidvalidity), here)


def _restore_from(work: Performance, folder: str, effects: Sequence[DueEffect]) -> int:
    """Put these back from `folder`: found there by what they are, for nothing else is known of their place."""
    settings = work.runtime.settings
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        deliveries = ledger.deliveries(session, [effect.delivery_id for effect in effects])
        due_again = work.runtime.later(max(effect.attempts for effect in effects), now=now)
        outbox.begin_effects(session, [effect.id for effect in effects], due_again=due_again)
    try:
        selected = work.imap.select(folder, readonly=True)
    except ImapRefusedError as refusal:
        for effect in effects:
            note_failure(work, effect, str(refusal))
        return 0
    found = _found(work, effects, deliveries)
    came_back = _came_back(work, found)
    mover = Mover(
        work.imap, folder, work.lease, settings.pace.network_seconds, pending=frozenset(move.uid for move in found)
    )
    twice = [move for move in found if move.effect.id in came_back and move.uid > 0]
    done = _relocated(work, partial(mover.remove, uidvalidity=selected.uidvalidity), twice) if twice else 0
    inbox = settings.mailboxes[work.mailbox].inbox
    act = partial(mover.move, folder=inbox, uidvalidity=selected.uidvalidity)
    return done + _relocated(work, act, [move for move in found if move.effect.id not in came_back])


def _came_back(work: Performance, moves: Sequence[Move]) -> frozenset[int]:
    """The effects whose message an earlier attempt has put back, though it did not live to tell.

    The ledger has it as a later delivery, wherever it is by now. A server with MOVE leaves nothing behind then; one
    that copies may have both, and what is left here has only to be removed.
    """
    tried = [move for move in moves if move.effect.begun and (move.uid == 0 or not work.imap.can_move)]
    with work.runtime.database.transaction() as session:
        again = finding_store.came_after(session, [move.delivery for move in tried])
    back = {move.effect.id: move for move in tried if move.delivery.id in again}
    gone = {key: move for key, move in back.items() if move.uid == 0}
    if gone:
        evidence = {key: f"it came back as {ids.message_ref(again[move.delivery.id])}" for key, move in gone.items()}
        record(work, evidence, {key: move.delivery.id for key, move in gone.items()})
    return frozenset(back)


def _found(work: Performance, effects: Sequence[DueEffect], deliveries: dict[int, Delivery]) -> list[Move]:
    """Where each lies in the selected folder; of identical messages each is one's."""
    taken: set[int] = set()
    moves: list[Move] = []
    for effect in effects:
        delivery = deliveries[effect.delivery_id]
        uid = min((uid for uid in copies_in(work.imap, delivery) if uid not in taken), default=0)
        taken.add(uid)
        moves.append(Move(effect=effect, delivery=delivery, uid=uid))
    return moves


def _relocated(work: Performance, act: Callable[[Sequence[Move]], Iterator[Moved]], moves: Sequence[Move]) -> int:
    moved: list[Moved] = []
    if not moves:
        return 0
    try:
        refused = _all_or_each(work, act, moves, moved)
        _note_unproven(work, moves, refused | {outcome.effect_id for outcome in moved})
    except StaleLocatorsError as error:
        _log.info("move.postponed", mailbox=work.mailbox, reason=type(error).__name__)
    finally:
        if moved:
            _record_moves(work, moves, moved)
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
            note_failure(work, move.effect, "the server refuses nothing, yet the original has not left its folder")


def _begin_moves(work: Performance, folder: str, effects: Sequence[DueEffect]) -> _Begun:
    now = clock.now()
    inbox = work.runtime.settings.mailboxes[work.mailbox].inbox
    attempts = max(effect.attempts for effect in effects)
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        position = ledger.cursor(session, work.mailbox, inbox)
        deliveries = ledger.deliveries(session, [effect.delivery_id for effect in effects])
        prints = {item.fingerprint for item in deliveries.values()}
        twins = moves_store.moved_before(session, work.mailbox, folder, prints)
        due_again = work.runtime.later(attempts, now=now)
        outbox.begin_effects(session, [effect.id for effect in effects], due_again=due_again)
        pending = moves_store.owed_moves(session, work.mailbox)
    moves = [
        Move(
            effect=effect,
            delivery=deliveries[effect.delivery_id],
            uid=deliveries[effect.delivery_id].uid,
            filed_twins=twins.get(_print(deliveries, effect), 0),
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
