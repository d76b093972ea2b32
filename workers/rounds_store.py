"""When something that is done every now and then was last done, whichever process did it."""

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base


class RoundRow(Base):
    """One kind of work, and when it was last done."""

    __tablename__ = "work_round"

    name: Mapped[str] = mapped_column(String(150), primary_key=True)
    done_at: Mapped[datetime]


def is_due(session: Session, name: str, every: timedelta, *, now: datetime) -> bool:
    """Whether this was never done, or longer ago than `every`; or by a clock that has been set back since."""
    last = session.scalar(select(RoundRow.done_at).where(RoundRow.name == name))
    return last is None or not last <= now < last + every


def note_round(session: Session, name: str, *, now: datetime) -> None:
    """Note that this is done now."""
    session.merge(RoundRow(name=name, done_at=now))
