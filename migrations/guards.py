"""What the database itself refuses, whoever asks: triggers on the tables that are only ever appended to.

`migrations.env` makes them at the end of every upgrade, in its transaction, for each table that exists by then: a
revision cannot forget them, nor lose them where SQLite has to build a table anew. Who may drop a table may drop its
trigger; the application's own role may not (`migrations.grants`), and `mailroom audit verify` tells what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, inspect

from core.db import Database
from register.audit import START

NEVER = "1 = 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Refuses one operation on the rows of one table, `unless` a condition in SQL on OLD and NEW holds."""

    table: str
    operation: Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    words: str
    unless: str = NEVER

    @property
    def name(self) -> str:
        """Of the trigger and, on PostgreSQL, of its function."""
        return f"guard_{self.table}_{self.operation.lower()}"


def _append_only(table: str, *, deleted_if: str, inserted_if: str) -> tuple[Guard, ...]:
    """No row is ever updated. INSERT has a guard too because SQLite's INSERT OR REPLACE deletes without asking."""
    return (
        Guard(table=table, operation="UPDATE", words=f"{table} is append-only: no row is changed"),
        Guard(table=table, operation="DELETE", words=f"{table} is append-only: no row is deleted", unless=deleted_if),
        Guard(table=table, operation="TRUNCATE", words=f"{table} is append-only: it is not emptied"),
        Guard(table=table, operation="INSERT", words=f"{table}: the row does not follow the last", unless=inserted_if),
    )


GUARDS = (
    *(
        Guard(table="register_erasure", operation=operation, words="that a case was erased is never taken back")
        for operation in ("UPDATE", "DELETE", "TRUNCATE")
    ),
    *(
        Guard(table="model_step", operation=operation, words="what was done with models is never taken back")
        for operation in ("UPDATE", "DELETE", "TRUNCATE")
    ),
    Guard(
        table="model",
        operation="UPDATE",
        words="a model is as it was made",
        unless="NEW.version = OLD.version AND NEW.digest = OLD.digest AND NEW.weights = OLD.weights",
    ),
    *_append_only(
        "audit_event",
        deleted_if=NEVER,
        # A number that leaves a gap could never be put right. Both look-ups take the index, however long the trail.
        inserted_if="NEW.seq = 1 + COALESCE((SELECT MAX(seq) FROM audit_event), 0) AND NEW.previous ="  # noqa: S608 - a constant of ours
        f" COALESCE((SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1), '{START.hash}')",
    ),
    *_append_only(
        "register_case_event",
        deleted_if="EXISTS (SELECT 1 FROM register_erasure WHERE case_ref = OLD.case_ref)",
        inserted_if="NOT EXISTS"
        " (SELECT 1 FROM register_case_event WHERE case_ref = NEW.case_ref AND number = NEW.number)",
    ),
)


def install(connection: Connection) -> None:
    """Make the guards of every table there is, anew if they are there already."""
    for guard in _due(connection):
        for statement in _statements(guard, connection.dialect.name):
            connection.exec_driver_sql(statement)


def missing(database: Database) -> tuple[str, ...]:
    """The names of guards that are missing, switched off, or not as they should be."""
    with database.engine.connect() as connection:
        query = _SQLITE_BODIES if connection.dialect.name == "sqlite" else _POSTGRESQL_BODIES
        found = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
        due = _due(connection)
        return tuple(guard.name for guard in due if found.get(guard.name) != _body(guard, connection.dialect.name))


_SQLITE_BODIES = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL_BODIES = """
    SELECT trigger.tgname, function.prosrc
    FROM pg_trigger AS trigger JOIN pg_proc AS function ON function.oid = trigger.tgfoid
    WHERE pg_table_is_visible(trigger.tgrelid) AND trigger.tgenabled IN ('O', 'A')
"""


def _due(connection: Connection) -> tuple[Guard, ...]:
    tables = set(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"  # which has no TRUNCATE
    return tuple(guard for guard in GUARDS if guard.table in tables and not (sqlite and guard.operation == "TRUNCATE"))


def _statements(guard: Guard, dialect: str) -> Iterator[str]:
    if dialect == "sqlite":
        yield f"DROP TRIGGER IF EXISTS {guard.name}"
        yield _body(guard, dialect)
        return
    each = "STATEMENT" if guard.operation == "TRUNCATE" else "ROW"
    yield f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $${_body(guard, dialect)}$$"
    yield (
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table}"
        f" FOR EACH {each} EXECUTE FUNCTION {guard.name}()"
    )


def _body(guard: Guard, dialect: str) -> str:
    """What does the refusing: the whole trigger on SQLite, its function's body on PostgreSQL."""
    if dialect == "sqlite":
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} WHEN NOT ({guard.unless})"
            f" BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"
        )
    row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(guard.operation, "NEW")
    refusal = f"RAISE EXCEPTION USING MESSAGE = '{guard.words}', ERRCODE = 'restrict_violation'"
    return f" BEGIN IF NOT ({guard.unless}) THEN {refusal}; END IF; RETURN {row}; END "
