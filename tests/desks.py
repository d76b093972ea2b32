"""A register at work for tests: officers of policy 001, a database, and the whole way to a restriction in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.db import Database
from policies import shelf
from policies.vocabulary import Channel, Language, LetterKind, Part, Statement
from register import officer_store, recording
from register.calendars import council_calendar
from register.casework.facts import Fact, Identifier, IdentifierKind, Incident, Owner, Person
from register.casework.standing import Standing
from register.casework.steps import (
    Activation,
    Decision,
    EqualityCheck,
    LetterIssued,
    Measure,
    Proposal,
    Step,
    Verdict,
)
from register.officers import Officer
from register.recording import Desk, Recorded
from register.restrictions import SpocDiversion

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When a case is opened, unless a test says otherwise."""

SPOC = "spoc@council.example"

HEAD = Officer(
    username="head",
    name="The Head of Planning",
    job_title="Head of Planning",
    service="planning",
    roles=frozenset({"head-of-service"}),
)
DIRECTOR = Officer(
    username="director",
    name="The Director of Place",
    job_title="Director of Place",
    service="planning",
    roles=frozenset({"director"}),
)
GOVERNANCE = Officer(
    username="governance",
    name="The Director of Governance",
    job_title="Director of Governance",
    service="governance",
    roles=frozenset({"director-of-governance"}),
)
ASSET_OWNER = Officer(
    username="audit",
    name="The Head of Audit",
    job_title="Head of Audit and Risk",
    service="audit",
    roles=frozenset({"head-of-audit-and-risk"}),
)
STRANGER = Officer(
    username="housing",
    name="The Head of Housing",
    job_title="Head of Housing",
    service="housing",
    roles=frozenset({"head-of-service"}),
)
EVERYBODY = (HEAD, DIRECTOR, GOVERNANCE, ASSET_OWNER, STRANGER)

POLICIES = shelf.find("001")


def a_desk(officer: Officer = HEAD, now: datetime = MONDAY) -> Desk:
    """Where this officer sits at this moment."""
    calendar = council_calendar(POLICIES.newest.jurisdiction.value)
    return Desk(policies=POLICIES, calendar=calendar, officer=officer, now=now)


def facts(name: str = "Sam Specimen", email: str = "sam@post.example") -> list[Fact]:
    """What a case is opened with: somebody with an address, an owner, and two incidents."""
    call = Incident(
        at=MONDAY - timedelta(days=9), channel=Channel.TELEPHONE, categories=("shouting",), account="Shouted."
    )
    mail = Incident(
        at=MONDAY - timedelta(days=2), channel=Channel.EMAIL, categories=("verbal-abuse",), account="Swore."
    )
    return [
        Person(name=name),
        Owner(officer=HEAD.username, service=HEAD.service),
        Identifier(identifier=IdentifierKind.EMAIL, value=email, source="a letter", since=date(2026, 1, 5)),
        call,
        mail,
    ]


def a_proposal(*measures: Measure, **others: Any) -> Proposal:  # noqa: ANN401 - any field
    """Stage 1 for half a year, with everything policy 001 wants stated."""
    usual = {
        "stage": "stage-1",
        "grounds": ("abusive",),
        "measures": measures or (Measure(terms=SpocDiversion(spoc=SPOC)),),
        "statements": dict.fromkeys(Statement, "As the incidents show."),
        "provisional_end": date(2026, 9, 2),
        "review_on": date(2026, 9, 1),
        "monitoring_until": date(2026, 9, 2),
    }
    return Proposal(**{**usual, **others})


def a_notice(channel: Channel = Channel.LETTER) -> LetterIssued:
    """The letter of stage 1."""
    parts = dict.fromkeys((Part.REASONS, Part.EFFECT, Part.EXPECTATIONS), "As we told you.")
    return LetterIssued(
        letter=LetterKind.STAGE_1,
        on=MONDAY.date(),
        channel=channel,
        languages=(Language.ENGLISH,),
        parts=parts,
    )


def the_way(*measures: Measure) -> Sequence[tuple[Officer, Step]]:
    """Every step from a proposal to a restriction in force, and who takes it."""
    check = EqualityCheck(on=MONDAY.date(), considered="No need is known.", adjustments="A call back was offered.")
    return (
        (HEAD, a_proposal(*measures)),
        (DIRECTOR, Decision(verdict=Verdict.APPROVE, reasons="Proportionate.")),
        (HEAD, check),
        (HEAD, a_notice()),
        (HEAD, Activation(commences_at=MONDAY)),
    )


@dataclass(frozen=True)
class Register:
    """A register in a database, for tests to work with."""

    database: Database

    @classmethod
    def of(cls, database: Database) -> "Register":
        """The register of this database, its officers appointed."""
        with database.transaction() as session:
            for officer in EVERYBODY:
                officer_store.save(session, officer)
        return cls(database)

    def open(self, *records: Fact | Step, by: Officer = HEAD, now: datetime = MONDAY, ref: str | None = None) -> str:
        """Open a case with these records, or the usual ones; its reference."""
        with self.database.transaction() as session:
            done = recording.open_case(session, a_desk(by, now), records or facts(), ref=ref)
        return done.standing.case.ref

    def record(self, ref: str, given: Fact | Step, by: Officer = HEAD, now: datetime = MONDAY) -> Recorded:
        """Record one thing."""
        with self.database.transaction() as session:
            return recording.record(session, a_desk(by, now), ref, given)

    def restrict(self, ref: str, *measures: Measure) -> Standing:
        """Go the whole way to restrictions in force."""
        done = [self.record(ref, step, by) for by, step in the_way(*measures)]
        return done[-1].standing
