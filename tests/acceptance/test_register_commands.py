"""`mailroom register` and `mailroom lookup` as officers type them."""

from pathlib import Path

import pytest

from core.db import Database
from register import officer_store
from tests.acceptance.test_commands import Office
from tests.builders import a_database, settings_data
from tests.desks import EVERYBODY
from tests.sheets import BEA, DIVERTED, as_csv, as_xlsx

FILE = "register.csv"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A folder with an empty register under policy 001, its officers appointed, and somebody's spreadsheet."""
    office = Office(tmp_path)
    data = settings_data(database=a_database(tmp_path))
    office.configure({**data, "council": {**data["council"], "policy": "001"}})
    office.environment["MAILROOM_OFFICER"] = "governance"
    office.types("db", "upgrade")
    database = Database(a_database(tmp_path))
    with database.transaction() as session:
        for officer in EVERYBODY:
            officer_store.save(session, officer)
    database.dispose()
    as_csv(tmp_path / FILE, [DIVERTED, BEA])
    return office


@pytest.mark.requirement("3.44")
def test_a_register_is_imported_listed_and_shown(office: Office) -> None:
    imported = office.types("register", "import", FILE)
    again = office.types("register", "import", FILE)
    listed = office.asks("register", "list")["cases"]
    shown = office.asks("register", "show", "E1")

    assert "2 entries read: 2 opened, 0 amended, 0 unchanged." in imported
    assert "2 entries read: 0 opened, 0 amended, 2 unchanged." in again
    assert [(entry["ref"], entry["in force"]) for entry in listed] == [
        ("E1", "spoc-diversion"),
        ("E2", "read-and-file"),
    ]
    assert shown["address 1"] == "ann.vexing@mail.example"
    assert shown["restriction E1-R1"].startswith(
        "spoc-diversion to spoc@council.example, council-wide, from 12 January"
    )
    assert "Ann Vexing" in office.types("register", "list")


def test_another_officer_confirms_what_was_brought_in(office: Office) -> None:
    office.types("register", "import", FILE)

    by_the_same = office.types("register", "confirm", FILE, ends=2)
    confirmed = office.types("register", "confirm", FILE, "--as", "audit")
    again = office.asks("register", "confirm", FILE, "--as", "audit")

    assert "somebody else holds it against the file" in by_the_same
    assert "2 earlier decisions confirmed." in confirmed
    assert again == {"confirmed": 0, "remarks": []}


def test_a_preview_shows_what_was_understood_and_every_mistake_and_imports_nothing(office: Office) -> None:
    as_xlsx(
        office.folder / "theirs.xlsx",
        [
            {"Customer name" if name == "name" else name: value for name, value in row.items()}
            | {"Colour": "red", "decided_on": "soon"}
            for row in (DIVERTED, BEA)
        ],
    )

    refused = office.types("register", "import", "theirs.xlsx", "--preview", ends=2)
    understood = office.types("register", "import", "theirs.xlsx", "--preview", "--ignore", "Colour", ends=2)

    assert "'Colour' is no column known here" in refused
    assert "NOT UNDERSTOOD" in refused
    assert "Customer name" in understood
    assert "ignored" in understood
    assert "row 2, decided_on: 'soon' is no date" in understood
    assert "row 3, decided_on: 'soon' is no date" in understood
    assert office.asks("register", "list")["cases"] == []


@pytest.mark.parametrize("option", ["--preview", "--check"])
def test_a_check_of_a_file_without_mistakes_imports_nothing(office: Office, option: str) -> None:
    said = office.types("register", "import", FILE, option)

    assert "2 opened" in said
    assert "Nothing was imported: this was a check." in said
    assert office.asks("register", "list")["cases"] == []


def test_a_heading_is_mapped(office: Office) -> None:
    as_csv(office.folder / FILE, [{"Why" if name == "reasons" else name: value for name, value in DIVERTED.items()}])

    assert "no column known here" in office.types("register", "import", FILE, ends=2)
    assert "1 opened" in office.types("register", "import", FILE, "--map", "Why=reasons")
    assert 'write "Their heading=column"' in office.types("register", "import", FILE, "--map", "Why", ends=2)


def test_a_register_with_one_wrong_row_changes_nothing(office: Office) -> None:
    office.types("register", "import", FILE)
    as_csv(office.folder / "wrong.csv", [{**DIVERTED, "name": "Anne Vexing"}, {**BEA, "email": "bea"}])

    said = office.types("register", "import", "wrong.csv", ends=2)

    assert "row 3: 'bea' is no e-mail address" in said
    assert "nothing was imported" in said
    assert [entry["name"] for entry in office.asks("register", "list")["cases"]] == ["Ann Vexing", "Bea Cross"]


