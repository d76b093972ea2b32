"""What falls due beside the cases: the training of officers, and the review of the policy document itself."""

from collections.abc import Iterator
from datetime import date

from policies.policy import Policy
from register.casework.due import Due, DueKind
from register.dates import WorkingCalendar, after
from register.officers import Officer, Officers


def of_officers(officers: Officers, policy: Policy, calendar: WorkingCalendar) -> tuple[Due, ...]:
    """The training that officers who work here have due: never had where the policy needs it, or expiring (row 1.5)."""
    return tuple(due for officer in officers.everyone if officer.active for due in _training(officer, policy, calendar))


def _training(officer: Officer, policy: Policy, calendar: WorkingCalendar) -> Iterator[Due]:
    rule, lasts = policy.training.needed, policy.training.lasts
    words = "Take the training on the policy, and have its date recorded."
    if officer.trained_on is None and rule.value:
        yield Due(
            kind=DueKind.TRAINING,
            ref=officer.username,
            on=rule.since,
            words=words,
            clause=rule.clause,
            basis=rule.since,
            owner=officer.username,
        )
    elif officer.trained_on is not None and lasts is not None:
        yield Due(
            kind=DueKind.TRAINING,
            ref=officer.username,
            on=after(officer.trained_on, lasts.value, calendar),
            words=words,
            clause=lasts.clause,
            basis=officer.trained_on,
            period=lasts.value,
            owner=officer.username,
        )


def of_policy(policy: Policy, calendar: WorkingCalendar) -> tuple[Due, ...]:
    """When the policy document has to be looked at again, if it tells (row 2.3); a revision since then settles that."""
    document, revised = policy.document, _last_revised(policy)
    words = f"Review the policy document itself: {document.title}."
    told = document.review_date
    if told is not None and (revised is None or revised < told):
        clause = f"the document's review date, {told}"
        return (Due(kind=DueKind.POLICY_REVIEW, ref=policy.id, on=told, words=words, clause=clause, basis=told),)
    frequency = document.review_frequency
    if revised is None or frequency is None:
        return ()
    return (
        Due(
            kind=DueKind.POLICY_REVIEW,
            ref=policy.id,
            on=after(revised, frequency, calendar),
            words=words,
            clause=f"the document's review frequency, {frequency}",
            basis=revised,
            period=frequency,
        ),
    )


def _last_revised(policy: Policy) -> date | None:
    """The day of the document as it stands; `dated` counts only where it is a day, not "July 2011"."""
    if policy.document.revised is not None or policy.document.dated is None:
        return policy.document.revised
    try:
        return date.fromisoformat(policy.document.dated)
    except ValueError:
        return None
