from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

import migrations
from core.db import Database
from migrations import grants, guards
from register import audit_store
from register.audit import START, AuditAction, AuditEntry, AuditEvent, Fault, verify
from register.audit_store import Wanted
from tests.builders import NOON, a_database, declared_tables
from tests.unit.register.audit_builders import an_entry, entries

HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


def _append(database: Database, *entries: AuditEntry, hours: int = 0) -> None:
    with database.transaction() as session:
        audit_store.append(session, entries, now=NOON + hours * HOUR)


def _trail(database: Database) -> list[AuditEvent]:
    return list(audit_store.trail(database))


@pytest.fixture
def empty() -> Iterator[Database]:
    """A database without tables."""
    database = Database("sqlite://")
    yield database
    database.dispose()


def _run(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


@given(st.lists(st.lists(entries, max_size=4), max_size=4))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_appended_comes_back_as_it_was_and_in_order(batches: list[list[AuditEntry]]) -> None:
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)

    for batch in batches:
        _append(database, *batch)

    found = _trail(database)
    given_ = [entry for batch in batches for entry in batch]
    assert [(it.actor, it.action, it.subject, it.details) for it in found] == [
        (it.actor, it.action, it.subject, it.details) for it in given_
    ]
    assert not verify(found).findings
    database.dispose()


def test_an_event_is_there_only_if_the_change_it_tells_of_is(empty: Database) -> None:
    declared_tables().create_all(empty.engine)

    def fails() -> None:
        with empty.transaction() as session:
            audit_store.append(session, [an_entry()], now=NOON)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fails()

    assert _trail(empty) == []


def test_a_batch_costs_one_look_at_the_head_and_one_insert(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *it: statements.append(it[2]))

    _append(database, *[an_entry()] * 500)

    assert [statement.split()[0] for statement in statements if "BEGIN" not in statement] == ["SELECT", "INSERT"]


def test_a_trail_of_many_parts_is_read_whole(database: Database) -> None:
    _append(database, *[an_entry()] * (2 * audit_store.PART + 1))

    assert [it.seq for it in _trail(database)] == list(range(1, 2 * audit_store.PART + 2))
    assert [it.seq for it in audit_store.trail(database, after=1_998, last=2_000)] == [1_999, 2_000]


def test_the_head_is_the_witness_of_the_last_event(database: Database) -> None:
    with database.transaction() as session:
        before = audit_store.head(session)
        audit_store.append(session, [an_entry(), an_entry()], now=NOON)
        after = audit_store.head(session)

    assert (before, after) == (START, _trail(database)[-1].witness)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        pytest.param(Wanted(), [1, 2, 3, 4], id="everything"),
        pytest.param(Wanted(since=NOON + HOUR), [2, 3, 4], id="from a moment"),
        pytest.param(Wanted(until=NOON + HOUR), [1], id="up to, not including, a moment"),
        pytest.param(Wanted(subject="MC-00007"), [3], id="of one case"),
        pytest.param(Wanted(actor="a.rees"), [4], id="by one officer"),
        pytest.param(Wanted(action="listed"), [4], id="of one kind"),
        pytest.param(Wanted(actor="a.rees", subject="MC-00007"), [], id="of both at once"),
    ],
)
def test_a_report_lists_every_view_and_edit_asked_for(database: Database, wanted: Wanted, numbers: list[int]) -> None:
    _append(database, an_entry())
    _append(database, an_entry(), an_entry("MC-00007"), hours=1)
    _append(database, AuditEntry(actor="a.rees", action=AuditAction.LISTED), hours=2)

    with database.transaction() as session:
        assert [it.seq for it in audit_store.report(session, wanted)] == numbers


def test_what_was_done_with_a_case_is_found_by_its_reference(database: Database) -> None:
    _append(database, an_entry(), an_entry("MC-00007"), an_entry())

    with database.transaction() as session:
        assert [it.seq for it in audit_store.of_subject(session, "MC-00042")] == [1, 3]


@pytest.mark.parametrize(
    ("since", "until", "numbers"),
    [
        pytest.param(None, None, [1, 2, 3, 4], id="everything"),
        pytest.param(1, None, [2, 3, 4], id="since"),
        pytest.param(None, 2, [1, 2, 3], id="until; a slow clock's event in between comes along"),
        pytest.param(2, 3, [2, 3, 4], id="both"),
        pytest.param(9, None, [], id="nothing since"),
        pytest.param(None, -1, [], id="nothing until"),
    ],
)
def test_a_period_is_an_unbroken_stretch(
    database: Database, since: int | None, until: int | None, numbers: list[int]
) -> None:
    for hours in (0, 2, 1, 2):
        _append(database, an_entry(), hours=hours)
    moments = [None if hours is None else NOON + hours * HOUR for hours in (since, until)]

    with database.transaction() as session:
        start, last = audit_store.span(session, since=moments[0], until=moments[1])

    stretch = list(audit_store.trail(database, after=start.seq, last=last))
    assert [it.seq for it in stretch] == numbers
    assert not verify(stretch, start=start).findings


