"""`mailroom explain`: what it prints is in the council's time, as deadlines are."""

from datetime import UTC, datetime
from pathlib import Path

import tomli_w
from typer.testing import CliRunner

import migrations
from cli.main import app
from core.db import Database
from ingest import store as ledger
from ingest.delivery import Arrival
from ingest.store import NewDelivery
from tests.builders import a_database, raw_mail, settings_data

LATE_IN_JUNE = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # the first of July by the council's clocks


def test_every_moment_is_told_in_council_time(tmp_path: Path) -> None:
    config, database = tmp_path / "mailroom.toml", Database(a_database(tmp_path))
    config.write_text(tomli_w.dumps(settings_data(database=a_database(tmp_path))), encoding="utf-8")
    migrations.upgrade(database)
    arrival = Arrival(uid=1, size=200, received_at=LATE_IN_JUNE, prefix=raw_mail())
    with database.transaction() as session:
        new = NewDelivery(arrival=arrival, message_id="<1@mail.example>")
        ledger.record(session, "planning", ("INBOX", 1), [new], now=LATE_IN_JUNE)

    told = CliRunner().invoke(app, ["--config", str(config), "explain", "M1"])
    as_data = CliRunner().invoke(app, ["--config", str(config), "--json", "explain", "M1"])

    assert "2026-07-01 00:30:00  The council received it" in told.output
    assert '"at": "2026-06-30 23:30:00+00:00"' in as_data.output
    database.dispose()