def test_an_entry_that_is_not_there_is_not_shown(office: Office) -> None:
    assert "the register has no case E404" in office.types("register", "show", "E404", ends=2)


def test_the_register_is_exported_by_a_keeper_and_by_nobody_else(office: Office) -> None:
    office.types("register", "import", FILE)

    said = office.types("register", "export", "out.xlsx")
    refused = office.types("register", "export", "out.csv", "--as", "head", ends=2)

    assert "2 cases written to out.xlsx" in said
    assert "the whole register is exported by" in refused
    assert not (office.folder / "out.csv").exists()
    assert "2 unchanged" in office.types("register", "import", "out.xlsx")


def test_a_person_is_looked_up(office: Office) -> None:
    office.types("register", "import", FILE)

    said = office.types("lookup", "vex", "ann", "--as", "housing", "--for", "call", "--channel", "telephone")
    data = office.asks("lookup", "ann.vexing@mail.example", "--as", "housing", "--for", "call")

    assert 'Say: "Your single point of contact is spoc@council.example.' in said
    assert data["found"][0]["guidance"]["email"][0].startswith("Do not answer")
    assert "Nobody found" in office.types("lookup", "nobody", "--for", "call")


@pytest.mark.requirement("3.42")
def test_a_former_case_is_told_to_who_governs_it_and_to_nobody_at_the_front_line(office: Office) -> None:
    office.types("register", "import", FILE)
    office.types("officer", "set", "counter", "name=The Receptionist", "job_title=Receptionist", "service=planning")
    before = office.types("lookup", "vexing", "--as", "counter", "--for", "a call at the counter")
    office.types("case", "record", "E1", "--as", "head", "kind=end", "reason=Quiet since.")

    at_the_counter = office.types("lookup", "vexing", "--as", "counter", "--for", "a call at the counter")

    assert "single point of contact" in before
    assert at_the_counter.strip() == "Nobody found: deal with the contact as with anybody's."
    assert "a former case: nothing is in force" in office.types("lookup", "vexing", "--as", "head", "--for", "review")


@pytest.mark.requirement("2.14")
def test_a_case_is_shown_to_those_whose_duty_it_is(office: Office) -> None:
    office.types("register", "import", FILE)

    assert "Ann Vexing" in office.types("register", "show", "E1", "--as", "head", "--for", "the yearly review")
    said = office.types("register", "show", "E1", "--as", "housing", ends=2)
    assert "E1 is a case of planning, owned by its Head of Planning" in said
    assert "Vexing" not in said
    assert office.asks("register", "list", "--as", "housing") == {"cases": [], "left_out": 2}
    assert "refused" in office.types("audit", "report", "--ref", "E1", "--by", "housing")


def test_the_register_is_read_anew_by_an_administrator(office: Office) -> None:
    office.types("register", "import", FILE)

    assert "2 cases read anew." in office.types("register", "refresh")


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        pytest.param(("--for", "one line\nand another"), "say what for in a few words, on one line", id="two lines"),
        pytest.param(("--for", " "), "say what for in a few words", id="no purpose"),
        pytest.param(("--for", "call", "--channel", "pigeon"), "choose of email, telephone", id="channel"),
        pytest.param(("--for", "call", "--as", "stranger"), "there is no officer stranger", id="officer"),
    ],
)
def test_a_look_up_that_cannot_be_made_says_why(office: Office, words: tuple[str, ...], remedy: str) -> None:
    assert remedy in office.types("lookup", "ann", *words, ends=2)


def test_words_that_are_no_text_are_refused_without_a_traceback(office: Office) -> None:
    assert "is not UTF-8" in office.types("lookup", "\udcff", "--for", "call", ends=2)


def test_a_letter_by_e_mail_to_somebody_without_an_address_is_refused_and_not_written(office: Office) -> None:
    as_csv(office.folder / FILE, [{"ref": "E9", "name": "Sam Specimen", "owner": "head"}])
    office.types("register", "import", FILE)
    letter = ("E9", "how-to-request-services", "on=2026-01-12", "channel=email", "languages=[en]", "parts.approach=So.")

    said = office.types("letter", "issue", *letter, "--as", "head", ends=2)

    assert "E9 has no e-mail address" in said
    assert office.asks("letter", "list", "E9") == []
    assert not list(office.folder.glob("*.pdf"))
