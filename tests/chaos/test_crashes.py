"""The promise of the whole: kill the process, or cut its connection, at any step, and every message still ends right.

Each test runs a full sweep once to count its steps, then once more for each of them with the accident there, then lets
a new process finish the work, and audits every message.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

import migrations
from core.db import Database
from core.settings import Settings
from register import store as register
from register.entry import Matter, MatterState, RegisterEntry, Restriction, RestrictionKind
from tests.simulation import ProcessDied, SimulatedDatabase, SimulatedRuntime, World, database_url
from workers.store import this_process
from workers.sweeping import Sweep, sweep

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUSING = "housing@council.example"
NORTH = "spoc.north@council.example"  # reached by SMTP
SOUTH = "spoc.south@council.example"  # reached in its own IMAP account


def mail(sender: str, subject: str, number: int) -> bytes:
    return (
        f"Received: by mx.council.example id {number}\r\nMessage-ID: <{number}@mail.example>\r\nFrom: {sender}\r\n"
        f"To: {HOUSING}\r\nSubject: {subject}\r\n\r\nLetter number {number} about the gate.\r\n"
    ).encode()


ORDINARY = (mail("resident@home.example", "Bins", 1), mail("other@home.example", "Hedge", 2))
TO_NORTH = (mail("ann@mail.example", "The gate", 3), mail("ann@mail.example", "The gate again", 4))
TO_SOUTH = (mail("cat@mail.example", "The roof", 5),)
TO_FILE = (mail("bob@mail.example", "Re: REF-2024-77", 6), mail("bob@mail.example", "REF-2024-77 again", 7))
EVERYTHING = (*ORDINARY, *TO_NORTH, *TO_SOUTH, *TO_FILE)

SERVERS = {
    "modern": (True, True),
    "without-uidplus": (True, False),
    "without-move": (False, True),
    "legacy": (False, False),
}


TABLES = ("review_item", "outbox", "decision", "delivery", "content", "mailbox_cursor", "lease")


@dataclass
class Office:
    """The product on a simulated world, put back to its first morning as often as a test likes."""

    database: SimulatedDatabase
    settings: Settings
    dead_process: str

    @property
    def world(self) -> World:
        return self.database.world

    def open(self, server: tuple[bool, bool]) -> None:
        """A fresh world with all the mail waiting, and a ledger that knows nothing of it."""
        self.database.world = World(can_move=server[0], has_uidplus=server[1])
        with self.database.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(f"delete from {table}"))  # noqa: S608 - our own names
        for raw in EVERYTHING:
            self.world.deliver(HOUSING, raw, MARCH)

    def sweep(self) -> Sweep:
        """One sweep by a new process."""
        return sweep(SimulatedRuntime(self.settings, self.database), "housing")

    def die_in_a_sweep(self) -> None:
        with pytest.raises(ProcessDied):
            self.sweep()
        self.world.restart()
        with self.database.engine.begin() as connection:
            # The test lives on, so its lease would count as held: say that the process which took it has ended.
            connection.execute(text("update lease set owner = :gone"), {"gone": self.dead_process})

    def finish(self) -> None:
        """Let new processes sweep until nothing is left to do."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.sweep().trouble is None and not self._waiting():
                return
            time.sleep(0.002)
        pytest.fail("the work was not finished")

    def _waiting(self) -> int:
        with self.database.engine.connect() as connection:
            return int(connection.scalar(text("select count(*) from delivery where state != 'settled'")) or 0)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    path = tmp_path_factory.mktemp("database") / "mailroom.db"
    database = SimulatedDatabase(database_url(path))
    migrations.upgrade(database)
    with database.transaction() as session:
        for entry in (_diverted("A1", "ann@mail.example", NORTH), _diverted("C1", "cat@mail.example", SOUTH), _filed()):
            register.save(session, entry, now=MARCH)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    place = this_process().rpartition("|")[0]
    yield Office(database, _settings(path), f"{place}|{child.pid}")
    database.dispose()


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> tuple[bool, bool]:
    return SERVERS[request.param]


@pytest.mark.requirement("1.71", "2.37")
def test_a_process_killed_at_any_step_loses_and_doubles_nothing(office: Office, server: tuple[bool, bool]) -> None:
    for step in _steps(office, server):
        office.open(server)
        office.world.die_at = step
        office.die_in_a_sweep()

        office.finish()

        _audit(office, f"killed at step {step}")


