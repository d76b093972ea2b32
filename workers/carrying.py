"""Has a batch of moves made, keeps what was proven whatever happens, and records it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from core import log
from ingest.imap import ImapRefusedError
from workers.moving import Move, Moved, StaleLocatorsError
from workers.recording import Performance, note_failure, record

_log = log.get("workers")

Act = Callable[[Sequence[Move]], Iterator[Moved]]


def carried(work: Performance, act: Act, moves: Sequence[Move]) -> int:
    """Make these moves by `act`; returns how many were proven to have happened, or to have been forestalled."""
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


def _all_or_each(work: Performance, act: Act, moves: Sequence[Move], moved: list[Moved]) -> set[int]:
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
        refused: set[int] = set()
        for move in moves:
            if move.effect.id not in proven:
                refused |= _all_or_each(work, act, [_tried(move, moves, moved)], moved)
        return refused
    return set()


def _tried(move: Move, moves: Sequence[Move], moved: Sequence[Moved]) -> Move:
    """The move as it stands once it was tried with others: perhaps it happened, and what was moved since lies there."""
    done = {outcome.effect_id for outcome in moved if not outcome.taken}
    alike = [one for one in moves if one.effect.id in done and one.delivery.fingerprint == move.delivery.fingerprint]
    return replace(move, effect=replace(move.effect, begun=True), filed_twins=move.filed_twins + len(alike))


def _note_unproven(work: Performance, moves: Sequence[Move], told: Collection[int]) -> None:
    """A move that is neither refused nor seen to happen is verified by the next attempt; not for ever, though."""
    for move in moves:
        if move.effect.id not in told and move.effect.attempts + 1 >= work.runtime.settings.pace.shunt_after:
            note_failure(work, move.effect, "the server refuses nothing, yet the original has not left its folder")


def _record_moves(work: Performance, moves: Sequence[Move], moved: Sequence[Moved]) -> None:
    delivery_of = {move.effect.id: move.delivery.id for move in moves}
    overtaken = {outcome.effect_id for outcome in moved if outcome.taken}
    evidence = {outcome.effect_id: outcome.evidence for outcome in moved if not outcome.taken}
    record(work, evidence, {outcome.effect_id: delivery_of[outcome.effect_id] for outcome in moved}, overtaken)
