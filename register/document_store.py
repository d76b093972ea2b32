"""Letters as they were issued, to the byte, kept with their case and erased with it."""

import zlib

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base


class DocumentRow(Base):
    """The PDF of the letter that record `number` of a case issued."""

    __tablename__ = "register_document"

    case_ref: Mapped[str] = mapped_column(ForeignKey("register_case.ref", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    compressed: Mapped[bytes] = mapped_column(LargeBinary)


def keep(session: Session, row: DocumentRow) -> None:
    """Keep the document of a letter just issued."""
    session.add(row)
    session.flush()


def compressed(pdf: bytes) -> bytes:
    """The document as it is kept."""
    return zlib.compress(pdf, 6)


def issued(session: Session, ref: str) -> dict[int, bytes]:
    """Every PDF issued in a case, by the number of its record."""
    rows = session.scalars(select(DocumentRow).where(DocumentRow.case_ref == ref).order_by(DocumentRow.number))
    return {row.number: zlib.decompress(row.compressed) for row in rows}
