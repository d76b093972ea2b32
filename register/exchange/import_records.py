"""The records an entry of a register file asks for, in the order in which they can be recorded, the owner last."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from register.casework.facts import ActionKind
from register.casework.refusal import OWN_RULE
from register.dates import day_of
from register.exchange.cells import Value
from register.exchange.columns import BY_NAME, Part
from register.exchange.import_asking import Asking, Office
from register.exchange.import_decisions import adoptions
from register.exchange.register_files import Entry
from register.officers import Officer

_LONGEST_NAME = 300  # characters of the first line of an address, by which a property is listed


def asking_of(entry: Entry, office: Office) -> Asking:
    """Everything that an entry asks for."""
    asking = Asking(entry, office)
    _person(asking)
    _property(asking)
    _identifiers(asking)
    _needs(asking)
    for cells, place in _merged(asking, "matter"):
        _matter(asking, cells, place)
    for cells, place in _merged(asking, "representative"):
        _representative(asking, cells, place)
    adoptions(asking)
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


MATTER = {
    "reference": "matter",
    "title": "matter_title",
    "state": "matter_state",
    "service": "matter_service",
    "procedure": "matter_procedure",
    "on": "matter_on",
    "reason": "matter_reason",
    "final_position": "matter_final_position",
    "response": "matter_response",
}
"""The columns of what a matter's record holds."""

REPRESENTATIVE = {
    "name": "representative",
    "capacity": "representative_capacity",
    "addresses": "representative_email",
    "consent_on": "representative_consent_on",
}
"""The columns of what a representative's record holds."""

_NEEDED_FOR = {
    "closed": ("matter_on", "matter_reason"),
    "exhausted": ("matter_on", "matter_response"),
    "out-of-remit": ("matter_on",),
}


def _matter(asking: Asking, cells: Mapping[str, Value], place: str) -> None:
    missing = [column for column in _NEEDED_FOR.get(str(cells.get("matter_state")), ()) if column not in cells]
    for column in missing:
        asking.wrong(f"{place}, {column}", f"is required of a matter that is {cells['matter_state']} [{OWN_RULE}]")
    told = {name: cells.get(column) for name, column in MATTER.items()}
    if not missing:
        asking.add(place, MATTER, kind="matter", **{**told, "title": told["title"] or told["reference"]})


def _representative(asking: Asking, cells: Mapping[str, Value], place: str) -> None:
    told = {name: cells.get(column) for name, column in REPRESENTATIVE.items()}
    asking.add(place, REPRESENTATIVE, kind="representative", **{**told, "capacity": told["capacity"] or "other"})


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
    wanted, officers = given.casefold(), list(everyone)
    by_username = [officer for officer in officers if officer.username.casefold() == wanted]
    by_email = [officer for officer in officers if (officer.email or "").casefold() == wanted]
    return by_username or by_email or [officer for officer in officers if officer.name.casefold() == wanted]


def _texts(value: Value | None) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()
