"""`mailroom evidence`: a person's contact in figures, for whoever may read the case, beside what the council owes."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import tomli_w
from typer.testing import CliRunner, Result

import migrations
from cli.main import app
from core import clock
from core.db import Database
from ingest import store as ledger
from ingest.delivery import Arrival
from ingest.store import NewDelivery
from register import audit_store
from register.dates import day_of
from routing import trace_store
from routing.trace_store import Remembered
from tests.builders import NOON, a_database, raw_mail, settings_data
from tests.evidence import LETTER, traced

Types = Callable[..., Result]
SAM = "sam@post.example"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def types(tmp_path: Path, database: Database) -> Types:
    """Types a command of a council of policy 001 that has Sam's case, and sees that it ends with this exit code."""
    config, data = tmp_path / "mailroom.toml", settings_data(database=a_database(tmp_path))
    data["council"]["policy"] = "001"
    config.write_text(tomli_w.dumps(data), encoding="utf-8")

    def types(*words: object, ends: int = 0) -> Result:
        run = CliRunner().invoke(app, ["--config", str(config), *map(str, words)], env={"COLUMNS": "200"})
        assert run.exit_code == ends, run.output
        assert run.exception is None or isinstance(run.exception, SystemExit)
        return run

    types("officer", "set", "head", "name=The Head", "job_title=Head", "service=planning", "roles=[head-of-service]")
    types("officer", "set", "clerk", "name=The Clerk", "job_title=Clerk", "service=housing")
    types("case", "open", "--as", "head", "kind=person", "name=Sam Specimen")
    _record(types, "kind=owner", "officer=head", "service=planning")
    _record(types, "kind=identifier", "identifier=email", f"value={SAM}", "source=a letter", "since=2026-01-05")
    _record(types, "kind=matter", "reference=C-2026-0001", "title=The gate", "on=2026-02-01", "answer_by=2026-02-20")
    del database
    return types


def _record(types: Types, *fields: str) -> None:
    types("case", "record", "MC-00001", "--as", "head", *fields)


def _comes(
    database: Database, number: int, text: str = LETTER, *, sender: str = SAM, mailbox: str = "planning"
) -> None:
    at = NOON + timedelta(hours=number)
    raw = raw_mail(sender=sender, body=text, message_id=f"<{number}@post.example>")
    arrival = Arrival(uid=number, size=len(raw), received_at=at, prefix=raw)
    new = NewDelivery(arrival=arrival, message_id=f"<{number}@post.example>")
    with database.transaction() as session:
        (delivery,) = ledger.record(session, mailbox, ("INBOX", 1), [new], now=at)
        trace = traced(text, sender=sender, to=("planning@council.example", "friend@home.example"))
        trace_store.remember(session, [Remembered(delivery=delivery.id, mailbox=mailbox, received_at=at, trace=trace)])


@pytest.mark.requirement("1.25", "1.33", "1.90")
def test_figures_are_told_in_sentences_and_tables_and_the_council_s_overdue_reply_with_them(
    types: Types, database: Database
) -> None:
    _comes(database, 1)
    _comes(database, 2, f"About C-2026-0001: reply within 2 hours. {LETTER}")

    said = types("evidence", "of", "MC-00001", "--as", "head").output

    assert "2 contacts by e-mail, 2 messages in all." in said
    assert 'ask for an answer at once or within hours: "reply within 2 hours" (1).' in said
    assert "THE COUNCIL'S OWN REPLY IS OVERDUE on 1 matter: C-2026-0001, promised by 20 February 2026" in said
    assert "Nothing follows from this by itself." in said
    assert "planning@council.example" in said
    assert "friend@home.example" not in said


def test_the_same_comes_as_json(types: Types, database: Database) -> None:
    _comes(database, 1)

    told = json.loads(types("--json", "evidence", "of", "MC-00001", "--as", "head").output)

    assert told["volume"]["contacts"] == 1
    assert told["council"]["overdue"][0][:2] == ["C-2026-0001", "2026-02-20"]
    assert told["sentences"][-1] == "Nothing follows from this by itself."


