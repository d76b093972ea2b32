"""Reads a register file into entries, each cell checked by itself: a table (CSV, XLSX) has a row per restriction.

Rows with the same `ref` are one entry. In YAML an entry is a mapping with lists of `matters`, `restrictions`,
`representatives` and `needs`; everything has the names of the columns.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from policies import plain_yaml
from register.exchange.cells import Given, Value, read
from register.exchange.columns import BY_NAME, USUAL, Column, Headings, HeadingsError, Part, Taken, check, understood
from register.exchange.spreadsheets import MOST_BYTES, MOST_ROWS, Cell, TableError, TableRow, read_table

__all__ = ["Entry", "ImportRefusedError", "Mistake", "RegisterFile", "Row", "read_file", "sample"]

MOST_REF = 40  # characters
_REF = re.compile(rf"[^@\s~][^@]{{0,{MOST_REF - 1}}}")

LISTS = {
    "needs": Part.NEED,
    "matters": Part.MATTER,
    "representatives": Part.REPRESENTATIVE,
    "restrictions": Part.RESTRICTION,
}
"""The lists of an entry in YAML, and what each holds."""

FIRST = {Part.MATTER: ("reference", "matter"), Part.REPRESENTATIVE: ("name", "representative")}
"""In those lists, the name of the column that is called as the list; the others go without what they begin with."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one row says beside who it is about: a restriction, a matter, a representative, a need, or several."""

    place: str
    cells: Mapping[str, Value]


@dataclass(slots=True, kw_only=True)
class Entry:
    """One entry of the file: who or what it is about, and its rows. `ref` is the council's own reference."""

    ref: str
    place: str
    head: dict[str, Value]
    rows: list[Row] = field(default_factory=list)
    faulty: bool = False  # some of its cells could not be read

    def digest(self) -> str:
        """The same for the same content, wherever in whatever file it stands."""
        content = [self.ref, self.head, *(row.cells for row in self.rows)]
        text = json.dumps(content, sort_keys=True, default=_plain)
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """A register file as read: its entries, and every mistake of its cells."""

    name: str
    entries: tuple[Entry, ...]
    mistakes: tuple[Mistake, ...]


def read_file(path: Path, headings: Headings = USUAL) -> RegisterFile:
    """Read a register file. Raises ImportRefusedError where the file cannot be read at all."""
    reading = _Reading()
    try:
        if path.suffix.lower() in {".yaml", ".yml"}:
            for place, item in _items(path):
                reading.add_item(place, item)
        else:
            for place, cells in _rows(path, headings):
                reading.add_row(place, cells)
    except (TableError, HeadingsError, plain_yaml.YamlError, OSError, ValueError, RecursionError) as error:
        raise ImportRefusedError(path, (Mistake(place="the file", words=str(error)),)) from None
    return RegisterFile(name=path.name, entries=tuple(reading.entries.values()), mistakes=tuple(reading.mistakes))


def sample(path: Path, headings: Headings, *, rows: int) -> tuple[tuple[Taken, ...], tuple[TableRow, ...]]:
    """What each heading of a table is taken for, and its first rows as they stand there. Raises ImportRefusedError."""
    try:
        lines = read_table(path)
        first = next(lines, TableRow(number=1, cells=()))
        return understood(_headings(first), headings), tuple(line for line, _ in zip(lines, range(rows), strict=False))
    except TableError as error:
        raise ImportRefusedError(path, (Mistake(place="the file", words=str(error)),)) from None


def _headings(row: TableRow) -> tuple[str, ...]:
    return tuple(str(cell if cell is not None else "") for cell in row.cells)


def _rows(path: Path, headings: Headings) -> Iterator[tuple[str, dict[Column, Cell]]]:
    lines = read_table(path)
    taken = understood(_headings(next(lines, TableRow(number=1, cells=()))), headings)
    check(taken)
    for line in lines:
        pairs = zip(taken, line.cells, strict=False)
        cells = {one.column: cell for one, cell in pairs if one.column is not None and cell is not None}
        stray = [cell for cell in line.cells[len(taken) :] if cell is not None]
        if stray:
            message = f"row {line.number} has more cells than there are headings: quote text that holds a comma"
            raise TableError(message)
        if cells:
            yield f"row {line.number}", cells


