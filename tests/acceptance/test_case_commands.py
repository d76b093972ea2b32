"""`mailroom officer`, `case`, `letter` and `due`: a whole process, as officers type it, from an incident to an end."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from core import clock
from register.dates import day_of
from tests.acceptance.test_commands import Office
from tests.builders import a_database, settings_data

TODAY = day_of(clock.now())
IN_HALF_A_YEAR = TODAY + timedelta(days=170)
SPOC = "spoc@council.example"

OPENING = [
    {"kind": "person", "name": "Sam Specimen"},
    {"kind": "owner", "officer": "head", "service": "planning"},
    {"kind": "identifier", "identifier": "email", "value": "sam@post.example", "source": "letter", "since": TODAY},
    {
        "kind": "incident",
        "at": TODAY - timedelta(days=3),
        "channel": "telephone",
        "categories": ["shouting"],
        "account": "Shouted.",
    },
    {
        "kind": "incident",
        "at": TODAY - timedelta(days=1),
        "channel": "email",
        "categories": ["verbal-abuse"],
        "account": "Swore.",
    },
]
STATEMENTS = ("justification", "impact", "proportionality", "adjustments-considered")
PROPOSAL = {
    "kind": "proposal",
    "stage": "stage-2",
    "grounds": ["abusive"],
    "extreme": True,
    "bypass": "An officer was threatened at the counter.",
    "measures": [{"terms": {"kind": "spoc-diversion", "spoc": SPOC}, "services": ["planning"]}],
    "statements": dict.fromkeys(STATEMENTS, "As the incidents show."),
    "provisional_end": IN_HALF_A_YEAR,
    "review_on": IN_HALF_A_YEAR,
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A council under policy 001, its officers appointed by the command."""
    data = settings_data(database=a_database(tmp_path))
    data["council"]["policy"] = "001"
    office = Office(tmp_path)
    office.configure(data)
    office.types("db", "upgrade")
    _appoint(office, "head", "Head of Planning", "planning", "head-of-service")
    _appoint(office, "governance", "Director of Governance", "governance", "director-of-governance")
    return office


def _appoint(office: Office, username: str, title: str, service: str, role: str) -> None:
    fields = (f"name=The {title}", f"job_title={title}", f"service={service}", f"roles=[{role}]")
    office.types("officer", "set", username, *fields)


def _file(office: Office, name: str, data: object) -> str:
    (office.folder / name).write_text(yaml.safe_dump(data), encoding="utf-8")
    return name


def _opened(office: Office) -> str:
    return str(office.asks("case", "open", "--as", "head", "--file", _file(office, "open.yaml", OPENING))["case"])


def _letter(ref: str) -> tuple[str, ...]:
    parts = ("parts.reasons=You swore at an officer.", f"on={TODAY}", "channel=letter", "languages=[en]")
    return ("letter", "issue", ref, "decision", "--as", "governance", "--out", "letters", *parts)


def _restricted(office: Office) -> str:
    ref = _opened(office)
    office.types("case", "record", ref, "--as", "head", "--file", _file(office, "proposal.yaml", PROPOSAL))
    office.types(
        "case", "record", ref, "--as", "governance", "kind=decision", "verdict=approve", "reasons=It is needed."
    )
    office.types(
        *("case", "record", ref, "--as", "head", "kind=equality-check", f"on={TODAY}"),
        *("considered=None is known.", "adjustments=A call back."),
    )
    office.types(*_letter(ref))
    now = clock.now().isoformat()
    office.types("case", "record", ref, "--as", "governance", "kind=activation", f"commences_at={now}")
    return ref


@pytest.mark.requirement("1.38", "1.39", "1.67")
def test_an_extreme_case_goes_straight_to_stage_2_with_immediate_effect(office: Office) -> None:
    ref = _restricted(office)

    shown = office.asks("case", "show", ref, "--as", "head")
    (listed,) = office.asks("register", "list", "--as", "head")["cases"]

    (restriction,) = shown["restrictions"]
    assert (restriction["kind"], restriction["state"], restriction["services"]) == (
        "spoc-diversion",
        "in force",
        ["planning"],
    )
    assert listed["in force"] == "spoc-diversion"
    assert shown["state"] == "active"


