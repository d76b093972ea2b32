"""Reading everything anew: what follows from the records follows by today's policy and calendar, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from core.db import Database
from policies.period import Period
from policies.reading import PolicyHistory
from register import audit_store, case_store, due_store
from register.audit import AuditAction, verify
from register.casework.due import DueKind
from register.casework.steps import Closed
from register.personnel import the_software
from register.recording import Desk
from register.refreshing import refresh_all
from tests.builders import declared_tables
from tests.desks import POLICIES, Register, a_desk, facts

NAMES = ("Ann", "Bea", "Cat", "Dai", "Eve")


@pytest.fixture
def register() -> Iterator[Register]:
    """A register with five cases, all closed on the same Monday, which policy 001 keeps for twelve months."""
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    register = Register.of(database)
    for name in NAMES:
        ref = register.open(*facts(f"{name} Specimen", f"{name}@post.example"))
        register.record(ref, Closed(reason="Quiet since."))
    yield register
    database.dispose()


def _administrator(policies: PolicyHistory = POLICIES) -> Desk:
    return replace(a_desk(the_software("system:root")), policies=policies)


def _keeping(period: str) -> PolicyHistory:
    """Policy 001 with another retention period."""
    since, policy = POLICIES.versions[-1]
    changed = replace(policy.retention.period, value=Period.parse(period))
    return PolicyHistory(((since, replace(policy, retention=replace(policy.retention, period=changed))),))


def _kept_until(register: Register) -> set[date]:
    with register.database.transaction() as session:
        dues = due_store.due(session, date(2030, 1, 1), a_desk().calendar)
        return {due.on for due in dues if due.kind is DueKind.RETENTION}


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_every_case_is_read_by_the_policy_as_it_is_now(register: Register, at_once: int) -> None:
    before = _kept_until(register)

    count = refresh_all(register.database, _administrator(_keeping("24 months")), at_once=at_once)

    assert count == len(NAMES)
    assert (before, _kept_until(register)) == ({date(2027, 3, 2)}, {date(2028, 3, 2)})


def test_nothing_is_recorded_in_any_case_and_one_note_tells_of_it(register: Register) -> None:
    with register.database.transaction() as session:
        before = list(case_store.cases(session, case_store.refs(session)))
    noted = len(list(audit_store.trail(register.database)))

    refresh_all(register.database, _administrator(), at_once=2)

    with register.database.transaction() as session:
        assert list(case_store.cases(session, case_store.refs(session))) == before
    trail = list(audit_store.trail(register.database))
    (note,) = trail[noted:]
    assert (note.actor, note.action, note.subject) == ("system:root", AuditAction.REFRESHED, "register")
    assert dict(note.details) == {"cases": str(len(NAMES)), "policy": "001-two-stage@2024-01-01"}
    assert verify(trail).findings == ()


def test_a_few_cases_at_a_time_are_committed_so_that_others_can_work_in_between(register: Register) -> None:
    commits: list[object] = []
    event.listen(register.database.engine, "commit", commits.append)

    refresh_all(register.database, _administrator(), at_once=2)

    reading_refs, noting, batches = 1, 1, 3
    assert len(commits) == reading_refs + batches + noting


def test_an_empty_register_is_read_anew_too() -> None:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)

    assert refresh_all(database, _administrator()) == 0
    database.dispose()
