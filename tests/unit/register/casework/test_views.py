"""A case as each officer may see it: needs only where they must be known, the timeline, who reviewed, under what."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from policies.vocabulary import AtExpiry
from register.casework.views import HIDDEN, case_view
from register.officers import Officer
from tests.unit.register.casework.courses import ORDERLY, POLICIES, Course, Turn
from tests.unit.register.casework.strategies import a_record

NEED = "He has lived through a fire."
CONSIDERED = "He was asked about his condition."
ADJUSTMENT = "Nobody calls after dark."


def _with_a_need() -> Course:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    clerk = course.officers.everyone[0]
    course.record(a_record("need", need=NEED, adjustment=ADJUSTMENT, agency="Fire service"), clerk)
    course.record(a_record("equality-check", on=course.today, considered=CONSIDERED, adjustments=ADJUSTMENT), clerk)
    course.record(a_record("owner", officer="head-of-service-1", service="parks"), clerk)
    assert course.standing.active
    return course


def _seen(course: Course, reader: Officer) -> dict[str, Any]:
    return case_view(course.standing, course.policy, reader=reader, now=course.now)


def _reader(course: Course, username: str) -> Officer:
    found = course.officers.named(username)
    assert found is not None
    return found


MUST_KNOW = {
    "who owns it": ("head-of-service-1", True),
    "who decides in the service": ("director-2", True),
    "who keeps the register": ("director-of-governance-1", True),
    "who answers for the register": ("head-of-audit-and-risk-1", True),
    "the point of contact": ("spoc", True),
    "who decides in another service": ("director-elsewhere", False),
    "anybody": ("clerk", False),
}


@pytest.mark.requirement("1.2")
@pytest.mark.parametrize(("username", "sees"), MUST_KNOW.values(), ids=MUST_KNOW)
def test_a_need_is_shown_to_those_who_must_know_it(username: str, *, sees: bool) -> None:
    course = _with_a_need()
    told = json.dumps(_seen(course, _reader(course, username)), ensure_ascii=False)

    assert (NEED in told) is sees
    assert (CONSIDERED in told) is sees
    assert ("Fire service" in told) is sees
    assert (HIDDEN in told) is not sees


@pytest.mark.requirement("1.1")
@pytest.mark.parametrize("username", ["clerk", "director-elsewhere"])
def test_the_adjustment_is_shown_to_everybody_who_may_have_to_make_it(username: str) -> None:
    course = _with_a_need()

    assert ADJUSTMENT in json.dumps(_seen(course, _reader(course, username)))


@pytest.mark.requirement("1.7")
def test_the_timeline_tells_incidents_where_they_happened() -> None:
    course = Course(POLICIES["001"])
    clerk = course.officers.everyone[0]
    for days in (3, 9, 1):
        at = (course.now - timedelta(days=days)).isoformat()
        course.record(
            a_record("incident", at=at, channel="telephone", categories=["rudeness"], account=f"{days} days ago"), clerk
        )
    course.record(a_record("referral", account="today"), clerk)

    timeline = _seen(course, clerk)["timeline"]

    assert [told["account"] for told in timeline] == ["9 days ago", "3 days ago", "1 days ago", "today"]
    assert [told["number"] for told in timeline] == [2, 1, 3, 4]


@pytest.mark.requirement("1.50")
def test_who_reviewed_stays_on_record_with_the_title_of_then() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    review = {"on": course.today, "considerations": "x", "outcome": "extend", "subject_matter": "x"}
    ends = {"ends_on": course.in_days(120), "review_on": course.in_days(100)}
    first = replace(_reader(course, "director-1"), name="Dana Director", job_title="Director of Place")
    second = replace(_reader(course, "director-2"), name="Drew Director", job_title="Director of Housing")

    assert course.record(a_record("review", **review, **ends), first)
    assert course.record(a_record("review", **review, **ends), second)
    promoted = replace(first, job_title="Chief Executive")

    told = [told["by"] for told in _seen(course, promoted)["timeline"] if told["kind"] == "review"]
    assert told == [
        {"officer": "director-1", "name": "Dana Director", "job_title": "Director of Place"},
        {"officer": "director-2", "name": "Drew Director", "job_title": "Director of Housing"},
    ]


@pytest.mark.requirement("1.6")
def test_what_was_recorded_under_an_earlier_version_still_cites_it() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    before = course.policy.version
    course.policy = replace(course.policy, version="001-two-stage@2030-01-01")
    clerk = course.officers.everyone[0]
    course.record(a_record("referral", account="Under the new one."), clerk)

    seen = _seen(course, clerk)

    assert {told["policy"] for told in seen["timeline"][:-1]} == {before}
    assert seen["timeline"][-1]["policy"] == "001-two-stage@2030-01-01"
    assert seen["restrictions"][0]["policy"] == before


@pytest.mark.requirement("1.52")
def test_who_recorded_a_risk_assessment_is_told_beside_who_made_it() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    clerk = course.officers.everyone[0]
    course.record(a_record("property", address="4 Quarry Bank", postcode="ZZ9 9ZZ"), clerk)
    course.record(a_record("risk-assessment", on=course.today, by="Parks", outcome="Go in pairs."), clerk)

    told = _seen(course, clerk)["timeline"][-1]

    assert (told["by"]["name"], told["assessed_by"]) == (clerk.name, "Parks")


STATES = {"before it commences": (-1, "not yet commenced"), "after": (1, "in force"), "long after": (5000, "expired")}


@pytest.mark.requirement("1.47")
@pytest.mark.parametrize(("hours", "state"), STATES.values(), ids=STATES)
def test_how_a_restriction_stands(hours: int, state: str) -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    (active,) = course.standing.active
    now = active.commenced_at + timedelta(hours=hours)

    seen = case_view(course.standing, course.policy, reader=course.officers.everyone[0], now=now)

    assert seen["restrictions"][0]["state"].startswith(state)


@pytest.mark.requirement("1.47")
def test_a_restriction_that_goes_on_past_its_provisional_end_is_shown_as_in_force() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    goes_on = replace(course.policy.at_expiry, value=AtExpiry.CONTINUE)
    course.policy = replace(course.policy, at_expiry=goes_on)
    course.now += timedelta(days=500)

    seen = _seen(course, course.officers.everyone[0])

    assert seen["restrictions"][0]["state"] == "in force, past its provisional end"


def test_a_restriction_that_rests_while_it_is_appealed_is_not_shown_as_in_force() -> None:
    course = Course(POLICIES["003"])
    while not course.standing.active:
        course.take(ORDERLY)
    paused = replace(course.policy.appeals, paused=replace(course.policy.appeals.paused, value=True))
    course.policy = replace(course.policy, appeals=paused)
    appeal = a_record("appeal", on=course.today, account="Unfair.", channel="letter", assigned_to="clerk")
    assert course.record(appeal, course.officers.everyone[0])

    seen = _seen(course, course.officers.everyone[0])

    assert seen["restrictions"][0]["state"] == "resting while it is appealed"


def test_an_ended_restriction_is_shown_as_ended() -> None:
    course = Course(POLICIES["001"]).taken([ORDERLY] * 8)
    course.record(a_record("end", reason="Enough."), _reader(course, "director-1"))

    seen = _seen(course, course.officers.everyone[0])

    assert seen["state"] == "ended"
    assert [told["state"] for told in seen["restrictions"]] == ["ended"]


def test_a_view_is_plain_data_after_any_course() -> None:
    for policy in POLICIES.values():
        course = Course(policy)
        for move in range(60):
            course.take(Turn(move=move % 25 if move % 2 else 0, who=0, spoilt=0, hours=24))
            told = _seen(course, course.officers.everyone[0])
            assert json.loads(json.dumps(told)) == told
