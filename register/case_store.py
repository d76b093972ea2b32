"""Cases in the database: every record a row that is only ever inserted; the number of the next one is taken once."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from secrets import token_bytes
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, and_, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, RowId
from register.casework.case import Case, CaseEvent
from register.casework.facts import Fact
from register.casework.steps import Step
from register.officers import Signature
from register.records import record_as_data, recorded

_SALT_BYTES = 32
LONGEST_REF = 40  # characters: the references of its restrictions begin with it, and have to fit as well


class CaseRow(Base):
    """One case. Its `salt` makes the digests in the audit trail say nothing once the case is erased with it."""

    __tablename__ = "register_case"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(String(50), unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]


class CaseEventRow(Base):
    """One record of a case; inserted, never updated, deleted only with its whole case."""

    __tablename__ = "register_case_event"

    case_ref: Mapped[str] = mapped_column(ForeignKey("register_case.ref"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    officer: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(300))
    job_title: Mapped[str] = mapped_column(String(300))
    service: Mapped[str] = mapped_column(String(300))
    roles: Mapped[list[Any]]
    policy: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(40))
    record: Mapped[dict[str, Any]]


class ErasureRow(Base):
    """That a case was erased, when, by whom and under which rule: all that is left of it beside the audit trail."""

    __tablename__ = "register_erasure"

    case_ref: Mapped[str] = mapped_column(String(50), primary_key=True)
    erased_at: Mapped[datetime]
    erased_by: Mapped[str] = mapped_column(String(300))
    policy: Mapped[str] = mapped_column(String(100))
    events: Mapped[int]
    messages: Mapped[int]


class ConflictError(Exception):
    """Somebody else recorded something in the case meanwhile: read it again before you go on."""

    def __init__(self, ref: str, seen: int, found: int) -> None:
        super().__init__(f"{ref} was changed meanwhile (you saw version {seen}, it is {found}): read it again")


def open_case(session: Session, ref: str | None, *, now: datetime) -> Case:
    """A case without records, under this reference or the next of our own."""
    row = CaseRow(ref=ref or f"~{token_bytes(8).hex()}", salt=token_bytes(_SALT_BYTES), opened_at=now)
    session.add(row)
    session.flush()
    if ref is None:
        row.ref = _free_ref(session, row.id)
        session.flush()
    return Case(row.ref)


def _free_ref(session: Session, number: int) -> str:
    """MC-00042, or the next that no imported case has taken and no erased one had."""
    while True:
        ref = f"MC-{number:05d}"
        taken = session.scalar(select(CaseRow.id).where(CaseRow.ref == ref)) is not None
        if not taken and session.get(ErasureRow, ref) is None:  # SQLite gives out the number of a row again
            return ref
        number += 1


def append(session: Session, ref: str, events: Iterable[CaseEvent[Fact | Step]]) -> None:
    """Add records to a case. Raises ConflictError where another took their number first."""
    rows = [_row(ref, event) for event in events]
    try:
        with session.begin_nested():
            session.execute(insert(CaseEventRow), rows)
    except IntegrityError:
        raise ConflictError(ref, rows[0]["number"] - 1, rows[0]["number"]) from None


def case(session: Session, ref: str) -> Case | None:
    """The case with this reference."""
    found = session.scalar(select(CaseRow.ref).where(CaseRow.ref == ref))
    return None if found is None else next(cases(session, [ref]), Case(ref))


def cases(session: Session, refs: Iterable[str]) -> Iterator[Case]:
    """These cases, by reference; one that has no records yet is left out."""
    query = (
        select(CaseEventRow)
        .where(CaseEventRow.case_ref.in_(list(refs)))
        .order_by(CaseEventRow.case_ref, CaseEventRow.number)
    )
    grouped: dict[str, list[CaseEvent[Fact | Step]]] = {}
    for row in session.scalars(query):
        grouped.setdefault(row.case_ref, []).append(_event(row))
    return (Case(ref, tuple(events)) for ref, events in grouped.items())


def salt(session: Session, ref: str) -> bytes:
    """What the digests of a case's records are salted with."""
    found = session.scalar(select(CaseRow.salt).where(CaseRow.ref == ref))
    if found is None:
        message = f"there is no case {ref}"
        raise LookupError(message)
    return found


def refs(session: Session) -> tuple[str, ...]:
    """The reference of every case."""
    return tuple(session.scalars(select(CaseRow.ref).order_by(CaseRow.ref)))


def lock(session: Session, refs: Collection[str]) -> None:
    """Let nobody record anything in these cases until the transaction ends; SQLite has one writer anyway."""
    locked = select(CaseRow.id).where(CaseRow.ref.in_(refs)).order_by(CaseRow.ref).with_for_update()
    session.execute(locked)


def living(session: Session, refs: Iterable[str]) -> frozenset[str]:
    """Those of these references that are of a case the register has."""
    return frozenset(session.scalars(select(CaseRow.ref).where(CaseRow.ref.in_(list(refs)))))


def refs_naming(session: Session, username: str) -> frozenset[str]:
    """The cases in which this officer has recorded anything, or is to look at an appeal."""
    assigned = CaseEventRow.record["assigned_to"].as_string() == username
    named = or_(CaseEventRow.officer == username, and_(CaseEventRow.kind == "appeal", assigned))
    return frozenset(session.scalars(select(CaseEventRow.case_ref).where(named).distinct()))


def refs_with(session: Session, kind: str) -> tuple[str, ...]:
    """The cases that have a record of this kind."""
    query = select(CaseEventRow.case_ref).where(CaseEventRow.kind == kind).distinct()
    return tuple(session.scalars(query.order_by(CaseEventRow.case_ref)))


def messages_cited(session: Session) -> tuple[tuple[str, str], ...]:
    """Every message that a record cites, behind the reference of its case; as the officer wrote it."""
    message = CaseEventRow.record["message"].as_string()
    cites = CaseEventRow.kind.in_(("incident", "referral", "appeal", "letter", "action"))
    query = select(CaseEventRow.case_ref, message).where(cites, message.is_not(None))
    return tuple((ref, cited) for ref, cited in session.execute(query.distinct()))


def erase(session: Session, erasure: ErasureRow) -> None:
    """Remove a case and every record of it, leaving only that it was erased."""
    session.add(erasure)
    session.flush()  # the database lets records go only once this row is there
    session.execute(delete(CaseEventRow).where(CaseEventRow.case_ref == erasure.case_ref))
    session.execute(delete(CaseRow).where(CaseRow.ref == erasure.case_ref))


def erasure(session: Session, ref: str) -> ErasureRow | None:
    """That, when and by whom a case was erased."""
    return session.get(ErasureRow, ref)


def _event(row: CaseEventRow) -> CaseEvent[Fact | Step]:
    by = Signature(
        officer=row.officer, name=row.name, job_title=row.job_title, service=row.service, roles=frozenset(row.roles)
    )
    return CaseEvent(number=row.number, at=row.at, by=by, policy=row.policy, record=recorded(row.record))


def rows_of(case: Case) -> list[dict[str, Any]]:
    """Every record of a case as its table takes it."""
    return [_row(case.ref, event) for event in case.events]


def _row(ref: str, event: CaseEvent[Fact | Step]) -> dict[str, Any]:
    return {
        "case_ref": ref,
        "number": event.number,
        "at": event.at,
        "officer": event.by.officer,
        "name": event.by.name,
        "job_title": event.by.job_title,
        "service": event.by.service,
        "roles": sorted(event.by.roles),
        "policy": event.policy,
        "kind": event.record.kind,
        "record": record_as_data(event.record),
    }
