"""A council with cases and their mail, for stories of what is kept, packed and erased: time goes by as a test says."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from policies.vocabulary import Channel, MatterState
from register import officer_store, recording
from register.casework.facts import Fact, Identifier, IdentifierKind, Incident, Matter, Need, Owner, Person
from register.casework.steps import Adoption, Closed, Ended, Measure, Step
from register.officers import Officer
from register.recording import Desk
from register.restrictions import ReadAndFile, SpocDiversion, Terms
from tests.builders import declared_tables
from tests.office import HOUSING, MARCH, NORTH, Office, mail
from tests.simulation import SimulatedDatabase, database_url
from workers.erasing import Erasable, erase
from workers.packs.bundles import Made, Wanted, make

NAME = "Ann Vexing"
ADDRESS = "ann@mail.example"
BEGINNING = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_OPEN = timedelta(days=9)
CLOSED = BEGINNING + _OPEN
A_YEAR = timedelta(days=365)

ROLES = {  # of the two policies these stories are about
    "001": {"hope": "head-of-service", "dee": "director-of-governance", "ada": "head-of-audit-and-risk"},
    "002": {
        "hope": "customer-relations-manager",
        "dee": "customer-relations-team",
        "ada": "customer-relations-manager",
    },
    "004": {"hope": "head-of-service", "dee": "head-of-legal-services", "ada": "information-governance"},
}
STAGES = {"001": "stage-2", "002": "formal", "004": "escalation"}
SERVICES = {"hope": "housing", "pat": "housing", "dee": "governance", "ada": "audit", "sam": "parks"}


@dataclass
class Archive(Office):
    """The office and its officers: hope and pat of housing, dee keeps the register, ada owns it."""

    policy: str = "001"
    beginning: datetime = BEGINNING

    @property
    def closing(self) -> datetime:
        """When cases are closed, unless a test says otherwise."""
        return self.beginning + _OPEN

    def officer(self, username: str) -> Officer:
        role = ROLES[self.policy].get(username)
        return Officer(
            username=username,
            name=username.title(),
            job_title="Officer",
            service=SERVICES[username],
            roles=frozenset({role} if role else ()),
        )

    def desk(self, username: str, now: datetime) -> Desk:
        runtime = self.runtime()
        return Desk(policies=runtime.policies, calendar=runtime.calendar, officer=self.officer(username), now=now)

    def opens(self, *more: Fact | Step, name: str = NAME, address: str = ADDRESS, terms: Terms | None = None) -> str:
        """A case of a person whose mail goes to a SPOC, unless `terms` say otherwise; returns its reference."""
        records = (
            Owner(officer="hope", service="housing"),
            Person(name=name),
            Identifier(identifier=IdentifierKind.EMAIL, value=address, source="her letters", since=date(2024, 9, 1)),
            *more,
            self._adoption(terms or SpocDiversion(spoc=NORTH)),
        )
        with self.database.transaction() as session:
            return recording.open_case(session, self.desk("dee", self.beginning), records).standing.case.ref

    def _adoption(self, terms: Terms) -> Adoption:
        """A decision of the year before, brought into the register."""
        decided = self.beginning - timedelta(days=90)
        return Adoption(
            stage=STAGES[self.policy],
            measures=(Measure(terms=terms),),
            decided_by="A. Director",
            decided_by_title="Director",
            decided_on=decided.date(),
            advised_on=decided.date(),
            commenced_at=decided,
            reasons="Forty letters a week.",
            review_on=(self.beginning + timedelta(days=150)).date(),
            source="register.xlsx",
        )

    def records(self, ref: str, *records: Fact | Step, by: str = "hope", now: datetime | None = None) -> None:
        with self.database.transaction() as session:
            for record in records:
                recording.record(session, self.desk(by, now or self.closing), ref, record)

    def closes(self, ref: str) -> None:
        self.records(ref, Ended(reason="No more letters."), Closed(reason="Quiet since."))

    def erases(self, ref: str, *, by: str = "ada", after: timedelta | None = None, seen: int | None = None) -> Erasable:
        """Erase a case so long after its closure: after a year, unless a test says otherwise."""
        with self.database.transaction() as session:
            desk = self.desk(by, self.closing + (after or A_YEAR))
            return erase(session, desk, ref, seen=seen)

    def receives(self, *raws: bytes) -> None:
        """Mail comes in and is dealt with to the end."""
        for raw in raws:
            self.world.deliver(HOUSING, raw, self.beginning + timedelta(days=1))
        self.finish()

    def answers_everything(self) -> None:
        """People answer every question there is."""
        with self.database.transaction() as session:
            session.execute(
                text("update review_item set closed_at = raised_at, closed_by = 'hope', outcome = 'confirm'")
            )

    def packs(self, wanted: Wanted, path: Path, *, by: str = "dee") -> Made:
        with self.database.transaction() as session:
            return make(session, self.desk(by, self.closing), self.runtime().settings, wanted, path)

    def tables(self) -> dict[str, int]:
        """How many rows each table has."""
        return {table.name: self.count(table.name) for table in declared_tables().sorted_tables}

    def text_with(self, *words: str) -> list[str]:
        """Every column of every table that has one of these words in it, whatever its type; the raw bytes too."""
        found = []
        with self.database.engine.connect() as connection:
            for table in declared_tables().sorted_tables:
                for row in connection.execute(table.select()).mappings():
                    found += [f"{table.name}.{name}" for name, value in row.items() if _says(value, words)]
        return found


def _says(value: object, words: Sequence[str]) -> bool:
    said = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return any(word.lower() in said.lower() for word in words)


@contextmanager
def an_archive(
    folder: Path, policy: str = "001", *, url: str = "", beginning: datetime = BEGINNING
) -> Iterator[Archive]:
    """An office without anybody on its register yet."""
    url = url or database_url(folder / "mailroom.db")
    database = SimulatedDatabase(url)
    declared_tables().create_all(database.engine)
    data = {
        "council": {
            "name": "Council",
            "domains": ["council.example"],
            "signing_key": "a-key-for-this-test",
            "policy": policy,
        },
        "database": {"url": url},
        "smtp": {"sender": "mailroom@council.example"},
        "mailboxes": {"housing": {"address": HOUSING, "password": "x"}},
        "pace": {"retry_seconds": 0.001, "retry_cap_seconds": 0.01},
    }
    archive = Archive(database, data, policy, beginning)
    with database.transaction() as session:
        for username in SERVICES:
            officer_store.save(session, archive.officer(username))
    yield archive
    database.dispose()


def filing() -> tuple[Matter, ReadAndFile]:
    """A closed matter, and that letters about it are read and filed."""
    matter = Matter(
        reference="REF-2024-77",
        title="The gate",
        state=MatterState.CLOSED,
        on=date(2025, 6, 1),
        reason="Answered in full.",
        final_position="The gate is mended.",
    )
    return matter, ReadAndFile(matter="REF-2024-77")


def an_incident(at: datetime = MARCH, **others: Any) -> Incident:  # noqa: ANN401 - any field
    """A rude telephone call."""
    ordinary = {"channel": Channel.TELEPHONE, "categories": ("swearing",), "account": "Swore at the counter staff."}
    return Incident(at=at, **{**ordinary, **others})


def a_need() -> Need:
    """Something only few need know."""
    return Need(need="Hears voices", adjustment="One officer answers")


def letter_of_anns(number: int) -> bytes:
    """A letter that gives its writer away in every field."""
    return mail(f"{NAME} <{ADDRESS}>", number, subject=f"{NAME} about the gate")


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a pack."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
