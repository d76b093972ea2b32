import csv
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from policies.vocabulary import MatterState, RestrictionKind
from register.casework.facts import Matter
from register.entry import RegisterEntry
from register.importing import COLUMNS, ImportRefusedError, read_register

Row = dict[str, Any]
Put = Callable[[Sequence[Row]], Path]

ANN: Row = {
    "ref": "E1",
    "name": "Ann Vexing",
    "addresses": "ann.vexing@mail.example; a.vexing@work.example",
    "restriction": "R1",
    "kind": "spoc-diversion",
    "commenced": "2026-01-05",
    "ends": "2026-07-05",
    "mailboxes": "planning;housing",
    "spoc": "spoc@council.example",
}
BEA: Row = {
    "ref": "E2",
    "name": "Bea Cross",
    "addresses": "bea@mail.example",
    "kind": "read-and-file",
    "commenced": "2026-01-05",
    "matter": "C-2025-0117",
    "matter_title": "Noise from the pavilion",
    "matter_state": "closed",
}


@pytest.fixture(params=["csv", "xlsx"])
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Put:
    """Writes a table in either format; a cell that no row has stays empty."""
    path = tmp_path / f"register.{request.param}"
    writer = _as_csv if request.param == "csv" else _as_xlsx
    return lambda rows: writer(path, rows)


