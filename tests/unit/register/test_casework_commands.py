"""What the casework commands refuse: whoever has left, officers who cannot be, files of nothing, unwritable places."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tomli_w
from typer.testing import CliRunner, Result

import migrations
from cli.main import app
from core.db import Database
from tests.builders import a_database, settings_data

Types = Callable[..., Result]


@pytest.fixture
def types(tmp_path: Path) -> Iterator[Types]:
    """Types a command of the council of policy 003, and sees that it ends with this exit code and no traceback."""
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    config, data = tmp_path / "mailroom.toml", settings_data(database=a_database(tmp_path))
    data["council"]["policy"] = "003"
    config.write_text(tomli_w.dumps(data), encoding="utf-8")

    def types(*words: object, ends: int = 0) -> Result:
        run = CliRunner().invoke(app, ["--config", str(config), *map(str, words)], env={"COLUMNS": "200"})
        assert run.exit_code == ends, run.output
        assert run.exception is None or isinstance(run.exception, SystemExit)
        return run

    types("officer", "set", "head", "name=The Head", "job_title=Head", "service=planning", "roles=[head-of-service]")
    types("case", "open", "--as", "head", "kind=person", "name=Sam Specimen")
    yield types
    database.dispose()


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize(
    "words", [("list",), ("show", "MC-00001"), ("figures", "MC-00001")], ids=lambda words: words[0]
)
def test_whoever_has_left_reads_nothing(types: Types, words: tuple[str, ...]) -> None:
    types("officer", "set", "head", "active=false")

    run = types("case", *words, "--as", "head", ends=2)

    assert "no longer an active officer" in run.output
    assert "Sam" not in run.output


def _of_planning(types: Types) -> None:
    """The case is planning's; somebody of housing works here as well, and the Director."""
    types("case", "record", "MC-00001", "--as", "head", "kind=owner", "officer=head", "service=planning")
    types("officer", "set", "clerk", "name=The Clerk", "job_title=Clerk", "service=housing")
    types("officer", "set", "dir", "name=The Director", "job_title=Director", "service=place", "roles=[director]")


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("case", "show", "MC-00001"), id="case show"),
        pytest.param(("case", "figures", "MC-00001"), id="case figures"),
        pytest.param(("register", "show", "MC-00001"), id="register show"),
        pytest.param(("letter", "list", "MC-00001"), id="letter list"),
        pytest.param(("letter", "draft", "MC-00001", "warning", "parts.reasons=x"), id="letter draft"),
    ],
)
def test_a_case_of_another_service_is_not_shown_and_that_it_was_asked_for_is_noted(
    types: Types, words: tuple[str, ...]
) -> None:
    _of_planning(types)
    more = ("on=2026-01-05", "channel=letter", "languages=[en]") if "draft" in words else ()

    run = types(*words, *more, "--as", "clerk", ends=2)

    assert "MC-00001 is a case of planning, owned by its Head, and clerk of housing has no part in it" in run.output
    assert "ask planning, or " in run.output
    assert "Sam" not in run.output
    assert "clerk" in types("audit", "report", "--ref", "MC-00001", "--by", "clerk").output
    assert "refused" in types("audit", "report", "--ref", "MC-00001", "--by", "clerk").output


@pytest.mark.requirement("2.14")
def test_lists_say_how_many_cases_they_leave_out(types: Types) -> None:
    _of_planning(types)
    types("case", "open", "--as", "clerk", "kind=person", "name=Jo Unowned")

    for room in ("case", "register"):
        told = types(room, "list", "--as", "clerk").output
        data = json.loads(types("--json", room, "list", "--as", "clerk").output)

        assert "Jo Unowned" in told
        assert "Sam" not in told
        assert "1 more left out: they belong to other services" in told
        assert ([line["ref"] for line in data["cases"]], data["left_out"]) == (["MC-00002"], 1)
        assert "left out" not in types(room, "list", "--as", "dir").output


def test_a_state_that_does_not_exist_is_refused_with_those_that_do(types: Types) -> None:
    said = types("case", "list", "--as", "head", "--state", "nonsense", ends=2).output

    assert "--state nonsense: choose of recorded, referred, proposed, approved, active, appealed, ended, closed" in said
    assert "Sam" in types("case", "list", "--as", "head", "--state", "recorded").output


def test_a_service_without_cases_is_said_to_have_none(types: Types) -> None:
    said = types("case", "list", "--as", "head", "--service", "parks").output

    assert "No case that is yours to read belongs to parks: a service is named as in `mailroom officer list`." in said


