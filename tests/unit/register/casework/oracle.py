"""Whether a restriction came about as its policy wants, judged from the list of records alone, not by the standing."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations

from dateutil.relativedelta import relativedelta

from policies.period import Period, Unit
from policies.policy import Policy, Stage
from register.casework.case import CaseEvent
from register.casework.facts import Fact, Incident, Owner
from register.casework.steps import (
    Activation,
    Adoption,
    AppealDecided,
    Closed,
    Consultation,
    Decision,
    EqualityCheck,
    LetterFailed,
    LetterIssued,
    NoticeWaived,
    Proposal,
    Review,
    Step,
    Verdict,
)
from register.dates import day_of

Events = Sequence[CaseEvent[Fact | Step]]


def irregularities(events: Events, policy: Policy) -> Iterator[str]:
    """What each restriction that took effect lacks."""
    for place, event in enumerate(events):
        match event.record:
            case Activation():
                yield from _of_activation(events[: place + 1], policy)
            case Adoption():
                keepers = {*policy.keepers.value, *policy.asset_owner.value}
                if event.by.roles.isdisjoint(keepers):
                    yield f"{event.number}: adopted by {event.by.officer}"
            case Review() | AppealDecided():
                yield from _of_amendment(events[: place + 1])
            case _:
                pass


def _of_amendment(events: Events) -> Iterator[str]:
    """What applies after a review or an appeal was once decided by those who decide about restrictions."""
    decided: set[str] = set()
    for event in events[:-1]:
        match event.record:
            case Proposal(measures=measures) | Decision(measures=measures) | Adoption(measures=measures):
                decided |= {measure.terms.kind for measure in measures}
            case Closed():
                decided = set()
            case _:
                pass
    amended = events[-1].record
    assert isinstance(amended, Review | AppealDecided)
    for measure in amended.measures:
        if measure.terms.kind not in decided:
            yield f"{events[-1].number}: {measure.terms.kind} was decided by nobody else"


def _of_activation(events: Events, policy: Policy) -> Iterator[str]:
    begun = events[-1].number
    since = _last_proposal(events)
    if since is None:
        yield f"{begun}: nothing was proposed"
        return
    proposal = events[since].record
    assert isinstance(proposal, Proposal)
    stage = policy.stages[proposal.stage]
    course = events[since:]
    decisions = _decisions(course)
    yield from (f"{begun}: {words}" for words in _of_decisions(course, decisions, stage, policy))
    yield from (f"{begun}: {words}" for words in _of_notice(course, decisions, stage, policy))
    yield from (f"{begun}: {words}" for words in _of_proposal(course, decisions, stage, policy))
    again = _since_closed(events)
    if policy.equality_check.value and not any(isinstance(event.record, EqualityCheck) for event in again):
        yield f"{begun}: no equality check"
    if not any(isinstance(event.record, Incident) for event in again):
        yield f"{begun}: nothing happened"
    if not any(isinstance(event.record, Owner) for event in events):
        yield f"{begun}: nobody owns the case"


def _since_closed(events: Events) -> Events:
    closed = [place for place, event in enumerate(events) if isinstance(event.record, Closed)]
    return events[closed[-1] + 1 :] if closed else events


def _last_proposal(events: Events) -> int | None:
    """Where the proposal stands that the last event puts into effect."""
    found: int | None = None
    for place, event in enumerate(events[:-1]):
        match event.record:
            case Proposal():
                found = place
            case Activation() | Closed():
                found = None
            case Decision(verdict=Verdict.REJECT):
                found = None
            case _:
                pass
    return found


def _decisions(course: Events) -> list[CaseEvent[Fact | Step]]:
    """Those on the measures as they were last amended."""
    decisions = [event for event in course if isinstance(event.record, Decision)]
    amended = [
        place
        for place, event in enumerate(decisions)
        if isinstance(event.record, Decision) and event.record.verdict is Verdict.AMEND
    ]
    return decisions[amended[-1] :] if amended else decisions


def _of_decisions(course: Events, decisions: Events, stage: Stage, policy: Policy) -> Iterator[str]:
    groups = stage.approvers.value if stage.approvers else ()
    people = {event.by.officer: event.by for event in decisions}
    ways = permutations(people.values(), len(groups))
    if not any(all(who.roles & set(group) for who, group in zip(way, groups, strict=True)) for way in ways):
        yield f"not decided by different people of {groups}"
    if policy.four_eyes.value and course[0].by.officer in people:
        yield "decided by whoever proposed it"
    for role in stage.consulted.value if stage.consulted else ():
        asked = [
            event.number for event in course if isinstance(event.record, Consultation) and event.record.role == role
        ]
        if not asked or any(asked[0] > event.number for event in decisions):
            yield f"{role} was not consulted before the decision"


def _of_notice(course: Events, decisions: Events, stage: Stage, policy: Policy) -> Iterator[str]:
    last, proposal, begun = decisions[-1] if decisions else course[0], course[0].record, course[-1].record
    assert isinstance(proposal, Proposal)
    assert isinstance(begun, Activation)
    returned = {event.record.letter for event in course if isinstance(event.record, LetterFailed)}
    told = [
        event.record.on
        for event in course
        if isinstance(event.record, LetterIssued)
        and event.number > last.number
        and event.number not in returned
        and (stage.letter is None or event.record.letter is stage.letter.value)
    ]
    waived = any(isinstance(event.record, NoticeWaived) for event in course)
    if not told and not (waived and proposal.extreme and policy.notice_waivable.value):
        yield "the person was not told"
    if told and day_of(begun.commences_at) < min(told):
        yield "it commenced before the person was told"
    if day_of(begun.commences_at) < day_of(last.at):
        yield "it commenced before it was decided"


def _of_proposal(course: Events, decisions: Events, stage: Stage, policy: Policy) -> Iterator[str]:
    proposal, begun = course[0].record, course[-1].record
    assert isinstance(proposal, Proposal)
    assert isinstance(begun, Activation)
    decided_on = day_of(decisions[-1].at) if decisions else day_of(course[0].at)
    if proposal.review_on > _later(decided_on, policy.reviews.interval.value):
        yield f"its review on {proposal.review_on} is too late"
    commenced = day_of(begun.commences_at)
    if stage.monitoring and (proposal.monitoring_until or date.min) < _later(commenced, stage.monitoring.value):
        yield "it is monitored for too short a time"
    if proposal.provisional_end <= commenced:
        yield "it ended before it began"
    if missing := policy.statements.keys() - proposal.statements.keys():
        yield f"nothing is stated about {missing}"
    if stage.takes.value and course[0].by.roles.isdisjoint(stage.takes.value):
        yield f"proposed by {course[0].by.officer}"
    kinds = stage.kinds.value if stage.kinds else ()
    if any(measure.terms.kind not in kinds for measure in proposal.measures):
        yield "proposed what the stage does not allow"
    if policy.complaint_needed.value and not (proposal.complaint or proposal.other_policy):
        yield "nobody complained"


def _later(day: date, period: Period) -> date:
    assert period.unit in {Unit.MONTHS, Unit.YEARS}
    return day + relativedelta(months=period.count * (12 if period.unit is Unit.YEARS else 1))
