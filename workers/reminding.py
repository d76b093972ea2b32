"""Asks people about what has fallen due in the register, once each; nothing of a case changes by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.db import Session
from policies.policy import Policy
from register import audit_store, due_store, officer_store, store
from register.audit import AuditAction
from register.casework.deadlines_of_council import of_officers, of_policy
from register.casework.due import Due, DueKind
from register.dates import WorkingCalendar, day_of
from register.readable import readable
from register.recording import Desk
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from workers.alone import by_itself
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
            beside = _beside_cases(session, runtime.policies.newest, runtime.calendar)
            due_store.replace_dues_beside_cases(session, beside)
            found = due_store.not_yet_raised(session, day_of(now), runtime.calendar)
            asked = [one for number, due in found for one in _asked(number, due, day_of(now))]
            review_store.raise_about_cases(session, [(ref, item) for _, ref, item in asked], now=now)
            due_store.mark_raised(session, [number for number, *_ in asked], now=now)
        return len(asked)


def _asked(number: int, due: Due, today: date) -> tuple[tuple[int, str, RaiseReview], ...]:
    """What is asked about a deadline; nothing where the software fails on it, which holds up no other."""
    return by_itself("reminders", lambda: ((number, due.ref, _question(due, today)),), lambda _error: ())


def _question(due: Due, today: date) -> RaiseReview:
    owner = f" For {due.owner}." if due.owner else ""
    words = f"Due {due.on:%d %B %Y}: {due.told(today)}{owner}"
    return RaiseReview(kind=ReviewKind.DUE, question=words, priority=2 if due.kind in _URGENT else 4)


def due_until(runtime: Runtime, last: date) -> list[Due]:
    """Everything due by the end of `last`: in cases, and of the policy and the officers themselves."""
    with runtime.database.transaction() as session:
        of_cases = due_store.due(session, last, runtime.calendar)
        beside = _beside_cases(session, runtime.policies.newest, runtime.calendar)
        return _in_order((*of_cases, *(due for due in beside if due.on <= last)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What an officer is told of all that is due; `left_out` are those of cases that are not theirs to read."""

    dues: tuple[Due, ...]
    left_out: int


def due_for(session: Session, desk: Desk, last: date) -> Agenda:
    """The same as this officer may see it: of the cases they read, and what is theirs to do; the listing is noted."""
    found = [*due_store.due(session, last, desk.calendar)]
    allowed = readable(session, desk.officer, desk.in_force, tuple(store.listed(session)))
    theirs = [due for due in found if due.ref in allowed or due.owner == desk.officer.username]
    left_out = len(found) - len(theirs)
    beside = (due for due in _beside_cases(session, desk.policies.newest, desk.calendar) if due.on <= last)
    note = desk.note(AuditAction.LISTED, "register", what="due", dates=str(len(theirs)), left_out=str(left_out))
    audit_store.append(session, [note], now=desk.now)
    return Agenda(dues=tuple(_in_order((*theirs, *beside))), left_out=left_out)


def _in_order(dues: Iterable[Due]) -> list[Due]:
    return sorted(dues, key=lambda due: (due.on, due.ref, due.kind))


def _beside_cases(session: Session, policy: Policy, calendar: WorkingCalendar) -> tuple[Due, ...]:
    """What the policy itself and the officers have due, as they are now."""
    return (*of_policy(policy, calendar), *of_officers(officer_store.officers(session), policy, calendar))
