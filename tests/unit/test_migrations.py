from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import migrations
from core.db import Database
from tests.builders import a_database, declared_tables


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(a_database(tmp_path))
    yield database
    database.dispose()


def test_an_empty_database_has_no_revision(database: Database) -> None:
    assert migrations.current(database) is None


def test_upgrading_an_empty_database_makes_just_the_tables_the_models_declare(database: Database) -> None:
    migrations.upgrade(database)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, declared_tables()) == []


def test_upgrading_brings_the_database_to_the_newest_revision(database: Database) -> None:
    reached = migrations.upgrade(database)

    assert reached == migrations.newest() == migrations.current(database)


def test_upgrading_twice_does_nothing_the_second_time(database: Database) -> None:
    migrations.upgrade(database)

    assert migrations.upgrade(database) == migrations.current(database)
