"""Asks people about what has fallen due in the register, once each; nothing of a case changes by it."""

from datetime import date, datetime

from core.db import Session
from register import due_store, officer_store
from register.casework.deadlines_of_council import of_officers, of_policy
from register.casework.due import Due, DueKind
from register.dates import day_of
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers.runtime import Runtime
from workers.store import leased

_URGENT = frozenset({DueKind.PROVISIONAL_END, DueKind.POLICE_REPORT, DueKind.OWNER})


def remind(runtime: Runtime, *, now: datetime) -> int:
    """Raise a review item for each deadline that has come by `now` and that nobody was asked about; how many."""
    with leased(runtime.database, "remind", seconds=runtime.settings.pace.lease_seconds) as lease:
        if lease is None:
            return 0
        with runtime.database.transaction() as session:
            lease.confirm(session, now=now)
            due_store.replace_dues_beside_cases(session, _beside_cases(session, runtime))
            found = due_store.not_yet_raised(session, day_of(now), runtime.calendar)
            review_store.raise_about_cases(session, [(due.ref, _question(due)) for _, due in found], now=now)
            due_store.mark_raised(session, [number for number, _ in found], now=now)
        return len(found)


def _question(due: Due) -> RaiseReview:
    owner = f" For {due.owner}." if due.owner else ""
    words = f"Due {due.on:%d %B %Y}: {due.words}{owner}"
    return RaiseReview(kind=ReviewKind.DUE, question=words, priority=2 if due.kind in _URGENT else 4)


def due_until(runtime: Runtime, last: date) -> list[Due]:
    """Everything due by the end of `last`: in cases, and of the policy and the officers themselves."""
    with runtime.database.transaction() as session:
        found = [*due_store.due(session, last, runtime.calendar)]
        found += [due for due in _beside_cases(session, runtime) if due.on <= last]
    return sorted(found, key=lambda due: (due.on, due.ref, due.kind))


def _beside_cases(session: Session, runtime: Runtime) -> tuple[Due, ...]:
    """What the policy itself and the officers have due, as they are now."""
    policy, calendar = runtime.policies.newest, runtime.calendar
    return (*of_policy(policy, calendar), *of_officers(officer_store.officers(session), policy, calendar))
