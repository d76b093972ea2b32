"""Every kind of restriction goes the whole way: proposed, decided, told, in force, shown, and past its end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from policies.vocabulary import RestrictionKind
from register.casework.standing import CaseState
from register.casework.steps import Decision, Measure, Proposal
from register.casework.views import case_view
from register.officers import Officer
from register.projection import Ground, entry_of
from register.records import terms_as_data, terms_from
from tests.builders import some_terms
from tests.unit.register.casework.courses import ORDERLY, POLICIES, Course
from tests.unit.register.casework.strategies import a_record

MATTER = "C-2025-0117"
ADVOCATE = "Advocacy Example"


def _course(policy: str, stage: str, **measure: Any) -> Course:  # noqa: ANN401 - any field of a measure
    """A case in which this has just come into force, at a stage that allows every kind."""
    given = POLICIES[policy]
    found = given.stages[stage]
    assert found.kinds is not None
    kinds = replace(found.kinds, value=tuple(RestrictionKind))
    course = Course(replace(given, stages={**given.stages, stage: replace(found, kinds=kinds)}))
    clerk = course.officers.everyone[0]
    course.record(a_record("representative", name=ADVOCATE, capacity="advocate"), clerk)
    closed = {"state": "closed", "on": course.today, "reason": "Answered."}
    course.record(a_record("matter", reference=MATTER, title="Noise", **closed), clerk)
    while course.standing.proposal is None:
        course.take(ORDERLY)
    assert course.record(a_record("decision", verdict="reject", reasons="Another is made."), _approver(course, stage))
    _propose(course, stage, **measure)
    while not course.standing.active:
        course.take(ORDERLY)
    return course


def _propose(course: Course, stage: str, **measure: Any) -> None:  # noqa: ANN401 - any field of a measure
    found = course.policy.stages[stage]
    proposal = course.proposed(found).record
    assert isinstance(proposal, Proposal)
    proposer = next(one for one in course.officers.everyone if one.holds(found.takes.value))
    assert course.record(replace(proposal, measures=(_measure(**measure),)), proposer)


def _measure(**measure: Any) -> Measure:  # noqa: ANN401 - any field of a measure
    record = a_record("decision", verdict="amend", reasons="x", measures=[measure])
    assert isinstance(record, Decision)
    return record.measures[0]


def _approver(course: Course, stage: str) -> Officer:
    rule = course.policy.stages[stage].approvers
    assert rule is not None
    proposal = course.standing.proposal
    proposer = proposal.event.by.officer if proposal else ""
    able = (one for one in course.officers.everyone if one.holds(rule.value[0]) and one.username != proposer)
    return next(able)


def _seen(course: Course) -> dict[str, Any]:
    return case_view(course.standing, course.policy, reader=course.officers.everyone[0], now=course.now)


def _ground(course: Course) -> Ground:
    return Ground(policy=lambda _: course.policy, calendar=course.calendar, officers=course.officers)


@pytest.mark.requirement("0.10")
@pytest.mark.parametrize("kind", RestrictionKind)
def test_each_kind_is_proposed_comes_into_force_is_listed_and_expires(kind: RestrictionKind) -> None:
    terms = some_terms(kind)
    course = _course("000", "restriction", terms=terms_as_data(terms))

    (shown,) = _seen(course)["restrictions"]
    (restriction,) = entry_of(course.standing, _ground(course)).restrictions

    assert (shown["kind"], shown["state"]) == (kind.value, "in force")
    assert terms_from(shown["terms"]) == terms
    assert restriction.in_force_at(course.now)
    assert not restriction.in_force_at(course.now + timedelta(days=201))
    assert course.standing.active[0].provisional_end is not None
    course.now += timedelta(days=201)
    assert _seen(course)["restrictions"][0]["state"] == "expired, pending review"


OTHER = {"kind": "other", "measure": "Visits by two officers.", "guidance": "Never visit alone."}


@pytest.mark.parametrize(
    ("policy", "stage"),
    [
        pytest.param("001", "stage-1", marks=pytest.mark.requirement("1.66")),
        pytest.param("002", "formal", marks=pytest.mark.requirement("2.36")),
        pytest.param("004", "escalation", marks=pytest.mark.requirement("4.18")),
    ],
)
def test_a_measure_of_the_council_s_own_is_shown_with_its_guidance(policy: str, stage: str) -> None:
    course = _course(policy, stage, terms=OTHER)

    (shown,) = _seen(course)["restrictions"]

    assert shown["terms"] == OTHER
    assert shown["state"] == "in force"


@pytest.mark.requirement("1.77")
def test_a_measure_of_the_council_s_own_is_shown_at_stage_2_too() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    course.take(ORDERLY)  # it went on
    _propose(course, "stage-2", terms=OTHER)
    course.taken([ORDERLY] * 3)

    shown = _seen(course)["restrictions"][-1]

    assert (shown["stage"], shown["terms"]) == ("stage-2", OTHER)


@pytest.mark.parametrize(
    ("policy", "stage"),
    [
        pytest.param("001", "stage-1", marks=pytest.mark.requirement("1.60")),
        pytest.param("003", "restriction", marks=pytest.mark.requirement("3.30")),
    ],
)
def test_an_agreement_holds_its_terms_date_and_document_and_its_breaches_a_mail(policy: str, stage: str) -> None:
    agreed = {"kind": "agreement", "terms": "One letter a week.", "signed_on": "2026-01-05", "document": "AG-1.pdf"}
    course = _course(policy, stage, terms=agreed)
    breach = {"action": "agreement-breach", "on": course.today, "words": "Five letters.", "reference": "MSG-1"}

    assert course.record(a_record("action", **breach), course.officers.everyone[0])

    seen = _seen(course)
    assert seen["restrictions"][0]["terms"] == agreed
    assert seen["timeline"][-1].items() >= {"kind": "action", **breach}.items()


@pytest.mark.requirement("1.51")
def test_a_property_without_a_person_restricts_no_mail() -> None:
    course = Course(POLICIES["001"])
    clerk = course.officers.everyone[0]
    course.record(a_record("property", address="1 Example Row", postcode="zz1 1zz"), clerk)
    course.record(a_record("risk-assessment", on=course.today, by="Hollis Head", outcome="Visit in pairs."), clerk)

    entry = entry_of(course.standing, _ground(course))

    assert course.standing.state is CaseState.RECORDED
    assert (entry.name, entry.addresses, entry.restrictions) == ("1 Example Row", (), ())
    assert _seen(course)["property"]["postcode"] == "ZZ1 1ZZ"
    assert _seen(course)["timeline"][-1]["outcome"] == "Visit in pairs."