def _items(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.stat().st_size > MOST_BYTES:
        message = f"it has more than {MOST_BYTES // 1024 // 1024} MB: divide it"
        raise ValueError(message)
    data = plain_yaml.load(path.read_text(encoding="utf-8"))
    entries = data.get("entries") if isinstance(data, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_ROWS:
        message = f"a register begins with `entries:`, a list of at most {MOST_ROWS}"
        raise ValueError(message)
    for number, item in enumerate(entries, start=1):
        yield f"entry {number}", item if isinstance(item, dict) else {}


class _Reading:
    """The entries read so far, by reference, and the mistakes."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.mistakes: list[Mistake] = []

    def add_row(self, place: str, cells: Mapping[Column, Given]) -> None:
        """One row of a table: of a new entry, or of one that began in an earlier row."""
        before = len(self.mistakes)
        values = dict(self._values(place, cells.items()))
        head = {name: value for name, value in values.items() if BY_NAME[name].part is Part.ENTRY}
        entry = self._entry(place, head)
        if entry is None:
            return
        for name, value in head.items():
            if entry.head.setdefault(name, value) != value:
                self._mistake(f"{place}, {name}", f"is another than in {entry.place}, which has the same ref")
        rest = {name: value for name, value in values.items() if name not in head}
        if rest:
            entry.rows.append(Row(place=place, cells=rest))
        entry.faulty |= len(self.mistakes) > before

    def add_item(self, place: str, item: Mapping[str, Any]) -> None:
        """One entry of YAML."""
        before = len(self.mistakes)
        told = {name: value for name, value in item.items() if name not in LISTS}
        head = dict(self._values(place, self._known(place, told, {Part.ENTRY}, "")))
        if str(head.get("ref")) in self.entries:
            words = f"ref {head['ref']} is already that of {self.entries[str(head['ref'])].place}"
            self._mistake(place, words)
            return
        entry = self._entry(place, head)
        if entry is None:
            return
        entry.head.update(head)
        for name, part in LISTS.items():
            for number, one in enumerate(self._listed(place, name, item.get(name)), start=1):
                at = f"{place}, {name} {number}"
                cells = dict(self._values(at, self._cells_of(at, part, one)))
                entry.rows.append(Row(place=at, cells=cells))
        entry.faulty = len(self.mistakes) > before

    def _listed(self, place: str, name: str, given: object) -> Iterable[object]:
        if given is None or isinstance(given, list):
            return given or ()
        self._mistake(f"{place}, {name}", "is a list")
        return ()

    def _cells_of(self, place: str, part: Part, given: object) -> Iterator[tuple[Column, Given]]:
        if not isinstance(given, dict):
            self._mistake(place, "is a mapping of columns to values")
            return
        if part is Part.RESTRICTION:
            allowed = {Part.RESTRICTION, Part.DECISION}
            yield from self._known(place, given, allowed, "", also=("matter", "representative"))
            return
        own, first = FIRST.get(part, ("", ""))
        renamed = {first if name == own else f"{first}_{name}" if first else name: one for name, one in given.items()}
        yield from self._known(place, renamed, {part}, f"{first}_")

    def _known(
        self, place: str, told: Mapping[Any, Any], parts: set[Part], prefix: str, also: tuple[str, ...] = ()
    ) -> Iterator[tuple[Column, Given]]:
        """The columns of these parts; whatever else is told there is a mistake."""
        for name, value in told.items():
            column = BY_NAME.get(str(name))
            if column is None or (column.part not in parts and column.name not in also):
                self._mistake(f"{place}, {str(name).removeprefix(prefix)}", "is no field here: correct or remove it")
            elif value is not None:
                yield column, value

    def _values(self, place: str, cells: Iterable[tuple[Column, Given]]) -> Iterator[tuple[str, Value]]:
        for column, given in cells:
            try:
                value = read(column, given)
            except ValueError as error:
                self._mistake(f"{place}, {column.name}", str(error))
                continue
            if value not in ("", ()):
                yield column.name, value

    def _entry(self, place: str, head: dict[str, Value]) -> Entry | None:
        ref = head.pop("ref", None)
        if ref is None:
            self._mistake(f"{place}, ref", "is required: give every entry a reference of its own")
            return None
        if not _REF.fullmatch(str(ref)) or not str(ref).isprintable():
            self._mistake(f"{place}, ref", f"{ref!r}: write at most {MOST_REF} characters on one line, and no @")
            return None
        return self.entries.setdefault(str(ref), Entry(ref=str(ref), place=place, head={}))

    def _mistake(self, place: str, words: str) -> None:
        self.mistakes.append(Mistake(place=place, words=words))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)
