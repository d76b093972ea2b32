"""What stands between a proposal and a restriction in force: the right approvers, four eyes, notice to the person."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from policies.policy import Stage
from policies.vocabulary import BypassNeed
from register.casework.gates_of_proposals import review_in_time
from register.casework.measures import of_measures, of_spocs, overlaps
from register.casework.refusal import Objection, Objections, Situation, against, plainly, titles
from register.casework.stages import counts
from register.casework.standing import OpenProposal
from register.casework.steps import Activation, Decision, EqualityCheck, NoticeWaived, Proposal, Verdict
from register.dates import after, day_of, start_of
from register.officers import Signature

_NO_PROPOSAL = plainly("no proposal is open")


Group = tuple[str, ...]
"""Roles of which any one speaks for the group."""


def missing_approvals(proposal: OpenProposal, stage: Stage) -> tuple[Group, ...]:
    """The groups of the policy's approvers that have not approved yet; nobody speaks for two of them."""
    groups = stage.approvers.value if stage.approvers else ()
    return _unspoken(groups, tuple({approval.by.officer: approval.by for approval in proposal.approvals}.values()))


def _unspoken(groups: Sequence[Group], signatures: Sequence[Signature]) -> tuple[Group, ...]:
    """The fewest groups that are left when each signature counts for one."""
    if not groups:
        return ()
    first, others = groups[0], groups[1:]
    speakers = [signature for signature in signatures if not signature.roles.isdisjoint(first)]
    with_first = [_unspoken(others, [one for one in signatures if one is not speaker]) for speaker in speakers]
    return min((*with_first, (first, *_unspoken(others, signatures))), key=len)


def _open(situation: Situation) -> tuple[OpenProposal, Stage] | None:
    proposal = situation.standing.proposal
    stage = situation.policy.stages.get(proposal.proposal.stage) if proposal is not None else None
    return (proposal, stage) if proposal is not None and stage is not None else None


def _not_open(situation: Situation) -> Objection:
    proposal = situation.standing.proposal
    if proposal is None:
        return _NO_PROPOSAL
    version = situation.policy.version
    return plainly(f"{proposal.proposal.stage} is no stage of {version}: reject the proposal, and make a new one")


def _decision(record: Decision, situation: Situation) -> Objections:
    found = _open(situation)
    if found is None:
        if situation.standing.proposal is None or record.verdict is not Verdict.REJECT:
            yield _not_open(situation)
        return
    proposal, stage = found
    yield from _right_approver(proposal, stage, situation)
    if record.verdict is Verdict.REJECT:
        return
    yield from _consulted(proposal, stage, situation)
    if record.verdict is Verdict.AMEND and not record.measures:
        yield plainly("measures: what is decided instead of what was proposed?")
    if record.verdict is Verdict.APPROVE and record.measures:
        yield plainly("an approval changes nothing: leave measures out, or amend")
    yield from of_measures(record.measures, stage, situation)
    yield from of_spocs(record.measures, situation)


def _right_approver(proposal: OpenProposal, stage: Stage, situation: Situation) -> Objections:
    approvers, officer, four_eyes = stage.approvers, situation.officer, situation.policy.four_eyes
    if approvers is None:
        return
    groups = approvers.value
    if not any(officer.holds(group) for group in groups):
        who = " and ".join(titles(situation.policy, group) for group in groups)
        yield against(approvers, f"{stage.name} is decided by {who}, and {officer.username} is {officer.job_title}")
    if any(officer.username == approval.by.officer for approval in proposal.approvals):
        yield against(approvers, f"{officer.username} has approved this already: another approver is needed")
    if four_eyes.value and officer.username == proposal.event.by.officer:
        yield against(four_eyes, f"{officer.username} proposed this: somebody else decides about it")


def _consulted(proposal: OpenProposal, stage: Stage, situation: Situation) -> Objections:
    asked = {consultation.record.role for consultation in proposal.consultations}
    for role in stage.consulted.value if stage.consulted else ():
        if role not in asked and stage.consulted is not None:
            yield against(stage.consulted, f"{titles(situation.policy, (role,))} has not been consulted")


