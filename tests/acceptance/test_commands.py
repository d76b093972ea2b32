"""The `mailroom` command as a user runs it: another process, a configuration file, exit codes and words."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from core.db import Database
from register import officer_store
from register.officers import Officer
from tests.builders import PASSWORD, SPOC, STRANGER, a_database, raw_mail, settings_data
from tests.servers import Dovecot, SmtpSink, free_port

USER = "planning@council.example"
KEEPER = Officer(
    username="keeper",
    name="The Complaints Manager",
    job_title="Complaints Manager",
    service="customer-relations",
    roles=frozenset({"complaints-manager"}),
)
DECISION = "The Complaints Manager,Complaints Manager,2025-08-25,2025-08-26,2025-09-01,Forty letters a week,2026-02-25"
REGISTER = f"""\
ref,name,email,owner,kind,spoc,decided_by,decided_by_title,decided_on,advised_on,commenced,reasons,review_on
E1,Ann Vexing,ann.vexing@mail.example,keeper,spoc-diversion,spoc@council.example,{DECISION}
"""
ANNS = raw_mail()
IN_DANGER = raw_mail(sender=STRANGER, message_id="<2@home.example>", body="I want to end my life.\r\n")

Data = dict[str, Any]


class Office:
    """A folder with a configuration, where somebody types commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("MAILROOM_")}
        self.environment |= {"COLUMNS": "250", "NO_COLOR": "1", "TERM": "dumb", "MAILROOM_OFFICER": KEEPER.username}

    def configure(self, data: Data) -> None:
        """Write `mailroom.toml`."""
        (self.folder / "mailroom.toml").write_text(tomli_w.dumps(data), encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command."""
        command = [sys.executable, "-m", "cli", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def types(self, *words: str, ends: int = 0) -> str:
        """Run a command to its end, which must be with this exit code; returns what it said, and complained of."""
        return "".join(self._ended(*words, ends=ends))

    def asks(self, *words: str, ends: int = 0) -> Any:  # noqa: ANN401 - JSON is any shape
        """Run a command with --json; returns what it answered."""
        return json.loads(self._ended("--json", *words, ends=ends)[0])

    def _ended(self, *words: str, ends: int) -> tuple[str, str]:
        with self.start(*words) as process:
            said, complained = process.communicate(timeout=90)
        assert process.returncode == ends, said + complained
        assert "Traceback" not in complained
        return said, complained


@pytest.fixture
def bare(tmp_path: Path) -> Office:
    """A folder without anything in it."""
    return Office(tmp_path)


@pytest.fixture
def data(dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Data:
    """The settings of a council with a mail server and a relay."""
    address = a_database(tmp_path)
    ours = settings_data(imap_port=dovecot.port, smtp_port=smtp_sink.port, password=dovecot.password, database=address)
    return {**ours, "pace": {"poll_seconds": 0.5}}


@pytest.fixture(scope="module")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register in it, to be copied: made once, by the commands that make it."""
    office = Office(tmp_path_factory.mktemp("filled"))
    office.configure(settings_data(database=a_database(office.folder)))
    (office.folder / "register.csv").write_text(REGISTER, encoding="utf-8")
    office.types("db", "upgrade")
    database = Database(a_database(office.folder))
    with database.transaction() as session:
        officer_store.save(session, KEEPER)
    database.dispose()
    assert "1 entries read: 1 opened" in office.types("register", "import", "register.csv")
    return office.folder / "mailroom.db"


@pytest.fixture
def office(bare: Office, data: Data, filled_database: Path) -> Office:
    """A folder where everything is ready: the configuration, the database and the register."""
    bare.configure(data)
    shutil.copy(filled_database, bare.folder)
    return bare


def test_help_names_every_command_and_imports_nothing_heavy(bare: Office) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "cli", "--help"]

    ended = subprocess.run(
        command, cwd=bare.folder, env=bare.environment, capture_output=True, text=True, check=True, timeout=60
    )

    for name in ("init", "check", "run", "status", "reconcile", "register", "db", "review", "explain", "demo"):
        assert re.search(rf"\b{name}\b", ended.stdout)
    assert "Exit codes: 0 done" in " ".join(ended.stdout.split())
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in ended.stderr.splitlines()}
    heavy = {"sqlalchemy", "numpy", "alembic", "imapclient", "openpyxl", "pydantic", "mailparser", "celery", "yaml"}
    assert imported & heavy == set()
    assert "typer" in imported


def test_the_version_is_told(bare: Office) -> None:
    assert re.fullmatch(r"council-mailroom \d+\.\d+\.\d+\S*\n", bare.types("--version"))


def test_no_command_at_all_shows_the_help(bare: Office) -> None:
    assert "Usage:" in bare.types(ends=2)


