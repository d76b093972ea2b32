"""`mailroom outbound check`: other systems rely on its exit code, whatever way they write an address."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli_w
from typer.testing import CliRunner

import migrations
from cli.main import app
from core.db import Database
from register import store
from tests.builders import ANN, SPOC, a_database, a_restriction, an_entry, settings_data

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_OFF = datetime(2090, 1, 1, tzinfo=UTC)

Checks = Callable[..., str]


@pytest.fixture
def checks(tmp_path: Path) -> Iterator[Checks]:
    """Asks whether a letter may go out to somebody whom planning answers by post, and sees this exit code."""
    database = Database(a_database(tmp_path))
    migrations.upgrade(database)
    config, data = tmp_path / "mailroom.toml", settings_data(database=a_database(tmp_path))
    data["council"]["policy"] = "001"
    config.write_text(tomli_w.dumps(data), encoding="utf-8")

    def types(*words: str, ends: int) -> str:
        run = CliRunner().invoke(app, ["--config", str(config), *words], env={"COLUMNS": "200"})
        assert run.exit_code == ends, run.output
        assert run.exception is None or isinstance(run.exception, SystemExit)
        return run.output

    def checks(*words: str, ends: int) -> str:
        return types("outbound", "check", "--as", "head", *words, ends=ends)

    types("officer", "set", "head", "name=The Head", "job_title=Head", "service=planning", ends=0)
    restriction = a_restriction("postal-replies", services=frozenset({"planning"}), end=FAR_OFF)
    with database.transaction() as session:
        store.save(session, an_entry(restriction), now=LONG_AGO)
    yield checks
    database.dispose()


@pytest.mark.parametrize(
    "written", [ANN, f"<{ANN}>", f"Ann Other <{ANN}>", f'"Other, Ann" <{ANN}>', f"Other, Ann <{ANN}>", f"{ANN} (Ann)"]
)
def test_an_address_is_read_as_mail_programs_write_it(checks: Checks, written: str) -> None:
    assert "is answered by post" in checks(written, "--service", "Planning", ends=1)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(f"someone@x.example, {ANN}", id="two addresses"),
        pytest.param(f"mailto:{ANN}", id="a link"),
        pytest.param(f"<mailto:{ANN}>", id="a link in brackets"),
        pytest.param("nonsense", id="a word"),
        pytest.param("", id="nothing"),
        pytest.param(f'"{ANN}"', id="an address in quotes"),
        pytest.param(f"{ANN}\nBcc: someone@x.example", id="two lines"),
        pytest.param(f"{ANN}?subject=bins", id="more than an address"),
        pytest.param("ann@", id="half an address"),
    ],
)
def test_what_is_no_one_address_is_refused_and_not_let_out(checks: Checks, written: str) -> None:
    assert "write it as ann@mail.example" in checks(written, ends=2)
    assert "write it as ann@mail.example" in checks(SPOC, "--from", "nonsense", ends=2)


def test_a_service_that_nobody_knows_is_refused_and_the_known_ones_are_named(checks: Checks) -> None:
    assert "no service 'planing': choose of planning, or leave it out" in checks(ANN, "--service", "planing", ends=2)


def test_what_nothing_speaks_against_may_go_out(checks: Checks) -> None:
    assert "It may go out." in checks(f"Somebody Else <{SPOC}>", "--service", "planning", ends=0)
