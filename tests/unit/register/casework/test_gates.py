"""What the gates refuse beside what the scenarios of the policies tell, and what they only remark on."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from policies.vocabulary import MatterState
from register.casework.gates import admit
from register.casework.gates_of_decisions import missing_approvals
from register.casework.refusal import RefusedError
from register.casework.standing import CaseState, standing
from register.casework.steps import AppealReceived
from register.officers import Officer
from tests.unit.register.casework.courses import ORDERLY, POLICIES, TERMS, Course
from tests.unit.register.casework.strategies import a_record

TURNS_TO_PROPOSED = {"000": 7, "001": 4, "002": 7, "003": 9, "004": 6}
"""How many orderly turns come up to a proposal."""


def _course(policy: str = "001", turns: int = 0) -> Course:
    return Course(POLICIES[policy]).taken([ORDERLY] * turns)


def _proposed(policy: str = "001") -> Course:
    course = _course(policy, TURNS_TO_PROPOSED[policy])
    assert course.standing.proposal is not None
    return course


def _active(policy: str = "001") -> Course:
    course = _course(policy, 14 if policy == "004" else TURNS_TO_PROPOSED[policy])
    for _ in range(20):
        if course.standing.active:
            break
        course.take(ORDERLY)
    assert course.standing.active
    return course


def _clerk(course: Course) -> Officer:
    return course.officers.everyone[0]


def _named(course: Course, username: str) -> Officer:
    found = course.officers.named(username)
    assert found is not None
    return found


def _refusal(course: Course, who: Officer, **fields: Any) -> str:  # noqa: ANN401 - any field of a record
    with pytest.raises(RefusedError) as refused:
        admit(a_record(**fields), course.situation(who))
    return str(refused.value)


FACTS: dict[str, tuple[dict[str, Any], str]] = {
    "an identifier of tomorrow": (
        {"kind": "identifier", "identifier": "email", "value": "a@b.example", "source": "x", "since": "2026-02-05"},
        "since 2026-02-05 is still to come",
    ),
    "no e-mail address": (
        {"kind": "identifier", "identifier": "email", "value": "sam", "source": "x", "since": "2026-01-05"},
        "'sam' is no e-mail address",
    ),
    "no telephone number": (
        {"kind": "identifier", "identifier": "telephone", "value": "ask", "source": "x", "since": "2026-01-05"},
        "'ask' is no telephone number",
    ),
    "an address the case does not have": (
        {"kind": "identifier-withdrawn", "value": "a@b.example", "reason": "Never theirs."},
        "the case has no 'a@b.example': it has none",
    ),
    "a language the council does not write": (
        {"kind": "person", "name": "Sam Specimen", "language": "cy"},
        "letters are not written in cy",
    ),
    "an incident of tomorrow": (
        {"kind": "incident", "at": "2026-02-05", "channel": "email", "categories": ["rudeness"], "account": "x"},
        "an incident of 2026-02-05 is still to come",
    ),
    "an action of tomorrow": ({"kind": "action", "action": "note", "on": "2026-02-05", "words": "x"}, "still to come"),
    "an external register nobody has": (
        {"kind": "action", "action": "external-register", "on": "2026-01-05", "words": "x", "reference": "B-1"},
        "names no external register",
    ),
    "a matter that was closed on no day": (
        {"kind": "matter", "reference": "C-1", "title": "x", "state": "closed", "reason": "x"},
        "since when is C-1 closed",
    ),
    "a matter that will be closed": (
        {"kind": "matter", "reference": "C-1", "title": "x", "state": "closed", "reason": "x", "on": "2026-02-05"},
        "still to come",
    ),
    "a joint referral of tomorrow": (
        {"kind": "joint-referral", "person_asked_on": "2026-01-05", "council_asked_on": "2026-02-05", "words": "x"},
        "a request of 2026-02-05 is still to come",
    ),
    "a risk assessment of tomorrow": (
        {"kind": "risk-assessment", "on": "2026-02-05", "by": "x", "outcome": "x"},
        "still to come",
    ),
    "an owner nobody knows": ({"kind": "owner", "officer": "nemo", "service": "parks"}, "nemo is no active officer"),
    "an owner of another service": (
        {"kind": "owner", "officer": "clerk", "service": "roads"},
        "clerk belongs to parks, not to roads",
    ),
    "mail of somebody vulnerable is to be filed": (
        {"kind": "need", "need": "x", "adjustment": "x", "may_be_filed": True},
        "only a keeper lifts that",
    ),
    "a referral declined that nobody made": ({"kind": "referral-declined", "advice": "x"}, "no referral is open"),
    "a stage nobody knows": (
        {"kind": "stage", "stage": "stage-3", "channel": "email", "words": "x"},
        "stage-3 is no stage that can be taken: stage-1, stage-2",
    ),
    "a stage that restricts": (
        {"kind": "stage", "stage": "stage-1", "channel": "email", "words": "x"},
        "it is taken by a proposal, a decision and an activation",
    ),
    "a waiver of nothing": ({"kind": "notice-waived", "reason": "x"}, "no proposal is open"),
    "an activation of nothing": ({"kind": "activation", "commences_at": "2026-01-05 12:00"}, "no proposal is open"),
    "an end of nothing": ({"kind": "end", "reason": "x"}, "no restriction is active"),
    "a longer monitoring of nothing": (
        {"kind": "monitoring-extended", "until": "2027-01-05", "reason": "x"},
        "no contact is being monitored",
    ),
    "an appeal nobody made": ({"kind": "appeal-decision", "outcome": "uphold", "reasons": "x"}, "no appeal is open"),
    "a letter nobody sent came back": (
        {"kind": "letter-failed", "letter": 3, "on": "2026-01-05", "reason": "x"},
        "record 3 of the case is no letter",
    ),
    "a letter the policy does not have": (
        {
            "kind": "letter",
            "letter": "warning",
            "on": "2026-01-05",
            "channel": "email",
            "languages": ["en"],
            "parts": {},
        },
        "has no warning letter: it has stage-1, decision",
    ),
    "a decision letter of nothing": (
        {
            "kind": "letter",
            "letter": "decision",
            "on": "2026-01-05",
            "channel": "email",
            "languages": ["en"],
            "parts": {"reasons": "x"},
        },
        "a decision letter tells of restrictions, and none are decided",
    ),
}


@pytest.mark.parametrize(("fields", "words"), FACTS.values(), ids=FACTS)
def test_what_cannot_be_so_is_refused(fields: dict[str, Any], words: str) -> None:
    course = _course()

    assert words in _refusal(course, _clerk(course), **fields)


def test_an_officer_who_has_left_records_nothing() -> None:
    course = _course()

    assert "gone is no longer an active officer" in _refusal(
        course, _named(course, "gone"), kind="referral", account="x"
    )


def test_every_objection_is_told_at_once() -> None:
    course = _proposed()
    text = _refusal(course, _clerk(course), kind="activation", commences_at="2025-01-01 09:00")

    for words in ("has not approved it", "no equality check", "has not been told in writing", "has passed"):
        assert words in text
    assert "001-two-stage@2024-01-01" in text


def test_a_keeper_lifts_the_care_for_somebody_with_a_need() -> None:
    course = _course()
    need = a_record("need", need="x", adjustment="x", may_be_filed=True)

    assert course.record(need, _named(course, "director-of-governance-1"))


def test_nobody_speaks_for_two_groups_of_approvers() -> None:
    course = _proposed("004")
    for role in ("customer-services", "information-governance", "head-of-service"):
        course.record(a_record("consultation", role=role, consulted="x", response="x"), _clerk(course))
    course.record(a_record("decision", verdict="approve", reasons="x"), _named(course, "everything"))

    proposal = course.standing.proposal
    assert proposal is not None
    assert len(missing_approvals(proposal, course.policy.stages["escalation"])) == 1

    course.record(a_record("decision", verdict="approve", reasons="x"), _named(course, "head-of-legal-services-1"))
    assert course.standing.proposal is not None
    assert missing_approvals(course.standing.proposal, course.policy.stages["escalation"]) == ()


def test_a_proposal_under_a_stage_that_is_no_more_can_only_be_rejected() -> None:
    course = _proposed()
    course.policy = replace(course.policy, stages={"stage-2": replace(course.policy.stages["stage-2"], after=())})
    approver = _named(course, "director-1")

    for fields in (
        {"kind": "decision", "verdict": "approve", "reasons": "x"},
        {"kind": "notice-waived", "reason": "x"},
        {"kind": "activation", "commences_at": course.now.isoformat()},
    ):
        assert "stage-1 is no stage of" in _refusal(course, approver, **fields)
    assert course.record(a_record("decision", verdict="reject", reasons="x"), approver)


def test_a_letter_that_came_back_tells_nobody_of_the_decision() -> None:
    course = _proposed()
    course.taken([ORDERLY] * 3)
    assert course.standing.proposal is not None
    assert course.standing.proposal.notice is not None
    number = course.standing.proposal.notice.number

    course.record(a_record("letter-failed", letter=number, on=course.today, reason="Gone away."), _clerk(course))

    assert course.standing.proposal.notice is None


def test_a_longer_monitoring_is_of_what_is_monitored() -> None:
    course = _active()
    course.record(a_record(**_adoption()), _named(course, "director-of-governance-1"))

    course.record(a_record("monitoring-extended", until="2027-01-05", reason="x"), _clerk(course))

    assert [one.monitoring_until for one in course.standing.active] == [date(2027, 1, 5), None]


ADOPTED: dict[str, tuple[dict[str, Any], str]] = {
    "a stage nobody knows": ({"stage": "stage-9"}, "stage-9 is no stage that restricts: stage-1, stage-2"),
    "advised before it was decided": ({"advised_on": "2025-11-30"}, "advised_on 2025-11-30 is before it was decided"),
    "commenced before it was decided": ({"commenced_at": "2025-11-30 09:00"}, "it commenced before it was decided"),
    "ended before it commenced": ({"provisional_end": "2025-12-01"}, "provisional_end 2025-12-01 is not after"),
    "decided tomorrow": ({"decided_on": "2026-02-01", "advised_on": "2026-02-01"}, "decided_on 2026-02-01 is still"),
    "reviewed too late": ({"review_on": "2026-08-01"}, "no later than every 6 months"),
    "a kind the stage does not allow": ({"measures": [{"terms": {"kind": "postal-replies"}}]}, "is not among what"),
}


@pytest.mark.parametrize(("changes", "words"), ADOPTED.values(), ids=ADOPTED)
def test_an_earlier_decision_is_brought_in_only_as_it_can_have_been(changes: dict[str, Any], words: str) -> None:
    course = _course()

    assert words in _refusal(course, _named(course, "director-of-governance-1"), **{**_adoption(), **changes})


def _adoption() -> dict[str, Any]:
    return {
        "kind": "adoption",
        "stage": "stage-2",
        "measures": [{"terms": TERMS[1]}],
        "decided_by": "x",
        "decided_by_title": "x",
        "decided_on": "2025-12-01",
        "advised_on": "2025-12-02",
        "source": "x",
        "commenced_at": "2025-12-03",
        "reasons": "x",
        "review_on": "2026-05-01",
    }


@pytest.mark.parametrize("who", ["director-of-governance-1", "head-of-audit-and-risk-1"])
def test_an_earlier_decision_is_brought_in_by_who_keeps_the_register(who: str) -> None:
    course = _course()

    assert course.record(a_record(**_adoption()), _named(course, who))
    assert course.standing.state is CaseState.ACTIVE


def test_an_earlier_decision_is_not_brought_in_by_somebody_else() -> None:
    course = _course()

    assert "earlier decisions are brought in by" in _refusal(course, _named(course, "director-1"), **_adoption())


def test_a_review_that_was_due_is_remarked_on_and_not_refused() -> None:
    course = _course()
    record = a_record(**{**_adoption(), "review_on": "2026-01-02"})

    _, remarks = admit(record, course.situation(_named(course, "director-of-governance-1")))

    assert [str(remark).partition(" [")[0] for remark in remarks] == ["the review was due on 2026-01-02"]


@pytest.mark.requirement("1.59")
@pytest.mark.parametrize("state", [MatterState.CLOSED, MatterState.EXHAUSTED])
def test_a_matter_without_a_final_position_is_remarked_on(state: MatterState) -> None:
    course = _course()
    matter = {"reference": "C-1", "title": "x", "state": state, "on": "2026-01-05", "reason": "x", "response": "x"}

    _, remarks = admit(a_record("matter", **matter), course.situation(_clerk(course)))

    assert any("final position" in remark.clause for remark in remarks)


def test_an_appeal_that_outlives_its_restrictions_can_be_decided() -> None:
    course = _active("003")
    reviewer = _named(course, "corporate-manager-1")
    appeal = a_record("appeal", on=course.today, account="x", channel="email", assigned_to="everything")
    assert isinstance(appeal, AppealReceived)
    assert course.record(appeal, _clerk(course))
    assert course.record(a_record("end", reason="x"), reviewer)

    vary = {"kind": "appeal-decision", "outcome": "vary", "reasons": "x", "measures": [{"terms": TERMS[1]}]}
    assert "no restriction is active" in _refusal(course, _named(course, "everything"), **vary)
    assert course.record(
        a_record("appeal-decision", outcome="uphold", reasons="x"), _named(course, "corporate-manager-elsewhere")
    )


def test_a_person_of_another_service_decides_an_appeal_and_nothing_else() -> None:
    course = _active("003")
    elsewhere = _named(course, "corporate-manager-elsewhere")
    course.record(
        a_record("appeal", on=course.today, account="x", channel="email", assigned_to=elsewhere.username),
        _clerk(course),
    )

    assert "belongs to roads" in _refusal(course, elsewhere, kind="end", reason="x")
    assert course.record(a_record("appeal-decision", outcome="overturn", reasons="x"), elsewhere)
    assert course.standing.state is CaseState.ENDED


@pytest.mark.parametrize("kind", ["incident", "referral", "action", "legal-hold", "owner"])
def test_a_closed_case_still_takes_what_happens(kind: str) -> None:
    course = _course(turns=3)
    course.record(a_record("closure", reason="x"), _clerk(course))
    records: dict[str, dict[str, Any]] = {
        "incident": {"at": course.now.isoformat(), "channel": "email", "categories": ["rudeness"], "account": "x"},
        "referral": {"account": "x"},
        "action": {"action": "note", "on": course.today, "words": "x"},
        "legal-hold": {"held": True, "reason": "x"},
        "owner": {"officer": "clerk", "service": "parks"},
    }

    assert course.record(a_record(kind, **records[kind]), _clerk(course))
    assert course.standing.state is (CaseState.REFERRED if kind == "referral" else CaseState.CLOSED)


def test_a_decision_late_in_the_evening_is_of_the_council_s_day() -> None:
    course = _proposed()
    course.now = course.now.replace(month=6, hour=23, minute=30)
    course.record(a_record("decision", verdict="approve", reasons="x"), _named(course, "director-1"))
    later = course.now + timedelta(hours=1)
    events = course.standing.case.events

    approved = replace(events[-1], number=len(events) + 1, at=later, record=a_record("activation", commences_at=later))
    found = standing(course.standing.case.with_event(approved))

    assert found.active[0].decided_on == course.now.date()
