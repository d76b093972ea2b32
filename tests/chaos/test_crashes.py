"""The promise of the whole: kill the process, or cut its connection, at any step, and every message still ends right.

Each test runs a full sweep once to count its steps, then once more for each of them with the accident there, then lets
a new process finish the work, and audits every message.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from core.db import Database
from tests.office import HOUSING, NORTH, SOUTH, Office, an_office, mail
from tests.simulation import ProcessDied, World
from workers.store import this_process

ORDINARY = (mail("resident@home.example", 1, subject="Bins"), mail("other@home.example", 2, subject="Hedge"))
TO_NORTH = (mail("ann@mail.example", 3), mail("ann@mail.example", 4, subject="The gate again"))
TO_SOUTH = (mail("cat@mail.example", 5, subject="The roof"),)
TO_FILE = tuple(mail("bob@mail.example", number, subject="REF-2024-77 again") for number in (6, 7))
EVERYTHING = (*ORDINARY, *TO_NORTH, *TO_SOUTH, *TO_FILE)

SERVERS = {
    "modern": (True, True),
    "without-uidplus": (True, False),
    "without-move": (False, True),
    "legacy": (False, False),
}


TABLES = (
    "notice",
    "matter_letter",
    "mail_trace",
    "review_item",
    "outbox",
    "decision",
    "delivery",
    "content",
    "mailbox_cursor",
    "work_round",
    "lease",
)


@dataclass
class DoomedOffice(Office):
    """An office whose process can die; put back to its first morning as often as a test likes."""

    dead_process: str

    def open(self, server: tuple[bool, bool]) -> None:
        """A fresh world with all the mail waiting, and a ledger that knows nothing of it."""
        self.database.world = World(can_move=server[0], has_uidplus=server[1])
        with self.database.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(f"delete from {table}"))  # noqa: S608 - our own names
        self.deliver(*EVERYTHING)

    def die_in_a_sweep(self) -> None:
        with pytest.raises(ProcessDied):
            self.sweep()
        self._restart()

    def die_in_sweeps(self) -> None:
        """The same, where the step is of a later sweep than the first."""
        with pytest.raises(ProcessDied):
            self.finish()
        self._restart()

    def _restart(self) -> None:
        self.world.restart()
        with self.database.engine.begin() as connection:
            # The test lives on, so its lease would count as held: say that the process which took it has ended.
            connection.execute(text("update lease set owner = :gone"), {"gone": self.dead_process})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoomedOffice]:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    place = this_process().rpartition("|")[0]
    with an_office(tmp_path_factory.mktemp("database")) as office:
        yield DoomedOffice(office.database, office.data, f"{place}|{child.pid}")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> tuple[bool, bool]:
    return SERVERS[request.param]


@pytest.mark.requirement("1.71", "2.37")
def test_a_process_killed_at_any_step_loses_and_doubles_nothing(
    office: DoomedOffice, server: tuple[bool, bool]
) -> None:
    for step in _steps(office, server):
        office.open(server)
        office.world.die_at = step
        office.die_in_a_sweep()

        office.finish()

        _audit(office, f"killed at step {step}")


def test_a_connection_lost_at_any_step_loses_and_doubles_nothing(
    office: DoomedOffice, server: tuple[bool, bool]
) -> None:
    for step in _steps(office, server):
        office.open(server)
        office.world.hang_up_at = step

        office.finish()

        _audit(office, f"connection lost at step {step}")


def test_uidvalidity_changed_after_any_crash_acts_on_nothing_twice(
    office: DoomedOffice, server: tuple[bool, bool]
) -> None:
    for step in _steps(office, server):
        office.open(server)
        office.world.die_at = step
        office.die_in_a_sweep()
        office.world.change_uidvalidity(HOUSING)

        office.finish()

        _audit(office, f"killed at step {step}, then UIDVALIDITY changed")


def _steps(office: DoomedOffice, server: tuple[bool, bool]) -> range:
    """The numbers of all steps that a sweep takes when nothing goes wrong."""
    office.open(server)
    office.sweep()
    _audit(office, "without any accident")
    return range(1, office.world.steps + 1)


def _audit(office: DoomedOffice, after: str) -> None:
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
