"""Which stages of the policy a case has been through, and when."""

from datetime import datetime

from policies.policy import Policy, Stage
from register.casework.standing import Standing
from register.casework.steps import LetterIssued, StageTaken


def taken_at(identifier: str, standing: Standing, policy: Policy) -> datetime | None:
    """When a stage was last taken: by its letter, by a record of it, or, if it restricts, when that took effect."""
    stage = policy.stages[identifier]
    case = standing.case
    moments = [event.at for event in case.of(StageTaken) if event.record.stage == identifier]
    moments += [one.commenced_at for one in standing.arrangements if one.stage == identifier]
    if stage.letter is not None and not stage.restricts:
        moments += [event.at for event in case.of(LetterIssued) if event.record.letter is stage.letter.value]
    return max(moments, default=None)


def missing_before(stage: Stage, standing: Standing, policy: Policy) -> tuple[Stage, ...]:
    """The stages that the policy puts before this one and that were not taken."""
    return tuple(policy.stages[before] for before in stage.after if taken_at(before, standing, policy) is None)


def last_taken(stage: Stage, standing: Standing, policy: Policy) -> datetime | None:
    """When the last of the stages before this one was taken."""
    moments = (taken_at(before, standing, policy) for before in stage.after)
    return max((moment for moment in moments if moment is not None), default=None)