@pytest.mark.parametrize(
    ("since", "until", "contacts"), [("2026-03-04", "2026-03-05", 1), ("2026-03-05", "2026-03-06", 2)]
)
def test_only_the_days_asked_for_are_counted(
    types: Types, database: Database, since: str, until: str, contacts: int
) -> None:
    for number in (1, 25, 29):
        _comes(database, number, f"Letter {number}")

    run = types("--json", "evidence", "of", "MC-00001", "--since", since, "--until", until, "--as", "head")

    assert json.loads(run.output)["volume"]["contacts"] == contacts


@pytest.mark.requirement("2.14")
def test_whoever_may_not_read_the_case_is_refused_and_every_reading_is_on_the_trail(
    types: Types, database: Database
) -> None:
    types("evidence", "of", "MC-00001", "--as", "head")
    refused = types("evidence", "of", "MC-00001", "--as", "clerk", ends=2).output

    with database.transaction() as session:
        trail = [event for event in audit_store.events(session) if ("purpose", "evidence") in event.details]

    assert "clerk of housing has no part in it" in refused
    assert [(event.actor, event.action) for event in trail] == [("head", "read"), ("clerk", "refused")]


@pytest.mark.requirement("2.26")
def test_campaigns_are_listed_without_a_name_and_that_they_were_is_on_the_trail(
    types: Types, database: Database
) -> None:
    for number in range(1, 26):
        _comes(database, number, f"{LETTER} Resident {number}", sender=f"resident{number}@home.example")

    days = ("--since", "2026-03-01", "--until", "2026-04-01", "--as", "clerk")
    (row,) = json.loads(types("--json", "evidence", "campaigns", *days).output)
    told = types("evidence", "campaigns", *days).output

    assert (row["senders"], row["messages"], row["begins with"]) == (25, 25, "M1")
    assert "resident1@" not in told
    assert "a campaign is held against nobody" in told
    assert json.loads(types("--json", "evidence", "campaigns", *days, "--senders", "26").output) == []


def test_days_that_end_before_they_begin_are_refused_with_what_to_do(types: Types) -> None:
    for command in (("of", "MC-00001"), ("campaigns",)):
        run = types("evidence", *command, "--since", "2026-03-05", "--until", "2026-03-05", "--as", "head", ends=2)

        assert "until is the day after the last, so give one after 2026-03-05" in run.output


def _from_today(days: int) -> date:
    return day_of(clock.now()) + timedelta(days=days)


@pytest.mark.requirement("1.33")
def test_no_reply_is_late_before_its_day_has_passed_however_far_ahead_the_days_go(types: Types) -> None:
    soon = _from_today(10)
    _record(types, "kind=matter", "reference=C-2026-0002", "title=The hedge", f"answer_by={soon}")

    run = types("--json", "evidence", "of", "MC-00001", "--until", _from_today(30), "--as", "head")

    told = json.loads(run.output)
    assert told["last"] == _from_today(0).isoformat()
    assert [row[0] for row in told["council"]["overdue"]] == ["C-2026-0001"]


@pytest.mark.parametrize("command", [("of", "MC-00001"), ("campaigns",)], ids=["of", "campaigns"])
def test_days_that_are_still_to_come_are_refused(types: Types, command: tuple[str, ...]) -> None:
    run = types("evidence", *command, "--since", _from_today(60), "--as", "head", ends=2)

    assert f"--since {_from_today(60)} is still to come" in run.output


@pytest.mark.parametrize("command", [("of", "MC-00001"), ("campaigns",)], ids=["of", "campaigns"])
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_days_before_there_was_any_e_mail_are_refused(types: Types, command: tuple[str, ...], option: str) -> None:
    for day in ("0001-01-01", "0001-01-05", "1970-12-31"):
        run = types("evidence", *command, option, day, "--as", "head", ends=2)

        assert f"{option} {day} is before there was e-mail" in run.output


@pytest.mark.parametrize("command", [("of", "MC-00001"), ("campaigns",)], ids=["of", "campaigns"])
def test_any_last_day_that_a_calendar_has_is_taken(types: Types, command: tuple[str, ...]) -> None:
    types("evidence", *command, "--until", "9999-12-31", "--as", "head")
