"""Reads a register from CSV, XLSX or YAML: every row is checked, every mistake told, and nothing half right is taken.

A table has one row per restriction; rows with the same `ref` are one entry. Lists within a cell are separated by `;`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Self
from zipfile import BadZipFile
from zoneinfo import ZoneInfo

import yaml
from email_validator import EmailNotValidError, validate_email
from openpyxl import load_workbook
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from policies.vocabulary import MatterState, RestrictionKind
from register.casework.facts import Matter
from register.entry import RegisterEntry, Restriction

COUNCIL_TIME = ZoneInfo("Europe/London")  # a date in a register means that day here

_LISTS = frozenset({"addresses", "mailboxes", "services"})
_OF_ENTRY = frozenset({"ref", "name", "addresses"})
_OF_MATTER = {"matter": "reference", "matter_title": "title", "matter_state": "state"}
COLUMNS = (
    "ref",
    "name",
    "addresses",
    "restriction",
    "kind",
    "commenced",
    "ends",
    "mailboxes",
    "services",
    "spoc",
    "matter",
    "matter_title",
    "matter_state",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a file, and where: a row of a table, an entry of a list, or the file itself."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class ImportRefusedError(Exception):
    """The file has mistakes; nothing of it was taken."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        lines = "\n".join(f"  {mistake}" for mistake in mistakes)
        super().__init__(f"{path.name}: {len(mistakes)} mistake(s), nothing was imported:\n{lines}")
        self.mistakes = mistakes


def read_register(path: Path) -> tuple[RegisterEntry, ...]:
    """The entries of a register file. Raises ImportRefusedError, which lists every mistake with its place."""
    try:
        items = list(_items(path))
    except (OSError, ValueError, KeyError, yaml.YAMLError, BadZipFile) as error:
        raise ImportRefusedError(path, (Mistake(place="the file", words=str(error)),)) from error
    entries: list[RegisterEntry] = []
    mistakes: list[Mistake] = []
    seen: dict[str, str] = {}
    for place, item in items:
        try:
            entry = _EntryModel.model_validate(item).entry()
        except ValidationError as error:
            mistakes += _mistakes(place, error)
            continue
        if entry.ref in seen:
            mistakes.append(Mistake(place=place, words=f"ref {entry.ref} is already that of {seen[entry.ref]}"))
        seen[entry.ref] = place
        entries.append(entry)
    if mistakes:
        raise ImportRefusedError(path, tuple(mistakes))
    return tuple(entries)