def test_init_writes_a_configuration_and_never_overwrites_one(bare: Office) -> None:
    bare.types("init")
    path = bare.folder / "mailroom.toml"
    written = path.read_text("utf-8")

    refusal = bare.types("init", ends=2)

    assert "exists already" in refusal
    assert path.read_text("utf-8") == written
    assert path.stat().st_mode & 0o077 == 0
    assert "WRITTEN-BY-INIT" not in written


def test_what_init_writes_is_accepted(bare: Office) -> None:
    bare.types("init", "council.toml")

    assert "at revision" in bare.types("-c", "council.toml", "db", "upgrade")


def test_a_wrong_key_is_refused_with_its_place(bare: Office) -> None:
    configuration = settings_data()
    configuration["smtp"]["hots"] = "mail"
    bare.configure(configuration)

    said = bare.types("status", ends=2)

    assert "smtp.hots: no such setting: remove it or correct its name" in said
    assert PASSWORD not in said


def test_a_missing_configuration_says_how_to_write_one(bare: Office) -> None:
    assert "`mailroom init`" in bare.types("status", ends=2)


def test_an_empty_database_says_how_to_fill_it(bare: Office, data: Data) -> None:
    bare.configure(data)

    assert "run `mailroom db upgrade`" in bare.types("status", ends=2)


def test_a_database_out_of_reach_has_an_exit_code_of_its_own(bare: Office) -> None:
    bare.configure(settings_data(database="sqlite:////no/such/folder/mailroom.db"))

    assert "the database cannot be used" in bare.types("status", ends=3)


@pytest.mark.requirement("1.65", "0.16")
def test_a_sweep_from_the_first_command_to_the_last(office: Office, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    dovecot.append(USER, ANNS, IN_DANGER)

    before = office.asks("reconcile", ends=1)
    rehearsed = office.asks("run", "--dry-run")
    swept = office.asks("run", "--once")
    status = office.asks("status")
    after = office.asks("reconcile")

    assert "has not been polled" in before[0]["finding"]
    assert [row["outcome"] for row in rehearsed] == [f"redirected to {SPOC}", "kept, ask: safety"]
    assert swept == [{"mailbox": "planning", "polled": 2, "performed": 2, "trouble": None}]
    assert (status[0]["kept"], status[0]["redirected"], status[0]["waiting"]) == (1, 1, 0)
    assert after == []
    assert ANNS in smtp_sink.accepted[0].raw
    assert [message.raw for message in dovecot.messages(USER, "Diverted")] == [ANNS]


def test_a_message_is_explained(office: Office, dovecot: Dovecot) -> None:
    dovecot.append(USER, ANNS)
    office.types("run", "--once")

    told = office.types("explain", "m1")
    as_data = office.asks("explain", "M1")

    assert "M1 in planning@council.example: redirected" in told
    assert re.search(r"restriction:E1v\d+:E1-R1:spoc-diversion", told)
    assert f"Sent to {SPOC}" in told
    assert "Moved to Diverted" in told
    assert as_data["outcome"] == "redirected"


@pytest.mark.parametrize("ref", ["M404", "nonsense", "M99999999999999999999999"])
def test_a_message_that_is_not_there_cannot_be_explained(office: Office, ref: str) -> None:
    assert f"no message {ref}" in office.types("explain", ref, ends=2)


def test_an_item_is_answered_once(office: Office, dovecot: Dovecot) -> None:
    dovecot.append(USER, IN_DANGER)
    office.types("run", "--once")

    (item,) = office.asks("review", "list", "--kind", "safety")
    shown = office.asks("review", "show", str(item["item"]))
    office.types("review", "decide", str(item["item"]), "confirm", "--by", "jo", "--note", "Called the police.")
    again = office.types("review", "decide", str(item["item"]), "overturn", "--by", "sam", ends=2)

    assert (item["queue"], item["priority"], item["about"]) == ("safety", 0, "M1")
    assert "end my life" in shown["own words"]
    assert "has been answered" in again
    assert office.asks("review", "list", "--kind", "safety") == []
    assert office.asks("review", "show", str(item["item"]))["answered"] == "confirm by jo"


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        pytest.param(("review", "list", "--kind", "urgent"), "there are identity,", id="no such queue"),
        pytest.param(("review", "show", "404"), "no item 404", id="no such item"),
        pytest.param(("review", "show", "99999999999999999999"), "Invalid value", id="no such number"),
        pytest.param(
            ("review", "decide", "404", "maybe", "--by", "jo"), "confirm, overturn, release", id="no such answer"
        ),
        pytest.param(("review", "decide", "404", "confirm", "--by", "jo"), "does not exist", id="nothing to answer"),
        pytest.param(("--log-level", "LOUD", "status"), "LOUD", id="no such level"),
        pytest.param(("stauts",), "stauts", id="no such command"),
    ],
)
def test_a_wrong_command_line_says_what_is_right(office: Office, words: tuple[str, ...], remedy: str) -> None:
    assert remedy in office.types(*words, ends=2)