def test_the_letter_that_was_issued_lies_there_as_word_and_pdf(office: Office) -> None:
    ref = _restricted(office)

    (row,) = office.asks("letter", "list", ref, "--as", "head")
    pdf = (office.folder / "letters" / f"{ref}-decision-{row['no.']}.pdf").read_bytes()

    assert pdf.startswith(b"%PDF-")
    assert (office.folder / "letters" / f"{ref}-decision-{row['no.']}.docx").is_file()
    assert row["delivery"] == "by hand"


def test_a_case_is_read_without_loading_what_writes_documents(office: Office) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "cli", "case", "list", "--as", "head"]

    ended = subprocess.run(
        command, cwd=office.folder, env=office.environment, capture_output=True, text=True, check=True, timeout=60
    )

    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in ended.stderr.splitlines()}
    assert imported & {"docx", "typst", "openpyxl"} == set()
    assert {"sqlalchemy", "register"} <= imported


def test_what_the_policy_does_not_allow_is_refused_with_its_clause(office: Office) -> None:
    ref = _opened(office)
    early = {**PROPOSAL, "bypass": "", "extreme": False}

    said = office.types("case", "record", ref, "--as", "head", "--file", _file(office, "early.yaml", early), ends=2)

    assert "Stage 2, managed contact arrangements comes after Stage 1" in said
    assert "001-two-stage@2024-01-01" in said


def test_who_saw_an_older_version_is_told_to_read_again(office: Office) -> None:
    ref = _opened(office)
    office.types("case", "record", ref, "--as", "governance", "kind=referral", "account=It goes on.")

    said = office.types("case", "record", ref, "--as", "head", "--seen", "5", "kind=referral", "account=Again.", ends=2)

    assert f"{ref} was changed meanwhile (you saw version 5, it is 6): read it again" in said


def test_what_falls_due_is_listed_and_written_as_a_calendar(office: Office) -> None:
    ref = _restricted(office)
    until = str(IN_HALF_A_YEAR + timedelta(days=30))

    listed = office.asks("due", "--as", "head", "--until", until)
    office.types("due", "--as", "head", "--until", until, "--ical", "dates.ics")

    assert (ref, "review") in [(row["case"], row["what"]) for row in listed]
    calendar = (office.folder / "dates.ics").read_text(encoding="utf-8")
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert ref in calendar
    assert "Specimen" not in calendar


def test_everything_done_is_on_a_trail_that_verifies(office: Office) -> None:
    _restricted(office)

    assert "nothing wrong" in office.types("audit", "verify")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(("case", "show", "MC-9", "--as", "head"), "no case MC-9", id="no such case"),
        pytest.param(
            ("case", "show", "MC-00001", "--as", "nobody"), "there is no officer nobody", id="no such officer"
        ),
        pytest.param(("case", "record", "MC-00001", "--as", "head"), "nothing to record", id="nothing"),
        pytest.param(("case", "record", "MC-00001", "--as", "head", "kind=spell"), "kind:", id="no such kind"),
        pytest.param(("case", "record", "MC-00001", "--as", "head", "words"), "write name=value", id="no field"),
        pytest.param(("case", "open", "--as", "head", "--file", "gone.yaml"), "gone.yaml", id="no such file"),
        pytest.param(("case", "kinds", "spell"), "spell is no kind of record", id="kind unknown"),
        pytest.param(("case", "refer", "gone.eml", "--account", "x", "--as", "head"), "gone.eml", id="no such mail"),
        pytest.param(("letter", "draft", "MC-00001", "poem", "--as", "head"), "letter:", id="no such letter"),
        pytest.param(("officer", "set", "x", "roles=[king]"), "name: is required", id="officer without a name"),
        pytest.param(("officer", "set", "x", "crown=gold"), "crown: no field of an officer", id="no such field"),
        pytest.param(("policy", "scenarios", "999"), "999", id="no such policy"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_and_ends_with_2(
    office: Office, words: tuple[str, ...], reason: str
) -> None:
    _opened(office)

    said = office.types(*words, ends=2)

    assert reason in said
    assert "Traceback" not in said


def test_every_kind_of_record_is_described(office: Office) -> None:
    kinds = [row["kind"] for row in office.asks("case", "kinds")]

    assert {"person", "incident", "proposal", "letter", "review", "closure"} <= set(kinds)
    assert all(office.asks("case", "kinds", kind) for kind in kinds)
