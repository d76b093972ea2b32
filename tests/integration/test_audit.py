import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

import migrations
from core.db import Database
from migrations import grants, guards
from register import audit_store
from register.audit import AuditEvent, verify
from tests.builders import NOON
from tests.servers import Postgres
from tests.unit.register.audit_builders import an_entry

PASSWORD = "it's a \"role's\" own"
REWRITES = {
    "update": "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2",
    "update of everything": "UPDATE audit_event SET seq = seq + 10",
    "delete": "DELETE FROM audit_event WHERE seq = 2",
    "truncate": "TRUNCATE audit_event",
    "replace": "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET actor = 'nobody'",
}
FORGERIES = {
    "a number twice": "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 2",
    "a gap": "INSERT INTO audit_event SELECT seq + 2, at, actor, action, subject, details, hash, hash"
    " FROM audit_event WHERE seq = 3",
    "a fork": "INSERT INTO audit_event SELECT seq + 2, at, actor, action, subject, details, previous, hash"
    " FROM audit_event WHERE seq = 2",
}


def _cases(statements: dict[str, str]) -> list[object]:
    return [pytest.param(statement, id=name) for name, statement in statements.items()]


@pytest.fixture
def owner(postgres_url: str) -> Iterator[Database]:
    """The database as the owner of its tables sees it, with three events in the trail."""
    database = Database(postgres_url)
    migrations.upgrade(database)
    _append(database, 3)
    yield database
    database.dispose()


@pytest.fixture
def role(postgres_server: Postgres, owner: Database) -> Iterator[str]:
    """A name of a role that does not exist yet; whatever came of it is dropped."""
    name = f"Role of {owner.engine.url.database}"
    yield name
    if postgres_server.running:
        with owner.engine.begin() as connection:
            if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
                connection.exec_driver_sql(f'DROP OWNED BY "{name}"')
                connection.exec_driver_sql(f'DROP ROLE "{name}"')


@pytest.fixture
def application(owner: Database, role: str) -> Iterator[Database]:
    """The same database as the application's role sees it, once the owner has granted it its rights."""
    grants.grant(owner, role, password=PASSWORD)
    database = _as(owner, role)
    yield database
    database.dispose()


def _as(owner: Database, role: str, password: str = PASSWORD) -> Database:
    url = owner.engine.url.set(username=role, password=password)
    return Database(url.render_as_string(hide_password=False))


def _append(database: Database, count: int = 1) -> None:
    with database.transaction() as session:
        audit_store.append(session, [an_entry()] * count, now=NOON)


def _trail(database: Database) -> list[AuditEvent]:
    return list(audit_store.trail(database))