def _items(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _from_yaml(path)
        case ".csv":
            text = path.read_text(encoding="utf-8-sig")
            return _from_table(csv.reader(io.StringIO(text, newline="")))
        case ".xlsx":
            book = io.BytesIO(path.read_bytes())  # openpyxl would leave the file itself open
            sheet = load_workbook(book, read_only=True, data_only=True).worksheets[0]
            return _from_table(sheet.iter_rows(values_only=True))
        case other:
            message = f"a register is .csv, .xlsx or .yaml, not {other or 'a file without a suffix'}"
            raise ValueError(message)


def _from_yaml(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("entries"), list):
        message = "a register begins with `entries:`, a list"
        raise ValueError(message)  # noqa: TRY004 - the file is at fault, not its caller
    for number, item in enumerate(data["entries"], start=1):
        yield f"entry {number}", item if isinstance(item, dict) else {}


def _from_table(rows: Iterable[Iterable[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    lines = iter(rows)
    header = tuple(str(cell or "").strip().lower().replace(" ", "_") for cell in next(lines, ()))
    unknown = [column for column in header if column and column not in COLUMNS]
    missing = [column for column in ("ref", "name", "addresses") if column not in header]
    if unknown or missing:
        message = f"columns: unknown {unknown}, missing {missing}; known are {', '.join(COLUMNS)}"
        raise ValueError(message)
    grouped: dict[str, tuple[str, dict[str, Any]]] = {}
    for number, line in enumerate(lines, start=2):
        cells = {column: value for column, value in zip(header, line, strict=False) if column and _filled(value)}
        if cells:
            _add_row(grouped, f"row {number}", cells)
    return iter(grouped.values())


def _add_row(grouped: dict[str, tuple[str, dict[str, Any]]], place: str, cells: dict[str, Any]) -> None:
    cells = {column: _list(value) if column in _LISTS else _cell(value) for column, value in cells.items()}
    head = {column: value for column, value in cells.items() if column in _OF_ENTRY}
    first, item = grouped.setdefault(str(cells.get("ref", place)), (place, {**head, "matters": [], "restrictions": []}))
    if any(item.get(column) != value for column, value in head.items()):
        item["conflict"] = f"{place} has another name or other addresses than {first} for the same ref"
    matter = {_OF_MATTER[column]: value for column, value in cells.items() if column in _OF_MATTER}
    if matter:
        _add_matter(item, place, matter)
    columns = {"restriction", "kind", "commenced", "ends", "mailboxes", "services", "spoc"}
    restriction = {column: value for column, value in cells.items() if column in columns}
    if restriction:
        ref = restriction.pop("restriction", None)
        named = {"ref": ref} if ref else {}
        of_matter = {"matter": cells["matter"]} if "matter" in cells else {}
        item["restrictions"].append({**named, **restriction, **of_matter})


def _add_matter(item: dict[str, Any], place: str, matter: dict[str, Any]) -> None:
    """Later rows need not repeat what an earlier one says of the same matter, but may not contradict it."""
    known = next((one for one in item["matters"] if one.get("reference") == matter.get("reference")), None)
    if known is None:
        item["matters"].append(matter)
    elif any(known.setdefault(key, value) != value for key, value in matter.items()):
        item["conflict"] = f"{place} has another title or state than an earlier row for the same matter"


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _cell(value: object) -> object:
    return value if isinstance(value, date) else str(value).strip()


def _list(value: object) -> list[str]:
    return [part.strip() for part in str(value).split(";") if part.strip()]


def _mistakes(place: str, error: ValidationError) -> list[Mistake]:
    return [
        Mistake(
            place=", ".join([place, *(str(part) for part in problem["loc"])]),
            words=problem["msg"].removeprefix("Value error, "),
        )
        for problem in error.errors(include_url=False)
    ]


def _address(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except EmailNotValidError as error:
        message = f"{value!r} is no e-mail address: {error}"
        raise ValueError(message) from None
    return value


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=COUNCIL_TIME)
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value.strip())
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=COUNCIL_TIME)
    if value is None:
        return None
    message = f"{value!r} is no date: write year-month-day, such as 2026-03-31"
    raise ValueError(message)


_EmailAddress = Annotated[str, AfterValidator(_address)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class _MatterModel(_Model):
    reference: str = Field(min_length=1, max_length=100)
    title: str = Field(default="", max_length=500)
    state: MatterState = MatterState.OPEN


class _RestrictionModel(_Model):
    ref: str = ""
    kind: RestrictionKind
    commenced: Any
    ends: Any = None
    mailboxes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    spoc: _EmailAddress | None = None
    matter: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.commenced, self.ends = _moment(self.commenced), _moment(self.ends)
        if not isinstance(self.commenced, datetime):
            message = "commenced: when it took effect is required"
            raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueErrors
        if isinstance(self.ends, datetime) and self.ends <= self.commenced:
            message = f"ends {self.ends:%Y-%m-%d} is not after commenced {self.commenced:%Y-%m-%d}"
            raise ValueError(message)
        if self.kind is RestrictionKind.SPOC_DIVERSION and self.spoc is None:
            message = "spoc: a diversion needs the address of a single point of contact"
            raise ValueError(message)
        if self.kind is RestrictionKind.READ_AND_FILE and self.matter is None:
            message = "matter: read-and-file needs the reference of the matter it is about"
            raise ValueError(message)
        return self


class _EntryModel(_Model):
    ref: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=300)
    addresses: tuple[_EmailAddress, ...] = ()
    matters: tuple[_MatterModel, ...] = ()
    restrictions: tuple[_RestrictionModel, ...] = ()
    conflict: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.conflict:
            raise ValueError(self.conflict)
        matters = {matter.reference: matter for matter in self.matters}
        if len(matters) < len(self.matters):
            message = "matters: the same reference stands there twice"
            raise ValueError(message)
        for restriction in self.restrictions:
            if restriction.kind is not RestrictionKind.READ_AND_FILE:
                continue
            matter = matters.get(restriction.matter or "")
            if matter is None or matter.state is MatterState.OPEN:
                message = (
                    f"read-and-file needs a closed or exhausted matter (policy 000), and {restriction.matter!r} is not"
                )
                raise ValueError(message)
        return self

    def entry(self) -> RegisterEntry:
        return RegisterEntry(
            ref=self.ref,
            version=0,
            name=self.name,
            addresses=self.addresses,
            matters=tuple(Matter(reference=m.reference, title=m.title, state=m.state) for m in self.matters),
            restrictions=tuple(_restriction(self.ref, i, item) for i, item in enumerate(self.restrictions, start=1)),
        )


def _restriction(entry_ref: str, number: int, item: _RestrictionModel) -> Restriction:
    return Restriction(
        ref=item.ref or f"{entry_ref}-{number}",
        kind=item.kind,
        commenced_at=item.commenced,
        ends_at=item.ends,
        mailboxes=frozenset(item.mailboxes),
        services=frozenset(item.services),
        spoc=item.spoc,
        matter=item.matter,
    )
