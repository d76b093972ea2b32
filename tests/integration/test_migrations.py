from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import migrations
from core.db import Database
from tests.builders import declared_tables


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    yield database
    database.dispose()


def test_upgrading_an_empty_postgresql_makes_just_the_tables_the_models_declare(database: Database) -> None:
    migrations.upgrade(database)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, declared_tables()) == []


def test_the_newest_revision_is_reached_on_postgresql(database: Database) -> None:
    before = migrations.current(database)

    migrations.upgrade(database)

    assert (before, migrations.current(database)) == (None, migrations.newest())
