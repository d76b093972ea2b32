import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from core.db import Base, Database, Unavailable, UtcDateTime
from ingest.content_store import ContentRow
from register.store import EntryKeyRow
from tests.builders import NOON, a_database

EAST = timezone(timedelta(hours=13, minutes=45))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(a_database(tmp_path))
    Base.metadata.create_all(database.engine)
    yield database
    database.dispose()


def _store(database: Database, moment: datetime, key: str = "k") -> None:
    with database.transaction() as session:
        session.merge(ContentRow(sha256=key, size=2**40, compressed=b"", stored_at=moment))


def _stored(database: Database, key: str = "k") -> datetime:
    with database.transaction() as session:
        return session.scalars(select(ContentRow.stored_at).where(ContentRow.sha256 == key)).one()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database, moment: datetime) -> None:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        return  # before the first or after the last year there is

    _store(database, moment)
    found = _stored(database)

    assert found == in_utc
    assert found.tzinfo is UTC


def test_a_naive_moment_is_refused_before_it_reaches_the_database(database: Database) -> None:
    with pytest.raises(StatementError, match="every moment must carry its zone"):
        _store(database, datetime(2026, 3, 4))  # noqa: DTZ001 - a naive moment on purpose


def test_moments_of_different_zones_compare_as_moments(database: Database) -> None:
    early = datetime(2026, 3, 4, 23, tzinfo=EAST)
    _store(database, early)

    with database.transaction() as session:
        found = session.scalars(select(ContentRow.sha256).where(ContentRow.stored_at < early.astimezone(UTC)))
        assert found.all() == []


def test_no_moment_is_stored_as_none() -> None:
    column, dialect = UtcDateTime(), Database("sqlite://").engine.dialect

    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None


def test_what_is_done_in_a_transaction_that_raises_is_undone(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as session:
            session.add(ContentRow(sha256="k", size=1, compressed=b"", stored_at=NOON))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    with database.transaction() as session:
        assert session.get(ContentRow, "k") is None


def test_a_power_cut_loses_nothing_that_was_committed(database: Database) -> None:
    """WAL alone is not enough: SQLite's default for it may lose the last commits in a power cut."""
    with database.transaction() as session:
        pragmas = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}

    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_what_belongs_to_nothing_is_refused(database: Database) -> None:
    """SQLite checks no foreign key unless it is told to."""
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(EntryKeyRow(entry_id=42, key="address:ann@mail.example"))


def test_writers_wait_for_each_other_instead_of_failing(database: Database) -> None:
    """A deferred transaction that reads first fails at once with "database is locked" when another has written."""
    start, failures = threading.Barrier(4), list[Exception]()

    def count() -> None:
        start.wait(timeout=10)
        try:
            for _ in range(10):
                with database.transaction() as session:
                    row = session.get(ContentRow, "counter")
                    assert row is not None
                    row.size += 1
        except Exception as error:  # noqa: BLE001 - a thread cannot raise into its test
            failures.append(error)

    with database.transaction() as session:
        session.add(ContentRow(sha256="counter", size=0, compressed=b"", stored_at=NOON))
    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.transaction() as session:
        row = session.get(ContentRow, "counter")
    assert failures == []
    assert row is not None
    assert row.size == 40


def test_a_database_that_cannot_answer_is_known_by_its_exception(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder/mailroom.db")

    with pytest.raises(Unavailable), database.transaction() as session:
        session.scalar(text("SELECT 1"))


def test_what_a_statement_carried_is_not_in_its_error(database: Database) -> None:
    """Errors are logged; a parameter may be somebody's address."""
    with pytest.raises(IntegrityError) as failure, database.transaction() as session:
        session.add(EntryKeyRow(entry_id=42, key="address:ann@mail.example"))

    assert "ann@mail.example" not in str(failure.value)
