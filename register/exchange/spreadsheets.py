"""Tables as CSV and XLSX files, read a row at a time within bounds, and written so that no cell is ever a formula.

A cell that a spreadsheet program could take for a formula gets an apostrophe before it, which reading takes off again.
"""

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

Cell = str | int | float | bool | date | datetime
"""What stands in a cell that is not empty."""

SUFFIXES = (".csv", ".xlsx")
MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 500 * 1024 * 1024  # bytes of an XLSX file, which is a ZIP archive
MOST_ROWS = 100_000
_LAST_ROW = 1_048_576  # of a sheet; a file may claim more
_LONGEST_FIELD = 1_000_000  # characters in a cell of CSV
_SEPARATORS = ",;\t"  # spreadsheet programs write semicolons where a comma is the decimal sign, or tabs
_QUOTED = re.compile(r'"[^"]*"')

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_SHIELDED = re.compile(r"'+[=+\-@\t\r]")
# What XML cannot hold is written as Office writes it; so is text that looks as if it were written so.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")


class TableError(Exception):
    """The file is no table that can be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row that is not empty: its number in the file, counted from 1, and its cells; None where one is empty."""

    number: int
    cells: tuple[Cell | None, ...]


def read_table(path: Path) -> Iterator[TableRow]:
    """The rows of a .csv file, or of the first sheet that an .xlsx file shows. Raises TableError, also on the way."""
    count = 0
    for number, line in enumerate(_lines(path), start=1):
        cells = tuple(_plain(value) for value in line)
        if number > _LAST_ROW:
            message = f"it goes on beyond row {_LAST_ROW}, where every spreadsheet ends: save it anew"
            raise TableError(message)
        if any(cell is not None for cell in cells):
            count += 1
            if count > MOST_ROWS + 1:  # and the headings
                message = f"it has more than {MOST_ROWS} rows: divide it"
                raise TableError(message)
            yield TableRow(number=number, cells=cells)


def write_table(file: IO[bytes], suffix: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table with its headings as CSV or XLSX."""
    write = _write_csv if suffix == ".csv" else _write_xlsx
    write(file, chain([columns], rows))


def _lines(path: Path) -> Iterator[Iterable[Any]]:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            message = f"it has {size // 1024 // 1024} MB, and {MOST_BYTES // 1024 // 1024} are the most: divide it"
            raise TableError(message)
        yield from _READERS[path.suffix.lower()](path)
    except KeyError:
        message = f"a table is .csv or .xlsx, not {path.suffix or 'a file without a suffix'}"
        raise TableError(message) from None
    except OSError as error:
        raise TableError(str(error)) from None


def _csv_lines(path: Path) -> Iterator[Iterable[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _csv_records(file)
    except UnicodeDecodeError as error:
        message = f"it is not UTF-8 ({error.reason}): save it as CSV UTF-8, or as XLSX"
        raise TableError(message) from None


def _csv_records(file: IO[str]) -> Iterator[Iterable[str]]:
    headings = file.readline()
    # Strict, for else a quotation mark that nobody closed takes every row after it into its cell, in silence.
    reader = csv.reader(chain([headings], file), delimiter=_separator(headings), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        told = f"it is no CSV, as line {reader.line_num} shows ({error})"
        message = f"{told}: close quotation marks, and double those in text"
        raise TableError(message) from None


def _separator(headings: str) -> str:
    """What stands most often between the headings."""
    return max(_SEPARATORS, key=_QUOTED.sub("", headings).count)


def _xlsx_lines(path: Path) -> Iterator[Iterable[Any]]:
    # It warns of every feature it does not know: those say nothing about the cells.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    try:
        with path.open("rb") as file:
            _check_unpacked(file)
            with closing(load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
                sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
                sheet.reset_dimensions()  # else a sheet formatted to its last column yields millions of empty cells
                for line in sheet.iter_rows(values_only=True):
                    yield [_unpacked(value) for value in line]
    except (TableError, OSError, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl does not say what a damaged file makes it raise
        message = f"it is no XLSX file, or damaged ({type(error).__name__}: {error})"
        raise TableError(message) from None


def _unpacked(value: object) -> object:
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value


def _check_unpacked(file: IO[bytes]) -> None:
    try:
        with ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())  # zipfile never unpacks more than these
    except BadZipFile:
        message = "it is no XLSX file, or damaged"
        raise TableError(message) from None
    if unpacked > MOST_UNPACKED:
        message = f"it unpacks to {unpacked // 1024 // 1024} MB: no register is that large"
        raise TableError(message)
    file.seek(0)


_READERS: dict[str, Callable[[Path], Iterator[Iterable[Any]]]] = {".csv": _csv_lines, ".xlsx": _xlsx_lines}


def _plain(value: object) -> Cell | None:
    """The cell without the apostrophe that shields it, and without spaces around; None if nothing is left."""
    if value is None or isinstance(value, int | float | date):
        return value
    if not isinstance(value, str):
        return str(value)  # a time of day, a duration
    return (value[1:] if _SHIELDED.match(value) else value).strip() or None


def _write_csv(file: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow(["'" + cell if _DANGEROUS.match(cell) else cell for cell in row])
    text.detach()


def _write_xlsx(file: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    for row in rows:
        sheet.append([_text_cell(sheet, cell) for cell in row])
    book.save(file)
    book.close()


def _text_cell(sheet: Any, text: str) -> Any:  # noqa: ANN401 - openpyxl's
    """A cell that is text whatever it begins with; here an apostrophe would only double the one that is there."""
    shielded = "'" + text if _SHIELDED.match(text) else text
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", shielded))
    cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    cell.quotePrefix = True  # so does a spreadsheet program, once somebody edits the cell
    return cell
