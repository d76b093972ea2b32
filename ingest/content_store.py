"""Raw bytes kept, compressed and once each: of mail that was acted on, and of what we sent."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from hashlib import sha256

from sqlalchemy import BigInteger, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Database, in_parts

PIECE = 1_048_576  # bytes given at a time of what may be long


class ContentRow(Base):
    """Raw bytes by their SHA-256."""

    __tablename__ = "content"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    compressed: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]


class ScrubError(Exception):
    """The database file could not be rewritten now: what was deleted can still be read in it."""


def keep(session: Session, raw: bytes, *, now: datetime) -> str:
    """Keep raw bytes, once however often they come; returns their SHA-256."""
    digest = sha256(raw).hexdigest()
    held = select(ContentRow.sha256).where(ContentRow.sha256 == digest)
    if session.scalar(held.with_for_update(read=True)) is None:  # locked: nobody may find it unneeded meanwhile
        session.add(ContentRow(sha256=digest, size=len(raw), compressed=zlib.compress(raw, 6), stored_at=now))
        session.flush()
    return digest


def get(session: Session, digest: str) -> bytes | None:
    """Kept bytes, or None once retention has removed them."""
    row = session.get(ContentRow, digest)
    return None if row is None else zlib.decompress(row.compressed)


def pieces(session: Session, digest: str) -> Iterator[bytes]:
    """Kept bytes a megabyte at a time, so that many long messages can be written one behind the other."""
    compressed = session.scalar(select(ContentRow.compressed).where(ContentRow.sha256 == digest))
    inflater = zlib.decompressobj()
    rest = compressed or b""
    while rest:
        yield inflater.decompress(rest, PIECE)
        rest = inflater.unconsumed_tail


def sizes(session: Session, digests: Iterable[str]) -> dict[str, int]:
    """By their SHA-256, how many bytes are kept; what is not kept has no size."""
    found: dict[str, int] = {}
    for part in in_parts(digests):
        rows = session.execute(select(ContentRow.sha256, ContentRow.size).where(ContentRow.sha256.in_(part)))
        found |= {digest: size for digest, size in rows}  # noqa: C416 - a Row is no pair to the type checker
    return found


def lock(session: Session, digests: Iterable[str]) -> None:
    """Let nobody count on these bytes until the transaction ends; whoever does so already is waited for."""
    for part in in_parts(sorted(digests)):
        held = select(ContentRow.sha256).where(ContentRow.sha256.in_(part)).order_by(ContentRow.sha256)
        session.execute(held.with_for_update())


def remove(session: Session, digests: Iterable[str]) -> None:
    """Keep these bytes no longer; `workers.entombing` has seen that nothing needs them."""
    for part in in_parts(digests):
        session.execute(delete(ContentRow).where(ContentRow.sha256.in_(part)))


def scrub(database: Database) -> None:
    """Rewrite an SQLite file, for what was deleted stays readable in its free pages; PostgreSQL's vacuum sees to it.

    It takes as long as copying the file does, and everybody else waits meanwhile. Raises ScrubError.
    """
    if database.engine.dialect.name != "sqlite":
        return
    try:
        with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("VACUUM")
            busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise ScrubError(str(error)) from None
    if busy:  # somebody reads what is in the write-ahead log still
        message = "the database is in use"
        raise ScrubError(message)
