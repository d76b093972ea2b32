"""`mailroom simulate`: what cannot be tried is refused, whether or not there is any mail to try it on."""

from collections.abc import Callable
from pathlib import Path

import pytest
import tomli_w
from typer.testing import CliRunner

import migrations
from cli.main import app
from core.db import Database
from tests.builders import a_database, settings_data

Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """Types the command at a council without mail, sees it refused, and gives what was said."""
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    database.dispose()
    config = tmp_path / "mailroom.toml"
    config.write_text(tomli_w.dumps(settings_data(database=a_database(tmp_path))), encoding="utf-8")

    def types(*words: str) -> str:
        run = CliRunner().invoke(app, ["--config", str(config), "simulate", *words], env={"COLUMNS": "200"})
        assert run.exit_code == 2, run.output
        return run.output

    return types


def test_a_policy_that_nobody_has_is_refused_where_there_is_no_mail(refused: Refused) -> None:
    assert "council.policy" in refused("--policy", "nosuch")


def test_measures_without_a_case_to_try_them_on_are_refused(refused: Refused) -> None:
    said = refused("--policy", "001", "--file", "measures.yaml")

    assert "--file measures.yaml holds measures for somebody: give --case as well" in said


def test_nothing_to_try_is_refused(refused: Refused) -> None:
    assert "nothing to try" in refused()
