"""An office for stories of trouble: the product on a simulated world, its settings open to change under way."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from core.settings import Settings
from policies.vocabulary import MatterState
from register import store as register
from register.casework.facts import Matter
from register.entry import RegisterEntry, Restriction
from register.restrictions import ReadAndFile, SpocDiversion
from tests.builders import declared_tables
from tests.simulation import Folder, SimulatedDatabase, SimulatedRuntime, World, database_url
from workers.sweeping import Sweep, sweep

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUSING = "housing@council.example"
NORTH = "spoc.north@council.example"  # reached by SMTP
SOUTH = "spoc.south@council.example"  # reached in its own IMAP account
LONG = 70_000  # bytes: more than a poll fetches of a message


def mail(sender: str, number: int, *, subject: str = "The gate", size: int = 0) -> bytes:
    head = (
        f"Received: by mx.council.example id {number}\r\nMessage-ID: <{number}@mail.example>\r\nFrom: {sender}\r\n"
        f"To: {HOUSING}\r\nSubject: {subject}\r\n\r\nLetter number {number} about the gate.\r\n"
    ).encode()
    return head + b"The gate again.\r\n" * max(0, (size - len(head)) // 17)


def to_north(number: int, *, size: int = 0) -> bytes:
    return mail("ann@mail.example", number, size=size)


def to_south(number: int) -> bytes:
    return mail("cat@mail.example", number)


def to_file(number: int) -> bytes:
    return mail("bob@mail.example", number, subject="Re: REF-2024-77")


def ordinary(number: int) -> bytes:
    return mail("resident@home.example", number, subject="Bins")


@dataclass
class Office:
    """The product on a simulated world; `data` are its settings, for tests to change."""

    database: SimulatedDatabase
    data: dict[str, Any]

    @property
    def world(self) -> World:
        return self.database.world

    def runtime(self) -> SimulatedRuntime:
        return SimulatedRuntime(Settings.model_validate(self.data), self.database)

    def deliver(self, *raws: bytes, address: str = HOUSING) -> None:
        for raw in raws:
            self.world.deliver(address, raw, MARCH)

    def sweep(self, mailbox: str = "housing") -> Sweep:
        return sweep(self.runtime(), mailbox)

    def sweep_until(self, done: Callable[[], bool], *, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, "it never came to that"
            self.sweep()
            time.sleep(0.002)

    def finish(self) -> None:
        """Sweep until a sweep meets no trouble and nothing waits."""
        deadline = time.monotonic() + 30
        while self.sweep().trouble or self.count("delivery where state != 'settled'"):
            assert time.monotonic() < deadline, "the work was never finished"
            time.sleep(0.002)

    def count(self, what: str) -> int:
        with self.database.engine.connect() as connection:
            return int(connection.scalar(text(f"select count(*) from {what}")) or 0)  # noqa: S608 - our own words

    def asked(self) -> int:
        return self.count("review_item where kind = 'shunted' and closed_at is null")

    def dispositions(self) -> dict[str, int]:
        with self.database.engine.connect() as connection:
            return Counter(connection.scalars(text("select disposition from delivery")).all())

    def lying_in(self, folder: str, address: str = HOUSING) -> list[bytes]:
        found = self.world.account(address).get(folder, Folder())
        return [stored.raw for stored in found.messages.values()]


@contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    """Three people are on the register: Ann goes to NORTH, Cat to SOUTH, and Bob is read and filed."""
    url = database_url(folder / "mailroom.db")
    database = SimulatedDatabase(url)
    declared_tables().create_all(database.engine)
    with database.transaction() as session:
        for entry in (_diverted("A1", "ann@mail.example", NORTH), _diverted("C1", "cat@mail.example", SOUTH), _filed()):
            register.save(session, entry, now=MARCH)
    data = {
        "council": {"name": "Council", "domains": ["council.example"], "signing_key": "a-key-for-this-test"},
        "database": {"url": url},
        "smtp": {"sender": "mailroom@council.example"},
        "mailboxes": {"housing": {"address": HOUSING, "password": "x"}},
        "spocs": {"south": {"address": SOUTH, "delivery": "mailbox", "password": "x"}},
        "pace": {"retry_seconds": 0.001, "retry_cap_seconds": 0.01},
    }
    yield Office(database, data)
    database.dispose()


def _diverted(ref: str, address: str, spoc: str) -> RegisterEntry:
    restriction = Restriction(
        ref=f"{ref}-1",
        commenced_at=datetime(2026, 1, 1, tzinfo=UTC),
        ends_at=None,
        terms=SpocDiversion(spoc=spoc),
    )
    return RegisterEntry(ref=ref, version=0, name=f"Person {ref}", addresses=(address,), restrictions=(restriction,))


def _filed() -> RegisterEntry:
    restriction = Restriction(
        ref="B1-1",
        commenced_at=datetime(2026, 1, 1, tzinfo=UTC),
        ends_at=None,
        terms=ReadAndFile(matter="REF-2024-77"),
    )
    return RegisterEntry(
        ref="B1",
        version=0,
        name="Person B1",
        addresses=("bob@mail.example",),
        restrictions=(restriction,),
        matters=(Matter(reference="REF-2024-77", title="The gate", state=MatterState.CLOSED),),
    )
