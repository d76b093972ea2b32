"""Puts originals back from the folder they were moved to into their inbox, each once, whatever was tried before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core import clock, ids, log
from ingest import store as ledger
from ingest.delivery import Delivery
from ingest.imap import ImapRefusedError
from register.dates import COUNCIL_TIME
from routing import outbox_store as outbox
from routing import returns_store, review_store
from routing.action import RaiseReview, ReviewKind
from routing.effect import DueEffect
from workers.carrying import carried
from workers.locating import copies_in
from workers.moving import Move, Moved, Mover
from workers.recording import Performance, note_failure, record
from workers.twins import brought_back

_log = log.get("workers")
_MISSING = (
    "This was to come back into its inbox from {folder!r} {by} and is not there: somebody has taken it, or it has to be"
    " searched for. Confirm when you know where it is, and see to it that what it asks for is dealt with."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Restores whose attempt is on record; `staying` counts, by fingerprint, what lies in the folder besides them."""

    effects: list[DueEffect]
    deliveries: dict[int, Delivery]
    staying: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Restores with where each original lies, 0 if not in the folder; `back`: by effect, what it became."""

    moves: list[Move]
    back: dict[int, int]


def restore_from(work: Performance, folder: str, effects: Sequence[DueEffect]) -> int:
    """Put these back from `folder`: found there by what they are, for nothing else is known of their place."""
    inbox = work.runtime.settings.mailboxes[work.mailbox].inbox
    place = _place(work, inbox)
    if place is None:
        return 0  # a poll is learning the inbox's new UIDs: what lies there is known only after it
    begun = _begin(work, folder, effects)
    try:
        selected = work.imap.select(folder, readonly=True)
    except ImapRefusedError as refusal:
        for effect in begun.effects:
            note_failure(work, effect, str(refusal))
        return 0
    known = _known(work, place, _found(work, begun))
    mover = Mover(
        *(work.imap, folder, work.lease, work.runtime.settings.pace.network_seconds),
        pending=frozenset(move.uid for move in known.moves),
    )
    seen = _note_absent(work, mover, known, inbox)

    def remove(moves: Sequence[Move]) -> Iterator[Moved]:
        return mover.remove(moves, uidvalidity=selected.uidvalidity)

    def move(moves: Sequence[Move]) -> Iterator[Moved]:
        # What vanishes at this moment is looked for by the next attempt.
        return (one for one in mover.move(moves, inbox, uidvalidity=selected.uidvalidity) if not one.taken)

    # One copy proves one restore, also among identical messages.
    here = [replace(one, filed_twins=seen[one.delivery.fingerprint]) for one in known.moves if one.uid > 0]
    done = carried(work, remove, [one for one in here if one.effect.id in known.back])
    return seen.total() + done + carried(work, move, [one for one in here if one.effect.id not in known.back])


def _place(work: Performance, inbox: str) -> tuple[str, int] | None:
    """The inbox with its UIDVALIDITY, if that is the one by which the ledger knows it."""
    uidvalidity = work.imap.select(inbox, readonly=True).uidvalidity
    with work.runtime.database.transaction() as session:
        position = ledger.cursor(session, work.mailbox, inbox)
    if position is None or position.resync_until is not None or position.uidvalidity != uidvalidity:
        return None
    return inbox, uidvalidity


def _begin(work: Performance, folder: str, effects: Sequence[DueEffect]) -> _Begun:
    now = clock.now()
    keys = [effect.id for effect in effects]
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        deliveries = ledger.deliveries(session, [effect.delivery_id for effect in effects])
        prints = {one.fingerprint for one in deliveries.values()}
        staying = returns_store.staying(session, work.mailbox, folder, prints)
        due_again = work.runtime.later(max(effect.attempts for effect in effects), now=now)
        owed = outbox.begin_effects(session, keys, due_again=due_again)
        returns_store.begin_restores(session, owed)
    return _Begun(effects=[effect for effect in effects if effect.id in owed], deliveries=deliveries, staying=staying)


def _found(work: Performance, begun: _Begun) -> list[Move]:
    """Where each lies in the selected folder; of identical messages each is one's.

    What was begun before may have left it: what lies there may be of those that stay.
    """
    taken: set[int] = set()
    moves: list[Move] = []
    for effect in begun.effects:
        delivery = begun.deliveries[effect.delivery_id]
        copies = sorted(uid for uid in copies_in(work.imap, delivery) if uid not in taken)
        theirs = begun.staying.get(delivery.fingerprint, 0) if effect.begun else 0
        uid = copies[0] if len(copies) > theirs else 0
        taken.add(uid)
        moves.append(Move(effect=effect, delivery=delivery, uid=uid))
    return moves


def _known(work: Performance, place: tuple[str, int], moves: Sequence[Move]) -> _Known:
    """What the ledger tells of these: as what they came back, and which messages in the inbox are others.

    An earlier attempt may have put a message back, though it did not live to tell: the ledger has it as a later
    delivery then, wherever it is by now. A server with MOVE leaves nothing behind; one that copies may have both, and
    what is left here has only to be removed.
    """
    tried = [move for move in moves if move.effect.begun and (move.uid == 0 or not work.imap.can_move)]
    prints = {move.delivery.fingerprint for move in moves}
    with work.runtime.database.transaction() as session:
        again = returns_store.became(session, [move.delivery.id for move in tried])
        others = returns_store.uids_known(session, work.mailbox, place, prints)
    return _Known(
        moves=[replace(move, others=others) for move in moves],
        back={move.effect.id: again[move.delivery.id] for move in tried if move.delivery.id in again},
    )


def _note_absent(work: Performance, mover: Mover, known: _Known, inbox: str) -> Counter[str]:
    """Record those that left the folder before; returns, by fingerprint, how many copies in the inbox prove it."""
    absent = [move for move in known.moves if move.uid == 0]
    arrived = mover.arrived([move for move in absent if move.effect.id not in known.back], inbox)
    evidence = dict.fromkeys(arrived, "seen in its inbox")
    evidence |= {key: f"it came back as {ids.message_ref(later)}" for key, later in known.back.items()}
    proven = {move.effect.id: move.delivery.id for move in absent if move.effect.id in evidence}
    if proven:
        record(work, {key: evidence[key] for key in proven}, proven)
    _note_missed(work, [move for move in absent if move.effect.id not in proven])
    return Counter(move.delivery.fingerprint for move in absent if move.effect.id in arrived)


def _note_missed(work: Performance, moves: Sequence[Move]) -> None:
    """What a person has put back is theirs; what is not to be found is looked for again, and then asked about."""
    if not moves:
        return
    with work.runtime.database.transaction() as session:
        theirs = brought_back(session, [move.delivery.id for move in moves])
        returns_store.note_missed(session, [move.effect.id for move in moves])
    patience = work.runtime.settings.pace.shunt_after
    ended = [move for move in moves if move.delivery.id in theirs or move.effect.missed + 1 >= patience]
    lost = [move for move in ended if move.delivery.id not in theirs]
    _log.warning("restore.missed", mailbox=work.mailbox, messages=len(moves), given_up=len(lost))
    _ask(work, lost)
    if ended:
        record(work, {}, {move.effect.id: move.delivery.id for move in ended}, {move.effect.id for move in ended})


def _ask(work: Performance, lost: Sequence[Move]) -> None:
    now = clock.now()
    with work.runtime.database.transaction() as session:
        work.lease.confirm(session, now=now)
        for move in lost:
            question = _MISSING.format(folder=move.effect.target, by=_by(move.effect))
            ask = RaiseReview(kind=ReviewKind.MISSING, question=question, priority=1)
            review_store.raise_review(session, move.delivery.id, ask, now=now)


def _by(effect: DueEffect) -> str:
    if effect.not_before is None:
        return "after a person's answer"
    return f"on {effect.not_before.astimezone(COUNCIL_TIME):%d %B %Y at %H:%M}"
