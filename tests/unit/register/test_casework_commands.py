"""What the casework commands refuse: whoever has left, officers who cannot be, files of nothing, unwritable places."""

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
    assert "cannot be written" in types("due", "--ical", tmp_path / "nowhere" / "due.ics", ends=2).output


def test_everything_due_is_listed_up_to_the_last_day_there_is(types: Types) -> None:
    types("due", "--until", "9999-12-31")
