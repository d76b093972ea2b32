"""The council's officers in the database."""

from datetime import date
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base
from register.officers import Officer, Officers


class OfficerRow(Base):
    """One officer; one who has left stays, inactive, because cases are signed by them."""

    __tablename__ = "officer"

    username: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    job_title: Mapped[str] = mapped_column(String(300))
    service: Mapped[str] = mapped_column(String(300))
    roles: Mapped[list[Any]]
    email: Mapped[str | None] = mapped_column(String(320))
    trained_on: Mapped[date | None]
    active: Mapped[bool]
    absent_until: Mapped[date | None]


_FIELDS = ("name", "job_title", "service", "email", "trained_on", "active", "absent_until")


def save(session: Session, officer: Officer) -> None:
    """Insert or replace the officer with this username."""
    row = session.get(OfficerRow, officer.username)
    if row is None:
        row = OfficerRow(username=officer.username)
        session.add(row)
    for field in _FIELDS:
        setattr(row, field, getattr(officer, field))
    row.roles = sorted(officer.roles)
    session.flush()


def officers(session: Session) -> Officers:
    """Everybody, active or not."""
    rows = session.scalars(select(OfficerRow).order_by(OfficerRow.username))
    return Officers(
        tuple(
            Officer(
                username=row.username,
                roles=frozenset(row.roles),
                **{field: getattr(row, field) for field in _FIELDS},
            )
            for row in rows
        )
    )
