"""What is exported is imported again as it was; no cell is ever a formula; and who took the register away is known."""

import csv
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.db import Database
from policies.vocabulary import RestrictionKind
from register import audit_store
from register.entry import RegisterEntry
from register.exchange.cells import read, written
from register.exchange.columns import BY_NAME
from register.exchange.exporting import Exported, ExportRefusedError, export_register
from register.recording import Desk
from tests.desks import GOVERNANCE, HEAD, Register
from tests.sheets import (
    ANN,
    BEA,
    DECIDED,
    DIVERTED,
    OF_KIND,
    Row,
    a_keeper,
    as_csv,
    as_yaml,
    bring_in,
    empty_register,
    entries,
)

FORMATS = ["csv", "xlsx", "yaml"]


@pytest.fixture
def database() -> Iterator[Database]:
    with empty_register() as database:
        yield database


def _export(database: Database, path: Path, desk: Desk | None = None) -> Exported:
    with database.transaction() as session:
        return export_register(session, desk or a_keeper(), path)


def _as_new(entry: RegisterEntry) -> RegisterEntry:
    return replace(entry, version=0)


def _taken_over(database: Database, path: Path) -> tuple[RegisterEntry, ...]:
    """Export, and import into an empty register."""
    path.unlink(missing_ok=True)
    _export(database, path)
    with empty_register() as other:
        bring_in(other, path)
        return tuple(map(_as_new, entries(other)))


@pytest.mark.requirement("1.45")
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_register_with_everything_in_it_is_the_same_after_export_and_import(
    database: Database, tmp_path: Path, suffix: str
) -> None:
    of_ann: Row = {
        "aliases": "A. Vexing; Annie",
        "language": "en",
        "internal": "yes",
        "telephone": "+44 1632 960001",
        "postal_address": "1 Example Road, YO1 6GA",
        "external_register": "BS-1",
        "agency": "Example Care",
        "need": "=Deaf",
        "adjustment": "Write; never call.",
        "may_be_filed": "yes",
        "representative": "Advocacy Example",
        "representative_email": "help@advocacy.example",
        "services": "planning; housing",
        "subject_matter": "The hedge.",
        "provisional_end": "2026-07-01",
    }
    place = {
        "property_address": "7 Example Close",
        "postcode": "YO1 6GA",
        "uprn": "12",
        "risk_assessed_on": "2026-02-01",
    }
    rows: list[Row] = [
        {**DIVERTED, **of_ann},
        {"ref": "P1", **place, "risk_assessed_by": "Parks", "risk_outcome": "Go in pairs."},
        *(
            {**ANN, "ref": "E3", **_of(kind), "name": "Cy Third", "email": "cy@mail.example"}
            for kind in RestrictionKind
        ),
    ]
    bring_in(database, as_csv(tmp_path / "first.csv", rows))

    assert _taken_over(database, tmp_path / f"r.{suffix}") == tuple(map(_as_new, entries(database)))
    assert len(entries(database)[1].restrictions) == len(RestrictionKind)


def _of(kind: RestrictionKind) -> Row:
    return {"kind": kind.value, **OF_KIND[kind], **DECIDED}