def test_a_connection_lost_at_any_step_loses_and_doubles_nothing(office: Office, server: tuple[bool, bool]) -> None:
    for step in _steps(office, server):
        office.open(server)
        office.world.hang_up_at = step

        office.finish()

        _audit(office, f"connection lost at step {step}")


def test_uidvalidity_changed_after_any_crash_acts_on_nothing_twice(office: Office, server: tuple[bool, bool]) -> None:
    for step in _steps(office, server):
        office.open(server)
        office.world.die_at = step
        office.die_in_a_sweep()
        office.world.change_uidvalidity(HOUSING)

        office.finish()

        _audit(office, f"killed at step {step}, then UIDVALIDITY changed")


def _steps(office: Office, server: tuple[bool, bool]) -> range:
    """The numbers of all steps that a sweep takes when nothing goes wrong."""
    office.open(server)
    office.sweep()
    _audit(office, "without any accident")
    return range(1, office.world.steps + 1)


def _audit(office: Office, after: str) -> None:
    world = office.world
    folders = {
        name: sorted(stored.raw for stored in folder.messages.values())
        for name, folder in world.account(HOUSING).items()
    }
    assert folders["INBOX"] == sorted(ORDINARY), after
    assert folders["Diverted"] == sorted((*TO_NORTH, *TO_SOUTH)), after
    assert folders["Read and file"] == sorted(TO_FILE), after
    flags = {flag for stored in world.account(HOUSING)["INBOX"].messages.values() for flag in stored.flags}
    assert not flags, after
    assert [stored.raw for stored in world.account(SOUTH)["INBOX"].messages.values()] == list(TO_SOUTH), after
    _audit_letters(world, after)
    _audit_ledger(office.database, after)


def _audit_letters(world: World, after: str) -> None:
    """Each letter went out; where an accepted one had to be repeated, the repeat is the same to the byte."""
    assert {recipient for recipient, _ in world.letters} == {NORTH}, after
    different = {letter for _, letter in world.letters}
    assert len(different) == len(TO_NORTH), after
    assert all(any(original in letter for letter in different) for original in TO_NORTH), after
    assert len(world.letters) <= len(TO_NORTH) + 1, after


def _audit_ledger(database: Database, after: str) -> None:
    with database.engine.connect() as connection:
        rows = connection.execute(text("select disposition, count(*) from delivery group by disposition")).all()
        asked = connection.scalar(text("select count(*) from review_item"))
    assert Counter(dict(rows)) == {"kept": 2, "redirected": 3, "filed": 2}, after
    assert asked == len(TO_FILE), after


def _settings(path: Path) -> Settings:
    return Settings.model_validate(
        {
            "council": {"name": "Council", "domains": ["council.example"], "signing_key": "a-key-for-this-test"},
            "database": {"url": database_url(path)},
            "smtp": {"sender": "mailroom@council.example"},
            "mailboxes": {"housing": {"address": HOUSING, "password": "x"}},
            "spocs": {"south": {"address": SOUTH, "delivery": "mailbox", "password": "x"}},
            "pace": {"retry_seconds": 0.001, "retry_cap_seconds": 0.01},
        }
    )


def _diverted(ref: str, address: str, spoc: str) -> RegisterEntry:
    restriction = Restriction(
        ref=f"{ref}-1",
        kind=RestrictionKind.SPOC_DIVERSION,
        commenced_at=datetime(2026, 1, 1, tzinfo=UTC),
        ends_at=None,
        spoc=spoc,
    )
    return RegisterEntry(ref=ref, version=0, name=f"Person {ref}", addresses=(address,), restrictions=(restriction,))


def _filed() -> RegisterEntry:
    restriction = Restriction(
        ref="B1-1",
        kind=RestrictionKind.READ_AND_FILE,
        commenced_at=datetime(2026, 1, 1, tzinfo=UTC),
        ends_at=None,
        matter="REF-2024-77",
    )
    return RegisterEntry(
        ref="B1",
        version=0,
        name="Person B1",
        addresses=("bob@mail.example",),
        restrictions=(restriction,),
        matters=(Matter(reference="REF-2024-77", title="The gate", state=MatterState.CLOSED),),
    )
