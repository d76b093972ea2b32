"""What would be decided, as if the mail came now: nothing is put away because of what its beginning says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from ingest.delivery import Disposition
from ingest.headers import PREFIX
from ingest.message import Message
from ingest.parse import read
from routing.action import Hold
from routing.correspondence import Receipt
from routing.decision import Decision
from workers.planning import disposition

BEGINNING_ONLY = " (on its beginning only: the rest could not be read)"
"""What is said of an outcome for which every byte should have been read, and was not."""

_AWAY = frozenset({Disposition.FILED, Disposition.PUT_BACK})


@dataclass(frozen=True)
class Letter:
    """A message as its first bytes have it; the rest is fetched once, where an outcome rests on it."""

    beginning: Message
    prefix: bytes
    fetch: Callable[[], bytes | None]
    authserv_id: str | None

    @cached_property
    def whole(self) -> Message | None:
        """The message read from every byte; None if they cannot be had."""
        if len(self.prefix) < PREFIX:
            return self.beginning
        raw = self.fetch()
        return None if raw is None else read(raw, trusted_authserv_id=self.authserv_id, whole=True)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be decided; `surely`: on as much of the message as such a decision needs."""

    decision: Decision
    surely: bool = True


def foresee(letter: Letter, first: Decision, again: Callable[[Message], Decision]) -> Foreseen:
    """The outcome of a message of which `first` was decided on its beginning; `again` decides on every byte."""
    if disposition(first) not in _AWAY or letter.whole is letter.beginning:
        return Foreseen(first)
    if letter.whole is None:
        return Foreseen(first, surely=False)
    return Foreseen(again(letter.whole))


def course(letter: Letter, receipt: Receipt, decide: Callable[[Message, Receipt], Decision]) -> tuple[Foreseen, ...]:
    """What becomes of a message step by step: what has waited for a contact time is decided anew as if it came then."""
    steps: list[Foreseen] = []
    comes: datetime | None = receipt.received_at
    while comes is not None:
        step = _step(letter, replace(receipt, received_at=comes), decide)
        steps.append(step)
        comes = _end_of_wait(step.decision, comes)
    return tuple(steps)


def _step(letter: Letter, receipt: Receipt, decide: Callable[[Message, Receipt], Decision]) -> Foreseen:
    return foresee(letter, decide(letter.beginning, receipt), lambda whole: decide(whole, receipt))


def _end_of_wait(decision: Decision, since: datetime) -> datetime | None:
    ends = (action.until for action in decision.actions if isinstance(action, Hold))
    return next((end for end in ends if end > since), None)
