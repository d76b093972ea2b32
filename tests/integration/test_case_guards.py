"""What was recorded stays recorded: the database refuses to change it, and the trail shows it where it was changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import migrations
from core.db import Database
from register import audit_store
from register.witnessing import contradictions
from tests.builders import a_database
from tests.desks import Register


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    postgres = request.param == "postgresql"
    database = Database(request.getfixturevalue("postgres_url") if postgres else a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


def _restricted(database: Database) -> str:
    register = Register.of(database)
    ref = register.open()
    register.restrict(ref)
    return ref


def _tampered(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def _contradictions(database: Database) -> list[str]:
    return list(contradictions(database, audit_store.trail(database)))


@pytest.mark.requirement("1.70")
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("update register_case_event set officer = 'somebody else' where kind = 'decision'", id="changed"),
        pytest.param("delete from register_case_event where kind = 'decision'", id="deleted"),
    ],
)
def test_a_decision_is_neither_changed_nor_deleted(database: Database, statement: str) -> None:
    _restricted(database)

    with pytest.raises(DBAPIError, match="append-only"):
        _tampered(database, statement)


def test_cases_say_what_was_recorded(database: Database) -> None:
    _restricted(database)

    assert _contradictions(database) == []


@pytest.mark.requirement("1.70")
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            "update register_case_event set record = replace(cast(record as {text}), 'Proportionate', 'Wanted')"
            " where number = 7",
            "record 7 of {ref} was altered",
            id="altered",
        ),
        pytest.param("delete from register_case_event where number = 7", "record 7 of {ref} is gone", id="gone"),
        pytest.param(
            "delete from register_case_event", "{ref} was recorded and is gone, though nobody erased it", id="case"
        ),
    ],
)
def test_who_takes_the_guards_away_is_found_out_by_the_trail(database: Database, statement: str, found: str) -> None:
    ref = _restricted(database)
    sqlite = database.engine.dialect.name == "sqlite"
    for operation in ("update", "delete"):
        on = "" if sqlite else " on register_case_event"
        _tampered(database, f"drop trigger guard_register_case_event_{operation}{on}")

    replaced = statement.format(text="text")
    if not sqlite:
        replaced = replaced.replace("record = replace(", "record = cast(replace(").replace(
            "'Wanted')", "'Wanted') as json)"
        )
    _tampered(database, replaced)

    assert _contradictions(database) == [found.format(ref=ref)]
