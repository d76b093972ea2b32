"""Moves originals out of their inbox, and back into it, each effect begun on record before it is tried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from core import clock
from ingest import store as ledger
from ingest.delivery import Delivery
from routing import moves_store
from routing import outbox_store as outbox
from routing.effect import DueEffect, EffectKind
from workers.carrying import carried
from workers.moving import Move, Mover
from workers.recording import Performance, note_failure
from workers.restoring import restore_from

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
                act = restore_from if chunk[0].kind is EffectKind.RESTORE else _move_to
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
    return carried(work, partial(mover.move, folder=folder, uidvalidity=begun.uidvalidity), here)


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
        owed = outbox.begin_effects(session, [effect.id for effect in effects], due_again=due_again)
        pending = moves_store.owed_moves(session, work.mailbox)
    moves = [
        Move(
            effect=effect,
            delivery=deliveries[effect.delivery_id],
            uid=deliveries[effect.delivery_id].uid,
            filed_twins=twins.get(_print(deliveries, effect), 0),
        )
        for effect in effects
        if effect.id in owed
    ]
    ready = position is not None and position.resync_until is None
    return _Begun(
        moves=moves,
        uidvalidity=position.uidvalidity if position is not None and ready else None,
        pending=pending,
    )


def _print(deliveries: dict[int, Delivery], effect: DueEffect) -> str:
    return deliveries[effect.delivery_id].fingerprint