def _run(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


def test_the_application_appends_to_the_trail_and_reads_it(application: Database) -> None:
    _append(application, 2)

    assert [event.seq for event in _trail(application)] == [1, 2, 3, 4, 5]
    assert not verify(_trail(application)).findings
    assert guards.missing(application) == ()


@pytest.mark.parametrize("statement", _cases(REWRITES))
def test_the_application_has_no_right_to_rewrite_the_trail(application: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run(application, statement)

    assert len(_trail(application)) == 3


@pytest.mark.parametrize("statement", _cases(REWRITES))
def test_not_even_the_owner_rewrites_the_trail(owner: Database, statement: str) -> None:
    before = _trail(owner)

    with pytest.raises(IntegrityError, match="audit_event"):
        _run(owner, statement)

    assert _trail(owner) == before


@pytest.mark.parametrize("statement", _cases(FORGERIES))
def test_nobody_adds_what_does_not_follow_the_last_event(application: Database, statement: str) -> None:
    with pytest.raises(IntegrityError, match="the row does not follow the last"):
        _run(application, statement)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("DROP TRIGGER guard_audit_event_update ON audit_event", id="drop a guard"),
        pytest.param("ALTER TABLE audit_event DISABLE TRIGGER ALL", id="switch the guards off"),
        pytest.param("DROP TABLE audit_event", id="drop the table"),
        pytest.param("UPDATE alembic_version SET version_num = '0'", id="pretend another schema"),
        pytest.param("UPDATE register_case_event SET number = 9", id="change a record"),
        pytest.param("TRUNCATE register_case_event CASCADE", id="empty the records"),
    ],
)
def test_the_application_has_no_right_to_undo_its_bounds(application: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        _run(application, statement)


def test_the_application_may_do_its_daily_work(application: Database) -> None:
    _run(application, "INSERT INTO lease (name, token, expires_at) VALUES ('planning', 1, now())")
    _run(application, "UPDATE lease SET token = 2")
    _run(application, "DELETE FROM lease")

    assert migrations.current(application) == migrations.newest()


def test_records_go_only_with_an_erasure(owner: Database, application: Database) -> None:
    _run(
        owner,
        "INSERT INTO register_case (id, ref, salt, opened_at) VALUES (1, 'MC-1', '', now()), (2, 'MC-2', '', now())",
    )
    _run(
        application,
        "INSERT INTO register_case_event (case_ref, number, at, officer, name, job_title, service, roles, policy, kind,"
        " record) SELECT ref, 1, now(), '', '', '', '', '[]', '', '', '{}' FROM register_case",
    )
    with pytest.raises(IntegrityError, match="no row is changed"):
        _run(owner, "UPDATE register_case_event SET number = 9")
    with pytest.raises(IntegrityError, match="it is not emptied"):
        _run(owner, "TRUNCATE register_case_event")
    _run(
        application,
        "INSERT INTO register_erasure (case_ref, erased_at, erased_by, policy, events, messages)"
        " VALUES ('MC-1', now(), '', '', 1, 0)",
    )

    _run(application, "DELETE FROM register_case_event WHERE case_ref = 'MC-1'")

    with pytest.raises(IntegrityError, match="no row is deleted"):
        _run(application, "DELETE FROM register_case_event WHERE case_ref = 'MC-2'")


def test_granting_again_takes_back_what_was_given_beyond_and_sets_the_password(
    owner: Database, role: str, application: Database
) -> None:
    _run(owner, f'GRANT UPDATE, TRUNCATE ON audit_event TO "{role}"')
    _run(owner, f'GRANT UPDATE (actor) ON audit_event TO "{role}"')
    application.dispose()

    grants.grant(owner, role, password="another")

    again = _as(owner, role, "another")
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run(again, "UPDATE audit_event SET actor = 'nobody'")
    again.dispose()
    with pytest.raises(DBAPIError, match="password authentication failed"):
        _append(application)


def test_a_role_that_is_missing_is_told(owner: Database, role: str) -> None:
    with pytest.raises(grants.RoleError, match="there is no role"):
        grants.grant(owner, role)


def test_a_role_that_nothing_would_hold_is_refused(owner: Database, role: str) -> None:
    _run(owner, f'CREATE ROLE "{role}" SUPERUSER')

    with pytest.raises(grants.RoleError, match="is a superuser"):
        grants.grant(owner, role)


def test_the_application_grants_itself_nothing(application: Database, role: str) -> None:
    with pytest.raises(grants.RoleError, match="may act as whom you are connected as"):
        grants.grant(application, role)
    with pytest.raises(grants.RoleError, match="belong to somebody else"):
        grants.grant(application, "pg_monitor")


def test_an_owner_without_any_other_power_upgrades_and_grants(postgres_url: str, role: str) -> None:
    superuser = Database(postgres_url)
    plain = f"{role}'s owner"
    for name in (plain, role):
        _run(superuser, f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'sesame'")
    for statement in ("DROP SCHEMA public CASCADE", f'CREATE SCHEMA public AUTHORIZATION "{plain}"'):
        _run(superuser, statement)
    owner, application = _as(superuser, plain, "sesame"), _as(superuser, role, "sesame")

    migrations.upgrade(owner)
    tables = grants.grant(owner, role)

    _append(application, 2)
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run(application, REWRITES["delete"])
    with pytest.raises(IntegrityError, match="no row is deleted"):
        _run(owner, REWRITES["delete"])
    assert tables > 10
    for database in (owner, application):
        database.dispose()
    _run(superuser, f'DROP OWNED BY "{plain}"')
    _run(superuser, f'DROP ROLE "{plain}"')
    superuser.dispose()


def test_a_guard_that_was_switched_off_or_hollowed_out_is_missed_until_the_next_upgrade(owner: Database) -> None:
    whole = guards.missing(owner)
    _run(owner, "ALTER TABLE audit_event DISABLE TRIGGER guard_audit_event_update")
    _run(owner, "DROP TRIGGER guard_audit_event_truncate ON audit_event")
    _run(
        owner,
        "CREATE OR REPLACE FUNCTION guard_audit_event_delete() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN OLD; END $$",
    )
    robbed = guards.missing(owner)

    migrations.upgrade(owner)

    assert (whole, robbed) == (
        (),
        ("guard_audit_event_update", "guard_audit_event_delete", "guard_audit_event_truncate"),
    )
    assert guards.missing(owner) == ()


def _together(writers: int, write: Callable[[int], None]) -> None:
    """Let several threads begin at the same moment."""
    gate = threading.Barrier(writers)

    def begin(number: int) -> None:
        gate.wait()
        write(number)

    with ThreadPoolExecutor(writers) as threads:
        list(threads.map(begin, range(writers)))


def test_writers_at_the_same_time_leave_no_gap_and_no_fork(application: Database) -> None:
    def write(number: int) -> None:
        for turn in range(26):
            _append(application, count=1 if (turn + number) % 2 else 19)

    _together(4, write)

    trail = _trail(application)
    assert len(trail) == 3 + 4 * 13 * (1 + 19)
    assert not verify(trail).findings


def test_a_writer_waits_for_another_that_has_not_committed_yet(application: Database) -> None:
    done = threading.Event()

    def second() -> None:
        _append(application)
        done.set()

    with application.transaction() as session:
        audit_store.append(session, [an_entry()], now=NOON)
        thread = threading.Thread(target=second)
        thread.start()
        waited = not done.wait(0.3)
    thread.join(timeout=30)

    assert waited
    assert [event.seq for event in _trail(application)] == [1, 2, 3, 4, 5]


def test_a_writer_that_gives_up_leaves_no_gap(application: Database) -> None:
    def fails() -> None:
        with application.transaction() as session:
            audit_store.append(session, [an_entry()] * 5, now=NOON)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fails()
    _append(application)

    assert [event.seq for event in _trail(application)] == [1, 2, 3, 4]
