"""The one door into a case: `admit` asks every gate about a record, and refuses it with all that speaks against it.

What may be recorded when is the policy's; the gates only hold a record against it. `gates_of_facts`,
`gates_of_proposals`, `gates_of_letters` and `gates_of_reviews` know their own records.
"""

from register.casework import (
    gates_of_adoptions,
    gates_of_decisions,
    gates_of_facts,
    gates_of_letters,
    gates_of_proposals,
    gates_of_reviews,
)
from register.casework.case import CaseEvent
from register.casework.duty import writing_roles
from register.casework.facts import Action, Fact, Incident, LegalHold, Owner
from register.casework.refusal import Objection, Objections, RefusedError, Situation, against, plainly, titles
from register.casework.steps import AdoptionConfirmed, AppealDecided, LetterFailed, Referral, Step

_GATES = {
    **gates_of_facts.GATES,
    **gates_of_proposals.GATES,
    **gates_of_decisions.GATES,
    **gates_of_adoptions.GATES,
    **gates_of_letters.GATES,
    **gates_of_reviews.GATES,
}
_BY_ANYBODY = (Referral, Incident, LetterFailed)  # row 2.27: any officer may raise the issue; post comes back to all
_WHEN_CLOSED = (Referral, Incident, Action, LegalHold, Owner, LetterFailed)


def admit(record: Fact | Step, situation: Situation) -> tuple[CaseEvent[Fact | Step], tuple[Objection, ...]]:
    """The event to append to the case, and remarks that do not refuse it.

    Raises RefusedError with every objection.
    """
    found = tuple(_objections(record, situation))
    refusing = tuple(objection for objection in found if objection.refuses)
    if refusing:
        raise RefusedError(situation.case.ref, record.kind, situation.policy.version, refusing)
    event = CaseEvent(
        number=situation.case.version + 1,
        at=situation.now,
        by=situation.officer.signature(),
        policy=situation.policy.version,
        record=record,
    )
    return event, found


def _objections(record: Fact | Step, situation: Situation) -> Objections:
    yield from _of_officer(record, situation)
    if situation.standing.closed is not None and not isinstance(record, _WHEN_CLOSED):
        yield plainly("the case is closed: a new referral opens it again")
    gate = _GATES.get(type(record))
    if gate is not None:
        yield from gate(record, situation)


def _of_officer(record: Fact | Step, situation: Situation) -> Objections:
    officer, policy = situation.officer, situation.policy
    if not officer.active:
        yield plainly(f"{officer.username} is no longer an active officer: ask an administrator")
    if isinstance(record, Referral) and policy.referrers.value and not officer.holds(policy.referrers.value):
        yield against(policy.referrers, f"a referral is made by {titles(policy, policy.referrers.value)}")
    if not isinstance(record, _BY_ANYBODY) and not _may_write(record, situation):
        yield against(
            policy.keepers,
            f"{officer.username} belongs to {officer.service}: only the service that owns the case, "
            f"{_owning_service(situation)}, and {titles(policy, policy.keepers.value)} write in it",
        )


def _may_write(record: Fact | Step, situation: Situation) -> bool:
    if _owning_service(situation) in {None, situation.officer.service}:
        return True
    appeals = situation.policy.appeals.decided_by
    if isinstance(record, AppealDecided) and appeals is not None and situation.officer.holds(appeals.value):
        return True  # somebody of another service may be just who should look at it again
    if isinstance(record, AdoptionConfirmed) and situation.officer.holds(situation.policy.asset_owner.value):
        return True
    return situation.officer.holds(writing_roles(situation.policy))


def _owning_service(situation: Situation) -> str | None:
    owner = situation.case.owner
    return owner.service if owner else None