def _notice_waived(_record: NoticeWaived, situation: Situation) -> Objections:
    policy, found = situation.policy, _open(situation)
    if found is None:
        yield _not_open(situation)
        return
    proposal, stage = found
    approvers = [role for group in stage.approvers.value for role in group] if stage.approvers else []
    if not situation.officer.holds(approvers):
        yield against(policy.notice_waivable, f"waiving notice is for {titles(policy, approvers)}")
    if policy.four_eyes.value and situation.officer.username == proposal.event.by.officer:
        yield against(
            policy.four_eyes, f"{situation.officer.username} proposed this: somebody else waives notice of it"
        )
    if not policy.notice_waivable.value:
        yield against(policy.notice_waivable, "nobody is restricted without being told before")
    elif not proposal.proposal.extreme:
        yield against(policy.notice_waivable, "notice is waived only where the behaviour was proposed as extreme")
    yield from approved(proposal, stage, situation)


def approved(proposal: OpenProposal, stage: Stage, situation: Situation) -> Objections:
    """An objection for every group of approvers that has not approved."""
    if stage.approvers is None:
        return
    for group in missing_approvals(proposal, stage):
        yield against(stage.approvers, f"{titles(situation.policy, group)} has not approved it")


def _activation(record: Activation, situation: Situation) -> Objections:
    found = _open(situation)
    if found is None:
        yield _not_open(situation)
        return
    proposal, stage = found
    yield from approved(proposal, stage, situation)
    yield from equality_considered(situation)
    if situation.case.owner is None:
        yield plainly("nobody owns the case: record an owner first")
    yield from _notice(record, proposal, situation)
    yield from of_measures(proposal.measures, stage, situation)  # again: a matter may have been opened since
    yield from overlaps(proposal.measures, (one.measure for one in situation.standing.active))
    yield from of_spocs(proposal.measures, situation)
    yield from _lasts(record, proposal.proposal, stage, situation)
    yield from review_in_time(proposal.proposal.review_on, day_of(decided_at(proposal, situation)), situation)


def equality_considered(situation: Situation) -> Objections:
    """An objection where the policy asks for the person's needs to be considered first, and nobody did (row 1.1)."""
    rule = situation.policy.equality_check
    check = situation.case.last(EqualityCheck)
    if rule.value and (check is None or not counts(check, situation.standing)):
        yield against(rule, "no equality check is recorded")


def _lasts(record: Activation, proposal: Proposal, stage: Stage, situation: Situation) -> Objections:
    """What was proposed some time ago still lies ahead, and for as long as the policy wants."""
    begins = day_of(record.commences_at)
    if begins < situation.today:
        yield plainly(f"commences_at {begins} has passed: nothing takes effect before it is recorded")
    if proposal.provisional_end <= begins:
        yield plainly(f"it would end on {proposal.provisional_end}, before it commences: make a new proposal")
    if stage.monitoring is None:
        return
    least = after(begins, stage.monitoring.value, situation.calendar)
    if proposal.monitoring_until is None or proposal.monitoring_until < least:
        words = f"monitoring_until is {least} at the earliest, {stage.monitoring.value} from when it commences"
        yield against(stage.monitoring, f"{words}: make a new proposal")


def decided_at(proposal: OpenProposal, situation: Situation) -> datetime:
    """When the last of the approvers so far decided."""
    return max((approval.at for approval in proposal.approvals), default=situation.now)


def _notice(record: Activation, proposal: OpenProposal, situation: Situation) -> Objections:
    notice, policy = proposal.notice, situation.policy
    stage = policy.stages[proposal.proposal.stage]
    if notice is not None and stage.letter is not None and notice.record.letter is not stage.letter.value:
        yield against(
            stage.letter, f"the person is told by the {stage.letter.value} letter, not by {notice.record.letter}"
        )
    if notice is None:
        if proposal.waived is None:
            yield against(
                policy.notice_first, "the person has not been told in writing: issue the decision letter first"
            )
        earliest = proposal.waived.at if proposal.waived else situation.now
    else:
        earliest = start_of(notice.record.on)
    if record.commences_at < earliest:
        yield against(policy.notice_first, f"it cannot commence before the person was told, on {day_of(earliest)}")
    bypass = stage.bypass
    if bypass is not None and BypassNeed.LETTER in bypass.value and proposal.proposal.bypass and notice is None:
        yield against(bypass, "who is restricted without a warning is written to with the reasons")


GATES: dict[type, Callable[[Any, Situation], Objections]] = {
    Decision: _decision,
    NoticeWaived: _notice_waived,
    Activation: _activation,
}
