"""The database behind every store: the same model on SQLite (one machine) and PostgreSQL (several workers)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import JSON, BigInteger, Dialect, Engine, Integer, MetaData, create_engine, event
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

__all__ = [
    "Base",
    "Database",
    "DatabaseUrlError",
    "RowId",
    "Session",
    "Unavailable",
    "Unstorable",
    "UtcDateTime",
    "in_parts",
    "storable",
]

Item = TypeVar("Item")

SQLITE_BUSY_SECONDS = 10
PARAMETERS_AT_ONCE = 5_000  # in one statement; SQLite takes 32,766 of them, PostgreSQL 65,535

Unavailable = (OperationalError, DBAPIError)
"""What a store raises when the database cannot answer now (down, locked, disk full): stop acting and try later."""

Unstorable = (DataError, IntegrityError)
"""Those of the above that a store raises because of the very values it was given: trying others makes sense."""

# SQLite numbers rows by itself only in a column that says INTEGER; elsewhere ids are 64 bits wide.
RowId = BigInteger().with_variant(Integer(), "sqlite")


def storable(words: str, length: int) -> str:
    """Words as every database takes them: no NUL, no half of a surrogate pair, at most `length` characters."""
    return words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:length]


def in_parts(items: Iterable[Item], most: int = PARAMETERS_AT_ONCE) -> Iterator[Sequence[Item]]:
    """Items a few at a time: by default as many as one statement may name."""
    rest = list(items)
    for start in range(0, len(rest), most):
        yield rest[start : start + most]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is refused before it reaches the database."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value!r}: every moment must carry its zone"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The mother of every table; constraints have stable names so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class DatabaseUrlError(Exception):
    """The address of the database cannot be used; the message says what is wrong with it."""


class Database:
    """One engine and its transactions."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`, e.g. `sqlite:///mailroom.db` or `postgresql+psycopg://user@host/mailroom`.

        Raises DatabaseUrlError.
        """
        try:
            self.engine = _engine(url)
        except ArgumentError:
            message = "database.url is no address of a database: write sqlite:///FILE or postgresql+psycopg://HOST/NAME"
            raise DatabaseUrlError(message) from None
        except ImportError as error:
            message = f"database.url needs a driver that is not installed: {error.name} (pip install '.[distributed]')"
            raise DatabaseUrlError(message) from None
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed as one when the block ends, and rolled back if it raises."""
        with self._sessions.begin() as session:
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection has no common type
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_immediate
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a committed decision survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:  # noqa: ANN401 - an SQLAlchemy connection event passes no typed value
    # A deferred transaction that reads and then writes can fail with "database is locked" at once, without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
