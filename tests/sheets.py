"""Register files for tests: rows of every kind of restriction, and a register that a file is brought into."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from core.db import Database
from policies.policy import Rule
from policies.reading import PolicyHistory
from policies.vocabulary import RestrictionKind
from register import officer_store, store
from register.entry import RegisterEntry
from register.exchange.columns import USUAL, Headings
from register.exchange.importing import Imported, ImportRefusedError, Mistake, import_file
from register.officers import Officer
from register.recording import Desk
from tests.builders import declared_tables
from tests.desks import EVERYBODY, GOVERNANCE, MONDAY, POLICIES, a_desk

Row = dict[str, Any]

DECIDED: Row = {
    "stage": "stage-2",
    "decided_by": "The Director of Governance",
    "decided_by_title": "Director of Governance",
    "decided_on": "2026-01-05",
    "advised_on": "2026-01-06",
    "commenced": "2026-01-12",
    "reasons": "Forty letters a week.",
    "review_on": "2026-07-05",
}
"""Everything without which nothing comes into force."""

ANN: Row = {"ref": "E1", "name": "Ann Vexing", "email": "ann.vexing@mail.example", "owner": "head"}
DIVERTED: Row = {**ANN, "kind": "spoc-diversion", "spoc": "spoc@council.example", **DECIDED}
CLOSED: Row = {
    "matter": "C-2025-0117",
    "matter_title": "Noise from the pavilion",
    "matter_state": "closed",
    "matter_on": "2025-11-03",
    "matter_reason": "Measured; below the limit.",
}
BEA: Row = {
    "ref": "E2",
    "name": "Bea Cross",
    "email": "bea@mail.example",
    "owner": "head",
    "kind": "read-and-file",
    **CLOSED,
    **DECIDED,
}

OF_KIND: dict[RestrictionKind, Row] = {
    RestrictionKind.SPOC_DIVERSION: {"spoc": "spoc@council.example", "others": "second@council.example"},
    RestrictionKind.READ_AND_FILE: CLOSED,
    RestrictionKind.NEW_INFORMATION_ONLY: CLOSED,
    RestrictionKind.UNRELATED_ONLY: {**CLOSED, "matters": "C-2025-0117"},
    RestrictionKind.LIMITED_TOPICS: {"rule": "never", "topics": "the pavilion; the bowls green"},
    RestrictionKind.FIXED_LETTER: {"letter": "We have answered this.", "every": "30 days"},
    RestrictionKind.SINGLE_CHANNEL: {"channel": "letter", "notice_every": "30 days"},
    RestrictionKind.POSTAL_REPLIES: {},
    RestrictionKind.ONE_RESPONSE_LINE: {"answered_by": "spoc@council.example"},
    RestrictionKind.CONTACT_TIMES: {"times": "tue 10:00-12:00; thu 14:00-15:00", "channels": "telephone"},
    RestrictionKind.TIME_LIMIT: {"minutes": "10", "channels": "telephone; in person"},
    RestrictionKind.REPRESENTATIVE_ONLY: {"representative": "Advocacy Example", "notice_every": "30 days"},
    RestrictionKind.TELEPHONE_LIMIT: {"calls": "0", "instead": "spoc@council.example"},
    RestrictionKind.WITNESSED_CONTACT: {"witness": "a second officer"},
    RestrictionKind.DESIGNATED_PREMISES: {"premises": "The Civic Example; The Example Library"},
    RestrictionKind.AGREEMENT: {"agreement": "One letter a month.", "signed_on": "2026-01-20"},
    RestrictionKind.SOCIAL_MEDIA_BLOCK: {"accounts": "the council's page"},
    RestrictionKind.STATEMENTS_IN_WRITING: {"send_to": "democratic@council.example", "days_before": "2"},
    RestrictionKind.OTHER: {"measure": "Visits by two officers.", "guidance": "Never visit alone."},
}
"""What a row says of a restriction of each kind."""


def every_kind_allowed() -> PolicyHistory:
    """Policy 001, as if stage 2 knew every kind, and there were an external register."""
    since, policy = POLICIES.versions[-1]
    kinds = Rule(value=tuple(RestrictionKind), clause="for tests", since=since)
    stages = {**policy.stages, "stage-2": replace(policy.stages["stage-2"], kinds=kinds)}
    external = (policy.procedures or policy.benign or policy.protected)[:1]
    return PolicyHistory(((since, replace(policy, stages=stages, external_registers=external)),))


def a_keeper(now: datetime = MONDAY, *, by: Officer = GOVERNANCE, every_kind: bool = True) -> Desk:
    """The desk of somebody who may bring registers in."""
    desk = a_desk(by, now)
    return replace(desk, policies=every_kind_allowed()) if every_kind else desk


@contextmanager
def empty_register() -> Iterator[Database]:
    """A register with officers and nobody in it."""
    database = Database("sqlite://")
    declared_tables().create_all(database.engine)
    with database.transaction() as session:
        for officer in EVERYBODY:
            officer_store.save(session, officer)
    yield database
    database.dispose()


def bring_in(database: Database, path: Path, desk: Desk | None = None, headings: Headings = USUAL) -> Imported:
    """Import a file, all or nothing."""
    with database.transaction() as session:
        return import_file(session, desk or a_keeper(), path, headings)


def refused(database: Database, path: Path, desk: Desk | None = None) -> tuple[Mistake, ...]:
    """Import a file that is refused; its mistakes. The register is as it was."""
    before = entries(database)
    with pytest.raises(ImportRefusedError, match="nothing was imported") as refusal:
        bring_in(database, path, desk)
    assert entries(database) == before
    return refusal.value.mistakes


def entries(database: Database) -> tuple[RegisterEntry, ...]:
    """The whole register."""
    with database.transaction() as session:
        return store.entries(session)


def as_csv(path: Path, rows: Sequence[Row], *, encoding: str = "utf-8") -> Path:
    """A table of these rows, with the columns they have."""
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, _columns(rows))
        table.writeheader()
        table.writerows(rows)
    return path


def as_xlsx(path: Path, rows: Sequence[Row]) -> Path:
    """The same as a spreadsheet; a value keeps its type."""
    book = Workbook()
    sheet = book.worksheets[0]
    columns = _columns(rows)
    for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows], start=1):
        for place, column in enumerate(columns, start=1):
            cell = sheet.cell(number, place)
            cell.value = row.get(column)
            if isinstance(row.get(column), str):
                cell.data_type = "s"  # else openpyxl takes text that begins with = for a formula
    book.save(path)
    book.close()
    return path


def _columns(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def as_yaml(path: Path, *items: object) -> Path:
    """These entries as YAML."""
    path.write_text(yaml.safe_dump({"entries": list(items)}, allow_unicode=True), encoding="utf-8")
    return path
