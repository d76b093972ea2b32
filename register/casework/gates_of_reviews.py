"""What it takes to go on, to change and to end: reviews, appeals by somebody else, a closure that leaves nothing."""

from collections.abc import Callable
from typing import Any

from policies.policy import Stage
from policies.vocabulary import AppealRule
from register.casework.facts import ActionKind
from register.casework.gates_of_decisions import equality_considered
from register.casework.gates_of_proposals import review_in_time
from register.casework.measures import beyond, of_measures, of_spocs
from register.casework.refusal import Objection, Objections, Situation, against, by_role, not_later, plainly
from register.casework.steps import (
    AppealDecided,
    AppealOutcome,
    AppealReceived,
    Closed,
    Ended,
    Measure,
    MonitoringExtended,
    Review,
    ReviewOutcome,
)

_NOTHING_ACTIVE = plainly("no restriction is active")


def _review(record: Review, situation: Situation) -> Objections:
    yield from not_later(record.on, situation, "on")
    yield from by_role(situation.policy.reviews.decided_by, situation, "deciding a review")
    if not situation.standing.active:
        yield _NOTHING_ACTIVE
        return
    if record.outcome is ReviewOutcome.REMOVE:
        if record.ends_on or record.review_on or record.measures:
            yield plainly("what is removed has no end, no next review and no measures: leave them out")
        return
    yield from _goes_on(record, situation)
    if record.outcome is ReviewOutcome.AMEND:
        yield from _new_measures(record.measures, situation)
    elif record.measures:
        yield plainly("an extension changes no measures: leave them out, or amend")


def _goes_on(record: Review, situation: Situation) -> Objections:
    if record.ends_on is None:
        yield against(situation.policy.reviews.interval, "ends_on: until when does it last now?")
    elif record.ends_on <= situation.today:
        yield plainly(f"ends_on {record.ends_on} is not in the future")
    if record.review_on is None:
        yield against(situation.policy.reviews.interval, "review_on: when is it looked at again?")
    else:
        yield from review_in_time(record.review_on, record.on, situation)


def _new_measures(measures: tuple[Measure, ...], situation: Situation) -> Objections:
    if not measures:
        yield plainly("measures: what applies from now on?")
    if not situation.standing.active:
        yield _NOTHING_ACTIVE
        return
    identifier = situation.standing.active[-1].stage
    stage = situation.policy.stages.get(identifier)
    if stage is None:
        yield plainly(f"{identifier} is no stage of {situation.policy.version}: end what is active, and propose anew")
    else:
        yield from of_measures(measures, stage, situation)
        yield from _nothing_added(measures, stage, situation)
    yield from of_spocs(measures, situation)
    yield from equality_considered(situation)  # what was adopted went through no gate that asked for it


def _nothing_added(measures: tuple[Measure, ...], stage: Stage, situation: Situation) -> Objections:
    """Whoever reviews may narrow and soften at once; what goes further needs approvers, and notice."""
    decided = tuple(one.measure for one in situation.standing.active)
    for measure in beyond(measures, decided):
        words = f"{measure.terms.kind} was not decided before, or not as widely: propose it, and have it approved"
        yield against(stage.approvers or stage.takes, words)


def _monitoring_extended(record: MonitoringExtended, situation: Situation) -> Objections:
    ends = [one.monitoring_until for one in situation.standing.active if one.monitoring_until is not None]
    if not ends:
        yield plainly("no contact is being monitored")
    elif record.until <= max(ends):
        yield plainly(f"until {record.until} is no extension: it is monitored until {max(ends)}")


def _appeal(record: AppealReceived, situation: Situation) -> Objections:
    rule = situation.policy.appeals.rule
    yield from not_later(record.on, situation, "on")
    if situation.standing.appeal is not None:
        yield plainly("an appeal is open already: decide that one first")
    if not situation.standing.active:
        yield _NOTHING_ACTIVE
    if rule.value is AppealRule.NONE:
        words = "there is no appeal: a person reads it all the same, and the reply names the Ombudsman"
        yield Objection(words, rule.clause, refuses=False)
    assigned = situation.officers.named(record.assigned_to)
    if assigned is None or not assigned.active:
        yield plainly(f"{record.assigned_to} is no active officer")
    elif assigned.username in _deciders(situation):
        yield against(rule, f"{record.assigned_to} took the decision: somebody else looks at it again")


def _appeal_decided(record: AppealDecided, situation: Situation) -> Objections:
    appeals = situation.policy.appeals
    if situation.standing.appeal is None:
        yield plainly("no appeal is open")
        return
    if appeals.decided_by is not None:
        yield from by_role(appeals.decided_by, situation, "deciding an appeal")
    if situation.officer.username in _deciders(situation):
        yield against(appeals.rule, f"{situation.officer.username} took the decision: somebody else looks at it again")
    if record.outcome is AppealOutcome.VARY:
        yield from _new_measures(record.measures, situation)
    elif record.measures:
        yield plainly("only a decision to vary has measures: leave them out")


def _deciders(situation: Situation) -> frozenset[str]:
    """Who decided on what is active, or was when an open appeal came: a review since then clears nobody."""
    appeal, arrangements = situation.standing.appeal, situation.standing.arrangements
    looked_at = [
        one for one in arrangements if one.ended_at is None or (appeal is not None and one.ended_at >= appeal.at)
    ]
    return frozenset(name for arrangement in looked_at for name in arrangement.decided_by)


def _ended(record: Ended, situation: Situation) -> Objections:
    active = [arrangement.ref for arrangement in situation.standing.active]
    if not active:
        yield _NOTHING_ACTIVE
    yield from by_role(situation.policy.reviews.decided_by, situation, "ending a restriction")
    for ref in record.restrictions:
        if ref not in active:
            yield plainly(f"{ref} is not active: {', '.join(active) or 'none is'}")


def _closed(_record: Closed, situation: Situation) -> Objections:
    standing, rule = situation.standing, situation.policy.police_reference
    if standing.active:
        yield plainly("restrictions are active: end them first, so that the person can be told")
    if standing.appeal is not None:
        yield plainly("an appeal is open: decide it first")
    told = any(any(situation.case.actions(kind)) for kind in (ActionKind.POLICE_REPORT, ActionKind.POLICE_NOT_TOLD))
    if rule.value and any(incident.threat for incident in situation.case.incidents) and not told:
        yield against(rule, "a confirmed threat has no police report: record its reference, or why there is none")


GATES: dict[type, Callable[[Any, Situation], Objections]] = {
    Review: _review,
    MonitoringExtended: _monitoring_extended,
    AppealReceived: _appeal,
    AppealDecided: _appeal_decided,
    Ended: _ended,
    Closed: _closed,
}
