"""Raw bytes kept, compressed and once each: of mail that was acted on, and of what we sent."""

import zlib
from datetime import datetime
from hashlib import sha256

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base


class ContentRow(Base):
    """Raw bytes by their SHA-256."""

    __tablename__ = "content"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    compressed: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]


def keep(session: Session, raw: bytes, *, now: datetime) -> str:
    """Keep raw bytes, once however often they come; returns their SHA-256."""
    digest = sha256(raw).hexdigest()
    if session.get(ContentRow, digest) is None:
        session.add(ContentRow(sha256=digest, size=len(raw), compressed=zlib.compress(raw, 6), stored_at=now))
        session.flush()
    return digest


def get(session: Session, digest: str) -> bytes | None:
    """Kept bytes, or None once retention has removed them."""
    row = session.get(ContentRow, digest)
    return None if row is None else zlib.decompress(row.compressed)
