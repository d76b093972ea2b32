"""Whose an address is not: what people have answered, so that nobody asks them again. Only digests are kept."""

from datetime import datetime

from sqlalchemy import String, delete, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base


class OtherRow(Base):
    """That the person of one case does not write from one address; `key` is its `register.evidence.other_key`."""

    __tablename__ = "register_other"

    case_ref: Mapped[str] = mapped_column(String(50), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    said_by: Mapped[str] = mapped_column(String(100))
    said_at: Mapped[datetime]


def note(session: Session, ref: str, key: str, *, by: str, now: datetime) -> None:
    """Remember that the person of this case does not write from this address; said twice, it is noted once."""
    if session.get(OtherRow, (ref, key)) is None:
        session.execute(insert(OtherRow), [{"case_ref": ref, "key": key, "said_by": by, "said_at": now}])


def erase(session: Session, ref: str) -> None:
    """Forget what was said of one case."""
    session.execute(delete(OtherRow).where(OtherRow.case_ref == ref))
