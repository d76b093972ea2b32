import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from sqlalchemy import text
from typer.testing import CliRunner, Result

import migrations
from cli.main import app
from core.db import Database
from register import audit_store
from tests.builders import NOON, a_database, settings_data
from tests.unit.register.audit_builders import an_entry

Types = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Three events of 4 March, and nothing since."""
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    with database.transaction() as session:
        audit_store.append(session, [an_entry(number="3"), an_entry("MC-00007"), an_entry()], now=NOON)
    yield database
    database.dispose()


@pytest.fixture
def types(tmp_path: Path, database: Database) -> Types:  # noqa: ARG001 - there is a database to speak of
    """Types a command, and sees that it ends with this exit code."""
    config = tmp_path / "mailroom.toml"
    config.write_text(tomli_w.dumps(settings_data(database=a_database(tmp_path))), encoding="utf-8")

    def types(*words: object, ends: int = 0, env: dict[str, str] | None = None) -> Result:
        run = CliRunner().invoke(
            app, ["--config", str(config), *map(str, words)], env={"COLUMNS": "200", **(env or {})}
        )
        assert run.exit_code == ends, run.output
        return run

    return types


def _answer(run: Result) -> Any:  # noqa: ANN401 - JSON is any shape
    return json.loads(run.stdout)


def _damage(database: Database, statement: str) -> None:
    with database.transaction() as session:
        for operation in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER guard_audit_event_{operation}"))
        session.execute(text(statement))
    migrations.upgrade(database)


def test_a_sound_trail_gives_a_witness_that_a_later_verification_passes(types: Types) -> None:
    first = _answer(types("--json", "audit", "verify"))

    second = _answer(types("--json", "audit", "verify", "--witness", first["witness"]))

    assert (first["events"], first["findings"], second["findings"]) == (3, [], [])
    assert second["events"] == 4  # the first verification is an event too
    assert "nothing wrong" in types("audit", "verify").stdout


def test_an_altered_event_is_told_with_its_number(types: Types, database: Database) -> None:
    _damage(database, "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2")

    run = types("--json", "audit", "verify", ends=1)

    assert [(it["fault"], it["seq"]) for it in _answer(run)["findings"]] == [("altered", 2)]
    assert _answer(run)["witness"] is None
    assert "event 2 is not what it was" in types("audit", "verify", ends=1).stdout


def test_a_tail_that_was_cut_off_is_told_by_the_witness(types: Types, database: Database) -> None:
    witness = _answer(types("--json", "audit", "verify"))["witness"]
    _damage(database, "DELETE FROM audit_event WHERE seq > 1")

    run = types("audit", "verify", "--witness", witness, ends=1)

    assert "ends at event 1" in run.stdout


def test_a_guard_that_was_taken_away_is_told(types: Types, database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER guard_audit_event_delete"))

    run = types("audit", "verify", ends=1)

    assert "guard_audit_event_delete" in run.stdout


def test_an_exported_file_is_verified_without_a_database(types: Types, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"

    types("audit", "export", file, "--as", "a.rees")

    (tmp_path / "mailroom.toml").unlink()
    verified = _answer(types("--json", "audit", "verify", "--file", file))
    with database.transaction() as session:
        last = audit_store.report(session, audit_store.Wanted())[-1]
    assert (last.actor, last.action, str(last.witness)) == ("a.rees", "exported", verified["witness"])
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_altered_or_cut_off_is_found(types: Types, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    types("audit", "export", file)
    whole = file.read_text("ascii")

    file.write_text(whole.replace("MC-00007", "MC-00008"), "ascii")
    altered = types("audit", "verify", "--file", file, ends=1)
    file.write_text(whole.rpartition('{"witness"')[0], "ascii")
    cut = types("audit", "verify", "--file", file, ends=1)
    file.write_text(whole[:-400], "ascii")
    torn = types("audit", "verify", "--file", file, ends=1)

    assert "altered" in altered.stdout
    assert "truncated" in cut.stdout
    assert "is no JSON" in torn.stderr


def test_a_period_is_exported_with_the_point_it_starts_from(types: Types, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    types("audit", "export", file, "--since", "2026-03-05")

    assert len(file.read_text("ascii").splitlines()) == 3  # where it starts, the export itself, where it ends
    assert _answer(types("--json", "audit", "verify", "--file", file))["findings"] == []


def test_an_empty_period_is_exported_empty(types: Types, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"

    types("audit", "export", file, "--until", "2026-03-04")

    assert _answer(types("--json", "audit", "verify", "--file", file))["events"] == 0


def test_a_file_that_exists_is_left_alone_and_no_export_is_noted(
    types: Types, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text("mine", "ascii")

    run = types("audit", "export", file, ends=2)

    assert "cannot be written" in run.stderr
    assert file.read_text("ascii") == "mine"
    assert len(list(audit_store.trail(database))) == 3


def test_the_report_lists_who_did_what_and_is_noted_itself(types: Types) -> None:
    rows = _answer(types("--json", "audit", "report", "--as", "iao", "--until", "2026-03-05"))

    assert [(row["actor"], row["action"], row["subject"]) for row in rows] == [
        ("j.owen", "read", "MC-00042"),
        ("j.owen", "read", "MC-00007"),
        ("j.owen", "read", "MC-00042"),
    ]
    assert rows[0]["details"] == {"number": "3"}
    (noted,) = _answer(types("--json", "audit", "report", "--by", "iao"))
    assert (noted["action"], noted["details"]) == ("reported", {"until": "2026-03-05"})


def test_the_report_can_be_of_one_case(types: Types) -> None:
    run = types("audit", "report", "--ref", "MC-00042", "--by", "j.owen")

    assert run.stdout.count("MC-00042") == 2
    assert "number=3" in run.stdout


def test_who_is_not_named_is_the_account_of_the_machine(types: Types, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody.else")
    types("audit", "verify")

    (row,) = [row for row in _answer(types("--json", "audit", "report")) if row["action"] == "verified"]

    assert row["actor"].startswith("system:")
    assert "somebody.else" not in row["actor"]


def test_the_officer_may_be_named_once_for_all_commands(types: Types) -> None:
    types("audit", "verify", env={"MAILROOM_OFFICER": "a.rees"})

    (row,) = _answer(types("--json", "audit", "report", "--by", "a.rees"))

    assert row["action"] == "verified"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(["verify", "--witness", "7"], "a witness is a number", id="no witness"),
        pytest.param(["verify", "--file", "/nowhere.jsonl"], "cannot be read", id="no file"),
        pytest.param(["report", "--ref", "ann@mail.example"], "never an address", id="an address"),
        pytest.param(["report", "--as", "x" * 301], "name the officer", id="no officer"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_told(types: Types, words: list[str], complaint: str) -> None:
    run = types("audit", *words, ends=2)

    assert complaint in run.stderr


def test_sqlite_has_no_roles_to_grant_to(types: Types) -> None:
    run = types("db", "grant", "mailroom")

    assert "SQLite has no roles" in run.stdout