def _texts(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of these characters, also such as look like a formula, an escape or a list."""
    plain = st.text(characters, min_size=1, max_size=15).filter(str.strip)
    first = st.sampled_from(["=", "+", "-", "@", "\t=", "'=", "''@", ";", "\\;", "_x0041_"])
    return plain | st.builds(str.__add__, first, plain)


WORDS = _texts(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
LABELS = _texts(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
KINDS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"kind": "other", "measure": "A", "guidance": "B"},
        {"kind": "telephone-limit", "calls": 3, "per": "2 weeks"},
        {"kind": "contact-times", "times": ["monday 09:05-17:00", "sunday 00:00-23:59"], "channels": ["email"]},
        {"kind": "limited-topics", "rule": "only"},
        {"kind": "fixed-letter", "every": "1 month"},
    ]
)


@st.composite
def people(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries of YAML, with every awkward text a spreadsheet could trip over."""
    names = draw(st.lists(LABELS, max_size=3, unique_by=lambda name: name.strip().casefold()))
    return [
        {
            "ref": f"E{number}",
            "name": f"{name} {number}",
            "shared_with": "Generated.",
            "aliases": draw(st.lists(LABELS, max_size=2)),
            "email": draw(st.lists(st.sampled_from([f"a{number}@mail.example", f"b{number}@x.example"]), unique=True)),
            "restrictions": [draw(restrictions())] if draw(st.booleans()) else [],
        }
        for number, name in enumerate(names)
    ]


@st.composite
def restrictions(draw: st.DrawFn) -> dict[str, Any]:
    told = dict(draw(KINDS))
    if told["kind"] == "limited-topics":
        told["topics"] = draw(st.lists(LABELS, min_size=1, max_size=3))
    if told["kind"] == "fixed-letter":
        told["letter"] = draw(WORDS)
    return {**told, **DECIDED, "reasons": draw(WORDS), "services": draw(st.lists(LABELS, max_size=2))}


@settings(max_examples=15, deadline=timedelta(seconds=20), suppress_health_check=list(HealthCheck))
@given(people=people())
def test_any_register_is_the_same_after_export_and_import(tmp_path: Path, people: list[dict[str, Any]]) -> None:
    with empty_register() as database:
        bring_in(database, as_yaml(tmp_path / "given.yaml", *people))
        before = tuple(map(_as_new, entries(database)))

        assert len(before) == len(people)
        for suffix in FORMATS:
            assert _taken_over(database, tmp_path / f"r.{suffix}") == before


@given(items=st.lists(WORDS.map(str.strip).filter(len), max_size=4))
def test_any_list_is_read_as_it_was_written(items: list[str]) -> None:
    assert read(BY_NAME["aliases"], written(tuple(items))) == tuple(items)


DANGEROUS = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "'=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_an_export_is_a_formula(database: Database, tmp_path: Path, text: str) -> None:
    bring_in(database, as_yaml(tmp_path / "r.yaml", {"ref": "E1", "name": text}))

    _export(database, tmp_path / "r.csv")
    _export(database, tmp_path / "r.xlsx")

    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    book = load_workbook(tmp_path / "r.xlsx")
    types = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None}
    book.close()
    assert f"'{text}" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert types <= {"s", "inlineStr"}


def test_what_a_decision_has_ended_is_in_the_lines_of_json_only(database: Database, tmp_path: Path) -> None:
    register = Register(database)
    register.restrict(register.open(ref="E7"))
    bring_in(database, as_csv(tmp_path / "r.csv", [BEA]))

    table = _export(database, tmp_path / "out.yaml")
    lines = _export(database, tmp_path / "out.jsonl")

    cases = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert (table, lines) == (Exported(cases=2, left_out=0), Exported(cases=2, left_out=0))
    assert [case["ref"] for case in cases] == ["E2", "E7"]
    assert len(cases[1]["timeline"]) > 5


def test_what_was_decided_in_casework_is_exported_with_who_decided_it(database: Database, tmp_path: Path) -> None:
    register = Register(database)
    register.restrict(register.open(ref="E7"))

    _export(database, tmp_path / "out.csv")

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["kind"], row["decided_by"], row["decided_by_title"]) == (
        *("spoc-diversion", "The Director of Place"),
        "Director of Place",
    )
    assert (row["advised_on"], row["reasons"]) == ("2026-03-02", "Proportionate.")


def test_an_export_is_in_the_audit_trail_and_readable_by_its_owner_alone(database: Database, tmp_path: Path) -> None:
    _export(database, tmp_path / "r.csv")

    last = list(audit_store.trail(database))[-1]
    assert (last.actor, last.action, dict(last.details)) == ("governance", "exported", {"format": "csv", "cases": "0"})
    assert stat.S_IMODE((tmp_path / "r.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "desk", "words"),
    [
        pytest.param("r.csv", a_keeper(by=HEAD), "exported by the Director of Governance", id="no keeper"),
        pytest.param("r.pdf", a_keeper(by=GOVERNANCE), "ends in .csv", id="no such format"),
        pytest.param("there.csv", a_keeper(), "does not exist", id="a file that is there"),
        pytest.param("no/r.csv", a_keeper(), "in a folder that does", id="a folder that is not there"),
    ],
)
def test_an_export_that_is_not_in_order_is_refused(
    database: Database, tmp_path: Path, name: str, desk: Desk, words: str
) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(ExportRefusedError, match=words):
        _export(database, tmp_path / name, desk)

    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"
    assert list(audit_store.trail(database)) == []
