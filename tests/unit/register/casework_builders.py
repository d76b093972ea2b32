"""Cases for tests to begin with: each builder names only what matters to the test, the rest is an ordinary day's."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from policies.policy import Policy
from policies.reading import read_policy
from policies.vocabulary import Channel, Language, LetterKind, Statement
from register.casework.case import Case, CaseEvent
from register.casework.facts import Fact, Incident, Owner, Property
from register.casework.steps import (
    Activation,
    Adoption,
    AppealReceived,
    Closed,
    Decision,
    LetterFailed,
    LetterIssued,
    Measure,
    Proposal,
    Review,
    ReviewOutcome,
    Step,
    Verdict,
)
from register.officers import Officer, Officers, Signature
from register.restrictions import SpocDiversion

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""When everything is recorded, unless a test says otherwise: a Wednesday."""

TODAY = NOON.date()
REF = "MC-2026-0001"
SHIPPED = Path(__file__).resolve().parents[3] / "policies"

At = datetime | Mapping[int, datetime]
"""When the records were made: all at once, or by their number (from 1), NOON for the others."""


def a_policy(name: str) -> Policy:
    """A policy of ours as it now stands, by the name of its folder."""
    return read_policy(SHIPPED / name / "policy.yaml").newest


def an_officer(username: str = "hope", **others: Any) -> Officer:  # noqa: ANN401 - any field of an officer
    """An officer who may do little."""
    ordinary = {"name": "Hope Head", "job_title": "Head of Parks", "service": "parks"}
    return Officer(username=username, **{**ordinary, **others})


HOPE = an_officer()
DIRECTOR = an_officer("dee", name="Dee Rector", job_title="Director", roles=frozenset({"director-of-governance"}))
OFFICERS = Officers((HOPE, DIRECTOR))


def a_signature(officer: Officer = HOPE) -> Signature:
    """How an officer signed."""
    return officer.signature()


def a_case(*records: Fact | Step, at: At = NOON, by: Signature | None = None, ref: str = REF) -> Case:
    """A case with these records, in this order."""
    moments = at if isinstance(at, Mapping) else dict.fromkeys(range(1, len(records) + 1), at)
    return Case(
        ref,
        tuple(
            CaseEvent(
                number=number,
                at=moments.get(number, NOON),
                by=by or a_signature(),
                policy="test",
                record=record,
            )
            for number, record in enumerate(records, start=1)
        ),
    )


def an_owner(officer: Officer = HOPE) -> Owner:
    """Who answers for the case."""
    return Owner(officer=officer.username, service=officer.service)


def a_property(**others: Any) -> Property:  # noqa: ANN401 - any field
    """A property on the register."""
    return Property(**{"address": "1 High Street", "postcode": "YO1 6GA", **others})


def an_incident(at: datetime = NOON, **others: Any) -> Incident:  # noqa: ANN401 - any field
    """A rude telephone call."""
    ordinary = {"channel": Channel.TELEPHONE, "categories": ("rudeness",), "account": "Shouted at the counter staff."}
    return Incident(at=at, **{**ordinary, **others})


def a_measure(**others: Any) -> Measure:  # noqa: ANN401 - any field
    """A diversion to a single point of contact, in the whole council."""
    return Measure(**{"terms": SpocDiversion(spoc="spoc@council.example"), **others})


def a_proposal(**others: Any) -> Proposal:  # noqa: ANN401 - any field
    """A proposal of one diversion for half a year."""
    ordinary = {
        "stage": "stage-2",
        "grounds": ("abusive",),
        "measures": (a_measure(),),
        "statements": {Statement.JUSTIFICATION: "Forty letters a week."},
        "provisional_end": date(2026, 9, 4),
        "review_on": date(2026, 9, 1),
    }
    return Proposal(**{**ordinary, **others})


def an_approval(verdict: Verdict = Verdict.APPROVE) -> Decision:
    """What an approver decided."""
    return Decision(verdict=verdict, reasons="Proportionate.")


def an_activation(commences_at: datetime = NOON) -> Activation:
    """The moment of effect."""
    return Activation(commences_at=commences_at)


def restricted(**proposal: Any) -> tuple[Step, ...]:  # noqa: ANN401 - any field of the proposal
    """The four records that put a restriction in force: proposal, approval, letter, activation."""
    return (a_proposal(**proposal), an_approval(), a_letter(LetterKind.DECISION), an_activation())


def an_adoption(**others: Any) -> Adoption:  # noqa: ANN401 - any field
    """A decision of before the register."""
    ordinary = {
        "stage": "stage-2",
        "measures": (a_measure(),),
        "decided_by": "A. Director",
        "decided_by_title": "Director of Governance",
        "decided_on": date(2025, 9, 1),
        "advised_on": date(2025, 9, 2),
        "commenced_at": datetime(2025, 9, 3, tzinfo=UTC),
        "reasons": "As the file says.",
        "review_on": date(2026, 8, 1),
        "source": "register.xlsx",
    }
    return Adoption(**{**ordinary, **others})


def a_letter(letter: LetterKind = LetterKind.DECISION, on: date = TODAY, **others: Any) -> LetterIssued:  # noqa: ANN401 - any field
    """A letter that went out by post, in English."""
    ordinary = {"channel": Channel.LETTER, "languages": (Language.ENGLISH,), "parts": {}}
    return LetterIssued(letter=letter, on=on, **{**ordinary, **others})


def a_failure(letter: int, on: date = TODAY) -> LetterFailed:
    """The letter of that record came back."""
    return LetterFailed(letter=letter, on=on, reason="Gone away.")


def a_review(on: date = TODAY, outcome: ReviewOutcome = ReviewOutcome.EXTEND, **others: Any) -> Review:  # noqa: ANN401 - any field
    """A review; where it extends, to March next year."""
    ordinary: dict[str, Any] = {"considerations": "Still forty letters a week.", "subject_matter": "The hedge."}
    if outcome is not ReviewOutcome.REMOVE:
        ordinary |= {"ends_on": date(2027, 3, 4), "review_on": date(2027, 3, 1)}
    return Review(on=on, outcome=outcome, **{**ordinary, **others})


def an_appeal(on: date = TODAY, assigned_to: str = "dee") -> AppealReceived:
    """The person asks for the decision to be looked at again."""
    return AppealReceived(on=on, account="Unfair.", channel=Channel.EMAIL, assigned_to=assigned_to)


def a_closure() -> Closed:
    """The case is closed."""
    return Closed(reason="Nothing for a year.")
