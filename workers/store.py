"""Leases: one worker at a time for each piece of work, by a token that grows, checked in every transaction."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import BigInteger, String, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Base, Database


class LeaseRow(Base):
    """Who works on what, until when; `token` grows with every change of hands and fences off the one before."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(150), primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger)
    owner: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[datetime]


class LeaseLostError(Exception):
    """Another worker has taken over: nothing more may be done or recorded under this lease."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the lease {name} has passed to another worker, or is about to end")


@dataclass(slots=True)
class Lease:
    """The right to work on `name`, until it runs out; `confirm` renews it."""

    name: str
    token: int
    seconds: float
    until: float = field(default=0.0)  # on the monotonic clock: a jump of the date changes nothing

    def confirm(self, session: Session, *, now: datetime) -> None:
        """Check within this transaction that the lease is still ours, and renew it. Raises LeaseLostError."""
        until = clock.monotonic() + self.seconds
        held = session.execute(
            update(LeaseRow)
            .where(LeaseRow.name == self.name, LeaseRow.token == self.token)
            .values(expires_at=now + timedelta(seconds=self.seconds))
            .returning(LeaseRow.name)
        )
        if held.first() is None:
            raise LeaseLostError(self.name)
        self.until = until

    def extend(self, database: Database, seconds: float) -> None:
        """Make sure that it lasts `seconds` more, before what cannot be undone, however long the preparations took.

        Raises LeaseLostError.
        """
        if clock.monotonic() + seconds > self.until:
            with database.transaction() as session:
                self.confirm(session, now=clock.now())

    def require(self, seconds: float) -> None:
        """Check, before touching the world, that the lease lasts `seconds` more. Raises LeaseLostError."""
        if clock.monotonic() + seconds > self.until:
            raise LeaseLostError(self.name)


@contextmanager
def leased(database: Database, name: str, *, seconds: float) -> Iterator[Lease | None]:
    """Hold the lease `name` while the block lasts and give it back however that ends; None if somebody else has it."""
    lease = acquire(database, name, seconds=seconds)
    try:
        yield lease
    finally:
        if lease is not None:
            release(database, lease)


def acquire(database: Database, name: str, *, seconds: float, owner: str | None = None) -> Lease | None:
    """Take the lease `name` if it is free, has run out, or its holder is a process of this machine that has ended."""
    owner = owner or this_process()
    until = clock.monotonic() + seconds
    try:
        with database.transaction() as session:
            token = _take(session, name, owner, clock.now(), seconds)
    except IntegrityError:
        return None  # another worker inserted the same row first
    return None if token is None else Lease(name, token, seconds, until)


def release(database: Database, lease: Lease) -> None:
    """Give the lease back, if it is still ours."""
    with database.transaction() as session:
        session.execute(
            update(LeaseRow)
            .where(LeaseRow.name == lease.name, LeaseRow.token == lease.token)
            .values(owner=None, expires_at=clock.now())
        )


def this_process() -> str:
    """Who holds a lease: the machine, its process namespace (containers may share a host name) and the process."""
    namespace = Path("/proc/self/ns/pid")
    space = namespace.readlink().name if namespace.is_symlink() else ""
    return f"{socket.gethostname()}|{space}|{os.getpid()}"


def has_ended(owner: str, *, us: Callable[[], str] = this_process) -> bool:
    """Whether `owner` is certain to be gone: a process of this very machine that no longer exists."""
    place, _, process = owner.rpartition("|")
    if place != us().rpartition("|")[0] or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _take(session: Session, name: str, owner: str, now: datetime, seconds: float) -> int | None:
    row = session.scalar(select(LeaseRow).where(LeaseRow.name == name).with_for_update())
    if row is None:
        session.add(LeaseRow(name=name, token=1, owner=owner, expires_at=now + timedelta(seconds=seconds)))
        return 1
    if row.owner is not None and now < row.expires_at <= now + clock.LONGEST_WAIT and not has_ended(row.owner):
        return None
    row.token, row.owner, row.expires_at = row.token + 1, owner, now + timedelta(seconds=seconds)
    return row.token
