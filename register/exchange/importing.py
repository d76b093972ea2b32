"""Brings a council's register files into casework: every entry becomes a case, through the same gates as any record.

A file is taken whole or not at all. A note in each case says which file it came from and proves what stood there, so
that the same file again changes nothing, and nobody's casework is overwritten by a spreadsheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.db import Session
from register import audit_store, case_store, officer_store, recording
from register.audit import AuditAction
from register.casework.case import Case, CaseEvent
from register.casework.facts import (
    Action,
    ActionKind,
    Fact,
    Identifier,
    IdentifierWithdrawn,
    Matter,
    Need,
    Owner,
    Person,
    Property,
    Representative,
    RiskAssessment,
)
from register.casework.gates import admit
from register.casework.refusal import RefusedError, Situation
from register.casework.standing import Standing, standing
from register.casework.steps import Adoption, AdoptionConfirmed, Ended, Step
from register.dates import day_of
from register.exchange.columns import USUAL, Headings
from register.exchange.import_asking import Asked, Asking, Office
from register.exchange.import_records import asking_of
from register.exchange.register_files import Entry, ImportRefusedError, Mistake, RegisterFile, read_file
from register.recording import Desk

__all__ = ["ImportRefusedError", "Imported", "Mistake", "import_file"]

_MARK = "import:"  # before the digest, in the reference of the note


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file: cases opened, cases amended, cases as they were, and what there is to remark."""

    opened: int
    amended: int
    unchanged: int
    remarks: tuple[str, ...]


def import_file(session: Session, desk: Desk, path: Path, headings: Headings = USUAL) -> Imported:
    """Read a register file and bring it in. Raises ImportRefusedError, which lists every mistake with its place.

    The caller's transaction is to be rolled back then: some of the file may have been recorded in it.
    """
    file = read_file(path, headings)
    importing = _Importing(session, desk, file)
    for entry in file.entries:
        importing.take(entry)
    mistakes = (*file.mistakes, *importing.mistakes)
    if mistakes:
        raise ImportRefusedError(path, tuple(sorted(mistakes, key=_in_order)))
    done = importing.done
    counts = {name: str(count) for name, count in done.items()}
    audit_store.append(session, [desk.note(AuditAction.IMPORTED, "register", **counts)], now=desk.now)
    return Imported(remarks=tuple(importing.remarks), **done)


def _in_order(mistake: Mistake) -> int:
    """The number of the row or entry, so that mistakes are told in the order of the file."""
    number = mistake.place.partition(" ")[2].partition(",")[0].partition(" ")[0]
    return int(number) if number.isdigit() else 0


@dataclass(slots=True)
class _Importing:
    """One file on its way into the register."""

    session: Session
    desk: Desk
    file: RegisterFile
    done: dict[str, int] = field(default_factory=lambda: {"opened": 0, "amended": 0, "unchanged": 0})
    mistakes: list[Mistake] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(
            policy=self.desk.in_force,
            officers=officer_store.officers(self.session),
            calendar=self.desk.calendar,
            today=day_of(self.desk.now),
            source=self.file.name,
        )

    def take(self, entry: Entry) -> None:
        """Bring in one entry, or note what is wrong with it."""
        if entry.faulty:
            return  # its mistakes are told already, and others would only follow from them
        case = case_store.case(self.session, entry.ref)
        if case is not None and came_from(case, entry):
            self.done["unchanged"] += 1
            return
        hindrance = self._hindrance(entry, case)
        if hindrance:
            self._wrong(entry.place, hindrance)
            return
        asking = asking_of(entry, self.office)
        if asking.mistakes:
            self.mistakes += asking.mistakes
            return
        self._record(asking, case)

    def _hindrance(self, entry: Entry, case: Case | None) -> str:
        if case is None:
            erased = case_store.erasure(self.session, entry.ref)
            return f"{entry.ref} was erased on {erased.erased_at:%d %B %Y}: take it off the file" if erased else ""
        if _note_of(case) is None:
            return f"the register has a case {entry.ref} that did not come from a file: change it there"
        if _worked_on(case):
            return f"{entry.ref} was changed in the register since it was imported: change it there"
        return ""

    def _record(self, asking: Asking, case: Case | None) -> None:
        entry = asking.entry
        stands = standing(case or Case(entry.ref))
        lacking = _lacking(asking, stands)
        if case is not None and not lacking:  # the same told otherwise: in another file, or another order
            self.done["unchanged"] += 1
            return
        asked = _with_note(lacking, _asked_note(entry, self.office))
        try:
            with self.session.begin_nested():
                records = [one.record for one in asked]
                if case is None:
                    done = recording.open_case(self.session, self.desk, records, ref=entry.ref)
                    remarks = done.remarks
                else:
                    each = [recording.record(self.session, self.desk, entry.ref, record) for record in records]
                    remarks = tuple(remark for one in each for remark in one.remarks)
        except RefusedError as error:
            told = tuple(self._objections(asked, stands))
            self.mistakes += told or [Mistake(place=entry.place, words=str(one)) for one in error.objections]
            return
        self.done["opened" if case is None else "amended"] += 1
        self.remarks += [*asking.remarks, *(f"{entry.place}: {remark}" for remark in remarks)]

    def _objections(self, asked: Sequence[Asked], stands: Standing) -> Iterator[Mistake]:
        """What the gates say of each record, with its row; recording itself stops at the first it refuses."""
        situation = Situation(
            standing=stands,
            policy=self.office.policy,
            officer=self.desk.officer,
            now=self.desk.now,
            officers=self.office.officers,
            calendar=self.desk.calendar,
        )
        for one in asked:
            try:
                event, _ = admit(one.record, situation)
            except RefusedError as error:
                for objection in error.objections:
                    yield Mistake(place=one.place, words=str(objection))
                continue
            situation = replace(situation, standing=standing(situation.case.with_event(event)))

    def _wrong(self, place: str, words: str) -> None:
        self.mistakes.append(Mistake(place=place, words=words))


