"""Run by Alembic: applies the revisions, and then the guards, over the connection it was handed."""

from typing import Any, Literal

from alembic import context

from core.db import UtcDateTime
from migrations import guards


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 - Alembic's signature
    """Write our own column type as the plain one beneath it, so that old revisions never depend on our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_item=render_item,
    render_as_batch=True,  # SQLite cannot alter a table in place
    transactional_ddl=True,  # on SQLite too, where `core.db` says BEGIN: all of an upgrade, or nothing
)
with context.begin_transaction():
    context.run_migrations()
    guards.install(connection)
