"""Which stages of the policy a case has been through, and when."""

from datetime import datetime
from typing import Any

from policies.policy import Policy, Stage
from register.casework.case import CaseEvent
from register.casework.standing import Arrangement, Standing
from register.casework.steps import LetterIssued, StageTaken


def counts(event: CaseEvent[Any], standing: Standing) -> bool:
    """Whether a record is of the process that goes on now: what came before a closure is history."""
    return standing.concluded is None or event.number > standing.concluded.number


def taken_at(identifier: str, standing: Standing, policy: Policy) -> datetime | None:
    """When a stage was last taken: by its letter, by a record of it, or, if it restricts, when that took effect.

    A case that was closed and opened again begins with its first stage.
    """
    stage = policy.stages[identifier]
    case = standing.case
    taken: list[CaseEvent[Any]] = [event for event in case.of(StageTaken) if event.record.stage == identifier]
    if stage.letter is not None and not stage.restricts:
        taken += [event for event in case.of(LetterIssued) if event.record.letter is stage.letter.value]
    moments = [event.at for event in taken if counts(event, standing)]
    moments += [one.commenced_at for one in _current(standing) if one.stage == identifier]
    return max(moments, default=None)


def _current(standing: Standing) -> tuple[Arrangement, ...]:
    """What took effect since the last closure, which ended all that there was."""
    closed = standing.concluded
    return tuple(
        one for one in standing.arrangements if closed is None or one.ended_at is None or one.ended_at > closed.at
    )


def missing_before(stage: Stage, standing: Standing, policy: Policy) -> tuple[Stage, ...]:
    """The stages that the policy puts before this one and that were not taken."""
    return tuple(policy.stages[before] for before in stage.after if taken_at(before, standing, policy) is None)


def last_taken(stage: Stage, standing: Standing, policy: Policy) -> datetime | None:
    """When the last of the stages before this one was taken."""
    moments = (taken_at(before, standing, policy) for before in stage.after)
    return max((moment for moment in moments if moment is not None), default=None)
