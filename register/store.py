"""The register as it is looked up: entries read off their cases, and the snapshot a batch of messages is decided by."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, foreign, joinedload, mapped_column, relationship

from core.db import Base, RowId, in_parts, storable
from policies.vocabulary import MatterState
from register.casework.facts import Matter
from register.casework.standing import CaseState
from register.entry import Absence, RegisterEntry, Restriction, Snapshot
from register.matching import entry_keys
from register.others_store import OtherRow
from register.projection import Listing
from register.records import terms_as_data, terms_from

_UNLISTED = Listing()
_LONGEST_KEY = 400
_LONGEST_NAME = 300


class EntryRow(Base):
    """One person on the register."""

    __tablename__ = "register_entry"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(50), unique=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    addresses: Mapped[list[Any]]
    aliases: Mapped[list[Any]]
    care: Mapped[bool]
    representatives: Mapped[list[Any]]
    contacts: Mapped[list[Any]]
    postcode: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), index=True)
    service: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str | None] = mapped_column(String(300))
    changed_at: Mapped[datetime]

    restrictions: Mapped[list["RestrictionRow"]] = relationship(
        order_by="RestrictionRow.id", lazy="selectin", passive_deletes=True
    )
    matters: Mapped[list["MatterRow"]] = relationship(order_by="MatterRow.id", lazy="selectin", passive_deletes=True)
    others: Mapped[list[OtherRow]] = relationship(
        primaryjoin=lambda: EntryRow.ref == foreign(OtherRow.case_ref), lazy="raise", viewonly=True
    )


class EntryKeyRow(Base):
    """What an entry can be found by; see `register.matching.entry_keys`."""

    __tablename__ = "register_entry_key"

    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(_LONGEST_KEY), primary_key=True, index=True)


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
    terms: Mapped[dict[str, Any]]
    policy: Mapped[str] = mapped_column(String(100))
    review_on: Mapped[date | None]
    away: Mapped[list[Any]]  # pairs of an address and the day of return, or null


class MatterRow(Base):
    """One complaint or issue of an entry."""

    __tablename__ = "register_matter"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20))


def snapshot(session: Session, keys: Iterable[str]) -> Snapshot:
    """Every entry that has one of these keys, by indexed query: cost grows with the keys, not with the register."""
    wanted = sorted(set(keys))
    ids: set[int] = set()
    for part in in_parts(wanted):
        ids.update(session.scalars(select(EntryKeyRow.entry_id).where(EntryKeyRow.key.in_(part))))
    if not ids:
        return Snapshot()
    query = select(EntryRow).where(EntryRow.id.in_(sorted(ids))).order_by(EntryRow.ref)
    rows = session.scalars(query.options(joinedload(EntryRow.others))).unique()
    return Snapshot(tuple(replace(_entry(row), others=frozenset(one.key for one in row.others)) for row in rows))


def save(session: Session, entry: RegisterEntry, *, now: datetime, listing: Listing = _UNLISTED) -> None:
    """Insert or replace the entry with this ref, as it is read off its case; `version` is the case's."""
    save_all(session, [(entry, listing)], now=now)


def save_all(session: Session, listed: Sequence[tuple[RegisterEntry, Listing]], *, now: datetime) -> None:
    """Insert or replace many entries in a handful of statements; each ref at most once."""
    for part in in_parts(listed):
        _save_part(session, part, now)


def _save_part(session: Session, listed: Sequence[tuple[RegisterEntry, Listing]], now: datetime) -> None:
    if not listed:
        return
    remove(session, [entry.ref for entry, _ in listed])
    statement = insert(EntryRow).returning(EntryRow.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, [_entry_values(entry, listing, now) for entry, listing in listed])
    numbered = list(zip(ids, listed, strict=True))
    children: tuple[tuple[type[Base], list[dict[str, Any]]], ...] = (
        (RestrictionRow, [_restriction_values(i, one) for i, (entry, _) in numbered for one in entry.restrictions]),
        (MatterRow, [_matter_values(i, one) for i, (entry, _) in numbered for one in entry.matters]),
        (
            EntryKeyRow,
            [{"entry_id": i, "key": key} for i, (entry, listing) in numbered for key in _keys(entry, listing)],
        ),
    )
    for table, rows in children:
        if rows:  # somebody without an address or a full name can be recorded, and found by nothing yet
            session.execute(insert(table), rows)


