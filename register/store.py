"""The register in the database, and the snapshot of it that a batch of messages is decided by."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.db import Base, RowId
from register.entry import Matter, MatterState, RegisterEntry, Restriction, RestrictionKind, Snapshot
from register.matching import entry_keys

_KEYS_AT_ONCE = 5_000  # parameters in one query; SQLite takes 32,766


class EntryRow(Base):
    """One person on the register."""

    __tablename__ = "register_entry"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(50), unique=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    addresses: Mapped[list[Any]]
    changed_at: Mapped[datetime]

    restrictions: Mapped[list["RestrictionRow"]] = relationship(
        cascade="all, delete-orphan", order_by="RestrictionRow.id", lazy="selectin"
    )
    matters: Mapped[list["MatterRow"]] = relationship(
        cascade="all, delete-orphan", order_by="MatterRow.id", lazy="selectin"
    )


class EntryKeyRow(Base):
    """What an entry can be found by; see `register.matching.entry_keys`."""

    __tablename__ = "register_entry_key"

    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(400), primary_key=True, index=True)


class RestrictionRow(Base):
    """One restriction."""

    __tablename__ = "register_restriction"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str] = mapped_column(String(50))
    kind: Mapped[str] = mapped_column(String(40))
    commenced_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    mailboxes: Mapped[list[Any]]
    services: Mapped[list[Any]]
    spoc: Mapped[str | None] = mapped_column(String(320))
    matter: Mapped[str | None] = mapped_column(String(100))


class MatterRow(Base):
    """One complaint or issue of an entry."""

    __tablename__ = "register_matter"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20))


def snapshot(session: Session, keys: Iterable[str]) -> Snapshot:
    """Every entry that has one of these keys, by indexed query: cost grows with the keys, not with the register."""
    wanted = sorted(set(keys))
    ids: set[int] = set()
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        chunk = wanted[start : start + _KEYS_AT_ONCE]
        ids.update(session.scalars(select(EntryKeyRow.entry_id).where(EntryKeyRow.key.in_(chunk))))
    if not ids:
        return Snapshot()
    rows = session.scalars(select(EntryRow).where(EntryRow.id.in_(sorted(ids))).order_by(EntryRow.id))
    return Snapshot(tuple(_entry(row) for row in rows))


def save(session: Session, entry: RegisterEntry, *, now: datetime) -> bool:
    """Insert or replace the entry with this ref; False if the register says the same already."""
    row = session.scalar(select(EntryRow).where(EntryRow.ref == entry.ref))
    if row is None:
        row = EntryRow(ref=entry.ref, version=0)
        session.add(row)
    elif _same(_entry(row), entry):
        return False
    row.version += 1
    row.name, row.addresses, row.changed_at = entry.name, list(entry.addresses), now
    row.restrictions = [_restriction_row(restriction) for restriction in entry.restrictions]
    row.matters = [
        MatterRow(reference=matter.reference, title=matter.title, state=matter.state) for matter in entry.matters
    ]
    session.flush()
    session.execute(delete(EntryKeyRow).where(EntryKeyRow.entry_id == row.id))
    keys = [{"entry_id": row.id, "key": key} for key in sorted(entry_keys(entry))]
    if keys:  # somebody without an address or a full name can be recorded, and found by nothing yet
        session.execute(insert(EntryKeyRow), keys)
    return True


def entries(session: Session) -> tuple[RegisterEntry, ...]:
    """The whole register, by reference."""
    return tuple(_entry(row) for row in session.scalars(select(EntryRow).order_by(EntryRow.ref)))


def entry(session: Session, ref: str) -> RegisterEntry | None:
    """The entry with this reference."""
    row = session.scalar(select(EntryRow).where(EntryRow.ref == ref))
    return None if row is None else _entry(row)


def _same(ours: RegisterEntry, theirs: RegisterEntry) -> bool:
    return _content(ours) == _content(theirs)


def _content(entry: RegisterEntry) -> tuple[str, Sequence[str], Sequence[Restriction], Sequence[Matter]]:
    return entry.name, entry.addresses, entry.restrictions, entry.matters


def _entry(row: EntryRow) -> RegisterEntry:
    return RegisterEntry(
        ref=row.ref,
        version=row.version,
        name=row.name,
        addresses=tuple(row.addresses),
        restrictions=tuple(_restriction(restriction) for restriction in row.restrictions),
        matters=tuple(
            Matter(reference=matter.reference, title=matter.title, state=MatterState(matter.state))
            for matter in row.matters
        ),
    )


def _restriction(row: RestrictionRow) -> Restriction:
    return Restriction(
        ref=row.ref,
        kind=RestrictionKind(row.kind),
        commenced_at=row.commenced_at,
        ends_at=row.ends_at,
        mailboxes=frozenset(row.mailboxes),
        services=frozenset(row.services),
        spoc=row.spoc,
        matter=row.matter,
    )


def _restriction_row(restriction: Restriction) -> RestrictionRow:
    return RestrictionRow(
        ref=restriction.ref,
        kind=restriction.kind,
        commenced_at=restriction.commenced_at,
        ends_at=restriction.ends_at,
        mailboxes=sorted(restriction.mailboxes),
        services=sorted(restriction.services),
        spoc=restriction.spoc,
        matter=restriction.matter,
    )
