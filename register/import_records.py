"""The records that an entry of a register file asks for: who it is about, and what was decided before this register."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from policies.policy import Policy
from policies.vocabulary import RestrictionKind
from register.cells import Value
from register.columns import BY_NAME, SCOPE, WANTED, Part
from register.casework.facts import ActionKind, Fact
from register.casework.refusal import OWN_RULE
from register.casework.steps import Step
from register.dates import UnknownDayError, WorkingCalendar, after, day_of
from register.officers import Officer, Officers
from register.records import RecordRefusedError, record_from
from register.register_files import Entry, Mistake, Row

DECISION = tuple(column.name for column in BY_NAME.values() if column.part is Part.DECISION)
_LONGEST_NAME = 300  # characters of the first line of an address, by which a property is listed

_REQUIRED = {
    "decided_by": "who decided it?",
    "decided_by_title": "what is the job title of who decided it?",
    "decided_on": "when was it decided?",
    "advised_on": "when was the person told?",
    "commenced": "when did it take effect?",
    "reasons": "why was it decided?",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A record that the file asks for, and the row it stands in."""

    record: Fact | Step
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What an entry is read against: the policy, the officers, the calendar, today, and the name of the file."""

    policy: Policy
    officers: Officers
    calendar: WorkingCalendar
    today: date
    source: str


@dataclass(slots=True)
class Asking:
    """The records of one entry, every mistake in it, and what was taken for granted."""

    entry: Entry
    office: Office
    asked: list[Asked] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, place: str, columns: Mapping[str, str], **data: Any) -> None:  # noqa: ANN401 - fields of any record
        """Ask for a record; where a field is wrong, its column is told: `columns` says which, if not its own name."""
        given = {name: value for name, value in data.items() if value is not None}
        try:
            self.asked.append(Asked(record_from(given), place))
        except RecordRefusedError as error:
            for line in str(error).splitlines():
                path, _, words = line.partition(": ")
                name = next((part for part in reversed(path.split(".")) if not part.isdigit()), path)
                self.wrong(f"{place}, {columns.get(name, name)}", words or path)

    def wrong(self, place: str, words: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(place=place, words=words))


def asking_of(entry: Entry, office: Office) -> Asking:
    """Everything that an entry asks for, in the order in which it can be recorded; the owner comes last."""
    asking = Asking(entry, office)
    _person(asking)
    _property(asking)
    _identifiers(asking)
    _needs(asking)
    for cells, place in _merged(asking, "matter"):
        _matter(asking, cells, place)
    for cells, place in _merged(asking, "representative"):
        _representative(asking, cells, place)
    _adoptions(asking)
    _owner(asking)
    return asking


def _person(asking: Asking) -> None:
    head, place = asking.entry.head, asking.entry.place
    if "name" in head:
        told = {name: head.get(name) for name in ("name", "aliases", "language", "internal", "shared_with")}
        asking.add(place, {}, kind="person", **told)
    elif "property_address" not in head:
        asking.wrong(f"{place}, name", "whom is it about? Give a name, or the property_address of a property")


def _property(asking: Asking) -> None:
    head, place, policy = asking.entry.head, asking.entry.place, asking.office.policy
    address = head.get("property_address")
    if address is not None:
        if len(str(address).splitlines()[0]) > _LONGEST_NAME:
            asking.wrong(f"{place}, property_address", f"its first line has more than {_LONGEST_NAME} characters")
        told = {"address": address, "postcode": head.get("postcode"), "uprn": head.get("uprn")}
        asking.add(place, {"address": "property_address"}, kind="property", **told)
    elif "uprn" in head:
        asking.wrong(f"{place}, property_address", "is required beside a uprn")
    if {"risk_assessed_on", "risk_assessed_by", "risk_outcome"} & head.keys():
        columns = {"on": "risk_assessed_on", "by": "risk_assessed_by", "outcome": "risk_outcome"}
        told = {name: head.get(column) for name, column in columns.items()}
        asking.add(place, columns, kind="risk-assessment", **told)
    if "external_register" in head:
        name = policy.external_registers[0].name if policy.external_registers else "an external register"
        on = head.get("external_register_on", asking.office.today)
        told = {"action": ActionKind.EXTERNAL_REGISTER, "on": on, "words": f"Known to {name}."}
        asking.add(place, {}, kind="action", reference=head["external_register"], **told)


def _identifiers(asking: Asking) -> None:
    head, place, office = asking.entry.head, asking.entry.place, asking.office
    commenced = [row.cells["commenced"] for row in asking.entry.rows if "commenced" in row.cells]
    days = [day_of(moment) for moment in commenced if isinstance(moment, datetime)]
    since = head.get("known_since") or min([office.today, *days])
    common = {"source": office.source, "since": since, "shared_with": head.get("shared_with")}
    for column, kind in (("email", "email"), ("telephone", "telephone"), ("postal_address", "post")):
        for value in _texts(head.get(column)):
            if kind == "post" and "@" in value:
                asking.wrong(f"{place}, {column}", f"{value!r} is an e-mail address: it belongs into email")
            whole = value if kind != "post" or "property_address" in head else _with_postcode(value, head)
            columns = {"value": column, "since": "known_since"}
            asking.add(place, columns, kind="identifier", identifier=kind, value=whole, **common)
    if "postcode" in head and not {"property_address", "postal_address"} & head.keys():
        asking.wrong(f"{place}, postcode", "is that of a postal_address or a property_address: give that too")


def _with_postcode(address: str, head: Mapping[str, Value]) -> str:
    """A postcode that is no property's belongs to the postal address beside it."""
    postcode = str(head.get("postcode", ""))
    return address if postcode.casefold() in address.casefold() else f"{address}, {postcode}"