def remove(session: Session, refs: Sequence[str]) -> None:
    """Take entries off the register, with everything they are found by."""
    session.execute(delete(EntryRow).where(EntryRow.ref.in_(refs)))  # the rest goes with it, by foreign key


def _keys(entry: RegisterEntry, listing: Listing) -> list[str]:
    return sorted({key[:_LONGEST_KEY] for key in entry_keys(entry) | listing.keys})


def refs_with(session: Session, keys: Iterable[str]) -> tuple[str, ...]:
    """The references of entries that have all of these keys, in order."""
    wanted = sorted(set(keys))
    if not wanted:
        return ()
    having = (
        select(EntryKeyRow.entry_id)
        .where(EntryKeyRow.key.in_(wanted))
        .group_by(EntryKeyRow.entry_id)
        .having(func.count() == len(wanted))
    )
    return tuple(session.scalars(select(EntryRow.ref).where(EntryRow.id.in_(having)).order_by(EntryRow.ref)))


def owned_by(session: Session, username: str) -> tuple[str, ...]:
    """The references of the cases this officer owns."""
    return tuple(session.scalars(select(EntryRow.ref).where(EntryRow.owner == username).order_by(EntryRow.ref)))


def listed(session: Session) -> Iterator[tuple[RegisterEntry, CaseState, str, str | None]]:
    """Every entry with its state, service and owner, by reference; read in parts."""
    query = select(EntryRow).order_by(EntryRow.ref).execution_options(yield_per=500)
    for row in session.scalars(query):
        yield _entry(row), CaseState(row.state), row.service, row.owner


def entries(session: Session) -> tuple[RegisterEntry, ...]:
    """The whole register, by reference."""
    return tuple(_entry(row) for row in session.scalars(select(EntryRow).order_by(EntryRow.ref)))


def entry(session: Session, ref: str) -> RegisterEntry | None:
    """The entry with this reference."""
    row = session.scalar(select(EntryRow).where(EntryRow.ref == ref))
    return None if row is None else _entry(row)


def _entry(row: EntryRow) -> RegisterEntry:
    return RegisterEntry(
        ref=row.ref,
        version=row.version,
        name=row.name,
        addresses=tuple(row.addresses),
        restrictions=tuple(_restriction(restriction) for restriction in row.restrictions),
        aliases=tuple(row.aliases),
        matters=tuple(
            Matter(reference=matter.reference, title=matter.title, state=MatterState(matter.state))
            for matter in row.matters
        ),
        care=row.care,
        representatives=tuple(row.representatives),
        contacts=frozenset(row.contacts),
        postcode=row.postcode,
    )


def _restriction(row: RestrictionRow) -> Restriction:
    return Restriction(
        ref=row.ref,
        terms=terms_from(row.terms),
        commenced_at=row.commenced_at,
        ends_at=row.ends_at,
        mailboxes=frozenset(row.mailboxes),
        services=frozenset(row.services),
        policy=row.policy,
        review_on=row.review_on,
        away=tuple(Absence(address=address, until=until and date.fromisoformat(until)) for address, until in row.away),
    )


def _entry_values(entry: RegisterEntry, listing: Listing, now: datetime) -> dict[str, Any]:
    return {
        "ref": entry.ref,
        "version": entry.version,
        "name": storable(entry.name, _LONGEST_NAME),
        "addresses": list(entry.addresses),
        "aliases": list(entry.aliases),
        "care": entry.care,
        "representatives": list(entry.representatives),
        "contacts": sorted(entry.contacts),
        "postcode": entry.postcode,
        "state": listing.state,
        "service": listing.service,
        "owner": listing.owner,
        "changed_at": now,
    }


def _restriction_values(entry_id: int, restriction: Restriction) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "ref": restriction.ref,
        "kind": restriction.kind,
        "commenced_at": restriction.commenced_at,
        "ends_at": restriction.ends_at,
        "mailboxes": sorted(restriction.mailboxes),
        "services": sorted(restriction.services),
        "terms": terms_as_data(restriction.terms),
        "policy": restriction.policy,
        "review_on": restriction.review_on,
        "away": [[one.address, one.until and one.until.isoformat()] for one in restriction.away],
    }


def _matter_values(entry_id: int, matter: Matter) -> dict[str, Any]:
    return {"entry_id": entry_id, "reference": matter.reference, "title": matter.title, "state": matter.state}
