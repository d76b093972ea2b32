"""A case in the columns of a register file: what `register.exchange.import_records` makes the same case of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from register.casework.case import Case, CaseEvent
from register.casework.facts import Action, ActionKind, Identifier, RiskAssessment
from register.casework.standing import NOTICES, Arrangement, Standing
from register.casework.steps import Adoption, AppealDecided, Decision, LetterIssued, Review
from register.casework.views import HIDDEN
from register.exchange.columns import SCOPE, WANTED, Part
from register.exchange.import_records import MATTER, REPRESENTATIVE
from register.records import record_as_data, terms_as_data

Cells = Mapping[str, Any]
"""Values by column: what JSON takes, but that lists are tuples."""

_COLUMN_OF = {"email": "email", "telephone": "telephone", "post": "postal_address"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One entry: who or what it is about, and what it has several of."""

    head: Cells
    parts: Mapping[Part, tuple[Cells, ...]]

    def rows(self) -> Iterator[Cells]:
        """The rows of a table: the first says who it is about, the others repeat the reference and the name."""
        repeated = {name: self.head[name] for name in ("ref", "name") if name in self.head}
        rows = [row for part in self.parts.values() for row in part]
        yield {**self.head, **(rows[0] if rows else {})}
        for row in rows[1:]:
            yield {**repeated, **row}


def sheet_of(standing: Standing, *, sees_needs: bool) -> Sheet:
    """A case as far as it stands: without what was withdrawn, and without restrictions that a decision ended."""
    case = standing.case
    return Sheet(
        head=_kept({"ref": case.ref, **_of_person(case), **_of_property(case), **_of_owner(case)}),
        parts={
            Part.NEED: tuple(_need(record_as_data(need), sees=sees_needs) for need in case.needs),
            Part.MATTER: tuple(_renamed(record_as_data(one), MATTER) for one in case.matters),
            Part.REPRESENTATIVE: tuple(_renamed(record_as_data(one), REPRESENTATIVE) for one in case.representatives),
            Part.RESTRICTION: tuple(_restriction(one, case) for one in standing.active),
        },
    )


def _of_person(case: Case) -> Cells:
    person = record_as_data(case.person) if case.person is not None else {}
    told = {name: person.get(name) for name in ("name", "aliases", "language", "internal")}
    by_column: dict[str, tuple[str, ...]] = {}
    for item in case.identifiers:
        column = _COLUMN_OF[item.identifier]
        by_column[column] = (*by_column.get(column, ()), item.value)
    shared = [person.get("shared_with", ""), *(item.shared_with for item in case.identifiers)]
    return {**told, **by_column, "known_since": _since(case.identifiers), "shared_with": next(filter(None, shared), "")}


def _since(identifiers: tuple[Identifier, ...]) -> str:
    return min((item.since.isoformat() for item in identifiers), default="")


def _of_property(case: Case) -> Cells:
    place, assessed = case.place, case.last(RiskAssessment)
    known = max(case.actions(ActionKind.EXTERNAL_REGISTER), key=_number, default=None)
    cells: dict[str, Any] = {}
    if place is not None:
        cells |= {"property_address": place.address, "postcode": place.postcode, "uprn": place.uprn}
    if assessed is not None:
        found = assessed.record
        cells |= {"risk_assessed_on": found.on.isoformat(), "risk_assessed_by": found.by, "risk_outcome": found.outcome}
    if known is not None:
        cells |= {"external_register": known.record.reference, "external_register_on": known.record.on.isoformat()}
    return cells


def _number(event: CaseEvent[Action]) -> int:
    return event.number


def _of_owner(case: Case) -> Cells:
    return {} if case.owner is None else {"owner": case.owner.officer, "service": case.owner.service}


def _need(data: Mapping[str, Any], *, sees: bool) -> Cells:
    hidden = {} if sees else {"need": HIDDEN, "agency": None}
    return _kept({name: value for name, value in {**data, **hidden}.items() if name != "kind"})


def _renamed(data: Mapping[str, Any], columns: Mapping[str, str]) -> Cells:
    return _kept({column: data.get(name) for name, column in columns.items()})


def _restriction(arrangement: Arrangement, case: Case) -> Cells:
    measure = arrangement.measure
    kind, terms = measure.terms.kind, terms_as_data(measure.terms)
    wanted = {**WANTED[kind].needs, **WANTED[kind].may}
    told = {column: terms[name] for column, name in wanted.items()}
    if "times" in told:
        told["times"] = tuple(f"{one['day']} {_clock(one['start'])}-{_clock(one['until'])}" for one in told["times"])
    scope = {name: getattr(measure, name) for name in SCOPE}
    decided = {
        "stage": arrangement.stage,
        "decided_on": arrangement.decided_on.isoformat(),
        "commenced": arrangement.commenced_at,
        "review_on": arrangement.review_on.isoformat(),
        "provisional_end": arrangement.provisional_end.isoformat() if arrangement.provisional_end else "",
    }
    numbers = {name: told[name] for name in ("calls", "days_before") if told.get(name) == 0}  # nought says something
    return {**_kept({"kind": kind.value, **told, **scope, **decided, **_decider(arrangement, case)}), **numbers}


def _clock(written: str) -> str:
    return written.removesuffix(":00") if len(written) > len("10:00") else written


def _decider(arrangement: Arrangement, case: Case) -> Cells:
    """Who decided it and why; when the person was told, if that is on record."""
    for event in case.of(Adoption):
        found = event.record
        same = (found.stage, found.decided_on, (found.decided_by,), found.commenced_at)
        if same == _decision_of(arrangement) and arrangement.measure in found.measures:
            return {
                "decided_by": found.decided_by,
                "decided_by_title": found.decided_by_title,
                "advised_on": found.advised_on.isoformat(),
                "reasons": found.reasons,
            }
    return {**_signed(arrangement, case), **_advised(arrangement, case)}


def _decision_of(arrangement: Arrangement) -> tuple[object, ...]:
    return arrangement.stage, arrangement.decided_on, arrangement.decided_by, arrangement.commenced_at


def _signed(arrangement: Arrangement, case: Case) -> Cells:
    """From the newest decision, review or appeal that one of its deciders signed."""
    cells: dict[str, Any] = {"decided_by": ", ".join(arrangement.decided_by)}
    for event in case.events:
        if event.by.officer not in arrangement.decided_by:
            continue
        match event.record:
            case Decision(reasons=reasons) | AppealDecided(reasons=reasons) | Review(considerations=reasons):
                cells = {"decided_by": event.by.name, "decided_by_title": event.by.job_title, "reasons": reasons}
            case _:
                pass
    return cells


def _advised(arrangement: Arrangement, case: Case) -> Cells:
    """The newest letter that told the person of restrictions, since they were decided."""
    days = [event.record.on for event in case.of(LetterIssued) if event.record.letter in NOTICES]
    told = max((day for day in days if day >= arrangement.decided_on), default=None)
    return {} if told is None else {"advised_on": told.isoformat()}


def _kept(cells: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled, with tuples for lists."""
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in cells.items()}
    return {name: value for name, value in told.items() if value not in (None, "", (), False)}
