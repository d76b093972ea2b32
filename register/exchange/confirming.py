"""A second officer brings the same file: what another brought in on their own word is confirmed where they agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.db import Session
from register import case_store, recording
from register.casework.case import Case
from register.casework.refusal import RefusedError
from register.casework.steps import Adoption, AdoptionConfirmed
from register.exchange.columns import USUAL, Headings
from register.exchange.importing import came_from
from register.exchange.register_files import Entry, ImportRefusedError, Mistake, read_file
from register.recording import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """How many earlier decisions were confirmed, and what there is to look at by hand."""

    decisions: int
    remarks: tuple[str, ...]


def confirm_file(session: Session, desk: Desk, path: Path, headings: Headings = USUAL) -> Confirmed:
    """Confirm every earlier decision that stands in this file just as it was brought in.

    Raises ImportRefusedError for a file with mistakes, or an officer who may not confirm; nothing is confirmed then.
    """
    file = read_file(path, headings)
    if file.mistakes:
        raise ImportRefusedError(path, file.mistakes)
    decisions, remarks = 0, []
    for entry in file.entries:
        case = case_store.case(session, entry.ref)
        if case is None or not came_from(case, entry):
            remarks.append(f"{entry.place}: {entry.ref} is not what was brought in: hold it against the case by hand")
            continue
        for adopted in _unconfirmed(case):
            _confirm(
                session, desk, AdoptionConfirmed(adoption=adopted, seen=f"{file.name}, {entry.place}"), entry, path
            )
            decisions += 1
    return Confirmed(decisions=decisions, remarks=tuple(remarks))


def _unconfirmed(case: Case) -> Iterator[int]:
    confirmed = {event.record.adoption for event in case.of(AdoptionConfirmed)}
    return (event.number for event in case.of(Adoption) if event.number not in confirmed)


def _confirm(session: Session, desk: Desk, record: AdoptionConfirmed, entry: Entry, path: Path) -> None:
    try:
        recording.record(session, desk, entry.ref, record)
    except RefusedError as error:
        mistakes = tuple(Mistake(place=entry.place, words=str(objection)) for objection in error.objections)
        raise ImportRefusedError(path, mistakes) from None
