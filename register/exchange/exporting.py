"""Writes the whole register to a file: as a table or YAML that the import reads again, or every case as a line of JSON.

A table holds what stands: people and properties, and the restrictions that no decision has ended. What has ended, and
every case's timeline, is in the lines of JSON.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import yaml

from core.db import Session
from register import audit_store, case_store
from register.audit import AuditAction
from register.casework.refusal import titles
from register.casework.standing import Standing, standing
from register.casework.views import case_view, may_see_needs
from register.exchange.cells import written
from register.exchange.columns import COLUMNS
from register.exchange.export_rows import Cells, Sheet, sheet_of
from register.exchange.register_files import FIRST, LISTS
from register.exchange.spreadsheets import SUFFIXES, write_table
from register.recording import Desk
from register.refusals import NotedRefusalError

_AT_ONCE = 500  # cases read in one query
_YAML = (".yaml", ".yml")
_LINES = ".jsonl"


class ExportRefusedError(NotedRefusalError):
    """The register is not exported: by whom, which is noted, or where to, is not in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How many cases were written, and how many a table leaves out because they are closed."""

    cases: int
    left_out: int


def export_register(session: Session, desk: Desk, path: Path) -> Exported:
    """Write the register to a new file that only its owner may read; that it was exported is on record.

    Raises ExportRefusedError.
    """
    _may_export(desk)
    suffix = path.suffix.lower()
    if suffix not in {*SUFFIXES, *_YAML, _LINES}:
        message = f"{path.name}: export to a file that ends in {', '.join(SUFFIXES)}, {_YAML[0]} or {_LINES}"
        raise ExportRefusedError(message)
    counting = _Counting(session, desk, everything=suffix == _LINES)
    with _new_file(path) as file:
        if suffix in SUFFIXES:
            names = [column.name for column in COLUMNS]
            write_table(file, suffix, names, (_line(names, cells) for one in counting.sheets() for cells in one.rows()))
        elif suffix in _YAML:
            _write_yaml(file, counting.sheets())
        else:
            for one in counting.standings():
                data = case_view(one, desk.in_force, reader=desk.officer, now=desk.now)
                file.write(json.dumps(data, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n")
    details = {"format": suffix.removeprefix("."), "cases": str(counting.cases)}
    audit_store.append(session, [desk.note(AuditAction.EXPORTED, "register", **details)], now=desk.now)
    return Exported(cases=counting.cases, left_out=counting.left_out)


def _may_export(desk: Desk) -> None:
    policy = desk.in_force
    allowed = (*policy.keepers.value, *policy.asset_owner.value)
    if not desk.officer.holds(allowed):
        words = f"the whole register is exported by {titles(policy, allowed)} [{policy.keepers.clause}]"
        note = desk.note(AuditAction.REFUSED, "register", what="export")
        raise ExportRefusedError(words).noted(note, desk.now)


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that was not there before; if writing fails, it is gone again."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        message = f"{path}: {error.strerror}: name a file that does not exist, in a folder that does"
        raise ExportRefusedError(message) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@dataclass(slots=True)
class _Counting:
    """The cases of the register, counted as they are written."""

    session: Session
    desk: Desk
    everything: bool
    cases: int = 0
    left_out: int = 0

    def standings(self) -> Iterator[Standing]:
        """Every case that is to be written."""
        refs = case_store.refs(self.session)
        for start in range(0, len(refs), _AT_ONCE):
            for case in case_store.cases(self.session, refs[start : start + _AT_ONCE]):
                found = standing(case)
                if self.everything or (found.closed is None and case.name):
                    self.cases += 1
                    yield found
                else:
                    self.left_out += 1

    def sheets(self) -> Iterator[Sheet]:
        """The same in the columns of the import."""
        for found in self.standings():
            sees = may_see_needs(self.desk.officer, found, self.desk.in_force)
            yield sheet_of(found, sees_needs=sees)


def _line(names: Iterable[str], cells: Cells) -> list[str]:
    return [written(cells.get(name)) for name in names]


def _write_yaml(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    file.write(b"entries:\n")
    empty = True
    for sheet in sheets:
        empty = False
        text = yaml.safe_dump([_item(sheet)], sort_keys=False, allow_unicode=True, width=110)
        file.write(text.encode())
    if empty:
        file.write(b"  []\n")


def _item(sheet: Sheet) -> dict[str, object]:
    """The entry as YAML has it: lists of mappings, whose keys go without what the list is called."""
    item: dict[str, object] = {name: _several(value) for name, value in sheet.head.items()}
    for name, part in LISTS.items():
        own, first = FIRST.get(part, ("", ""))
        rows = [
            {
                own if column == first else column.removeprefix(f"{first}_"): _several(value)
                for column, value in row.items()
            }
            for row in sheet.parts[part]
        ]
        if rows:
            item[name] = rows
    return item


def _several(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
