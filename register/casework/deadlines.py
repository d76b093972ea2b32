"""What a case has due, past or to come, read off its records: what was done since is no longer in it.

Whether something is overdue is for the reader to say, who knows what day it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from policies.policy import Policy
from policies.vocabulary import AtExpiry
from register.casework.case import Case, CaseEvent
from register.casework.deadlines_of_letters import letters_owed, monitoring_clause, outcome_letter
from register.casework.due import Due, DueKind, Reckoning, recomputed
from register.casework.facts import Action, ActionKind, Incident, Owner, Property, RiskAssessment
from register.casework.standing import Arrangement, Standing
from register.casework.steps import Adoption, AdoptionConfirmed, Closed, Review
from register.dates import WorkingCalendar, day_of, in_words, start_of
from register.officers import Officers

__all__ = ["Due", "DueKind", "assessment", "at_expiry", "deadlines", "recomputed"]

_REPORTED = (ActionKind.POLICE_REPORT, ActionKind.POLICE_NOT_TOLD)
_UNTIL_THEN = {
    AtExpiry.LAPSE: "from this day they have no effect unless a review extends them",
    AtExpiry.CONTINUE: "they go on, overdue, until a review extends or ends them",
}
_SINCE_THEN = {
    AtExpiry.LAPSE: "since then they have had no effect, and have none until a review extends them",
    AtExpiry.CONTINUE: "they have gone on, overdue, until a review extends or ends them",
}


def deadlines(standing: Standing, policy: Policy, calendar: WorkingCalendar, officers: Officers) -> tuple[Due, ...]:
    """Everything the case has due, the earliest first; of a closed case, only from when it may be erased.

    Something active in a closed case, such as an adoption that came late, is never left without its review.
        Raises UnknownDayError where a record holds a date that no calendar reaches.
    """
    if standing.closed is not None and not standing.active:
        keeper = _holder(policy.asset_owner.value, officers)
        return tuple(_retention(standing.closed, Reckoning(standing, policy, calendar, keeper)))
    owner = _owner(standing, officers)
    reckoning = Reckoning(standing, policy, calendar, owner)
    found = [*_of_arrangements(reckoning), *letters_owed(reckoning), *_of_facts(reckoning, officers)]
    if owner is None and (found or standing.case.place or standing.referral or standing.proposal):
        keeper = _holder(policy.keepers.value, officers)
        found.append(_unowned(Reckoning(standing, policy, calendar, keeper)))
    return _distinct(found)


def at_expiry(arrangement: Arrangement, policy: Policy) -> datetime | None:
    """The moment from which an arrangement that nobody reviewed has no effect on mail; None: it goes on (row 1.47).

    Either way a PROVISIONAL_END is due from that day until somebody decides.
    """
    if arrangement.provisional_end is None or policy.at_expiry.value is not AtExpiry.LAPSE:
        return None
    return start_of(arrangement.provisional_end)


def assessment(case: Case) -> RiskAssessment | None:
    """The newest assessment of the property as it is known now: one of the property before says nothing about it."""
    recorded, last = _place_recorded(case), case.last(RiskAssessment)
    return last.record if recorded is not None and last is not None and last.number > recorded.number else None


def _distinct(found: Iterable[Due]) -> tuple[Due, ...]:
    firsts: dict[tuple[DueKind, date], Due] = {}
    for due in sorted(found, key=lambda due: due.on):
        firsts.setdefault((due.kind, due.basis), due)
    return tuple(firsts.values())


def _owner(standing: Standing, officers: Officers) -> str | None:
    """Who answers for the case, if it is somebody who still works here."""
    owner = standing.case.owner
    officer = officers.named(owner.officer) if owner is not None else None
    return officer.username if officer is not None and officer.active else None


def _holder(roles: tuple[str, ...], officers: Officers) -> str | None:
    return next((one.username for one in officers.everyone if one.active and one.holds(roles)), None)


def _of_arrangements(reckoning: Reckoning) -> Iterator[Due]:
    ref, policy, active = reckoning.case.ref, reckoning.policy, reckoning.standing.active
    for day in {one.review_on for one in active}:
        words = f"Review the managed contact arrangements of {ref}."
        yield reckoning.set_for(DueKind.REVIEW, day, words, policy.reviews.interval.clause)
    for day in {one.provisional_end for one in active if one.provisional_end is not None}:
        yield _provisional_end(reckoning, day)
    yield from _monitoring(reckoning)


def _provisional_end(reckoning: Reckoning, day: date) -> Due:
    rule, whose = reckoning.policy.at_expiry, f"The arrangements of {reckoning.case.ref}"
    words = f"{whose} reach their provisional end: {_UNTIL_THEN[rule.value]}."
    reached = f"{whose} reached their provisional end on {in_words(day)}: {_SINCE_THEN[rule.value]}."
    return replace(reckoning.set_for(DueKind.PROVISIONAL_END, day, words, rule.clause), once_come=reached)


def _monitoring(reckoning: Reckoning) -> Iterator[Due]:
    """A review once the monitoring period is over, and a letter about it (row 1.85); one held before is no such."""
    reviewed = max((event.record.on for event in reckoning.case.of(Review)), default=date.min)
    ends = {one.monitoring_until for one in reckoning.standing.active if one.monitoring_until is not None}
    words = f"The monitoring of {reckoning.case.ref} ends: review it."
    for day in ends:
        if day > reviewed:
            yield reckoning.set_for(DueKind.MONITORING_END, day, words, monitoring_clause(reckoning.policy))
            yield from outcome_letter(day, reckoning)


def _risk_assessment(reckoning: Reckoning) -> Iterator[Due]:
    """Due when the last one expires, or at once for a property that was never assessed (row 1.52)."""
    rule, recorded = reckoning.policy.risk_assessment_lasts, _place_recorded(reckoning.case)
    if rule is None or recorded is None:
        return
    last = assessment(reckoning.case)
    words = f"Assess the risk at the property of {reckoning.case.ref} before anybody attends it."
    if last is not None:
        yield reckoning.counted(DueKind.RISK_ASSESSMENT, last.on, words, rule)
    else:
        yield reckoning.set_for(DueKind.RISK_ASSESSMENT, day_of(recorded.at), words, rule.clause)


def _place_recorded(case: Case) -> CaseEvent[Property] | None:
    """The record that made this the property."""
    recorded: CaseEvent[Property] | None = None
    for event in case.of(Property):
        if recorded is None or _where(event.record) != _where(recorded.record):
            recorded = event
    return recorded


def _where(place: Property) -> tuple[str, str]:
    return place.address, place.postcode


def _police_reports(reckoning: Reckoning) -> Iterator[Due]:
    rule = reckoning.policy.police_reference
    threats = {day_of(event.record.at) for event in reckoning.case.of(Incident) if event.record.threat}
    if not rule.value or not threats:
        return
    actions = reckoning.case.of(Action)
    reported = max((event.record.on for event in actions if event.record.action in _REPORTED), default=date.min)
    words = f"Report the confirmed threat in {reckoning.case.ref} to the police, or record why not."
    for day in threats:
        if day > reported:
            yield reckoning.set_for(DueKind.POLICE_REPORT, day, words, rule.clause)


def _appeal(reckoning: Reckoning, officers: Officers) -> Iterator[Due]:
    """No policy gives a time, so it is due from the day it came; by whom it was assigned to, if still here."""
    appeal = reckoning.standing.appeal
    if appeal is not None:
        words = f"Decide the appeal in {reckoning.case.ref}: it is open."
        rule = reckoning.policy.appeals.rule
        due = reckoning.set_for(DueKind.APPEAL, appeal.record.on, words, rule.clause)
        assigned = officers.named(appeal.record.assigned_to)
        yield replace(due, owner=assigned.username) if assigned is not None and assigned.active else due


def _adoptions(reckoning: Reckoning) -> Iterator[Due]:
    """One person's word for a decision taken elsewhere is held against the file by another."""
    confirmed = {event.record.adoption for event in reckoning.case.of(AdoptionConfirmed)}
    clause = reckoning.policy.four_eyes.clause
    for adopted in reckoning.case.of(Adoption):
        if adopted.number not in confirmed and reckoning.standing.active:
            ref, number = reckoning.case.ref, adopted.number
            words = f"Record {number} of {ref} is a decision from elsewhere: somebody else confirms it."
            yield reckoning.set_for(DueKind.ADOPTION, day_of(adopted.at), words, clause)


def _unowned(reckoning: Reckoning) -> Due:
    """Owed since the case was last given to somebody, or opened (row 1.54)."""
    since = reckoning.case.last(Owner) or reckoning.case.events[0]
    words = f"Nobody who works here answers for {reckoning.case.ref}: name its owner."
    return reckoning.set_for(DueKind.OWNER, day_of(since.at), words, reckoning.policy.reviews.raised_by.clause)


def _of_facts(reckoning: Reckoning, officers: Officers) -> Iterator[Due]:
    yield from _risk_assessment(reckoning)
    yield from _police_reports(reckoning)
    yield from _appeal(reckoning, officers)
    yield from _adoptions(reckoning)


def _retention(closed: CaseEvent[Closed], reckoning: Reckoning) -> Iterator[Due]:
    """From when it may be erased; later activity counts by its own day, where the policy lets it (rows 1.83, 2.39)."""
    case, retention, basis = reckoning.case, reckoning.policy.retention, day_of(closed.at)
    if case.held:
        return
    if retention.restarts_with_activity.value:
        basis = max((basis, *(day_of(event.record.at) for event in case.of(Incident))))
    yield reckoning.counted(DueKind.RETENTION, basis, f"{case.ref} is to be erased from this day.", retention.period)
