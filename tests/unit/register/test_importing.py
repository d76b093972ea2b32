"""What a register file becomes: cases through the gates, or a refusal that tells every mistake with its place."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.db import Database
from policies.vocabulary import MatterState, RestrictionKind
from register import audit_store, case_store, recording
from register.casework.case import Case
from register.casework.facts import ActionKind, IdentifierKind, Incident, Person, RiskAssessment
from register.casework.steps import Adoption, Ended
from register.exchange.columns import COLUMNS, WANTED, Headings, HeadingsError
from tests.desks import ASSET_OWNER, GOVERNANCE, HEAD, MONDAY, Register, facts
from tests.sheets import (
    ANN,
    BEA,
    CLOSED,
    DECIDED,
    DIVERTED,
    OF_KIND,
    Row,
    a_keeper,
    as_csv,
    as_xlsx,
    as_yaml,
    bring_in,
    empty_register,
    entries,
    refused,
)

GUIDE = (Path(__file__).resolve().parents[3] / "docs/how-to/register.md").read_text("utf-8")
BOTH = replace(GOVERNANCE, roles=GOVERNANCE.roles | {"director"})

Put = Callable[[Sequence[Row]], Path]


@pytest.fixture
def database() -> Iterator[Database]:
    with empty_register() as database:
        yield database


@pytest.fixture(params=["csv", "xlsx"])
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Put:
    """Writes a table in either format."""
    path = tmp_path / f"register.{request.param}"
    write = as_csv if request.param == "csv" else as_xlsx
    return lambda rows: write(path, rows)


def _case(database: Database, ref: str = "E1") -> Case:
    with database.transaction() as session:
        case = case_store.case(session, ref)
    assert case is not None
    return case


@pytest.mark.requirement("1.45", "1.46", "1.48", "1.49", "1.54")
def test_a_row_becomes_a_case_with_who_it_is_and_what_was_decided(database: Database, put: Put) -> None:
    also = {"telephone": "01632 960001", "postal_address": "1 Example Road", "aliases": "A. Vexing; Annie Vexing"}
    path = put([{**DIVERTED, **also}])

    done = bring_in(database, path)

    case = _case(database)
    (adoption,) = (event.record for event in case.of(Adoption))
    assert (done.opened, done.amended, done.unchanged) == (1, 0, 0)
    assert case.person == Person(name="Ann Vexing", aliases=("A. Vexing", "Annie Vexing"))
    assert {item.identifier: item.value for item in case.identifiers} == {
        IdentifierKind.EMAIL: "ann.vexing@mail.example",
        IdentifierKind.TELEPHONE: "01632 960001",
        IdentifierKind.POST: "1 Example Road",
    }
    assert {(item.source, item.since) for item in case.identifiers} == {(path.name, date(2026, 1, 12))}
    assert (adoption.decided_by, adoption.decided_on, adoption.advised_on) == (
        "The Director of Governance",
        date(2026, 1, 5),
        date(2026, 1, 6),
    )
    assert case.owner is not None
    assert (case.owner.officer, case.owner.service) == ("head", "planning")


@pytest.mark.requirement("1.46")
@pytest.mark.parametrize("kind", list(RestrictionKind))
def test_every_kind_of_restriction_can_be_brought_in(database: Database, put: Put, kind: RestrictionKind) -> None:
    path = put([{**ANN, "kind": kind.value, **OF_KIND[kind], **DECIDED}])

    bring_in(database, path)

    ((restriction,),) = (entry.restrictions for entry in entries(database))
    assert restriction.kind is kind
    assert restriction.in_force_at(MONDAY)


@pytest.mark.parametrize("kind", [kind for kind in RestrictionKind if WANTED[kind].needs])
def test_a_restriction_without_what_its_kind_needs_is_refused_with_the_column(
    database: Database, put: Put, kind: RestrictionKind
) -> None:
    needed = next(iter(WANTED[kind].needs))
    row = {**ANN, "kind": kind.value, **OF_KIND[kind], **DECIDED}

    mistakes = refused(database, put([{**row, **{name: "" for name in row if name.startswith(needed)}}]))

    assert f"row 2, {needed}: is required for {kind}" in map(str, mistakes)


def test_rows_with_one_ref_are_one_case_and_decisions_taken_together_are_one_record(
    database: Database, put: Put
) -> None:
    second = {**dict.fromkeys(DIVERTED, ""), "ref": "E1", "kind": "other", **OF_KIND[RestrictionKind.OTHER]}
    later = {**second, **DECIDED, "decided_on": "2026-02-02", "advised_on": "2026-02-03", "commenced": "2026-02-04"}

    bring_in(database, put([DIVERTED, {**second, **DECIDED}, BEA, later]))

    assert [len(event.record.measures) for event in _case(database).of(Adoption)] == [2, 1]
    assert [len(entry.restrictions) for entry in entries(database)] == [3, 1]


def test_a_matter_comes_with_what_is_read_and_filed(database: Database, put: Put) -> None:
    bring_in(database, put([BEA]))

    (entry,) = entries(database)
    assert [(one.reference, one.state) for one in entry.matters] == [("C-2025-0117", MatterState.CLOSED)]
    assert entry.restrictions[0].matter == "C-2025-0117"


@pytest.mark.parametrize(
    "written",
    ["2026-03-31", "31/03/2026", "31.3.2026", "31 March 2026", "31st Mar 2026", "31 Mawrth 2026"],
)
def test_a_date_is_read_as_people_write_it_here(database: Database, put: Put, written: str) -> None:
    bring_in(database, put([{**DIVERTED, "provisional_end": written}]))

    (entry,) = entries(database)
    assert entry.restrictions[0].ends_at == datetime(2026, 3, 30, 23, tzinfo=UTC)  # midnight, in British Summer Time


def test_a_date_may_be_a_date_cell(database: Database, tmp_path: Path) -> None:
    cells = {"commenced": date(2026, 1, 12), "decided_on": datetime(2026, 1, 5)}  # noqa: DTZ001 - as spreadsheets have them
    path = as_xlsx(tmp_path / "r.xlsx", [{**DIVERTED, **cells}])

    bring_in(database, path)

    assert entries(database)[0].restrictions[0].commenced_at == datetime(2026, 1, 12, tzinfo=UTC)


@pytest.mark.requirement("1.51")
def test_a_property_is_entered_without_a_person_and_restricts_nobody(database: Database, put: Put) -> None:
    place = {"property_address": "7 Example Close", "postcode": "yo1 6ga", "uprn": "100012345", "owner": "head"}
    assessed = {"risk_assessed_on": "2026-02-01", "risk_assessed_by": "Parks", "risk_outcome": "Two officers."}

    bring_in(database, put([{"ref": "P1", **place, **assessed}]))

    case = _case(database, "P1")
    (entry,) = entries(database)
    assert case.place is not None
    assert (case.person, case.place.postcode, case.place.uprn) == (None, "YO1 6GA", "100012345")
    assert (entry.addresses, entry.restrictions) == ((), ())
    assert case.last(RiskAssessment) is not None


@pytest.mark.requirement("1.3")
def test_a_member_of_staff_may_be_on_the_register(database: Database, put: Put) -> None:
    bring_in(database, put([{**DIVERTED, "internal": "yes", "email": "ann@council.example"}]))

    assert _case(database).person == Person(name="Ann Vexing", internal=True)


def test_needs_representatives_and_external_registers_come_along(database: Database, put: Put) -> None:
    row = {
        "need": "Cannot hear well.",
        "adjustment": "Write.",
        "external_register": "BS-1",
        "representative": "Advocacy Example",
        "representative_capacity": "Advocate",
    }

    bring_in(database, put([{**DIVERTED, **row}]))

    case = _case(database)
    assert [need.adjustment for need in case.needs] == ["Write."]
    assert [one.name for one in case.representatives] == ["Advocacy Example"]
    assert [event.record.reference for event in case.actions(ActionKind.EXTERNAL_REGISTER)] == ["BS-1"]
    assert entries(database)[0].care


@pytest.mark.parametrize("owner", ["head", "HEAD", "The Head of Planning"])
def test_an_owner_is_known_by_username_or_name(database: Database, put: Put, owner: str) -> None:
    bring_in(database, put([{**DIVERTED, "owner": owner}]))

    found = _case(database).owner
    assert found is not None
    assert found.officer == "head"


def test_an_asset_owner_brings_in_cases_of_any_service(database: Database, put: Put) -> None:
    done = bring_in(database, put([DIVERTED]), a_keeper(by=ASSET_OWNER))

    assert done.opened == 1


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil.example")', "+44 1632 960001", "-1+1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text(database: Database, put: Put, text: str) -> None:
    bring_in(database, put([{**DIVERTED, "name": text}]))

    assert entries(database)[0].name == text


def test_a_number_in_a_spreadsheet_is_the_reference_it_shows(database: Database, tmp_path: Path) -> None:
    bring_in(database, as_xlsx(tmp_path / "r.xlsx", [{**DIVERTED, "ref": 1024}]))

    assert entries(database)[0].ref == "1024"


def test_a_byte_order_mark_is_no_part_of_the_first_column(database: Database, tmp_path: Path) -> None:
    bring_in(database, as_csv(tmp_path / "r.csv", [{**DIVERTED, "name": "Siân Ŵyn"}], encoding="utf-8-sig"))

    assert entries(database)[0].name == "Siân Ŵyn"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_may_be_separated_by_what_a_spreadsheet_program_chose(
    database: Database, tmp_path: Path, separator: str
) -> None:
    path = tmp_path / "r.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=separator)
        table.writerows([("ref", "name", "email"), ("E1", "Vexing, Ann", "ann@mail.example; vexing@mail.example")])

    bring_in(database, path)

    (entry,) = entries(database)
    assert (entry.name, len(entry.addresses)) == ("Vexing, Ann", 2)


def test_a_hidden_sheet_before_the_register_is_passed_over(database: Database, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "r.xlsx", [DIVERTED])
    book = load_workbook(path)
    book.create_sheet("Lists", 0).sheet_state = "hidden"
    book.active = 1
    book.save(path)

    assert bring_in(database, path).opened == 1


def test_a_review_date_that_is_not_told_is_the_policys_and_said_so(database: Database, put: Put) -> None:
    done = bring_in(database, put([{**DIVERTED, "review_on": ""}]))

    assert entries(database)[0].restrictions[0].review_on == date(2026, 7, 5)
    assert any("review_on: none is given; taken as 2026-07-05" in remark for remark in done.remarks)


def test_a_stage_that_is_not_told_is_the_only_one_that_restricts(database: Database, put: Put) -> None:
    mistakes = refused(database, put([{**DIVERTED, "stage": ""}]))

    assert "at which stage was it decided? 001-two-stage@2024-01-01 restricts at stage-1 and stage-2" in str(mistakes)


def test_a_councils_own_headings_are_known(database: Database, tmp_path: Path) -> None:
    theirs = {
        "Customer Name": "name",
        "E-mail Address": "email",
        "Date of restriction": "commenced",
        "Cyfeirnod": "ref",
    }
    named = {value: key for key, value in theirs.items()} | {"spoc": "SPOC e-mail", "review_on": "Review due"}
    path = as_csv(tmp_path / "r.csv", [{named.get(name, name): value for name, value in DIVERTED.items()}])

    assert bring_in(database, path).opened == 1


def test_a_heading_may_be_mapped_or_ignored(database: Database, tmp_path: Path) -> None:
    row = {
        "Their = word": DIVERTED["reasons"],
        "Colour": "red",
        **{k: v for k, v in DIVERTED.items() if k != "reasons"},
    }
    path = as_csv(tmp_path / "r.csv", [row])

    bring_in(database, path, headings=Headings.told(["Their = word=reasons"], ["colour"]))

    ((restriction,),) = (entry.restrictions for entry in entries(database))
    assert restriction.kind is RestrictionKind.SPOC_DIVERSION


def test_a_heading_cannot_be_mapped_to_what_is_no_column() -> None:
    with pytest.raises(HeadingsError, match="Colour=tint"):
        Headings.told(["Colour=tint"])


def test_every_column_is_in_the_how_to() -> None:
    assert not [column.name for column in COLUMNS if f"| `{column.name}` |" not in GUIDE]


def test_the_how_to_tells_what_every_kind_needs() -> None:
    table = GUIDE.partition("## What each kind")[2].splitlines()

    for kind, wanted in WANTED.items():
        (line,) = (line for line in table if line.startswith(f"| `{kind}` |"))
        assert [cell.split() for cell in line.replace("`", "").replace(",", "").split("|")[2:4]] == [
            list(wanted.needs),
            list(wanted.may),
        ]


def test_yaml_says_the_same_as_a_table(database: Database, tmp_path: Path) -> None:
    told = {name: value for name, value in CLOSED.items() if name != "matter"}
    matter = {"reference": "C-2025-0117", **{name.removeprefix("matter_"): value for name, value in told.items()}}
    restriction = {
        "kind": "read-and-file",
        "matter": "C-2025-0117",
        **DECIDED,
        "commenced": datetime(2026, 1, 12, 9, 30),  # noqa: DTZ001 - as YAML has it
    }
    head = {"ref": "E2", "name": "Bea Cross", "email": ["bea@mail.example"], "owner": "head"}
    path = as_yaml(tmp_path / "r.yaml", {**head, "matters": [matter], "restrictions": [restriction]})

    bring_in(database, path)

    (entry,) = entries(database)
    assert entry.restrictions[0].commenced_at == datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
    assert entry.matters[0].finished


def test_the_same_file_again_changes_nothing(database: Database, put: Put) -> None:
    path = put([DIVERTED, BEA])
    bring_in(database, path)
    before = entries(database)

    done = bring_in(database, path, a_keeper(MONDAY + timedelta(days=1)))

    assert (done.opened, done.amended, done.unchanged) == (0, 0, 2)
    assert entries(database) == before


def test_a_changed_row_amends_its_case_by_further_records(database: Database, put: Put) -> None:
    bring_in(database, put([DIVERTED, BEA]))
    changed = {**DIVERTED, "email": "ann@new.example", "spoc": "north@council.example"}

    done = bring_in(database, put([changed, BEA]), a_keeper(MONDAY + timedelta(days=1), by=BOTH))

    ann, _ = entries(database)
    assert (done.opened, done.amended, done.unchanged) == (0, 1, 1)
    assert ann.addresses == ("ann@new.example",)
    tuesday = MONDAY + timedelta(days=1)
    assert [one.spoc for one in ann.restrictions if one.in_force_at(tuesday)] == ["north@council.example"]
    assert [event.record.restrictions for event in _case(database).of(Ended)] == [("E1-R1",)]


def test_a_restriction_is_ended_by_a_file_only_for_who_may_end_restrictions(database: Database, put: Put) -> None:
    bring_in(database, put([DIVERTED]))

    mistakes = refused(database, put([{**DIVERTED, "spoc": "north@council.example"}]))

    assert "ending a restriction is for the appropriate Head of Service" in str(mistakes)


def test_a_case_that_was_worked_on_since_is_not_changed_by_a_file(database: Database, put: Put) -> None:
    bring_in(database, put([DIVERTED]))
    call = next(fact for fact in facts() if isinstance(fact, Incident))
    Register(database).record("E1", call, now=MONDAY + timedelta(hours=1))

    (mistake,) = refused(database, put([{**DIVERTED, "name": "Anne Vexing"}]))

    assert "E1 was changed in the register since it was imported: change it there" in mistake.words
    assert bring_in(database, put([DIVERTED])).unchanged == 1


def test_a_case_that_came_from_no_file_is_not_changed_by_one(database: Database, put: Put) -> None:
    Register(database).open(*facts(), ref="E1")

    (mistake,) = refused(database, put([DIVERTED]))

    assert "did not come from a file" in mistake.words


def test_that_a_file_was_brought_in_is_in_the_audit_trail(database: Database, put: Put) -> None:
    bring_in(database, put([DIVERTED]))

    last = list(audit_store.trail(database))[-1]
    assert (last.actor, last.action, dict(last.details)["opened"]) == ("governance", "imported", "1")


def test_who_keeps_no_register_brings_none_in(database: Database, put: Put) -> None:
    mistakes = refused(database, put([DIVERTED]), a_keeper(by=HEAD))

    assert "earlier decisions are brought in by the Director of Governance" in str(mistakes)


def test_recording_goes_on_after_an_import(database: Database, put: Put) -> None:
    bring_in(database, put([DIVERTED]))

    with database.transaction() as session:
        standing = recording.read(session, a_keeper(), "E1", purpose="test")
    assert standing.state.value == "active"