REFUSED = {
    "update": "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2",
    "update of everything": "UPDATE audit_event SET seq = seq + 10",
    "delete": "DELETE FROM audit_event WHERE seq = 2",
    "delete everything": "DELETE FROM audit_event",
    "replace": "INSERT OR REPLACE INTO audit_event SELECT seq, at, 'nobody', action, subject, details, previous, hash"
    " FROM audit_event WHERE seq = 2",
    "a number twice": "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 2",
    "a gap": "INSERT INTO audit_event SELECT seq + 2, at, actor, action, subject, details, hash, hash"
    " FROM audit_event WHERE seq = 3",
    "a fork": "INSERT INTO audit_event SELECT seq + 2, at, actor, action, subject, details, previous, hash"
    " FROM audit_event WHERE seq = 2",
}


@pytest.mark.parametrize("statement", [pytest.param(it, id=name) for name, it in REFUSED.items()])
def test_the_database_refuses_to_rewrite_the_trail(database: Database, statement: str) -> None:
    _append(database, an_entry(), an_entry(), an_entry())
    before = _trail(database)

    with pytest.raises(IntegrityError, match="audit_event"):
        _run(database, statement)

    assert _trail(database) == before


DAMAGES = {
    "content": ("UPDATE audit_event SET subject = 'MC-1' WHERE seq = 2", {Fault.ALTERED}),
    "details that are no JSON": ("UPDATE audit_event SET details = '[[' WHERE seq = 2", {Fault.ALTERED}),
    "details of another shape": ("UPDATE audit_event SET details = '{\"ab\": 1}' WHERE seq = 2", {Fault.ALTERED}),
    "an unknown action": ("UPDATE audit_event SET action = 'undone' WHERE seq = 2", {Fault.ALTERED}),
    "a lost row": ("DELETE FROM audit_event WHERE seq = 2", {Fault.GAP, Fault.BROKEN_LINK}),
}


@pytest.mark.parametrize(("statement", "faults"), [pytest.param(*damage, id=name) for name, damage in DAMAGES.items()])
def test_what_somebody_changed_without_the_guards_is_found(
    database: Database, statement: str, faults: set[Fault]
) -> None:
    _append(database, an_entry(it="1"), an_entry(it="2"), an_entry(it="3"))
    for name in ("update", "delete"):
        _run(database, f"DROP TRIGGER guard_audit_event_{name}")

    _run(database, statement)

    assert {it.fault for it in verify(_trail(database)).findings} == faults


def test_a_guard_that_was_taken_away_or_weakened_is_missed_until_the_next_upgrade(database: Database) -> None:
    whole = guards.missing(database)
    _run(database, "DROP TRIGGER guard_audit_event_update")
    _run(database, "DROP TRIGGER guard_audit_event_delete")
    _run(database, "CREATE TRIGGER guard_audit_event_delete BEFORE DELETE ON audit_event BEGIN SELECT 1; END")
    robbed = guards.missing(database)

    migrations.upgrade(database)

    assert (whole, robbed) == ((), ("guard_audit_event_update", "guard_audit_event_delete"))
    assert guards.missing(database) == ()


def test_a_table_that_is_not_there_yet_has_no_guards(empty: Database) -> None:
    with empty.engine.begin() as connection:
        guards.install(connection)

    assert guards.missing(empty) == ()


@pytest.fixture
def with_records(tmp_path: Path) -> Iterator[Database]:
    """A table of case records as the guards know it, with two records of each of two cases."""
    database = Database(a_database(tmp_path))
    with database.engine.begin() as connection:
        for statement in (
            "CREATE TABLE register_erasure (case_ref TEXT PRIMARY KEY)",
            "CREATE TABLE register_case_event (case_ref TEXT, number INTEGER, PRIMARY KEY (case_ref, number))",
            "INSERT INTO register_case_event VALUES ('MC-1', 1), ('MC-1', 2), ('MC-2', 1), ('MC-2', 2)",
        ):
            connection.exec_driver_sql(statement)
        guards.install(connection)
    yield database
    database.dispose()


def _records(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(text("SELECT case_ref || '/' || number FROM register_case_event ORDER BY 1")))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_case_event SET number = 9",
        "DELETE FROM register_case_event WHERE case_ref = 'MC-1'",
        "INSERT OR REPLACE INTO register_case_event VALUES ('MC-1', 1)",
    ],
)
def test_a_record_of_a_case_is_neither_changed_nor_deleted(with_records: Database, statement: str) -> None:
    with pytest.raises(IntegrityError, match="register_case_event"):
        _run(with_records, statement)

    assert len(_records(with_records)) == 4


def test_the_records_of_an_erased_case_and_no_others_may_go(with_records: Database) -> None:
    _run(with_records, "INSERT INTO register_erasure VALUES ('MC-1')")

    _run(with_records, "DELETE FROM register_case_event WHERE case_ref = 'MC-1'")
    with pytest.raises(IntegrityError, match="no row is deleted"):
        _run(with_records, "DELETE FROM register_case_event WHERE case_ref = 'MC-2'")
    with pytest.raises(IntegrityError, match="no row is changed"):
        _run(with_records, "UPDATE register_case_event SET number = 9 WHERE case_ref = 'MC-2'")

    assert _records(with_records) == ["MC-2/1", "MC-2/2"]


def test_sqlite_knows_no_roles(database: Database) -> None:
    assert not grants.roles_exist(database)