def _needs(asking: Asking) -> None:
    names = [column.name for column in BY_NAME.values() if column.part is Part.NEED]
    for row in asking.entry.rows:
        told = {name: row.cells.get(name) for name in names}
        if any(value is not None for value in told.values()):
            asking.add(row.place, {}, kind="need", **told)


def _merged(asking: Asking, what: str) -> Iterator[tuple[dict[str, Value], str]]:
    """What the rows say of each matter or representative; later rows need not repeat it, and may not contradict."""
    found: dict[str, tuple[dict[str, Value], str]] = {}
    for row in asking.entry.rows:
        told = {name: value for name, value in row.cells.items() if name == what or name.startswith(f"{what}_")}
        if not told:
            continue
        if what not in told:
            asking.wrong(f"{row.place}, {what}", "is required beside what is said of it")
            continue
        cells, first = found.setdefault(str(told[what]), ({}, row.place))
        for name, value in told.items():
            if cells.setdefault(name, value) != value:
                asking.wrong(f"{row.place}, {name}", f"is another than in {first}, which has the same {what}")
    return iter(found.values())


_MATTER = {
    **{"reference": "matter", "title": "matter_title", "state": "matter_state", "service": "matter_service"},
    **{"procedure": "matter_procedure", "on": "matter_on", "reason": "matter_reason"},
    **{"final_position": "matter_final_position", "response": "matter_response"},
}
_NEEDED_FOR = {"closed": ("matter_on", "matter_reason"), "exhausted": ("matter_on", "matter_response")}


def _matter(asking: Asking, cells: Mapping[str, Value], place: str) -> None:
    missing = [column for column in _NEEDED_FOR.get(str(cells.get("matter_state")), ()) if column not in cells]
    for column in missing:
        asking.wrong(f"{place}, {column}", f"is required of a matter that is {cells['matter_state']} [{OWN_RULE}]")
    told = {name: cells.get(column) for name, column in _MATTER.items()}
    if not missing:
        asking.add(place, _MATTER, kind="matter", **{**told, "title": told["title"] or told["reference"]})


def _representative(asking: Asking, cells: Mapping[str, Value], place: str) -> None:
    columns = {"name": "representative", "capacity": "representative_capacity", "addresses": "representative_email"}
    columns["consent_on"] = "representative_consent_on"
    told = {name: cells.get(column) for name, column in columns.items()}
    asking.add(place, columns, kind="representative", **{**told, "capacity": told["capacity"] or "other"})


def _adoptions(asking: Asking) -> None:
    """One adoption for each group of restrictions that were decided together."""
    groups: dict[tuple[Value | None, ...], list[Row]] = {}
    for row in asking.entry.rows:
        if _of_restriction(row):
            groups.setdefault(tuple(row.cells.get(name) for name in DECISION), []).append(row)
    for rows in groups.values():
        measures = [measure for row in rows if (measure := _measure(asking, row)) is not None]
        decision = _decision(asking, rows[0])
        if decision is not None and len(measures) == len(rows):
            place = rows[0].place if len(rows) == 1 else f"{rows[0].place} (and {_others(rows)})"
            columns = {field: column for wanted in WANTED.values() for column, field in wanted.needs.items()}
            columns = {"commenced_at": "commenced", **{name: columns[name] for name in ("windows", "terms")}}
            asking.add(place, columns, kind="adoption", measures=measures, source=asking.office.source, **decision)


def _others(rows: Sequence[Row]) -> str:
    return ", ".join(row.place for row in rows[1:])


