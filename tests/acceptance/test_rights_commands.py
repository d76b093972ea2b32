"""`mailroom rights`, `retention` and `pack`: as the officers who are responsible type them."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import migrations
from core.db import Database
from register.casework.facts import Action, ActionKind
from routing import review_store
from tests.acceptance.test_commands import Office
from tests.archive import ADDRESS, NAME, Archive, a_need, an_archive, an_incident, letter_of_anns
from tests.builders import a_database
from tests.office import mail

LONG_AGO = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)  # so that a case closed then is long due


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A council of last year."""
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    database.dispose()
    with an_archive(tmp_path, beginning=LONG_AGO) as archive:
        yield archive


@pytest.fixture
def ref(archive: Archive) -> str:
    """A case with a threat and one letter, not closed yet."""
    ref = archive.opens(a_need(), an_incident(at=LONG_AGO, threat=True, message="M1"))
    archive.receives(letter_of_anns(1))
    return ref


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Office:
    """Where the commands are typed."""
    office = Office(tmp_path)
    office.configure(archive.data)
    return office


@pytest.mark.requirement("1.83")
def test_what_is_due_is_shown_and_then_erased_for_good(
    office: Office, archive: Archive, ref: str, tmp_path: Path
) -> None:
    archive.records(ref, an_action())
    archive.closes(ref)

    (shown,) = office.asks("retention", "preview", "--as", "ada")
    (erased,) = office.asks("retention", "erase", "--due", "--as", "ada")

    assert (shown["ref"], shown["messages"], shown["obstacles"]) == (ref, 1, "")
    assert "1 in housing/Diverted" in shown["left in mailboxes"]
    assert "after 12 months" in shown["rule"]
    assert erased["ref"] == ref
    assert office.asks("retention", "erase", "--due", "--as", "ada") == []
    assert office.types("retention", "scrub") == ""
    assert "it was erased on" in office.types("case", "show", ref, "--as", "ada", ends=2)
    assert "nothing wrong" in office.types("audit", "verify")
    held = b"".join(file.read_bytes() for file in tmp_path.glob("mailroom.db*"))
    assert [word for word in (NAME, ADDRESS) if word.encode() in held] == []


@pytest.fixture
def of_no_case(archive: Archive) -> str:
    """A letter of somebody on no register, about which people have answered long ago; its writer's address."""
    writer = "jo.stranger@home.example"
    archive.receives(mail(writer, 7) + b"I want to end my life.\r\n")
    with archive.database.transaction() as session:
        for item in review_store.open_reviews(session):
            item.closed_at, item.closed_by, item.outcome = LONG_AGO, "hope", "confirm"
    return writer


def test_kept_mail_of_no_case_is_shown_and_erased_beside_the_cases(
    office: Office, archive: Archive, of_no_case: str, tmp_path: Path
) -> None:
    (shown,) = office.asks("retention", "preview", "--as", "ada")
    (erased,) = office.asks("retention", "erase", "--due", "--as", "ada")

    assert (shown["ref"], shown["messages"], shown["left in mailboxes"]) == (
        "no case (housing)",
        1,
        "1 in housing/INBOX",
    )
    assert shown["rule"] == "retention.kept_mail = 12 months"
    assert erased == shown
    assert office.asks("retention", "preview", "--as", "ada") == []
    assert office.asks("retention", "erase", "--due", "--as", "ada") == []
    assert archive.count("content") == 0
    held = b"".join(file.read_bytes() for file in tmp_path.glob("mailroom.db*"))
    assert of_no_case.encode() not in held


def test_the_council_s_own_time_for_kept_mail_counts(office: Office, archive: Archive, of_no_case: str) -> None:
    office.configure({**archive.data, "retention": {"kept_mail": "99 years"}})

    assert office.asks("retention", "preview", "--as", "ada") == []
    assert office.asks("retention", "erase", "--due", "--as", "ada") == []
    assert archive.count("content") == 1
    assert of_no_case


def an_action() -> Action:
    return Action(action=ActionKind.POLICE_REPORT, on=LONG_AGO.date(), words="Reported.", reference="CR/77/26")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(("erase", "MC-00001", "--as", "ada"), "it is not closed", id="not closed"),
        pytest.param(("erase", "MC-00001", "--as", "hope"), "Information Asset Owner", id="not the asset owner"),
        pytest.param(("preview", "--as", "hope"), "Information Asset Owner", id="not to be seen either"),
        pytest.param(("erase", "MC-77777", "--as", "ada"), "has no case MC-77777", id="no such case"),
        pytest.param(("erase", "--as", "ada"), "name the cases, or say --due", id="nothing named"),
        pytest.param(("erase", "MC-00001", "--seen", "1", "--as", "ada"), "changed meanwhile", id="seen before"),
    ],
)
def test_what_may_not_be_erased_is_refused_with_the_reason(
    office: Office, archive: Archive, ref: str, words: tuple[str, ...], reason: str
) -> None:
    assert reason in office.types("retention", *words, ends=2)
    assert archive.count("register_case") == 1
    assert ref


@pytest.mark.requirement("2.14")
@pytest.mark.requirement("2.29")
@pytest.mark.parametrize(
    "command",
    [("rights", "export"), ("pack", "case"), ("pack", "ombudsman"), ("pack", "police")],
    ids=" ".join,
)
@pytest.mark.usefixtures("ref")
def test_a_pack_is_made_by_one_command_and_verified_anywhere(
    office: Office, tmp_path: Path, command: tuple[str, str]
) -> None:
    made = office.asks(*command, "MC-00001", "ann.zip", "--as", "dee")

    (tmp_path / "mailroom.toml").unlink()
    (tmp_path / "mailroom.db").unlink()
    verified = office.asks("pack", "verify", "ann.zip")
    assert (verified["differences"], verified["sha256"], verified["files"]) == ([], made["sha256"], made["files"])
    assert "all as they were packed" in office.types("pack", "verify", "ann.zip")
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("ref")
def test_a_pack_that_was_changed_does_not_verify(office: Office, tmp_path: Path) -> None:
    office.types("pack", "police", "MC-00001", "ann.zip", "--as", "dee")
    with zipfile.ZipFile(tmp_path / "ann.zip", "a") as archive:
        archive.writestr("messages/M9.eml", "put in later")

    assert "messages/M9.eml: is not in the manifest" in office.types("pack", "verify", "ann.zip", ends=1)


@pytest.mark.usefixtures("ref")
def test_what_cannot_be_packed_or_verified_is_said_in_words(office: Office, tmp_path: Path) -> None:
    (tmp_path / "taken.zip").write_bytes(b"mine")

    assert "exists" in office.types("pack", "case", "MC-00001", "taken.zip", "--as", "dee", ends=2)
    assert "cannot be written" in office.types("pack", "case", "MC-00001", "no/a.zip", "--as", "dee", ends=2)
    assert "is refused" in office.types("pack", "case", "MC-00001", "a.zip", "--as", "sam", ends=2)
    assert "is no pack" in office.types("pack", "verify", "taken.zip", ends=1)
    assert "cannot be read" in office.types("pack", "verify", "a.zip", ends=2)
    assert (tmp_path / "taken.zip").read_bytes() == b"mine"
