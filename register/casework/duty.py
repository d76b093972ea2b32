"""Whose duty a case is: who is called upon across services, who may read it, and who governs it."""

from policies.policy import Policy, Role
from register.casework.standing import Standing
from register.casework.steps import AppealDecided, AppealReceived, Consultation, Decision, Review
from register.officers import Officer
from register.restrictions import OneResponseLine, SpocDiversion, Terms

_ACTS = (Decision, Consultation, Review, AppealDecided)  # whoever took one of these answers for it afterwards


def writing_roles(policy: Policy) -> frozenset[Role]:
    """Whom the policy calls upon in a case of any service: keepers, and those who approve, advise or review."""
    return _called(policy) - _of_one_service(policy)


def reading_roles(policy: Policy) -> frozenset[Role]:
    """Those, whoever owns the register as an information asset, and whoever decides appeals."""
    return _governing(policy) - _of_one_service(policy)


def may_read(officer: Officer, standing: Standing, policy: Policy) -> bool:
    """Whether reading this case is part of the officer's duty (rows 2.14, 3.42).

    It is while nobody owns the case, in the service that owns it, for whom the policy calls upon in every service, and
    for whoever is named in it: its owner, who decided, advised or reviewed, who is to look at an appeal, who answers.
    """
    owner = standing.case.owner
    if not officer.active:
        return False
    if owner is None or owner.service == officer.service or officer.holds(reading_roles(policy)):
        return True
    return owner.officer == officer.username or _named(officer, standing)


def governs(officer: Officer, standing: Standing, policy: Policy) -> bool:
    """Whether this officer answers for the case: its owner, or by a role, in the owning service or in every one."""
    owner = standing.case.owner
    if officer.holds(reading_roles(policy)):
        return True
    if owner is None:
        return False
    in_service = owner.service == officer.service and officer.holds(_governing(policy))
    return in_service or owner.officer == officer.username


def points_of_contact(standing: Standing) -> frozenset[str]:
    """The addresses, in lower case, of those who answer the person now."""
    return frozenset(address for one in standing.active for address in answering(one.measure.terms))


def answering(terms: Terms) -> frozenset[str]:
    """The addresses, in lower case, of those who answer the person under a restriction."""
    match terms:
        case SpocDiversion(spoc=spoc, others=others, deputy=deputy):
            addresses: tuple[str, ...] = (spoc, *others, deputy or "")
        case OneResponseLine(owner=owner):
            addresses = (owner,)
        case _:
            addresses = ()
    return frozenset(address.lower() for address in addresses if address)


def _named(officer: Officer, standing: Standing) -> bool:
    case = standing.case
    acted = any(event.by.officer == officer.username for kind in _ACTS for event in case.of(kind))
    assigned = any(event.record.assigned_to == officer.username for event in case.of(AppealReceived))
    return acted or assigned or (officer.email or "").lower() in points_of_contact(standing)


def _called(policy: Policy) -> frozenset[Role]:
    called = {*policy.keepers.value, *policy.reviews.decided_by.value, *policy.reviews.raised_by.value}
    for stage in policy.stages.values():
        called.update(stage.consulted.value if stage.consulted else ())
        called.update(*(stage.approvers.value if stage.approvers else ()))
    return frozenset(called)


def _governing(policy: Policy) -> frozenset[Role]:
    appeals = policy.appeals.decided_by
    return _called(policy) | {*policy.asset_owner.value, *(appeals.value if appeals else ())}


def _of_one_service(policy: Policy) -> frozenset[Role]:
    return frozenset(policy.service_roles.value if policy.service_roles else ())
