"""A case for people to read, as plain data: what JSON takes, and no more than this officer must know."""

from datetime import date, datetime
from typing import Any

from policies.policy import Policy, Rule
from policies.vocabulary import AtExpiry
from register.casework.case import CaseEvent
from register.casework.duty import points_of_contact
from register.casework.facts import Fact, Incident, Need, RiskAssessment
from register.casework.standing import Arrangement, Standing
from register.casework.steps import EqualityCheck, Step
from register.dates import COUNCIL_TIME, day_of
from register.officers import Officer
from register.records import record_as_data, terms_as_data

HIDDEN = "restricted: ask the owner of the case"
"""Shown in place of what an officer need not know."""


def may_see_needs(officer: Officer, standing: Standing, policy: Policy) -> bool:
    """Whether this officer must know a person's needs: who owns, keeps, decides or answers the case (row 1.2)."""
    owner = standing.case.owner
    deciders = (role for stage in policy.stages.values() for group in _groups(stage.approvers) for role in group)
    called = {*policy.keepers.value, *policy.asset_owner.value, *policy.reviews.decided_by.value, *deciders}
    if owner is not None and owner.officer == officer.username:
        return True
    in_service = owner is None or owner.service == officer.service or not _speaks_for_a_service(officer, policy)
    return (officer.holds(called) and in_service) or (officer.email or "").lower() in points_of_contact(standing)


def _groups(rule: Rule[tuple[tuple[str, ...], ...]] | None) -> tuple[tuple[str, ...], ...]:
    return rule.value if rule else ()


def _speaks_for_a_service(officer: Officer, policy: Policy) -> bool:
    return policy.service_roles is not None and officer.holds(policy.service_roles.value)


def case_view(standing: Standing, policy: Policy, *, reader: Officer, now: datetime) -> dict[str, Any]:
    """The whole case as `reader` may see it: who it is about, what is in force, and its timeline."""
    case, owner = standing.case, standing.case.owner
    sees = may_see_needs(reader, standing, policy)
    return {
        "ref": case.ref,
        "version": case.version,
        "state": standing.state.value,
        "name": case.name,
        "person": None if case.person is None else record_as_data(case.person),
        "property": None if case.place is None else record_as_data(case.place),
        "identifiers": [record_as_data(identifier) for identifier in case.identifiers],
        "owner": None if owner is None else record_as_data(owner),
        "needs": [_need(need, sees=sees) for need in case.needs],
        "representatives": [record_as_data(one) for one in case.representatives],
        "matters": [record_as_data(matter) for matter in case.matters],
        "restrictions": [
            {**arrangement_view(one), "state": state_of(one, standing, policy, now=now)}
            for one in standing.arrangements
        ],
        "legal_hold": case.held,
        "timeline": [_event(event, sees=sees) for event in timeline(standing)],
    }


def arrangement_view(arrangement: Arrangement) -> dict[str, Any]:
    """One restriction as it was decided."""
    measure = arrangement.measure
    return {
        "ref": arrangement.ref,
        "kind": measure.terms.kind.value,
        "terms": terms_as_data(measure.terms),
        "services": list(measure.services),
        "mailboxes": list(measure.mailboxes),
        "subject_matter": measure.subject_matter,
        "stage": arrangement.stage,
        "policy": arrangement.policy,
        "decided_on": arrangement.decided_on.isoformat(),
        "decided_by": list(arrangement.decided_by),
        "commenced": arrangement.commenced_at.astimezone(COUNCIL_TIME).isoformat(timespec="minutes"),
        "provisional_end": _iso(arrangement.provisional_end),
        "review_on": _iso(arrangement.review_on),
        "monitoring_until": _iso(arrangement.monitoring_until),
    }


def state_of(arrangement: Arrangement, standing: Standing, policy: Policy, *, now: datetime) -> str:
    """In force, ended, not yet commenced, resting, or past its provisional end, which the policy may let go on."""
    if arrangement.ended_at is not None and arrangement.ended_at <= now:
        return "ended"
    if now < arrangement.commenced_at:
        return "not yet commenced"
    if arrangement.provisional_end is not None and arrangement.provisional_end <= day_of(now):
        goes_on = policy.at_expiry.value is AtExpiry.CONTINUE
        return "in force, past its provisional end" if goes_on else "expired, pending review"
    if standing.appeal is not None and policy.appeals.paused.value:
        return "resting while it is appealed"
    return "in force"


def timeline(standing: Standing) -> list[CaseEvent[Fact | Step]]:
    """Everything recorded, in the order in which it happened: an incident stands where it occurred (row 1.7)."""
    return sorted(standing.case.events, key=lambda event: (_happened(event), event.number))


def _happened(event: CaseEvent[Fact | Step]) -> datetime:
    return event.record.at if isinstance(event.record, Incident) else event.at


def _event(event: CaseEvent[Fact | Step], *, sees: bool) -> dict[str, Any]:
    record = event.record
    data = _need(record, sees=sees) if isinstance(record, Need | EqualityCheck) else record_as_data(record)
    if isinstance(record, RiskAssessment):
        data["assessed_by"] = data["by"]  # who found it need not be who recorded it
    recorded = {
        "number": event.number,
        "at": _happened(event).astimezone(COUNCIL_TIME).isoformat(timespec="minutes"),
        "by": {"officer": event.by.officer, "name": event.by.name, "job_title": event.by.job_title},
        "policy": event.policy,
    }
    return {**recorded, **data, **recorded}  # in this order, and no field of a record in place of these


def _need(record: Need | EqualityCheck, *, sees: bool) -> dict[str, Any]:
    """A need, or what was considered of it; who need not know still learns which adjustment to make."""
    data = record_as_data(record)
    if sees:
        return data
    return {**data, **({"need": HIDDEN, "agency": None} if isinstance(record, Need) else {"considered": HIDDEN})}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
