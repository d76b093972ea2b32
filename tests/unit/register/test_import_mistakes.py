"""Every mistake of a register file is told with its row and column, and nothing of the file is taken."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import Database
from register.exchange import register_files, spreadsheets
from register.exchange.columns import COLUMNS
from register.exchange.importing import ImportRefusedError
from register.exchange.spreadsheets import read_table
from tests.sheets import (
    ANN,
    BEA,
    DECIDED,
    DIVERTED,
    Row,
    as_csv,
    as_xlsx,
    as_yaml,
    bring_in,
    empty_register,
    entries,
    refused,
)


@pytest.fixture
def database() -> Iterator[Database]:
    with empty_register() as database:
        yield database


@pytest.mark.requirement("1.48")
@pytest.mark.parametrize(
    ("column", "question"),
    [
        ("decided_by", "who decided it?"),
        ("decided_by_title", "what is the job title"),
        ("decided_on", "when was it decided?"),
        ("advised_on", "when was the person told? ["),
        ("commenced", "when did it take effect?"),
        ("reasons", "why was it decided?"),
    ],
)
def test_nothing_comes_into_force_without_its_decision(
    database: Database, tmp_path: Path, column: str, question: str
) -> None:
    (mistake,) = refused(database, as_csv(tmp_path / "r.csv", [{**DIVERTED, column: ""}]))

    assert mistake.place == f"row 2, {column}"
    assert question in mistake.words


MISTAKES = [
    pytest.param({"name": ""}, "row 2, name", "whom is it about?", id="no name"),
    pytest.param({"ref": ""}, "row 2, ref", "is required", id="no ref"),
    pytest.param({"ref": "E" * 41}, "row 2, ref", "at most 40", id="long ref"),
    pytest.param({"ref": "ann@mail.example"}, "row 2, ref", "no @", id="an address for a ref"),
    pytest.param({"email": "ann.vexing"}, "row 2", "is no e-mail address", id="no address"),
    pytest.param({"email": "ann@mail.example\r\nBcc: x@y.example"}, "row 2", "is no e-mail", id="line break"),
    pytest.param({"telephone": "none"}, "row 2", "is no telephone number", id="no number"),
    pytest.param({"postal_address": "ann@mail.example"}, "row 2, postal_address", "belongs into email", id="mixed up"),
    pytest.param({"postcode": "YO1 6GA"}, "row 2, postcode", "give that too", id="postcode of nothing"),
    pytest.param({"uprn": "1"}, "row 2, property_address", "required beside a uprn", id="uprn of nothing"),
    pytest.param({"property_address": "7 Example Close"}, "row 2, postcode", "is required", id="no postcode"),
    pytest.param({"language": "French"}, "row 2, language", "'en' or 'cy'", id="no such language"),
    pytest.param({"internal": "perhaps"}, "row 2, internal", "yes or no", id="neither yes nor no"),
    pytest.param({"owner": "nobody"}, "row 2, owner", "is no officer", id="no such officer"),
    pytest.param({"service": "housing"}, "row 2", "head belongs to planning, not to housing", id="another service"),
    pytest.param({"kind": "block"}, "row 2, kind", "spoc-diversion, read-and-file", id="no such kind"),
    pytest.param({"kind": ""}, "row 2, kind", "is required", id="no kind"),
    pytest.param({"minutes": "10"}, "row 2, minutes", "is nothing that spoc-diversion uses", id="unused column"),
    pytest.param({"spoc": "the desk"}, "row 2, spoc", "is no e-mail address", id="SPOC is no address"),
    pytest.param({"decided_on": "5/1/26"}, "row 2, decided_on", "is no date: write 31/03/2026", id="two-figure year"),
    pytest.param({"decided_on": "1/31/2026"}, "row 2, decided_on", "(the day comes first)", id="month first"),
    pytest.param({"decided_on": "2026-02-30"}, "row 2, decided_on", "is no date", id="no such day"),
    pytest.param({"decided_on": "soon"}, "row 2, decided_on", "is no date", id="no date at all"),
    pytest.param({"decided_on": "2226-01-05"}, "row 2, decided_on", "most likely mistyped", id="a far year"),
    pytest.param(
        {"decided_on": "2026-03-03"}, "row 2", "decided_on 2026-03-03 is still to come", id="decided tomorrow"
    ),
    pytest.param({"advised_on": "2026-01-04"}, "row 2", "advised_on 2026-01-04 is before it was", id="told before"),
    pytest.param({"commenced": "2026-01-04"}, "row 2", "it commenced before it was decided", id="began before"),
    pytest.param({"provisional_end": "2026-01-12"}, "row 2", "is not after it commenced", id="ends at once"),
    pytest.param({"review_on": "2026-10-01"}, "row 2", "review_on 2026-10-01 is too late", id="late review"),
    pytest.param({"stage": "stage-9"}, "row 2", "stage-9 is no stage that restricts", id="no such stage"),
    pytest.param({"need": "Deaf."}, "row 2, adjustment", "is required", id="need without adjustment"),
    pytest.param({"matter_title": "Noise"}, "row 2, matter", "is required beside", id="matter without reference"),
    pytest.param({"risk_outcome": "Fine."}, "row 2, risk_assessed_on", "is required", id="half an assessment"),
]


@pytest.mark.parametrize(("wrong", "place", "words"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    database: Database, tmp_path: Path, wrong: Row, place: str, words: str
) -> None:
    mistakes = refused(database, as_csv(tmp_path / "r.csv", [{**DIVERTED, **wrong}]))

    assert any(mistake.place.startswith(place) and words in mistake.words for mistake in mistakes), mistakes


def test_a_telephone_number_that_lost_its_nought_is_refused(database: Database, tmp_path: Path) -> None:
    (mistake,) = refused(database, as_xlsx(tmp_path / "r.xlsx", [{**DIVERTED, "telephone": 1632960001}]))

    assert "loses its first nought" in mistake.words


@pytest.mark.requirement("0.7")
def test_an_open_matter_cannot_be_put_on_read_and_file(database: Database, tmp_path: Path) -> None:
    (mistake,) = refused(database, as_csv(tmp_path / "r.csv", [{**BEA, "matter_state": "open"}]))

    assert "only a closed or exhausted matter is read and filed" in mistake.words


@pytest.mark.parametrize("missing", ["matter_on", "matter_reason"])
def test_a_closed_matter_says_when_and_why(database: Database, tmp_path: Path, missing: str) -> None:
    mistakes = refused(database, as_csv(tmp_path / "r.csv", [{**BEA, missing: ""}]))

    assert f"row 2, {missing}" in {mistake.place for mistake in mistakes}


def test_one_wrong_row_refuses_the_whole_file_and_every_mistake_is_told_at_once(
    database: Database, tmp_path: Path
) -> None:
    rows = [DIVERTED, {**BEA, "commenced": "soon"}, {**ANN, "ref": "E3", "name": "", "email": "x; y"}]

    mistakes = refused(database, as_csv(tmp_path / "r.csv", rows))

    assert [mistake.place for mistake in mistakes] == ["row 3, commenced", "row 4, name"]
    assert entries(database) == ()


def test_one_person_twice_in_a_file_is_refused(database: Database, tmp_path: Path) -> None:
    twice = {**DIVERTED, "ref": "E9", "name": "Annie Other"}

    (mistake,) = refused(database, as_csv(tmp_path / "r.csv", [DIVERTED, twice]))

    assert mistake.place == "row 3"
    assert "E1 has the same: record it there, or say in shared_with why" in mistake.words


def test_somebody_who_only_looks_the_same_is_taken_with_the_reason(database: Database, tmp_path: Path) -> None:
    twin = {**DIVERTED, "ref": "E9", "shared_with": "A couple with one address."}

    assert bring_in(database, as_csv(tmp_path / "r.csv", [DIVERTED, twin])).opened == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param({"name": "Anne Vexing"}, "row 3, name", id="who"),
        pytest.param({"email": "other@mail.example"}, "row 3, email", id="addresses"),
    ],
)
def test_rows_of_one_ref_agree(database: Database, tmp_path: Path, change: Row, place: str) -> None:
    (mistake,) = refused(database, as_csv(tmp_path / "r.csv", [DIVERTED, {**ANN, **change}]))

    assert mistake.place == place
    assert "is another than in row 2" in mistake.words


def test_rows_about_one_matter_agree(database: Database, tmp_path: Path) -> None:
    again = {"ref": "E2", "matter": BEA["matter"], "matter_title": "Something else"}

    (mistake,) = refused(database, as_csv(tmp_path / "r.csv", [BEA, again]))

    assert mistake.place == "row 3, matter_title"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        pytest.param("ref,name,colour", "'colour' is no column known here", id="unknown column"),
        pytest.param("name,email", "no column is ref", id="no ref"),
        pytest.param("ref,email", "no column is name", id="nobody"),
        pytest.param("ref,name,Customer name", "'name', 'Customer name' are both taken for name", id="twice"),
        pytest.param("ref,Name,name", "both taken for name: rename one", id="twice the same"),
        pytest.param("", "no column is ref", id="empty file"),
        pytest.param("ref|name|email", "'ref|name|email' is no column", id="bars between columns"),
    ],
)
def test_headings_that_are_not_understood_are_named(
    database: Database, tmp_path: Path, header: str, words: str
) -> None:
    path = tmp_path / "r.csv"
    path.write_text(header + "\n", encoding="utf-8")

    (mistake,) = refused(database, path)

    assert mistake.place == "the file"
    assert words in mistake.words


def test_a_row_with_more_cells_than_headings_is_no_table(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("ref,name\nE1,Vexing, Ann\n", encoding="utf-8")

    assert "row 2 has more cells than there are headings" in refused(database, path)[0].words


def test_a_quotation_mark_that_nobody_closed_swallows_no_rows(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text('ref,name\nE1,Ann Vexing\nE2,"Bea Cross\nE3,Cat Plain\n', encoding="utf-8")

    (mistake,) = refused(database, path)

    assert mistake.place == "the file"
    assert "close quotation marks" in mistake.words


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NAME?", "#DIV/0!"])
def test_an_error_of_a_spreadsheet_is_nobody_s_name(database: Database, tmp_path: Path, error: str) -> None:
    (mistake,) = refused(database, as_xlsx(tmp_path / "r.xlsx", [{**DIVERTED, "name": error}]))

    assert mistake.place == "row 2, name"
    assert "error of the spreadsheet" in mistake.words


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("r.csv", "ref,name,email\nE1,Siân,s@mail.example".encode("cp1252"), id="not UTF-8"),
        pytest.param("r.xlsx", b"ref,name,email", id="no spreadsheet"),
        pytest.param("r.yaml", b"entries: [", id="no YAML"),
        pytest.param("r.yaml", b"- ref: E1", id="no entries"),
        pytest.param("r.yaml", b"entries: []\nentries: []", id="one key twice"),
        pytest.param("r.yaml", b"!!python/object/apply:os.getcwd []", id="YAML that runs code"),
        pytest.param("r.txt", b"", id="no register"),
    ],
)
def test_a_file_of_another_kind_is_refused(database: Database, tmp_path: Path, name: str, raw: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(raw)

    (mistake,) = refused(database, path)

    assert mistake.place == "the file"
    assert mistake.words


def test_a_file_that_is_not_there_is_refused(database: Database, tmp_path: Path) -> None:
    assert "No such file" in refused(database, tmp_path / "r.csv")[0].words


def test_a_file_beyond_the_bounds_is_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_csv(tmp_path / "r.csv", [{"ref": "E1", "name": "Ann"}, {"ref": "E2", "name": "Bea"}])
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 1)
    too_many = refused(database, path)
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 10)
    too_large = refused(database, path)

    assert "more than 1 rows" in too_many[0].words
    assert "are the most" in too_large[0].words


def test_an_archive_that_unpacks_to_more_than_any_register_is_not_unpacked(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(60):
            part.write(bytes(10 * 1024 * 1024))

    assert path.stat().st_size < 1024 * 1024
    assert "unpacks to 600 MB" in refused(database, path)[0].words


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_damaged_spreadsheet_is_refused(database: Database, tmp_path: Path, part: str) -> None:
    whole, path = as_xlsx(tmp_path / "whole.xlsx", [DIVERTED]), tmp_path / "r.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name)[: 40 if name == part else None])

    assert "no XLSX file, or damaged" in refused(database, path)[0].words


@pytest.mark.parametrize(
    ("item", "place", "words"),
    [
        pytest.param({"adresses": []}, "entry 1, adresses", "is no field here", id="unknown key"),
        pytest.param({"name": ["Ann"]}, "entry 1, name", "is one value, not a list", id="a list for a name"),
        pytest.param({"name": {"first": "Ann"}}, "entry 1, name", "nothing nested", id="a mapping for a name"),
        pytest.param({"matters": {"reference": "C1"}}, "entry 1, matters", "is a list", id="no list"),
        pytest.param({"matters": ["C1"]}, "entry 1, matters 1", "is a mapping", id="no mapping"),
        pytest.param({"matters": [{"titel": "x"}]}, "entry 1, matters 1, titel", "is no field", id="unknown in a list"),
        pytest.param(
            {"restrictions": [{"kind": "other", "decided_on": 20260401}]}, "entry 1", "is no date", id="number"
        ),
        pytest.param({"restrictions": [{"kind": "other", "decided_on": True}]}, "entry 1", "is no date", id="yes"),
    ],
)
def test_a_mistake_in_yaml_is_told_with_its_entry(
    database: Database, tmp_path: Path, item: Row, place: str, words: str
) -> None:
    mistakes = refused(database, as_yaml(tmp_path / "r.yaml", {"ref": "E1", "name": "Ann Vexing", **item}))

    assert any(mistake.place.startswith(place) and words in mistake.words for mistake in mistakes), mistakes


def test_one_ref_for_two_entries_of_yaml_is_refused(database: Database, tmp_path: Path) -> None:
    (mistake,) = refused(database, as_yaml(tmp_path / "r.yaml", {"ref": "E1", "name": "A"}, {"ref": "E1", "name": "B"}))

    assert str(mistake) == "entry 2: ref E1 is already that of entry 1"


ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "yes", "5", "spoc-diversion", "31/03/2026", "ann@mail.example", "C1", "stage-2", "=1", "tue 1:00"]
    ),
    st.sampled_from(list(DECIDED.values())),
)
TABLES = st.lists(st.fixed_dictionaries({}, optional={column.name: ANYTHING for column in COLUMNS}), max_size=3)


@settings(max_examples=40, deadline=timedelta(seconds=10), suppress_health_check=list(HealthCheck))
@given(rows=TABLES)
def test_any_table_becomes_cases_or_is_refused(tmp_path: Path, rows: list[Row]) -> None:
    whole = [{"ref": f"E{number}", "name": f"Resident Number{number}", **row} for number, row in enumerate(rows)]
    path = as_csv(tmp_path / "r.csv", whole or [{"ref": "E1", "name": "Ann"}], encoding="utf-8")

    with empty_register() as database:
        try:
            bring_in(database, path)
        except ImportRefusedError as refusal:
            assert refusal.mistakes  # noqa: PT017 - either is right, a refusal must say why


@settings(max_examples=60, deadline=timedelta(seconds=10), suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, raw: bytes) -> None:
    for name in ("r.csv", "r.xlsx", "r.yaml"):
        path = tmp_path / name
        path.write_bytes(raw)
        try:
            register_files.read_file(path)
        except ImportRefusedError as refusal:
            assert refusal.mistakes  # noqa: PT017 - either is right, a refusal must say why


def test_a_hundred_thousand_rows_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("ref,name\n" + "".join(f"E{number},Resident\n" for number in range(100_000)), encoding="utf-8")

    lines = read_table(path)

    assert next(lines).number == 1
    assert sum(1 for _ in lines) == 100_000
