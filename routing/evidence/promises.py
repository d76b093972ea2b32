"""The matters of a case over time: when each was open, what the council promised, and where it is late (row 1.33)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from policies.vocabulary import MatterState
from register.casework.case import Case
from register.casework.facts import Matter
from register.dates import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How a matter stands from the day `on`; `answer_by` is the day by which the council has promised an answer."""

    on: date
    state: MatterState
    answer_by: date | None = None

    @property
    def finished(self) -> bool:
        """Whether the council has given its final answer."""
        return self.state in {MatterState.CLOSED, MatterState.EXHAUSTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLife:
    """One matter with its turns, oldest first."""

    reference: str
    title: str
    turns: tuple[Turn, ...]

    def on(self, day: date) -> Turn | None:
        """How it stood on that day; None before it was known."""
        return next((turn for turn in reversed(self.turns) if turn.on <= day), None)

    def overdue_on(self, day: date) -> date | None:
        """The promised day, if it is past and the matter is open still."""
        turn = self.on(day)
        if turn is None or turn.state is not MatterState.OPEN or turn.answer_by is None:
            return None
        return turn.answer_by if turn.answer_by < day else None

    def answered_late(self, day: date) -> date | None:
        """The promised day, if an answer given by `day` came only after it."""
        known = [turn for turn in self.turns if turn.on <= day]
        for before, after in pairwise(known):
            if after.finished and before.answer_by is not None and before.answer_by < after.on:
                return before.answer_by
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSide:
    """What the council owes the person; no figure of the person's is shown without it."""

    overdue: tuple[tuple[str, date, int], ...]  # matter, promised day, days since
    answered_late: tuple[tuple[str, date], ...]
    without_date: tuple[str, ...]  # open, and nothing was promised

    @property
    def late(self) -> bool:
        """Whether anything is overdue now."""
        return bool(self.overdue)


def lives(case: Case) -> tuple[MatterLife, ...]:
    """Every matter of a case; a promise holds until the matter is finished, or another is recorded."""
    events: dict[str, list[tuple[date, Matter]]] = {}
    for event in case.of(Matter):
        events.setdefault(event.record.reference, []).append((event.record.on or day_of(event.at), event.record))
    return tuple(
        MatterLife(reference=reference, title=found[-1][1].title, turns=tuple(_turns(found)))
        for reference, found in events.items()
    )


def council_side(matters: tuple[MatterLife, ...], today: date) -> CouncilSide:
    """Where the council stands with these matters today."""
    overdue = [(life.reference, promised) for life in matters if (promised := life.overdue_on(today))]
    return CouncilSide(
        overdue=tuple((reference, promised, (today - promised).days) for reference, promised in overdue),
        answered_late=tuple(
            (life.reference, promised) for life in matters if (promised := life.answered_late(today)) is not None
        ),
        without_date=tuple(life.reference for life in matters if _open_without_date(life.on(today))),
    )


def _turns(records: list[tuple[date, Matter]]) -> Iterator[Turn]:
    promised: date | None = None
    for on, record in sorted(records, key=lambda pair: pair[0]):
        promised = record.answer_by or (None if record.finished else promised)
        yield Turn(on=on, state=record.state, answer_by=promised)


def _open_without_date(turn: Turn | None) -> bool:
    return turn is not None and turn.state is MatterState.OPEN and turn.answer_by is None