def _as_csv(path: Path, rows: Sequence[Row], *, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return path


def _as_xlsx(path: Path, rows: Sequence[Row]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(COLUMNS)
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(COLUMNS, start=1):
            cell = sheet.cell(number, place)
            cell.value = row.get(column)
            if isinstance(row.get(column), str):
                cell.data_type = "s"  # else openpyxl takes text that begins with = for a formula
    book.save(path)
    book.close()
    return path


def _as_yaml(path: Path, *entries: object) -> Path:
    path.write_text(yaml.safe_dump({"entries": list(entries)}), encoding="utf-8")
    return path


def _refused(path: Path) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as refusal:
        read_register(path)
    return refusal.value


def test_a_row_is_an_entry_with_its_restriction(put: Put) -> None:
    path = put([ANN])

    (entry,) = read_register(path)

    (restriction,) = entry.restrictions
    assert (entry.ref, entry.name) == ("E1", "Ann Vexing")
    assert entry.addresses == ("ann.vexing@mail.example", "a.vexing@work.example")
    assert (restriction.ref, restriction.kind) == ("R1", RestrictionKind.SPOC_DIVERSION)
    assert restriction.mailboxes == {"planning", "housing"}
    assert restriction.spoc == "spoc@council.example"


def test_rows_with_one_ref_are_one_entry(put: Put) -> None:
    second = {**ANN, "restriction": "R2", "mailboxes": "", "services": "leisure"}
    path = put([ANN, BEA, second])

    ann, bea = read_register(path)

    assert [item.ref for item in ann.restrictions] == ["R1", "R2"]
    assert [item.ref for item in bea.restrictions] == ["E2-1"]


def test_a_matter_comes_with_what_is_read_and_filed(put: Put) -> None:
    path = put([BEA])

    (entry,) = read_register(path)

    closed = Matter(reference="C-2025-0117", title="Noise from the pavilion", state=MatterState.CLOSED)
    assert entry.matters == (closed,)
    assert entry.restrictions[0].matter == "C-2025-0117"


def test_two_restrictions_may_be_about_one_matter(put: Put) -> None:
    again = {"ref": "E2", "kind": "read-and-file", "commenced": "2026-02-05", "matter": "C-2025-0117"}
    path = put([BEA, again])

    (entry,) = read_register(path)

    assert len(entry.restrictions) == 2
    assert len(entry.matters) == 1


def test_a_date_means_that_day_in_the_council(put: Put) -> None:
    path = put([ANN])

    ((restriction,),) = (entry.restrictions for entry in read_register(path))

    assert restriction.commenced_at == datetime(2026, 1, 5, tzinfo=UTC)
    assert restriction.ends_at == datetime(2026, 7, 4, 23, tzinfo=UTC)  # midnight in British Summer Time


def test_a_date_may_be_a_date_cell(tmp_path: Path) -> None:
    path = _as_xlsx(tmp_path / "r.xlsx", [{**ANN, "commenced": date(2026, 1, 5), "ends": datetime(2026, 7, 5)}])  # noqa: DTZ001 - as spreadsheets have them

    ((restriction,),) = (entry.restrictions for entry in read_register(path))

    assert restriction.commenced_at == datetime(2026, 1, 5, tzinfo=UTC)
    assert restriction.ends_at == datetime(2026, 7, 4, 23, tzinfo=UTC)


def test_an_entry_may_have_no_restriction(put: Put) -> None:
    path = put([{"ref": "E3", "name": "Cal Quiet", "addresses": "cal@mail.example"}])

    (entry,) = read_register(path)

    assert entry == RegisterEntry(ref="E3", version=0, name="Cal Quiet", addresses=("cal@mail.example",))


def test_empty_rows_are_passed_over(put: Put) -> None:
    path = put([{}, ANN, {"name": "  "}])

    assert [entry.ref for entry in read_register(path)] == ["E1"]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil.example")', "+44 1632 960001", "-1+1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text(put: Put, text: str) -> None:
    path = put([{**ANN, "name": text}])

    assert read_register(path)[0].name == text


def test_a_number_in_a_spreadsheet_is_the_reference_it_shows(tmp_path: Path) -> None:
    path = _as_xlsx(tmp_path / "r.xlsx", [{**ANN, "ref": 1024}])

    assert read_register(path)[0].ref == "1024"


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = _as_csv(tmp_path / "r.csv", [{**ANN, "name": "Siân Ŵyn"}], encoding="utf-8-sig")

    assert read_register(path)[0].name == "Siân Ŵyn"


def test_columns_are_known_in_any_order_and_case(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("Name, Addresses ,REF,Matter Title\r\nAnn Vexing,ann@mail.example,E1,\r\n", encoding="utf-8")

    assert read_register(path)[0].ref == "E1"


def test_reading_twice_gives_the_same(put: Put) -> None:
    path = put([ANN, BEA])

    assert read_register(path) == read_register(path)


MISTAKES = [
    pytest.param({"name": ""}, "name", "required", id="no name"),
    pytest.param({"addresses": "ann.vexing"}, "addresses", "no e-mail address", id="no address"),
    pytest.param({"addresses": "ann@mail.example, bea@mail.example"}, "addresses", "no e-mail", id="comma"),
    pytest.param({"addresses": "ann@mail.example\r\nBcc: x@y.example"}, "addresses", "no e-mail", id="line break"),
    pytest.param({"kind": "block"}, "kind", "'spoc-diversion' or 'read-and-file'", id="no such kind"),
    pytest.param({"kind": ""}, "kind", "required", id="no kind"),
    pytest.param({"commenced": ""}, "commenced", "required", id="no commencement"),
    pytest.param({"commenced": "5/1/2026"}, "restrictions, 0", "write year-month-day", id="ambiguous date"),
    pytest.param({"commenced": "2026-02-30"}, "restrictions, 0", "is no date", id="no such day"),
    pytest.param({"ends": "2026-01-05"}, "restrictions, 0", "is not after commenced 2026-01-05", id="ends at once"),
    pytest.param({"spoc": ""}, "restrictions, 0", "needs the address of a single point", id="no SPOC"),
    pytest.param({"spoc": "the desk"}, "spoc", "no e-mail address", id="SPOC is no address"),
    pytest.param({"ref": "E" * 51}, "ref", "at most 50", id="long ref"),
    pytest.param({"kind": "read-and-file"}, "restrictions, 0", "reference of the matter", id="no matter"),
    pytest.param(
        {"kind": "read-and-file", "matter": "C1"}, "row 2", "closed or exhausted matter", id="matter still open"
    ),
    pytest.param({"matter": "C1", "matter_state": "done"}, "state", "'closed' or 'exhausted'", id="no such state"),
]


@pytest.mark.parametrize(("wrong", "place", "remedy"), MISTAKES)
def test_a_mistake_is_told_with_its_row_and_its_remedy(put: Put, wrong: Row, place: str, remedy: str) -> None:
    path = put([{**ANN, **wrong}])

    (mistake,) = _refused(path).mistakes

    assert mistake.place.startswith("row 2")
    assert place in mistake.place
    assert remedy.lower() in mistake.words.lower()


@pytest.mark.requirement("0.7")
@pytest.mark.parametrize("state", ["open", ""])
def test_an_open_matter_cannot_be_put_on_read_and_file(put: Put, state: str) -> None:
    path = put([{**BEA, "matter_state": state}])

    (mistake,) = _refused(path).mistakes

    assert "read-and-file needs a closed or exhausted matter (policy 000)" in mistake.words


def test_one_wrong_row_refuses_the_whole_file(put: Put) -> None:
    path = put([ANN, {**BEA, "commenced": "soon"}])

    refusal = _refused(path)

    assert [mistake.place.split(",")[0] for mistake in refusal.mistakes] == ["row 3"]
    assert "nothing was imported" in str(refusal)


def test_every_mistake_of_a_file_is_told_at_once(put: Put) -> None:
    path = put([{**ANN, "addresses": "x; y"}, {**BEA, "name": ""}])

    places = [mistake.place for mistake in _refused(path).mistakes]

    assert places == ["row 2, addresses, 0", "row 2, addresses, 1", "row 3, name"]


def test_rows_of_one_ref_must_agree_on_who_it_is(put: Put) -> None:
    path = put([ANN, {**ANN, "name": "Anne Vexing"}])

    (mistake,) = _refused(path).mistakes

    assert "row 3 has another name or other addresses than row 2" in mistake.words


def test_rows_about_one_matter_must_agree_on_how_it_stands(put: Put) -> None:
    path = put([BEA, {**BEA, "matter_state": "open"}])

    (mistake,) = _refused(path).mistakes

    assert "row 3 has another title or state than an earlier row for the same matter" in mistake.words


@pytest.mark.parametrize(
    ("header", "words"),
    [
        pytest.param("ref,name,addresses,adress", "unknown ['adress']", id="unknown column"),
        pytest.param("ref,name", "missing ['addresses']", id="missing column"),
        pytest.param("", "missing ['ref', 'name', 'addresses']", id="empty file"),
        pytest.param("ref;name;addresses", "missing ['ref', 'name', 'addresses']", id="semicolons between columns"),
    ],
)
def test_columns_that_are_not_known_or_not_there_are_named(tmp_path: Path, header: str, words: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(header + "\n", encoding="utf-8")

    (mistake,) = _refused(path).mistakes

    assert mistake.place == "the file"
    assert words in mistake.words


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("r.csv", "ref,name,addresses\nE1,Siân,s@mail.example".encode("cp1252"), id="not UTF-8"),
        pytest.param("r.xlsx", b"ref,name,addresses", id="no spreadsheet"),
        pytest.param("r.yaml", b"entries: [", id="no YAML"),
        pytest.param("r.yaml", b"- ref: E1", id="no entries"),
        pytest.param("r.yaml", b"!!python/object/apply:os.getcwd []", id="YAML that runs code"),
        pytest.param("r.txt", b"", id="no register"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(raw)

    (mistake,) = _refused(path).mistakes

    assert mistake.place == "the file"
    assert mistake.words


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in str(_refused(tmp_path / "r.csv"))


FROM_YAML: Row = {
    "ref": "E1",
    "name": "Ann Vexing",
    "addresses": ["ann.vexing@mail.example"],
    "matters": [{"reference": "C1", "title": "Noise", "state": "exhausted"}],
    "restrictions": [
        {"kind": "read-and-file", "commenced": date(2026, 1, 5), "matter": "C1"},
        {"ref": "R2", "kind": "spoc-diversion", "commenced": datetime(2026, 1, 5, 9, 30), "spoc": "s@council.example"},  # noqa: DTZ001 - as YAML has it
    ],
}


def test_yaml_says_the_same_as_a_table(tmp_path: Path) -> None:
    path = _as_yaml(tmp_path / "r.yaml", FROM_YAML)

    (entry,) = read_register(path)

    assert [item.ref for item in entry.restrictions] == ["E1-1", "R2"]
    assert entry.restrictions[1].commenced_at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert entry.matters[0].finished


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        pytest.param({"adresses": []}, "entry 1, adresses", "not permitted", id="unknown key"),
        pytest.param({"addresses": "ann@mail.example"}, "entry 1, addresses", "tuple", id="no list"),
        pytest.param(
            {"matters": [{"reference": "C1", "state": "open"}, {"reference": "C1", "state": "closed"}]},
            "entry 1",
            "the same reference stands there twice",
            id="one matter told twice",
        ),
        pytest.param(
            {"restrictions": [{**FROM_YAML["restrictions"][0], "ends": 20260401}]},
            "entry 1, restrictions, 0",
            "is no date",
            id="a number for a date",
        ),
        pytest.param(
            {"restrictions": [{**FROM_YAML["restrictions"][0], "commenced": True}]},
            "entry 1, restrictions, 0",
            "is no date",
            id="yes for a date",
        ),
    ],
)
def test_a_mistake_in_yaml_is_told_with_its_entry(tmp_path: Path, changes: Row, place: str, words: str) -> None:
    path = _as_yaml(tmp_path / "r.yaml", {**FROM_YAML, **changes})

    (mistake,) = _refused(path).mistakes

    assert mistake.place == place
    assert words in mistake.words


def test_an_entry_of_yaml_that_is_no_mapping_is_told(tmp_path: Path) -> None:
    places = {mistake.place for mistake in _refused(_as_yaml(tmp_path / "r.yaml", "Ann")).mistakes}

    assert places == {"entry 1, ref", "entry 1, name"}


def test_one_ref_for_two_entries_is_refused(tmp_path: Path) -> None:
    path = _as_yaml(tmp_path / "r.yaml", FROM_YAML, FROM_YAML)

    (mistake,) = _refused(path).mistakes

    assert str(mistake) == "entry 2: ref E1 is already that of entry 1"
