"""What the application's own role may do on PostgreSQL: its daily work, and no rewriting of what is append-only."""

from sqlalchemy import Connection, text

from core.db import Database

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
LESS = {
    "alembic_version": "SELECT",  # upgrades are the owner's
    "audit_event": "SELECT, INSERT",
    "model_step": "SELECT, INSERT",
    "register_case_event": "SELECT, INSERT, DELETE",  # erasure; see migrations.guards
}


class RoleError(Exception):
    """The role cannot be held to its rights, or is not there; the message says what to do."""


def roles_exist(database: Database) -> bool:
    """Whether this kind of database tells one user from another."""
    return database.engine.dialect.name == "postgresql"


def grant(database: Database, role: str, *, password: str | None = None) -> int:
    """Give `role` its rights and take every other from it, as the tables' owner; returns how many tables there are.

    With a password the role is made if it is missing, and its password set. Raises RoleError.
    """
    with database.engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote_identifier(role)
        exists = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
        if not exists and password is None:
            message = f"there is no role {role}: make it (CREATE ROLE ... LOGIN), or give --password-file"
            raise RoleError(message)
        if exists:
            _refuse_owner(connection, role)
        if password is not None:
            verb = "ALTER" if exists else "CREATE"
            connection.exec_driver_sql(f"{verb} ROLE {quoted} LOGIN PASSWORD '{_verifier(connection, role, password)}'")
        return _grant(connection, role)


def _refuse_owner(connection: Connection, role: str) -> None:
    may_all = connection.scalar(text("SELECT pg_has_role(:role, current_user, 'MEMBER')"), {"role": role})
    if may_all:
        message = f"{role} is a superuser, or may act as whom you are connected as: let the owner grant to another role"
        raise RoleError(message)


def _verifier(connection: Connection, role: str, password: str) -> str:
    """The password as the server keeps it, so that it never appears in the server's log."""
    driver = connection.connection.driver_connection
    verifier: bytes = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")  # type: ignore[union-attr]  # psycopg's connection
    return verifier.decode("ascii")


def _grant(connection: Connection, role: str) -> int:
    quote = connection.dialect.identifier_preparer.quote_identifier
    to = quote(role)
    schema = quote(str(connection.scalar(text("SELECT current_schema()"))))
    tables = connection.scalars(text(_OURS)).all()
    if not tables:
        message = f"the tables belong to somebody else: connect as their owner, then grant to {role}"
        raise RoleError(message)
    connection.exec_driver_sql(f"REVOKE CREATE ON SCHEMA {schema} FROM {to}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {to}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {to}")
    for table in tables:
        connection.exec_driver_sql(f"REVOKE ALL ON {quote(table)} FROM {to}")
        connection.exec_driver_sql(f"GRANT {LESS.get(table, EVERYTHING)} ON {quote(table)} TO {to}")
    if not connection.scalar(text("SELECT has_schema_privilege(:role, current_schema(), 'USAGE')"), {"role": role}):
        message = f"{role} may not use schema {schema}: let its owner GRANT USAGE ON SCHEMA {schema} TO {role}"
        raise RoleError(message)
    return len(tables)


_OURS = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'USAGE')"
