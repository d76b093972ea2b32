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


def test_a_register_is_imported_listed_and_shown(office: Office) -> None:
    imported = office.types("register", "import", FILE)
    again = office.types("register", "import", FILE)
    listed = office.asks("register", "list")
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
    assert office.asks("register", "list") == []


@pytest.mark.parametrize("option", ["--preview", "--check"])
def test_a_check_of_a_file_without_mistakes_imports_nothing(office: Office, option: str) -> None:
    said = office.types("register", "import", FILE, option)

    assert "2 opened" in said
    assert "Nothing was imported: this was a check." in said
    assert office.asks("register", "list") == []


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
    assert [entry["name"] for entry in office.asks("register", "list")] == ["Ann Vexing", "Bea Cross"]


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


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        pytest.param(("--for", "she called again"), "in one word what for", id="purpose"),
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
