"""`mailroom review label` and `mailroom classifier`: what people type to teach the model, and to put it in force."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from typer.testing import CliRunner, Result

import migrations
from classifier.model import shipped_model
from cli.main import app
from core.db import Database
from ingest import content_store
from ingest import store as ledger
from ingest.delivery import Arrival
from ingest.store import NewDelivery
from tests.builders import NOON, a_database, raw_mail, settings_data

Types = Callable[..., Result]
INSULT = "Tell that glaikit numpty in the grit depot that bag {number} of salt has more sense than her."
THANKS = "Please tell the grit depot that bag {number} of salt has come, and thank her."


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def types(tmp_path: Path, database: Database) -> Types:
    """Types a command, and sees that it ends with this exit code."""
    config = tmp_path / "mailroom.toml"
    config.write_text(tomli_w.dumps(settings_data(database=a_database(tmp_path))), encoding="utf-8")
    del database

    def types(*words: object, ends: int = 0) -> Result:
        run = CliRunner().invoke(app, ["--config", str(config), *map(str, words)], env={"COLUMNS": "200"})
        assert run.exit_code == ends, run.output
        assert run.exception is None or isinstance(run.exception, SystemExit)
        return run

    return types


def _holds(database: Database, number: int, words: str) -> None:
    raw = raw_mail(body=words, message_id=f"<{number}@home.example>")
    arrival = Arrival(uid=number, size=len(raw), received_at=NOON, prefix=raw)
    new = NewDelivery(arrival=arrival, message_id=f"<{number}@home.example>")
    with database.transaction() as session:
        (delivery,) = ledger.record(session, "planning", ("INBOX", 1), [new], now=NOON)
        ledger.attach_content(session, delivery.id, content_store.keep(session, raw, now=NOON))


def _officers(types: Types) -> None:
    for username in ("jo", "kim", "lou"):
        types("officer", "set", username, f"name={username}", "job_title=Reviewer", "service=housing")


def _made(run: Result) -> str:
    return run.output.split()[0]


def _taught(types: Types, database: Database) -> None:
    _officers(types)
    for number in range(1, 25):
        _holds(database, number, (INSULT if number % 2 else THANKS).format(number=number))
        label = "derogatory" if number % 2 else "frustration"
        types("review", "label", f"M{number}", label, "--by", ("jo", "kim")[number % 3 == 0])


def test_labels_teach_a_model_that_is_tried_and_published(types: Types, database: Database) -> None:
    _taught(types, database)

    made = types("classifier", "retrain", "--by", "jo")
    compared = types("classifier", "compare")
    published = types("classifier", "publish", _made(made), "--by", "jo", "--why", "It knows the depot.")
    listed = types("classifier", "models")
    back = types("classifier", "rollback", "--by", "kim", "--why", "Too many alarms.")

    assert "24 letters" in made.output
    assert "reviewers' decisions (24), which may have taught it: as they decided" in compared.output
    assert "FAILED" not in published.output
    assert "is in force from the next message on" in published.output
    assert "It knows the depot." in listed.output
    assert f"{shipped_model().version} is in force" in back.output


def test_a_model_made_here_is_shown_and_used_by_its_version(types: Types, database: Database) -> None:
    _taught(types, database)
    version = _made(types("classifier", "retrain", "--by", "jo"))
    types("classifier", "publish", version, "--by", "jo", "--why", "It knows the depot.")

    card = types("classifier", "card", "--model", "in-force").stdout
    tried = types("simulate", "--model", version)

    assert f"| model | `{version}`" in card
    assert "by 24 labels of 2 reviewers (12 derogatory, 12 frustration)" in card
    assert "would go otherwise" in tried.output


def test_every_command_speaks_json(types: Types, database: Database) -> None:
    _taught(types, database)
    version = _told(types, "retrain", "--by", "jo")["version"]

    assert _told(types, "compare")["version"] == version
    assert _told(types, "publish", version, "--by", "jo", "--why", "It knows the depot.")["in_force"] == version
    assert _told(types, "models")["in_force"] == version
    assert _told(types, "watch")["model_version"] == version
    assert _told(types, "rollback", "--by", "jo", "--why", "Alarms.") == {"in_force": shipped_model().version}


def _told(types: Types, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(types("--json", "classifier", *words).stdout, parse_constant=_no_number)
    return told


def _no_number(word: str) -> None:
    message = f"{word} is not JSON"
    raise AssertionError(message)


def test_what_was_scored_and_who_judged_it_can_be_watched(types: Types, database: Database) -> None:
    _taught(types, database)
    types("review", "label", "M1", "ordinary", "--by", "lou")

    shown = types("classifier", "watch", "--days", 14)
    told = json.loads(types("--json", "classifier", "watch").stdout)

    assert "Judged by several: 1 letter, 0 alike" in shown.output
    assert {one["officer"] for one in told["reviewers"]} == {"jo", "kim", "lou"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("review", "label", "M1", "nasty", "--by", "jo"), "no label 'nasty': a letter is threat"),
        (("review", "label", "X1", "threat", "--by", "jo"), "no message X1"),
        (("review", "label", "M1", "threat", "--by", "jo"), "there is no message M1"),
        (("classifier", "retrain", "--by", "jo"), "20 are needed"),
        (("classifier", "compare"), "no model is on trial"),
        (("classifier", "compare", "abuse-2020"), "no model 'abuse-2020'"),
        (("classifier", "publish", "abuse-2020", "--by", "jo", "--why", "?"), "no model 'abuse-2020'"),
        (("classifier", "card", "--model", "abuse-2020"), "abuse-2020 is no file, and no model 'abuse-2020'"),
        (("review", "label", "M1", "threat", "--by", ""), "say who calls it so"),
        (("classifier", "publish", shipped_model().version, "--by", "jo", "--why", "?"), "in force already"),
        (("classifier", "withdraw", "--by", "jo", "--why", "?"), "no model is on trial"),
        (("classifier", "rollback", "--by", "jo", "--why", "?"), "nothing was in force before it"),
    ],
)
def test_what_cannot_be_done_says_why(types: Types, words: tuple[str, ...], said: str) -> None:
    assert said in " ".join(types(*words, ends=2).output.split())


def test_the_card_is_what_stands_beside_the_weights(types: Types) -> None:
    shown = types("classifier", "card").stdout

    beside = Path(__file__).resolve().parents[3] / "classifier" / "weights" / "README.md"
    assert shown == beside.read_text("utf-8")
