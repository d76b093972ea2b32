"""What the process needs up to a decision: the stages in their order, a whole proposal, those who must be consulted."""

from collections.abc import Callable
from datetime import date
from typing import Any

from policies.policy import Stage
from policies.vocabulary import BypassNeed
from register.casework.facts import Incident
from register.casework.gates_of_facts import external_registers
from register.casework.measures import of_measures, of_spocs, overlaps
from register.casework.refusal import Objection, Objections, Situation, against, by_role, not_later, plainly
from register.casework.stages import counts, last_taken, missing_before
from register.casework.steps import Consultation, EqualityCheck, Proposal, ReferralDeclined, StageTaken
from register.dates import after, day_of

_SEVERAL = 2  # incidents: fewer are isolated, and it has to be said why they are enough


def _stage_taken(record: StageTaken, situation: Situation) -> Objections:
    stage = situation.policy.stages.get(record.stage)
    if stage is None:
        yield _unknown_stage(record.stage, situation)
        return
    if stage.restricts:
        yield against(stage.takes, f"{stage.name} restricts: it is taken by a proposal, a decision and an activation")
    elif stage.letter is not None:
        yield against(stage.letter, f"{stage.name} is taken by issuing the {stage.letter.value} letter")
    yield from by_role(stage.takes, situation, stage.name)
    yield from in_order(stage, situation)
    yield from external_registers(situation)


def in_order(stage: Stage, situation: Situation) -> Objections:
    """An objection for every stage that comes before this one and was not taken, or if nothing happened since."""
    missing = missing_before(stage, situation.standing, situation.policy)
    for one in missing:
        yield against(one.takes, f"{stage.name} comes after {one.name}, which has not been taken")
    since = last_taken(stage, situation.standing, situation.policy)
    if missing or since is None or stage.continued is None or not stage.continued.value:
        return
    if not any(incident.at > since for incident in situation.case.incidents):
        words = f"no incident is recorded since {day_of(since)}: the behaviour has not continued"
        yield against(stage.continued, words)


def _referral_declined(_record: ReferralDeclined, situation: Situation) -> Objections:
    if situation.standing.referral is None:
        yield plainly("no referral is open")
    stages = (stage for stage in situation.policy.stages.values() if stage.approvers)
    deciders = tuple(role for stage in stages if stage.approvers for group in stage.approvers.value for role in group)
    if not situation.officer.holds((*deciders, *situation.policy.keepers.value)):
        yield against(situation.policy.keepers, f"{situation.officer.username} does not decide about referrals")


def _equality_check(record: EqualityCheck, situation: Situation) -> Objections:
    yield from not_later(record.on, situation, "on")


def _proposal(record: Proposal, situation: Situation) -> Objections:
    stage = situation.policy.stages.get(record.stage)
    if stage is None or not stage.restricts:
        yield _unknown_stage(record.stage, situation, restricting=True)
        return
    if situation.standing.proposal is not None:
        yield plainly("a proposal is open already: decide that one first")
    yield from by_role(stage.takes, situation, f"proposing at {stage.name}")
    yield from external_registers(situation)
    yield from _path_to(stage, record, situation)
    yield from _evidence(record, situation)
    yield from _statements(record, situation)
    yield from _dates(stage, record, situation)
    yield from of_measures(record.measures, stage, situation)
    yield from overlaps(record.measures, (one.measure for one in situation.standing.active))
    yield from of_spocs(record.measures, situation)


def _path_to(stage: Stage, record: Proposal, situation: Situation) -> Objections:
    """The stages before were taken, and it went on after them; or they are skipped as the policy allows."""
    missing = missing_before(stage, situation.standing, situation.policy)
    if missing and (record.bypass or record.extreme):
        yield from _bypass(stage, record)
    else:
        yield from in_order(stage, situation)


def _bypass(stage: Stage, record: Proposal) -> Objections:
    if stage.bypass is None:
        yield against(stage.takes, f"{stage.name} cannot be reached without the stages before it")
        return
    if BypassNeed.EXTREME in stage.bypass.value and not record.extreme:
        yield against(stage.bypass, "extreme: earlier stages are skipped only where the contact is extreme")
    if not record.bypass:
        yield against(stage.bypass, "bypass: why are earlier stages skipped?")


def _evidence(record: Proposal, situation: Situation) -> Objections:
    policy, count = situation.policy, len(situation.case.incidents)
    reopened = situation.standing.closed is None
    if count and reopened and not any(counts(event, situation.standing) for event in situation.case.of(Incident)):
        yield against(policy.definitions, "no incident is recorded since the case was closed: what happened since?")
    if not count:
        yield against(policy.definitions, "no incident is recorded: a restriction rests on what happened")
    elif count < _SEVERAL and not record.isolated:
        yield against(policy.definitions, "isolated: one incident is recorded; say why it is enough")
    for ground in record.grounds:
        if policy.grounds.value and ground not in policy.grounds.value:
            yield against(policy.grounds, f"{ground} is no ground: choose of {', '.join(policy.grounds.value)}")
    if record.basis is not None and record.basis not in policy.bases.value:
        yield against(policy.bases, f"{record.basis} is no basis: choose of {', '.join(policy.bases.value) or 'none'}")
    if policy.complaint_needed.value and not (record.complaint or record.other_policy):
        yield against(policy.complaint_needed, "complaint: name the formal complaint, or the other policy that applies")


def _statements(record: Proposal, situation: Situation) -> Objections:
    for statement, clause in situation.policy.statements.items():
        if statement not in record.statements:
            yield Objection(f"statements.{statement} is missing", clause)


def _dates(stage: Stage, record: Proposal, situation: Situation) -> Objections:
    today = situation.today
    if record.provisional_end <= today:
        yield plainly(f"provisional_end {record.provisional_end} is not in the future")
    yield from review_in_time(record.review_on, today, situation)
    if stage.monitoring is None:
        return
    least = after(today, stage.monitoring.value, situation.calendar)
    if record.monitoring_until is None or record.monitoring_until < least:
        yield against(stage.monitoring, f"monitoring_until is {least} at the earliest: {stage.monitoring.value}")


def review_in_time(day: date, decided_on: date, situation: Situation) -> Objections:
    """An objection to a review that would come too late, or lies in the past."""
    interval = situation.policy.reviews.interval
    latest = after(decided_on, interval.value, situation.calendar)
    if day > latest:
        yield against(interval, f"review_on {day} is too late: {interval.value} from {decided_on} is {latest}")
    if day <= situation.today:
        yield plainly(f"review_on {day} is not in the future")


def _consultation(record: Consultation, situation: Situation) -> Objections:
    if situation.standing.proposal is None:
        yield plainly("no proposal is open that somebody could be consulted about")
        return
    if record.role not in situation.policy.roles:
        yield plainly(f"{record.role} is no role of {situation.policy.version}: {', '.join(situation.policy.roles)}")


def _unknown_stage(name: str, situation: Situation, *, restricting: bool = False) -> Objection:
    stages = situation.policy.stages
    known = [identifier for identifier, stage in stages.items() if stage.restricts or not restricting]
    return plainly(f"{name} is no stage that can be {'proposed' if restricting else 'taken'}: {', '.join(known)}")


GATES: dict[type, Callable[[Any, Situation], Objections]] = {
    StageTaken: _stage_taken,
    ReferralDeclined: _referral_declined,
    EqualityCheck: _equality_check,
    Proposal: _proposal,
    Consultation: _consultation,
}