def came_from(case: Case, entry: Entry) -> bool:
    """Whether the last import of this case read just what the entry says."""
    return _note_of(case) == _MARK + entry.digest()


def _asked_note(entry: Entry, office: Office) -> Asked:
    note = Action(
        action=ActionKind.NOTE,
        on=office.today,
        words=f"Brought in from {office.source}, {entry.place}.",
        reference=_MARK + entry.digest(),
    )
    return Asked(note, entry.place)


def _note_of(case: Case) -> str | None:
    """The reference of the newest note that an import left."""
    event = _noted(case)
    return event.record.reference if event is not None else None


def _noted(case: Case) -> CaseEvent[Action] | None:
    notes = case.actions(ActionKind.NOTE)
    return max(
        (event for event in notes if (event.record.reference or "").startswith(_MARK)),
        key=lambda event: event.number,
        default=None,
    )


def _worked_on(case: Case) -> bool:
    """Whether anything was recorded since the last import but its own last record, the owner, and its confirmation."""
    noted = _noted(case)
    since = case.events[noted.number :] if noted is not None else case.events
    changes = [event for event in since if not isinstance(event.record, AdoptionConfirmed)]
    return any(not (isinstance(event.record, Owner) and noted and event.at == noted.at) for event in changes)


def _with_note(asked: Sequence[Asked], note: Asked) -> list[Asked]:
    """The note goes before the owner: who brings in cases of every service may not write in them afterwards."""
    owners = [one for one in asked if isinstance(one.record, Owner)]
    return [*(one for one in asked if one not in owners), note, *owners]


def _lacking(asking: Asking, stands: Standing) -> list[Asked]:
    """What the entry asks for and the case does not have; and what the case has from earlier that must go."""
    case, place = stands.case, asking.entry.place
    wanted = {one.record.value for one in asking.asked if isinstance(one.record, Identifier)}
    gone = [item.value for item in case.identifiers if item.value not in wanted]
    asked = [one for one in asking.asked if not _has(case, one.record)]
    if not case.events:
        return asked
    reason = f"No longer in {asking.office.source}."
    withdrawn = [Asked(IdentifierWithdrawn(value=value, reason=reason), place) for value in gone]
    adopted, ended = _adoptions(asking.asked, stands)
    if ended:
        withdrawn.append(Asked(Ended(reason=f"As {asking.office.source} now has it.", restrictions=ended), place))
    return [*withdrawn, *(one for one in asked if one.record not in adopted)]


def _has(case: Case, record: Fact | Step) -> bool:
    """Whether the case says so already; of adoptions, `_adoptions` knows."""
    match record:
        case Identifier(value=value, identifier=kind):
            return any((item.value, item.identifier) == (value, kind) for item in case.identifiers)
        case Action(reference=reference, action=action):
            return any(event.record.reference == reference for event in case.actions(action))
        case Person() | Property() | Owner():
            return record in {case.person, case.place, case.owner}
        case Matter() | Representative() | Need():
            return record in {*case.matters, *case.representatives, *case.needs}
        case RiskAssessment():
            return any(event.record == record for event in case.of(RiskAssessment))
        case _:
            return False


def _adoptions(asked: Sequence[Asked], stands: Standing) -> tuple[list[Adoption], tuple[str, ...]]:
    """The adoptions that are in effect as they are wanted, and the references of restrictions no longer wanted.

    Only imports have written in the case, so its restrictions are those of its adoptions, one after another.
    """
    wanted = [one.record for one in asked if isinstance(one.record, Adoption)]
    active = {one.ref for one in stands.active}
    refs = iter(one.ref for one in stands.arrangements)
    kept: list[Adoption] = []
    ended: list[str] = []
    for event in stands.case.of(Adoption):
        own = [next(refs) for _ in event.record.measures]
        same = [one for one in wanted if replace(one, source=event.record.source) == event.record]
        if same and active.issuperset(own):
            kept += same
        else:
            ended += [ref for ref in own if ref in active]
    return kept, tuple(ended)
