"""A breach of an agreement is recorded by what an officer types, with the message it was, and found by that."""

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import tomli_w
from sqlalchemy import text
from typer.testing import CliRunner, Result

import migrations
from cli.main import app
from core import clock
from policies import shelf
from register import officer_store, recording
from register.casework.facts import Owner
from register.casework.steps import Measure
from register.officers import Officer
from register.recording import Desk
from register.restrictions import Agreement
from tests.desks import facts
from tests.office import MARCH, Office, an_office, mail
from tests.unit.register.casework_builders import an_adoption

Types = Callable[..., Result]
AGREED = Agreement(terms="One letter a week.", signed_on=date(2026, 1, 5), document="AG-1.pdf")
BREACH = ("kind=action", "action=agreement-breach", "on=2026-03-03", "words=The second letter in a week.")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(clock, "now", lambda: MARCH + timedelta(days=2))
    with an_office(tmp_path) as office:
        with office.database.engine.begin() as connection:  # as after `mailroom db upgrade`
            connection.execute(text("create table alembic_version (version_num varchar(32) not null)"))
            connection.execute(text("insert into alembic_version values (:newest)"), {"newest": migrations.newest()})
        yield office


@pytest.fixture
def types(tmp_path: Path, office: Office) -> Types:
    """Types a command, and sees that it ends with this exit code."""

    def types(*words: object, ends: int = 0) -> Result:
        config = tmp_path / "mailroom.toml"
        config.write_text(tomli_w.dumps(office.data), encoding="utf-8")
        run = CliRunner().invoke(app, ["--config", str(config), *map(str, words)], env={"COLUMNS": "200"})
        assert run.exit_code == ends, run.output
        return run

    return types


def _agrees(office: Office, policy: str, stage: str) -> str:
    """Somebody with whom it was agreed how they write, and who wrote M1; the reference of their case."""
    office.data["council"]["policy"] = policy
    history = shelf.find(policy)
    roles = frozenset({*history.newest.keepers.value, *history.newest.asset_owner.value})
    keeper = Officer(
        username="keeper", name="The Keeper", job_title="Keeper of the Register", service="governance", roles=roles
    )
    desk = Desk(policies=history, calendar=office.runtime().calendar, officer=keeper, now=MARCH)
    adopted = an_adoption(
        stage=stage,
        measures=(Measure(terms=AGREED),),
        commenced_at=datetime(2026, 1, 6, tzinfo=UTC),
        decided_on=date(2026, 1, 5),
        advised_on=date(2026, 1, 5),
        review_on=date(2026, 5, 1),
    )
    owner = Owner(officer=keeper.username, service=keeper.service)
    with office.database.transaction() as session:
        officer_store.save(session, keeper)
        done = recording.open_case(session, desk, [*facts()[:1], facts()[2], owner, adopted])
    office.deliver(mail("sam@post.example", 11), mail("resident@home.example", 12))
    office.sweep()
    return done.standing.case.ref


@pytest.mark.parametrize(
    ("policy", "stage"),
    [
        pytest.param("001", "stage-1", marks=pytest.mark.requirement("1.60")),
        pytest.param("003", "restriction", marks=pytest.mark.requirement("3.30")),
    ],
)
def test_a_breach_is_linked_to_its_message_wherever_the_case_is_read(
    office: Office, types: Types, tmp_path: Path, policy: str, stage: str
) -> None:
    ref = _agrees(office, policy, stage)

    types("case", "record", ref, "--as", "keeper", *BREACH, "message=M1")

    shown = json.loads(types("--json", "case", "show", ref, "--as", "keeper").stdout)["timeline"][-1]
    assert (shown["action"], shown["message"]) == ("agreement-breach", "M1")
    assert "agreement-breach" in types("case", "show", ref, "--as", "keeper").stdout
    looked_up = types("lookup", "sam@post.example", "--as", "keeper", "--for", "a-call").stdout
    assert "1 breach recorded, the last on 3 March 2026 (M1)." in " ".join(looked_up.split())
    types("pack", "case", ref, tmp_path / "pack.zip", "--as", "keeper")
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        assert '"message": "M1"' in pack.read("steps.json").decode()
        assert any("M1" in name for name in pack.namelist())


@pytest.mark.parametrize("message", ["M99", "<nobody@mail.example>", "the letter of Tuesday"])
def test_a_breach_by_a_message_that_nobody_can_look_up_is_refused(office: Office, types: Types, message: str) -> None:
    ref = _agrees(office, "003", "restriction")

    run = types("case", "record", ref, "--as", "keeper", *BREACH, f"message={message}", ends=2)

    assert f"the ledger has no message {message}" in " ".join(run.output.split())
    assert "agreement-breach" not in types("case", "show", ref, "--as", "keeper").stdout


def test_a_breach_may_cite_the_message_by_its_message_id_or_be_no_mail_at_all(office: Office, types: Types) -> None:
    ref = _agrees(office, "003", "restriction")

    types("case", "record", ref, "--as", "keeper", *BREACH, "message=<11@mail.example>")
    types("case", "record", ref, "--as", "keeper", *BREACH, "reference=CCTV-7")

    looked_up = types("lookup", ref, "--as", "keeper", "--for", "a-call").stdout
    assert "2 breaches recorded, the last on 3 March 2026." in " ".join(looked_up.split())
