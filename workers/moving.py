"""Moves originals from one folder to another, in batches, by our own UIDs only, and knows afterwards where each is.

Verify, then act: a move that an earlier attempt may have made is looked for at its destination first. Where the server
has no MOVE, a message is copied, the copy is seen, and only then the original is expunged.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.delivery import Delivery
from ingest.imap import CopiedUids, ImapRefusedError, ImapSession, SelectedFolder
from routing.effect import DueEffect
from workers.locating import copies_in
from workers.store import Lease


class StaleLocatorsError(Exception):
    """The folder has new UIDs; they are learnt, and the move is made after that."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"{folder!r} changed its UIDVALIDITY: its UIDs are learnt before anything is moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One effect to perform; `filed_twins` identical messages of ours lie at the destination already.

    `uid` is the message's in the folder it is moved from; 0 or less if it is not known there. `others` are the UIDs at
    the destination that are known to be of other messages, identical or not.
    """

    effect: DueEffect
    delivery: Delivery
    uid: int
    filed_twins: int = 0
    others: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of one move: `evidence` says how we know; `taken` if a person had moved the original first."""

    effect_id: int
    evidence: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves messages out of one folder.

    `act_seconds` is how long one answer of the server may take, `pending` the UIDs of every move from it still owed.
    """

    imap: ImapSession
    source: str
    lease: Lease
    act_seconds: float
    pending: frozenset[int]

    def move(self, moves: Sequence[Move], folder: str, *, uidvalidity: int) -> Iterator[Moved]:
        """Move these to `folder`, yielding each as soon as it is proven.

        Raises StaleLocatorsError if the source has other UIDs by now, ImapRefusedError if the server says no.
        What is not yielded has to be tried again.
        """
        if _same(folder, self.source):  # each message would be taken for its own copy, and expunged
            raise ImapRefusedError(folder, "this is where it lies by now: nothing is moved from a folder into itself")
        self._select_source(uidvalidity)
        there = self.imap.present([move.uid for move in moves if move.uid > 0])
        begun = [move for move in moves if move.effect.begun or move.uid not in there]
        copied = self.arrived(begun, folder)
        self._select_source(uidvalidity)
        yield from self._finished_earlier(moves, there, copied)
        to_remove = [move for move in moves if move.uid in there and move.effect.id in copied]
        if to_remove:
            yield from self._remove_originals(to_remove)
        to_move = [move for move in moves if move.uid in there and move.effect.id not in copied]
        if to_move:
            yield from self._move_now(to_move, folder, uidvalidity)

    def remove(self, moves: Sequence[Move], *, uidvalidity: int) -> Iterator[Moved]:
        """Remove these from the source: their copies are known to have arrived. Raises as `move` does."""
        self._select_source(uidvalidity)
        yield from self._remove_originals(moves)

    def arrived(self, moves: Sequence[Move], folder: str) -> frozenset[int]:
        """The effects of these whose copy lies in `folder`, besides identical messages there; it is selected after."""
        if not moves:
            return frozenset()
        try:
            self.imap.select(folder, readonly=True)
        except ImapRefusedError:
            if folder in self.imap.folders():
                raise  # it is there and cannot be opened now: nothing is known, so nothing is repeated
            return frozenset()  # no such folder yet: nothing has been moved there
        copied: set[int] = set()
        claimed: Counter[str] = Counter()  # one copy proves one move, also among identical messages
        for move in moves:
            print_ = move.delivery.fingerprint
            there = len([uid for uid in copies_in(self.imap, move.delivery) if uid not in move.others])
            if there > move.filed_twins + claimed[print_]:
                claimed[print_] += 1
                copied.add(move.effect.id)
        return frozenset(copied)

    def _finished_earlier(
        self, moves: Sequence[Move], there: frozenset[int], copied: frozenset[int]
    ) -> Iterator[Moved]:
        for move in moves:
            if move.uid in there:
                continue
            if move.effect.id in copied:
                yield Moved(effect_id=move.effect.id, evidence="seen at its destination")
            else:
                yield Moved(effect_id=move.effect.id, evidence="no longer where it was", taken=True)

    def _move_now(self, moves: Sequence[Move], folder: str, uidvalidity: int) -> Iterator[Moved]:
        uids = [move.uid for move in moves]
        self.lease.require(self.act_seconds)
        if not self.imap.can_move:
            yield from self._copy_and_remove(moves, folder, uidvalidity)
            return
        answer = self._into(folder, lambda: self.imap.move(uids, folder))
        told = answer.uids if answer else {}
        for move in moves:
            if move.uid in told:
                yield Moved(effect_id=move.effect.id, evidence=f"moved, now UID {told[move.uid]} there")
        untold = [move for move in moves if move.uid not in told]
        if untold:
            yield from self._seen_there(untold, folder, uidvalidity)

    def _seen_there(self, moves: Sequence[Move], folder: str, uidvalidity: int) -> Iterator[Moved]:
        """What a server without UIDPLUS has moved; the rest is left to be verified by the next attempt."""
        copied = self.arrived(moves, folder)
        self._select_source(uidvalidity)
        left = self.imap.present([move.uid for move in moves])
        for move in moves:
            if move.effect.id in copied and move.uid not in left:
                yield Moved(effect_id=move.effect.id, evidence="moved, then seen at its destination")

    def _copy_and_remove(self, moves: Sequence[Move], folder: str, uidvalidity: int) -> Iterator[Moved]:
        uids = [move.uid for move in moves]
        answer = self._into(folder, lambda: self.imap.copy(uids, folder))
        told = frozenset(answer.uids) if answer else frozenset[int]()
        proven = frozenset(move.effect.id for move in moves if move.uid in told)
        untold = [move for move in moves if move.effect.id not in proven]
        if untold:
            proven |= self.arrived(untold, folder)
            self._select_source(uidvalidity)
        yield from self._remove_originals([move for move in moves if move.effect.id in proven])

    def _remove_originals(self, moves: Sequence[Move]) -> Iterator[Moved]:
        """Expunge originals whose copy has been seen; nobody else's deletions are touched."""
        uids = [move.uid for move in moves]
        self.lease.require(self.act_seconds)
        self.imap.mark_as_deleted(uids)
        if self.imap.can_expunge_by_uid:
            self.imap.expunge(uids)
        else:
            self._expunge_only(frozenset(uids))
        left = self.imap.present(uids)
        for move in moves:
            if move.uid not in left:
                yield Moved(effect_id=move.effect.id, evidence="copied, seen there, then removed here")

    def _expunge_only(self, uids: frozenset[int]) -> None:
        """Expunge without UIDPLUS: never while others have marked messages; marks of our own can wait their turn."""
        others = self.imap.marked_deleted() - uids
        if others <= self.pending:
            self.imap.unmark_deleted(sorted(others))
            self.imap.expunge_all_marked()

    def _into(self, folder: str, act: Callable[[], CopiedUids | None]) -> CopiedUids | None:
        """Do `act`; if the folder is missing, make it and do `act` once more."""
        try:
            return act()
        except ImapRefusedError as refusal:
            if "TRYCREATE" not in str(refusal):
                raise
        self.imap.create_folder(folder)
        return act()

    def _select_source(self, uidvalidity: int) -> SelectedFolder:
        selected = self.imap.select(self.source)
        if selected.uidvalidity != uidvalidity:
            raise StaleLocatorsError(self.source)
        return selected


def _same(folder: str, other: str) -> bool:
    """Whether two names are of one folder; INBOX alone is read without regard to case (RFC 3501 5.1)."""
    return folder == other or folder.upper() == other.upper() == "INBOX"
