"""The one way anything is recorded in a case: through the gates, with its trace, and with all that follows from it.

One transaction appends the record, notes it in the audit trail, and reads entry, look-up keys and deadlines off anew.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from core.db import Database, Session, in_parts
from policies.policy import Policy
from policies.reading import PolicyHistory
from policies.vocabulary import LetterKind
from register import audit_store, case_store, due_store, officer_store, store
from register.audit import AuditAction, AuditEntry, digest
from register.casework.case import Case, CaseEvent
from register.casework.duty import may_read
from register.casework.facts import Action, ActionKind, Fact
from register.casework.gates import admit
from register.casework.refusal import Objection, RefusedError, Situation, plainly, titles
from register.casework.standing import Standing, standing, with_event
from register.casework.steps import LetterIssued, Step
from register.dates import WorkingCalendar, day_of
from register.duplicates import refuse_duplicates
from register.officers import Officer, Officers
from register.projection import Ground, entry_of, listing_of
from register.purposes import nameless, stated
from register.records import canonical
from register.refusals import NotedRefusalError

_CASES_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where an officer works on cases: the policy in all its versions, the calendar, who sits there, and the moment."""

    policies: PolicyHistory
    calendar: WorkingCalendar
    officer: Officer
    now: datetime

    def policy(self, version: str) -> Policy:
        """The version a record cites; what is unknown here (an earlier policy altogether) is read by the newest."""
        return self.policies.version(version) or self.policies.newest

    @property
    def in_force(self) -> Policy:
        """The version of the policy that applies to what is done now."""
        return self.policies.on(day_of(self.now))

    def note(self, action: AuditAction, subject: str, **details: str) -> AuditEntry:
        """What the audit trail keeps of something done here."""
        return AuditEntry(actor=self.officer.username, action=action, subject=subject, details=tuple(details.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, how the case stands now, and what there is to remark."""

    event: CaseEvent[Fact | Step]
    standing: Standing
    remarks: tuple[Objection, ...] = ()


class UnknownCaseError(Exception):
    """There is no case with that reference."""

    def __init__(self, ref: str, erased_at: datetime | None = None) -> None:
        erased = f": it was erased on {erased_at:%d %B %Y}" if erased_at else ": see `mailroom case list`"
        super().__init__(f"the register has no case {ref}{erased}")


class ReadRefusedError(NotedRefusalError):
    """This officer has no part in the case."""


def open_case(session: Session, desk: Desk, records: Sequence[Fact | Step], *, ref: str | None = None) -> Recorded:
    """Open a case with its first records; all of them are admitted, or none is kept.

    Raises RefusedError, also for a reference that cannot be the case's, and case_store.ConflictError.
    """
    unfit = None if ref is None else _unfit(session, ref)
    if ref is not None and unfit is not None:
        raise RefusedError(ref, "opening", desk.in_force.version, (plainly(unfit),))
    case = case_store.open_case(session, ref, now=desk.now)
    return _record(session, desk, case, records)


def record(session: Session, desk: Desk, ref: str, given: Fact | Step, *, seen: int | None = None) -> Recorded:
    """Record one more thing in a case. `seen` is the version the officer was looking at.

    Raises RefusedError, UnknownCaseError, and ConflictError where somebody else recorded something since.
    """
    case = _case(session, ref)
    if seen is not None and seen != case.version:
        raise case_store.ConflictError(ref, seen, case.version)
    return _record(session, desk, case, [given])


def read(session: Session, desk: Desk, ref: str, *, purpose: str) -> Standing:
    """A case as it stands; that it was read, by whom and what for, is on record.

    Raises UnknownCaseError, PurposeRefusedError, and ReadRefusedError, which `transaction` notes.
    """
    given, found = stated(purpose), standing(_case(session, ref))
    person = found.case.person
    kept = nameless(given, (person.name, *person.aliases) if person else ())
    if not may_read(desk.officer, found, desk.in_force):
        note = desk.note(AuditAction.REFUSED, ref, what="read", purpose=kept)
        raise ReadRefusedError(_not_theirs(session, desk, found)).noted(note, desk.now)
    note = desk.note(AuditAction.READ, ref, version=str(found.case.version), purpose=kept)
    audit_store.append(session, [note], now=desk.now)
    return found


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """A transaction for work at a desk: what is refused is undone whole, but the refusal is on record."""
    try:
        with database.transaction() as session:
            yield session
    except NotedRefusalError as refused:
        if refused.note is not None and refused.at is not None:
            with database.transaction() as session:
                audit_store.append(session, [refused.note], now=refused.at)
        raise


def refresh(session: Session, desk: Desk, refs: Sequence[str]) -> int:
    """Read entries, keys and deadlines off these cases anew: after a change of policy, calendar or officers.

    Tells how many there were.
    """
    ground, count = _ground(session, desk), 0
    for part in in_parts(sorted(refs), _CASES_AT_ONCE):
        case_store.lock(session, part)  # what is recorded meanwhile would be hidden behind what was read before it
        found = [standing(case) for case in case_store.cases(session, part)]
        _project(session, found, ground, desk.now)
        count += len(found)
    return count


def _not_theirs(session: Session, desk: Desk, found: Standing) -> str:
    owner, officer = found.case.owner, desk.officer
    known = officer_store.officers(session).named(owner.officer) if owner else None
    held_by = f", owned by its {known.job_title}" if known else ""
    service = owner.service if owner else "nobody"
    return (
        f"{found.case.ref} is a case of {service}{held_by}, and {officer.username} of {officer.service} has no part in "
        f"it: ask {service}, or {titles(desk.in_force, desk.in_force.keepers.value)}. That you asked is recorded"
    )


def _unfit(session: Session, ref: str) -> str | None:
    """Why a case cannot be opened under this reference, if it cannot."""
    if not (0 < len(ref) <= case_store.LONGEST_REF and ref.isprintable() and ref == ref.strip() and "@" not in ref):
        return f"a reference has at most {case_store.LONGEST_REF} characters, is one line, and is no address"
    if case_store.living(session, [ref]):
        return "there is a case of that reference already: record it there, or give another"
    if case_store.erasure(session, ref) is not None:
        return "the case of that reference was erased, and nothing takes its place: give another"
    return None


def _case(session: Session, ref: str) -> Case:
    case = case_store.case(session, ref)
    if case is None:
        erased = case_store.erasure(session, ref)
        raise UnknownCaseError(ref, erased.erased_at if erased else None)
    return case


def _record(session: Session, desk: Desk, case: Case, records: Sequence[Fact | Step]) -> Recorded:
    ground = _ground(session, desk)
    admitted = _Admitted(standing(case))
    asked_for: list[CaseEvent[Fact | Step]] = []
    for given in records:
        refuse_duplicates(session, given, _situation(desk, admitted.standing, ground.officers))
        asked_for.append(admitted.add(given, _situation(desk, admitted.standing, ground.officers)))
        for consequence in _consequences(given):
            admitted.add(consequence, _situation(desk, admitted.standing, ground.officers))
    case_store.append(session, case.ref, admitted.events)
    _project(session, [admitted.standing], ground, desk.now)
    opened = [] if case.version else [desk.note(AuditAction.OPENED, case.ref)]
    audit_store.append(session, [*opened, *_trail(session, case.ref, desk, admitted.events)], now=desk.now)
    return Recorded(event=asked_for[-1], standing=admitted.standing, remarks=tuple(admitted.remarks))


@dataclass
class _Admitted:
    """What the gates have let in so far."""

    standing: Standing
    events: list[CaseEvent[Fact | Step]] = field(default_factory=list)
    remarks: list[Objection] = field(default_factory=list)

    def add(self, given: Fact | Step, situation: Situation) -> CaseEvent[Fact | Step]:
        event, remarks = admit(given, situation)
        self.events.append(event)
        self.remarks += remarks
        self.standing = with_event(self.standing, event)
        return event


def _consequences(given: Fact | Step) -> Iterator[Fact | Step]:
    """Row 3.19: a reply that asks somebody to refrain leaves a note that they were asked."""
    if isinstance(given, LetterIssued) and given.letter is LetterKind.REPLY_AND_CONDUCT:
        words = "The person was told that the correspondence was unacceptable, and asked to refrain from it."
        yield Action(action=ActionKind.NOTE, on=given.on, words=words, reference=given.message)


def _ground(session: Session, desk: Desk) -> Ground:
    return Ground(policy=desk.policy, calendar=desk.calendar, officers=officer_store.officers(session))


def _situation(desk: Desk, stands: Standing, officers: Officers) -> Situation:
    return Situation(
        standing=stands,
        policy=desk.in_force,
        officer=desk.officer,
        now=desk.now,
        officers=officers,
        calendar=desk.calendar,
    )


def _trail(session: Session, ref: str, desk: Desk, events: Sequence[CaseEvent[Fact | Step]]) -> Iterator[AuditEntry]:
    salt = case_store.salt(session, ref)
    for event in events:
        kept = digest(salt, canonical(event.record))
        number, kind = str(event.number), event.record.kind
        yield desk.note(AuditAction.RECORDED, ref, number=number, kind=kind, policy=event.policy, digest=kept)


def _project(session: Session, standings: Sequence[Standing], ground: Ground, now: datetime) -> None:
    """Write what others than casework read of these cases."""
    listed = [
        (entry, listing_of(stands, entry, ground)) for stands in standings for entry in (entry_of(stands, ground),)
    ]
    store.save_all(session, listed, now=now)
    due_store.replace_dues(
        session, [entry.ref for entry, _ in listed], [due for _, listing in listed for due in listing.dues]
    )
