"""What is in force is changed, appealed and brought in without going round what a new restriction has to go through."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from register.casework.deadlines import DueKind, deadlines
from register.casework.gates import admit
from register.casework.refusal import RefusedError
from register.casework.standing import standing, with_event
from register.officers import Officer
from tests.unit.register.casework.courses import ORDERLY, POLICIES, TERMS, Course
from tests.unit.register.casework.strategies import a_record


def _active(policy: str = "003") -> Course:
    course = Course(POLICIES[policy])
    for _ in range(30):
        if course.standing.active:
            return course
        course.take(ORDERLY)
    raise AssertionError


def _adopted(course: Course) -> dict[str, Any]:
    yesterday = course.in_days(-1)
    return {
        "kind": "adoption",
        "stage": next(key for key, stage in course.policy.stages.items() if stage.restricts),
        "measures": [{"terms": TERMS[0]}],
        "decided_by": "A. Director",
        "decided_by_title": "Director",
        "decided_on": yesterday,
        "advised_on": yesterday,
        "commenced_at": f"{yesterday}T09:00",
        "reasons": "As the file says.",
        "review_on": course.in_days(60),
        "source": "register.xlsx",
    }


def _amended(course: Course) -> dict[str, Any]:
    return {
        "kind": "review",
        "on": course.today,
        "considerations": "Still forty letters a week.",
        "outcome": "amend",
        "subject_matter": "The hedge.",
        "ends_on": course.in_days(100),
        "review_on": course.in_days(90),
        "measures": [{"terms": TERMS[0]}],
    }


def _officer(course: Course, *roles: str, but: frozenset[str] = frozenset()) -> Officer:
    able = (
        one for one in course.officers.everyone if one.active and one.service == "parks" and one.username not in but
    )
    return next(one for one in able if one.holds(roles))


def _owed(course: Course) -> set[DueKind]:
    found = deadlines(course.standing, course.policy, course.calendar, course.officers)
    return {due.kind for due in found}


def _refusal(course: Course, who: Officer, fields: dict[str, Any]) -> str:
    with pytest.raises(RefusedError) as refused:
        admit(a_record(**fields), course.situation(who))
    return str(refused.value)


@pytest.mark.requirement("3.33")
def test_an_amendment_at_a_stage_that_is_no_more_is_refused() -> None:
    course = _active()
    reviewer = _officer(course, *course.policy.reviews.decided_by.value)
    gone = course.standing.active[-1].stage
    course.policy = replace(
        course.policy, stages={key: stage for key, stage in course.policy.stages.items() if key != gone}
    )

    words = _refusal(course, reviewer, _amended(course))

    assert f"{gone} is no stage of" in words


@pytest.mark.requirement("1.1")
def test_what_was_brought_in_is_amended_only_after_the_person_s_needs_were_considered() -> None:
    course = Course(POLICIES["001"])
    keeper = _officer(course, *course.policy.keepers.value)
    reviewer = _officer(course, *course.policy.reviews.decided_by.value)
    assert course.record(a_record(**_adopted(course)), keeper)

    before = _refusal(course, reviewer, _amended(course))
    check = a_record("equality-check", on=course.today, considered="Asked.", adjustments="None.")

    assert "no equality check" in before
    assert course.record(check, reviewer)
    assert course.record(a_record(**_amended(course)), reviewer)


def test_an_earlier_decision_waits_for_somebody_else_to_hold_it_against_the_file() -> None:
    course = Course(POLICIES["001"])
    keeper = _officer(course, *course.policy.keepers.value)
    other = _officer(course, *course.policy.reviews.decided_by.value, but=frozenset({keeper.username}))
    assert course.record(a_record(**_adopted(course)), keeper)
    adoption = course.standing.case.version
    confirmed: dict[str, Any] = {"kind": "adoption-confirmed", "adoption": adoption, "seen": "The letter of March."}
    waiting = _owed(course)

    by_the_same = _refusal(course, keeper, confirmed)
    of_another = _refusal(course, other, {**confirmed, "adoption": 99})
    assert course.record(a_record(**confirmed), other)

    assert DueKind.ADOPTION in waiting
    assert "somebody else holds it against the file" in by_the_same
    assert "record 99 brings in no earlier decision" in of_another
    assert DueKind.ADOPTION not in _owed(course)
    assert "has been confirmed already" in _refusal(course, other, confirmed)


def test_only_who_answers_for_decisions_confirms_an_earlier_one() -> None:
    course = Course(POLICIES["001"])
    keeper = _officer(course, *course.policy.keepers.value)
    clerk = next(one for one in course.officers.everyone if one.active and not one.roles and one.service == "parks")
    assert course.record(a_record(**_adopted(course)), keeper)

    words = _refusal(course, clerk, {"kind": "adoption-confirmed", "adoption": 1, "seen": "The letter of March."})

    assert "confirming an earlier decision is for" in words


@pytest.mark.requirement("3.38")
@pytest.mark.parametrize("change", ["review", "end"])
def test_who_decided_does_not_decide_the_appeal_because_of_what_was_recorded_since(change: str) -> None:
    course = _active()
    decider = course.officers.named(course.standing.active[0].decided_by[0])
    assert decider is not None
    other = _officer(course, *course.policy.reviews.decided_by.value, but=frozenset({decider.username}))
    appeal = a_record("appeal", on=course.today, account="Unfair.", channel="letter", assigned_to=other.username)
    since = a_record(**_amended(course)) if change == "review" else a_record("end", reason="Lifted.")
    assert course.record(appeal, other)
    course.now += timedelta(hours=1)
    assert course.record(since, other)

    words = _refusal(course, decider, {"kind": "appeal-decision", "outcome": "uphold", "reasons": "As before."})

    assert "somebody else looks at it again" in words


def test_a_decision_of_today_is_proposed_and_not_brought_in() -> None:
    course = Course(POLICIES["001"])
    keeper = _officer(course, *course.policy.keepers.value)
    today = {"decided_on": course.today, "advised_on": course.today, "commenced_at": course.now.isoformat()}

    words = _refusal(course, keeper, {**_adopted(course), **today})

    assert "is not before the register had the case" in words


def test_a_decision_since_the_case_was_opened_is_proposed_and_not_brought_in() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY])
    course.now += timedelta(days=30)
    keeper = _officer(course, *course.policy.keepers.value)

    words = _refusal(course, keeper, _adopted(course))

    assert "is not before the register had the case" in words


def test_nothing_takes_effect_before_it_is_recorded_not_even_earlier_that_day() -> None:
    course = Course(POLICIES["003"])
    while course.standing.proposal is None or course.standing.proposal.notice is None:
        course.take(ORDERLY)
    midnight = a_record("activation", commences_at=f"{course.today}T00:00")

    assert course.record(midnight, course.officers.everyone[0])

    assert course.standing.active[0].commenced_at == course.now


@pytest.mark.parametrize("policy", POLICIES)
def test_one_more_record_stands_as_if_all_were_read_again(policy: str) -> None:
    case = Course(POLICIES[policy]).taken([ORDERLY] * 20).standing.case
    stands = standing(replace(case, events=()))

    for event in case.events:
        stands = with_event(stands, event)

    assert stands == standing(case)