def _of_restriction(row: Row) -> bool:
    return any(BY_NAME[name].part in {Part.RESTRICTION, Part.DECISION} for name in row.cells)


def _measure(asking: Asking, row: Row) -> dict[str, Any] | None:
    """The measure of a row, unless its kind is none, or lacks or does not use a column."""
    given = row.cells.get("kind")
    if given not in set(RestrictionKind):
        words = f"{given} is no kind of restriction" if given else "is required"
        asking.wrong(f"{row.place}, kind", f"{words}: write {', '.join(RestrictionKind)}")
        return None
    kind = RestrictionKind(given)
    wanted = WANTED[kind]
    lacking = [column for column in wanted.needs if column not in row.cells]
    known = {"kind", *wanted.needs, *wanted.may, *SCOPE}
    unused = [name for name in row.cells if BY_NAME[name].part is Part.RESTRICTION and name not in known]
    for column in lacking:
        asking.wrong(f"{row.place}, {column}", f"is required for {kind}")
    for column in unused:
        asking.wrong(f"{row.place}, {column}", f"is nothing that {kind} uses: empty it, or correct the kind")
    if lacking or unused:
        return None
    fields = {**wanted.needs, **wanted.may}
    terms = {field: row.cells[column] for column, field in fields.items() if column in row.cells}
    scope = {name: row.cells[name] for name in SCOPE if name in row.cells}
    return {"terms": {"kind": kind, **terms}, **scope}


def _decision(asking: Asking, row: Row) -> dict[str, Any] | None:
    """Who decided, when and why, and when the person was told: without any of it, nothing comes into force."""
    told = {name: row.cells[name] for name in DECISION if name in row.cells}
    before = len(asking.mistakes)
    for name, question in _REQUIRED.items():
        if name not in told:
            asking.wrong(f"{row.place}, {name}", f"{question} [{_rule(name, asking.office.policy)}]")
    told["stage"] = _stage(asking, row)
    if "decided_on" in told and "review_on" not in told:
        told["review_on"] = _review_on(asking, row)
    if len(asking.mistakes) > before:
        return None
    return {**told, "commenced_at": told.pop("commenced")}


def _rule(name: str, policy: Policy) -> str:
    return policy.notice_first.clause if name == "advised_on" else OWN_RULE


def _stage(asking: Asking, row: Row) -> str:
    """The stage that is told; or the only one of the policy that restricts."""
    stages = [name for name, stage in asking.office.policy.stages.items() if stage.restricts]
    if "stage" not in row.cells and len(stages) > 1:
        words = f"at which stage was it decided? {asking.office.policy.version} restricts at {' and '.join(stages)}"
        asking.wrong(f"{row.place}, stage", words)
    return str(row.cells.get("stage", stages[0]))


def _review_on(asking: Asking, row: Row) -> date:
    """The day that the policy sets for a decision of which no review date is told; that it was taken is remarked."""
    interval, decided = asking.office.policy.reviews.interval, row.cells["decided_on"]
    if not isinstance(decided, date):
        raise TypeError(decided)
    try:
        day = after(decided, interval.value, asking.office.calendar)
    except UnknownDayError as error:
        asking.wrong(f"{row.place}, decided_on", str(error))
        return decided
    asking.remarks.append(
        f"{row.place}, review_on: none is given; taken as {day}, {interval.value} after it was decided [{interval.clause}]"
    )
    return day


def _owner(asking: Asking) -> None:
    head, place = asking.entry.head, asking.entry.place
    given = head.get("owner")
    if given is None:
        asking.remarks.append(f"{place}, owner: nobody answers for {asking.entry.ref}")
        return
    found = _officers(str(given), asking.office.officers.everyone)
    match found:
        case [officer]:
            service = head.get("service", officer.service)
            asking.add(place, {"officer": "owner"}, kind="owner", officer=officer.username, service=service)
        case []:
            words = f"{given!r} is no officer by username, e-mail address or name: see `mailroom officer list`"
            asking.wrong(f"{place}, owner", words)
        case _:
            names = ", ".join(officer.username for officer in found)
            asking.wrong(f"{place}, owner", f"{given!r} could be {names}: give the username")


def _officers(given: str, everyone: Iterable[Officer]) -> list[Officer]:
    """Who is meant: a username comes before an e-mail address, and that before a name."""
    wanted = given.casefold()
    officers = list(everyone)
    for called in (lambda one: one.username, lambda one: one.email or "", lambda one: one.name):
        found = [officer for officer in officers if called(officer).casefold() == wanted]
        if found:
            return found
    return []


def _texts(value: Value | None) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()
