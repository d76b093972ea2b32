"""What a fact must hold to be recorded: possible dates, the policy's own categories, one procedure to a matter."""

from collections.abc import Callable
from typing import Any

from policies.vocabulary import Channel, MatterState
from register.casework.facts import (
    Action,
    ActionKind,
    Identifier,
    IdentifierKind,
    IdentifierWithdrawn,
    Incident,
    JointReferral,
    Matter,
    Need,
    Owner,
    Person,
    RiskAssessment,
)
from register.casework.refusal import Objection, Objections, Situation, against, not_later, plainly
from register.fields import is_email

_FEWEST_DIGITS = 6  # of a telephone number


def _person(record: Person, situation: Situation) -> Objections:
    policy = situation.policy
    if record.internal and not policy.subjects_may_be_staff.value:
        yield against(policy.subjects_may_be_staff, "a member of staff is no subject of this policy")
    if record.language is not None and record.language not in policy.languages.value:
        spoken = ", ".join(policy.languages.value)
        yield against(policy.languages, f"letters are not written in {record.language}: choose of {spoken}")


def _identifier(record: Identifier, situation: Situation) -> Objections:
    yield from not_later(record.since, situation, "since")
    if record.identifier is IdentifierKind.EMAIL and not is_email(record.value):
        yield plainly(f"{record.value!r} is no e-mail address")
    if record.identifier is IdentifierKind.TELEPHONE and sum(map(str.isdigit, record.value)) < _FEWEST_DIGITS:
        yield plainly(f"{record.value!r} is no telephone number: give its digits")


def _identifier_withdrawn(record: IdentifierWithdrawn, situation: Situation) -> Objections:
    known = [identifier.value for identifier in situation.case.identifiers]
    if record.value not in known:
        yield plainly(f"the case has no {record.value!r}: it has {', '.join(known) or 'none'}")


def _need(record: Need, situation: Situation) -> Objections:
    if record.may_be_filed and not situation.officer.holds(situation.policy.keepers.value):
        yield against(
            situation.policy.equality_check,
            "mail of somebody with a recorded need is read before it is filed; only a keeper lifts that",
        )


def _incident(record: Incident, situation: Situation) -> Objections:
    policy = situation.policy
    if record.at > situation.now:
        yield plainly(f"an incident of {record.at:%Y-%m-%d} is still to come")
    for name in record.categories:
        category = policy.categories.get(name)
        if category is None:
            yield plainly(f"{name} is no category of {policy.version}: choose of {', '.join(policy.categories)}")
            continue
        for field in category.needs:
            if getattr(record, field) in {None, "", ()}:
                yield Objection(f"{name} cannot be recorded without {field}", category.clause)
    if record.legal_basis and record.legal_basis not in {basis.name for basis in policy.legal_bases}:
        known = ", ".join(basis.name for basis in policy.legal_bases) or "none"
        yield plainly(f"{record.legal_basis} is no legal basis of {policy.version}: choose of {known}")
    yield from _hate_crime(record, situation)
    if record.channel is Channel.TELEPHONE and record.ended and (record.warned is None or not record.reason):
        yield plainly("a call that was ended needs `warned` (whether the caller was told before) and the `reason`")


def _hate_crime(record: Incident, situation: Situation) -> Objections:
    """Row 4.23: it can be reported at once; whoever records it is told where."""
    policy = situation.policy
    if record.characteristic is None:
        return
    known = [one.name for one in policy.characteristics]
    if known and record.characteristic not in known:
        yield plainly(f"{record.characteristic} is no characteristic of {policy.version}: choose of {', '.join(known)}")
    for place in policy.reporting:
        words = f"a hate crime can be reported at once: {place.link or place.name}"
        yield Objection(words, place.clause, refuses=False)


def external_registers(situation: Situation) -> Objections:
    """Row 4.27: whoever escalates is reminded that another register knows this person as a risk."""
    for event in situation.case.actions(ActionKind.EXTERNAL_REGISTER):
        for register in situation.policy.external_registers:
            words = f"{register.name} knows this person under {event.record.reference}: check it before you go on"
            yield Objection(words, register.clause, refuses=False)


def _matter(record: Matter, situation: Situation) -> Objections:
    policy = situation.policy
    if record.state is not MatterState.OPEN and record.on is None:
        yield plainly(f"on: since when is {record.reference} {record.state}?")
    if record.on is not None:
        yield from not_later(record.on, situation, "on")
    if record.state is MatterState.EXHAUSTED and not record.response:
        yield plainly(f"response: {record.reference} is exhausted once the final response is given; name it")
    if record.state is MatterState.CLOSED and not record.reason:
        yield plainly(f"reason: why is {record.reference} closed?")
    quoted = policy.final_position.value and record.state in {MatterState.CLOSED, MatterState.EXHAUSTED}
    if quoted and not record.final_position:
        clause = policy.final_position.clause
        yield Objection(f"{record.reference} has no final position to quote in letters", clause, refuses=False)
    yield from _procedure(record, situation)


def _procedure(record: Matter, situation: Situation) -> Objections:
    policy = situation.policy
    names = {procedure.name: procedure for procedure in policy.procedures}
    if record.procedure and names and record.procedure not in names:
        yield plainly(f"{record.procedure} is no procedure of {policy.version}: choose of {', '.join(names)}")
    earlier = (event.record for event in situation.case.of(Matter) if event.record.reference == record.reference)
    before = next((matter.procedure for matter in earlier if matter.procedure), None)
    if before is not None and record.procedure not in {None, before}:
        clause = names[before].clause if before in names else before
        yield Objection(f"{record.reference} is under {before}: one procedure governs a matter", clause)
    for excluded in policy.excluded_services:
        if record.service == excluded.name:
            yield Objection(f"{record.service} has a policy of its own", excluded.clause)


def _action(record: Action, situation: Situation) -> Objections:
    yield from not_later(record.on, situation, "on")
    if record.action in {ActionKind.POLICE_REPORT, ActionKind.EXTERNAL_REGISTER} and not record.reference:
        yield plainly(f"reference: a {record.action} is recorded with the reference they gave")
    if record.action is ActionKind.EXTERNAL_REGISTER and not situation.policy.external_registers:
        yield plainly(f"{situation.policy.version} names no external register")


def _joint_referral(record: JointReferral, situation: Situation) -> Objections:
    yield from not_later(max(record.person_asked_on, record.council_asked_on), situation, "a request of")


def _risk_assessment(record: RiskAssessment, situation: Situation) -> Objections:
    yield from not_later(record.on, situation, "on")
    if situation.case.place is None:
        yield plainly("a risk assessment is of a property: record the property first")


def _owner(record: Owner, situation: Situation) -> Objections:
    officer = situation.officers.named(record.officer)
    if officer is None or not officer.active:
        yield plainly(f"{record.officer} is no active officer: see `mailroom officer list`")
    elif officer.service != record.service:
        yield plainly(f"{record.officer} belongs to {officer.service}, not to {record.service}")


GATES: dict[type, Callable[[Any, Situation], Objections]] = {
    Person: _person,
    Identifier: _identifier,
    IdentifierWithdrawn: _identifier_withdrawn,
    Need: _need,
    Incident: _incident,
    Matter: _matter,
    Action: _action,
    JointReferral: _joint_referral,
    RiskAssessment: _risk_assessment,
    Owner: _owner,
}