@pytest.mark.requirement("2.14")
def test_a_purpose_may_be_a_phrase_and_whom_it_names_is_left_out_of_the_trail(types: Types) -> None:
    types("case", "show", "MC-00001", "--as", "head", "--for", "the yearly review of Sam's case")

    trail = types("audit", "report", "--ref", "MC-00001").output
    assert "purpose=the yearly review of [...]'s case" in trail
    assert (
        "say what for in a few words" in types("case", "show", "MC-00001", "--as", "head", "--for", "", ends=2).output
    )


def test_an_administrator_has_every_case_read_anew(types: Types) -> None:
    said = types("register", "refresh").output
    data = json.loads(types("--json", "register", "refresh").output)

    assert "1 cases read anew." in said
    assert data == {"cases": 1}
    assert types("audit", "report").output.count("refreshed") == 2


@pytest.mark.parametrize(
    ("field", "words"),
    [
        pytest.param("job_title=" + "x" * 301, "at most 300 characters", id="a long title"),
        pytest.param("name=a\0b", "NUL", id="a name no database takes"),
        pytest.param("email=foo", "no e-mail address", id="no address"),
        pytest.param("trained_on=2090-01-01", "is still to come", id="a training to come"),
        pytest.param("absent_until=9999-12-31", "correct the year", id="away for ever"),
    ],
)
def test_an_officer_who_cannot_be_is_refused(types: Types, field: str, words: str) -> None:
    assert words in types("officer", "set", "head", field, ends=2).output


def test_records_of_a_file_follow_one_another_from_the_version_seen(types: Types, tmp_path: Path) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(
        "- {kind: letter, letter: reply-and-conduct, on: 2026-01-05, channel: letter, languages: [en, cy],\n"
        "   parts: {answer: Yes., conduct: Please do not.}, parts_cy: {answer: Ie., conduct: Peidiwch.}}\n"
        "- {kind: action, action: note, on: 2026-01-05, words: It was posted.}\n",
        "utf-8",
    )

    types("case", "record", "MC-00001", "--as", "head", "--seen", 1, "--file", file)  # the letter leaves a note itself

    assert (
        "changed meanwhile"
        in types("case", "record", "MC-00001", "--as", "head", "--seen", 3, "-f", file, ends=2).output
    )


@pytest.mark.parametrize("written", ["[]", "[" * 3000, '"\\UFFFFFFFF"'], ids=["nothing", "endless", "no character"])
def test_a_file_that_holds_no_record_is_told(types: Types, tmp_path: Path, written: str) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(written, "utf-8")

    run = types("case", "record", "MC-00001", "--as", "head", "--file", file, ends=2)

    assert "records.yaml" in run.output


def test_a_calendar_that_cannot_be_written_is_told(types: Types, tmp_path: Path) -> None:
    calendar = tmp_path / "nowhere" / "due.ics"

    assert "cannot be written" in types("due", "--as", "head", "--ical", calendar, ends=2).output


def test_everything_due_is_listed_up_to_the_last_day_there_is(types: Types) -> None:
    types("due", "--as", "head", "--until", "9999-12-31")


@pytest.mark.requirement("2.14")
@pytest.mark.parametrize(
    ("words", "noted"),
    [
        pytest.param(("pack", "case", "MC-00001"), "what=pack kind=case", id="a pack"),
        pytest.param(("register", "export"), "what=export", id="the whole register"),
    ],
)
def test_what_somebody_may_not_take_away_is_refused_and_that_they_tried_is_noted(
    types: Types, tmp_path: Path, words: tuple[str, ...], noted: str
) -> None:
    _of_planning(types)

    types(*words, tmp_path / ("a.zip" if "pack" in words else "a.csv"), "--as", "clerk", ends=2)

    trail = " ".join(types("audit", "report", "--by", "clerk").output.split())
    assert "refused" in trail
    assert all(part in trail for part in noted.split())
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.requirement("0.15")
def test_cases_are_listed_by_what_happened_in_them(types: Types) -> None:
    types("case", "open", "--as", "head", "kind=person", "name=Jo Placeholder")
    shouted = ("at=2026-01-04 21:30", "channel=telephone", "categories=[foul-language]", "account=Eleven calls.")
    types("case", "record", "MC-00002", "--as", "head", "kind=incident", *shouted)

    by_category = [
        types("case", "list", "--as", "head", "--category", category).output
        for category in ("foul-language", "rudeness")
    ]
    unknown = types("case", "list", "--as", "head", "--category", "tiresome", ends=2).output

    assert [("Jo" in said, "Sam" in said) for said in by_category] == [(True, False), (False, False)]
    assert "--category tiresome: the policy in force has " in unknown