def test_check_finds_nothing_wrong_and_makes_the_folders(office: Office, dovecot: Dovecot) -> None:
    missing = office.asks("check")
    office.types("check", "--create-folders")
    made = office.asks("doctor")

    assert {row["ok"] for row in (*missing, *made)} == {"yes"}
    assert "made when needed" in str(missing)
    assert "made when needed" not in str(made)
    assert set(dovecot.folders(USER)) == {"INBOX", "Diverted", "Read and file", "Review", "Waiting"}


@pytest.fixture
def broken(office: Office, data: Data) -> Callable[[str, Data], list[Data]]:
    """Changes one section of the settings, and checks: the rows that failed."""

    def check(section: str, changes: Data) -> list[Data]:
        place = data["mailboxes"]["planning"] if section == "mailbox" else data[section]
        place.update(changes)
        office.configure(data)
        return [row for row in office.asks("check", "--create-folders", ends=1) if row["ok"] != "yes"]

    return check


@pytest.mark.parametrize(
    ("section", "changes", "what", "remedy"),
    [
        pytest.param(
            "mailbox", {"password": "a guess"}, "mailbox planning", "correct username and password", id="password"
        ),
        pytest.param("imap", {"port": 1}, "mailbox planning", "is the server running", id="IMAP port"),
        pytest.param("smtp", {"port": 1}, "SMTP relay 127.0.0.1:1", "is the server running", id="SMTP port"),
        pytest.param("council", {"domains": ["other.example"]}, "register", "correct these entries", id="foreign SPOC"),
    ],
)
def test_check_names_the_remedy_for_what_is_broken(
    broken: Callable[[str, Data], list[Data]], section: str, changes: Data, what: str, remedy: str
) -> None:
    failed = {row["what"]: row["remedy"] for row in broken(section, changes)}

    assert remedy in failed[what]
    assert "a guess" not in str(failed)


def test_a_mail_server_out_of_reach_has_an_exit_code_of_its_own(office: Office, data: Data) -> None:
    data["imap"]["port"] = free_port()
    office.configure(data)

    (swept,) = office.asks("run", "--once", ends=3)

    assert "ImapUnavailableError" in swept["trouble"]


@pytest.mark.parametrize("command", [("reconcile",), ("run", "--once"), ("run", "--dry-run")], ids=" ".join)
def test_a_mail_server_that_does_not_answer_is_named_with_its_mailbox_and_what_to_do(
    office: Office, data: Data, command: tuple[str, ...]
) -> None:
    data["imap"]["port"] = free_port()
    office.configure(data)

    said = " ".join(office.types(*command, ends=3).split())

    assert f"the IMAP server 127.0.0.1:{data['imap']['port']} cannot be reached for {USER}: Connection refused." in said
    assert "Is the server running at this host and port?" in said
    assert "Errno" not in said


def test_a_relay_that_does_not_answer_is_named(office: Office, data: Data) -> None:
    data["smtp"]["port"] = free_port()
    office.configure(data)

    relay = next(row for row in office.asks("check", ends=1) if row["what"].startswith("SMTP relay"))

    assert relay["words"] == f"the SMTP relay 127.0.0.1:{data['smtp']['port']} cannot be reached: Connection refused"


@pytest.fixture
def running(office: Office) -> Iterator[subprocess.Popen[str]]:
    """`mailroom run`, until the test ends."""
    with office.start("run") as process:
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["terminated", "Ctrl-C"])
def test_run_ends_after_the_act_under_way(
    office: Office, running: subprocess.Popen[str], dovecot: Dovecot, smtp_sink: SmtpSink, how: signal.Signals
) -> None:
    smtp_sink.delay(1)
    dovecot.append(USER, ANNS)
    smtp_sink.wait_for(1, seconds=60)

    running.send_signal(how)
    _said, complained = running.communicate(timeout=30)

    assert running.returncode == 0
    assert "Traceback" not in complained
    office.types("run", "--once")  # goes on where the other stopped, and repeats nothing
    assert office.asks("status")[0]["redirected"] == 1
    assert len(smtp_sink.accepted) == 1


def test_what_run_logs_names_nobody(running: subprocess.Popen[str], dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    dovecot.append(USER, ANNS)
    smtp_sink.wait_for(1, seconds=60)

    running.send_signal(signal.SIGTERM)
    _said, complained = running.communicate(timeout=30)

    events = [json.loads(line) for line in complained.splitlines()]
    assert any(event["event"] == "mailbox.swept" for event in events)
    assert "@" not in complained
    assert "street light" not in complained


def test_the_demonstration_ends_well_and_can_be_looked_into(bare: Office) -> None:
    shown = bare.types("demo", "--folder", "sample")

    told = bare.types("--config", "sample/mailroom.toml", "explain", "M1")
    assert "Nothing dropped" in shown
    assert "Reconciled" in shown
    assert told.startswith("M1 in ")
