"""What cases, officers and policies have due, under the policies as shipped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.period import Period
from policies.policy import Policy, Rule
from policies.vocabulary import Jurisdiction, LetterKind
from register.calendars import council_calendar
from register.casework.deadlines import Due, DueKind, at_expiry, deadlines, recomputed
from register.casework.deadlines_of_council import of_officers, of_policy
from register.casework.facts import Action, ActionKind, Fact, LegalHold, RiskAssessment
from register.casework.standing import standing
from register.casework.steps import (
    AppealDecided,
    AppealOutcome,
    Ended,
    MonitoringExtended,
    NoticeWaived,
    Referral,
    ReviewOutcome,
    Step,
)
from register.dates import day_of, start_of
from register.officers import Officers
from tests.unit.register.casework_builders import (
    DIRECTOR,
    HOPE,
    NOON,
    OFFICERS,
    REF,
    TODAY,
    At,
    a_case,
    a_closure,
    a_failure,
    a_letter,
    a_policy,
    a_property,
    a_proposal,
    a_review,
    an_activation,
    an_adoption,
    an_appeal,
    an_approval,
    an_incident,
    an_officer,
    an_owner,
    restricted,
)

CALENDAR = council_calendar(Jurisdiction.ENGLAND)
NAMES = ("000-unreasonable-actions", "001-two-stage", "002-monmouthshire", "003-pembrokeshire", "004-york")
POLICIES = {name[:3]: a_policy(name) for name in NAMES}
TWO_STAGE = POLICIES["001"]
EACH_POLICY = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
MONITORED = {"monitoring_until": date(2026, 9, 4)}


def due(*records: Fact | Step, at: At = NOON, policy: Policy = TWO_STAGE, officers: Officers = OFFICERS) -> list[Due]:
    """What a case has due that HOPE answers for."""
    case = a_case(an_owner(), *records, at=at)
    return list(deadlines(standing(case), policy, CALENDAR, officers))


def days(found: list[Due]) -> list[tuple[str, date]]:
    return [(item.kind.value, item.on) for item in found]


@EACH_POLICY
def test_a_restriction_has_a_review_and_a_provisional_end(policy: Policy) -> None:
    found = due(*restricted(), policy=policy)

    assert days(found) == [("review", date(2026, 9, 1)), ("provisional-end", date(2026, 9, 4))]
    assert [item.clause for item in found] == [policy.reviews.interval.clause, policy.at_expiry.clause]
    assert {item.owner for item in found} == {"hope"}


def test_restrictions_reviewed_on_the_same_day_are_one_review() -> None:
    found = due(*restricted(), an_adoption(review_on=date(2026, 9, 1)), an_adoption())

    reviews = [found for found in days(found) if found[0] == "review"]
    assert reviews == [("review", date(2026, 8, 1)), ("review", date(2026, 9, 1))]


def test_a_review_sets_the_next_one_and_moves_the_end() -> None:
    found = due(*restricted(), a_review(), a_letter(LetterKind.REVIEW_OUTCOME))

    assert days(found) == [("review", date(2027, 3, 1)), ("provisional-end", date(2027, 3, 4))]


@pytest.mark.requirement("1.47")
@pytest.mark.parametrize(("policy", "lapses"), [("001", True), ("002", False)], ids=["lapse", "continue"])
def test_past_its_provisional_end_a_restriction_does_as_the_policy_says_and_somebody_is_told(
    policy: str, *, lapses: bool
) -> None:
    case = standing(a_case(an_owner(), *restricted()))
    (arrangement,) = case.active

    stops_at = at_expiry(arrangement, POLICIES[policy])
    found = deadlines(case, POLICIES[policy], CALENDAR, OFFICERS)

    assert stops_at == (datetime(2026, 9, 3, 23, tzinfo=UTC) if lapses else None)  # midnight of summer time
    assert [item.on for item in found if item.kind is DueKind.PROVISIONAL_END] == [date(2026, 9, 4)]


def test_what_has_no_provisional_end_does_not_expire() -> None:
    (arrangement,) = standing(a_case(an_adoption())).active

    assert at_expiry(arrangement, TWO_STAGE) is None


@pytest.mark.requirement("1.81")
@pytest.mark.parametrize(
    ("reviewed_on", "due_on"),
    [
        pytest.param(date(2026, 3, 31), date(2026, 4, 13), id="easter"),
        pytest.param(date(2026, 12, 21), date(2027, 1, 4), id="christmas"),
    ],
)
@pytest.mark.parametrize("outcome", ReviewOutcome)
def test_the_outcome_of_a_review_is_told_within_seven_working_days(
    reviewed_on: date, due_on: date, outcome: ReviewOutcome
) -> None:
    review = a_review(on=reviewed_on, outcome=outcome)

    (letter,) = [item for item in due(*restricted(), review) if item.kind is DueKind.OUTCOME_LETTER]
    after_the_letter = due(*restricted(), review, a_letter(LetterKind.REVIEW_OUTCOME))

    assert (letter.basis, letter.on) == (reviewed_on, due_on)
    assert "7 working days" in letter.clause
    assert "outcome-letter" not in dict(days(after_the_letter))


def test_where_no_time_is_given_the_outcome_is_told_on_the_day_of_the_review() -> None:
    found = due(*restricted(), a_review(on=date(2026, 3, 31)), policy=POLICIES["002"])

    assert ("outcome-letter", date(2026, 3, 31)) in days(found)


@pytest.mark.requirement("0.1")
def test_a_closure_added_later_moves_a_letter_that_is_due_by_one_working_day() -> None:
    review = a_review(on=date(2026, 12, 21))
    (letter,) = [item for item in due(*restricted(), review) if item.kind is DueKind.OUTCOME_LETTER]

    moved = recomputed(letter, CALENDAR.without([date(2026, 12, 24), date(2026, 12, 27)]))  # the 27th is a Sunday

    assert (letter.on, moved.on) == (date(2027, 1, 4), date(2027, 1, 5))
    assert replace(moved, on=letter.on) == letter


def test_a_day_that_somebody_set_stays_whatever_closes() -> None:
    (review, _end) = due(*restricted())

    assert recomputed(review, CALENDAR.without([review.on])) == review


@pytest.mark.requirement("1.85")
def test_the_end_of_monitoring_asks_for_a_review_and_a_letter() -> None:
    found = due(*restricted(**MONITORED))

    assert ("monitoring-end", date(2026, 9, 4)) in days(found)
    assert ("outcome-letter", date(2026, 9, 15)) in days(found)


@pytest.mark.parametrize(
    ("reviewed_on", "settles"),
    [
        pytest.param(date(2026, 9, 3), False, id="the-day-before"),
        pytest.param(date(2026, 9, 4), True, id="the-day"),
    ],
)
def test_only_a_review_once_it_is_over_ends_the_monitoring(reviewed_on: date, *, settles: bool) -> None:
    found = due(*restricted(**MONITORED), a_review(on=reviewed_on), a_letter(LetterKind.REVIEW_OUTCOME))

    assert ("monitoring-end" not in dict(days(found))) is settles
    assert ("outcome-letter" not in dict(days(found))) is settles


def test_longer_monitoring_moves_its_end_and_asks_for_a_new_letter() -> None:
    longer = MonitoringExtended(until=date(2026, 12, 4), reason="Still forty letters a week.")

    found = due(*restricted(**MONITORED), longer)
    told = due(*restricted(**MONITORED), longer, a_letter(LetterKind.STAGE_1))

    assert ("monitoring-end", date(2026, 12, 4)) in days(found)
    assert ("notice", TODAY) in days(found)
    assert "notice" not in dict(days(told))


@pytest.mark.parametrize(
    ("records", "letter"),
    [
        pytest.param((*restricted(), Ended(reason="Moved away.")), LetterKind.REVIEW_OUTCOME, id="ended"),
        pytest.param(
            (*restricted(), an_appeal(), AppealDecided(outcome=AppealOutcome.OVERTURN, reasons="Right.")),
            LetterKind.APPEAL_OUTCOME,
            id="overturned",
        ),
        pytest.param(
            (a_proposal(), an_approval(), NoticeWaived(reason="Violence."), an_activation()),
            LetterKind.DECISION,
            id="without-warning",
        ),
    ],
)
def test_nobody_is_left_to_find_out_what_was_decided(records: tuple[Step, ...], letter: LetterKind) -> None:
    owed = due(*records, policy=POLICIES["003"])
    told = due(*records, a_letter(letter), policy=POLICIES["003"])

    assert ("notice", TODAY) in days(owed)
    assert "notice" not in dict(days(told))


def test_two_decisions_of_a_day_are_told_in_one_letter() -> None:
    longer = MonitoringExtended(until=date(2026, 12, 4), reason="Still forty letters a week.")

    found = due(*restricted(**MONITORED), longer, Ended(reason="Moved away."))

    assert days(found) == [("notice", TODAY)]


def test_a_letter_that_came_back_is_issued_again_and_has_told_nothing() -> None:
    records = (*restricted(), a_review(), a_letter(LetterKind.REVIEW_OUTCOME))

    returned = due(*records, a_failure(7, on=date(2026, 3, 10)))
    reissued = due(*records, a_failure(7), a_letter(LetterKind.REVIEW_OUTCOME))
    another = due(*records, a_failure(7), a_letter(LetterKind.HOW_TO_REQUEST_SERVICES))

    assert ("undelivered-letter", date(2026, 3, 10)) in days(returned)
    assert "outcome-letter" in dict(days(returned))
    assert "undelivered-letter" not in dict(days(reissued))
    assert "undelivered-letter" in dict(days(another))


def test_an_open_appeal_is_for_whom_it_was_assigned_to() -> None:
    (appeal,) = [item for item in due(*restricted(), an_appeal()) if item.kind is DueKind.APPEAL]

    assert (appeal.on, appeal.owner) == (TODAY, "dee")


def test_a_property_needs_an_assessment_until_it_has_one_and_again_once_that_expires() -> None:
    assessed = RiskAssessment(on=date(2026, 3, 2), by="Sam Surveyor", outcome="Two officers.")

    assert days(due(a_property())) == [("risk-assessment", TODAY)]
    assert days(due(a_property(), assessed)) == [("risk-assessment", date(2027, 3, 2))]
    assert days(due(a_property(), assessed, a_property(uprn="100"))) == [("risk-assessment", date(2027, 3, 2))]
    assert days(due(a_property(), assessed, a_property(address="2 Low Road"))) == [("risk-assessment", TODAY)]
    assert not due(a_property(), policy=POLICIES["004"])


@pytest.mark.parametrize(
    ("action", "on", "settles"),
    [
        pytest.param(ActionKind.POLICE_REPORT, TODAY, True, id="reported"),
        pytest.param(ActionKind.POLICE_NOT_TOLD, TODAY, True, id="not-told-and-why"),
        pytest.param(ActionKind.POLICE_REPORT, date(2026, 3, 3), False, id="an-earlier-threat-was"),
        pytest.param(ActionKind.NOTE, TODAY, False, id="a-note"),
    ],
)
def test_a_confirmed_threat_goes_to_the_police(action: ActionKind, on: date, *, settles: bool) -> None:
    threat = an_incident(threat=True)

    found = due(threat, Action(action=action, on=on, words="Rang 101.", reference="NYP-1"))

    assert found == [] if settles else days(found) == [("police-report", TODAY)]
    assert not due(threat, policy=POLICIES["002"])


@pytest.mark.requirement("1.54")
@pytest.mark.parametrize(
    "officers",
    [
        pytest.param(Officers((replace(HOPE, active=False), DIRECTOR)), id="left"),
        pytest.param(Officers((DIRECTOR,)), id="unknown"),
        pytest.param(Officers((replace(DIRECTOR, username="joe", active=False), DIRECTOR)), id="a-keeper-left-as-well"),
    ],
)
def test_a_case_whose_owner_has_left_alarms_whoever_keeps_the_register(officers: Officers) -> None:
    found = due(*restricted(), officers=officers)

    assert [(item.on, item.owner) for item in found if item.kind is DueKind.OWNER] == [(TODAY, "dee")]
    assert {item.owner for item in found if item.kind is not DueKind.OWNER} == {None}
    assert "owner" not in dict(days(due(*restricted())))


@pytest.mark.parametrize("record", [a_property(), Referral(account="Please look at this.")], ids=["place", "referral"])
def test_a_case_that_nobody_ever_owned_alarms(record: Fact | Step) -> None:
    case = standing(a_case(record))

    found = deadlines(case, POLICIES["004"], CALENDAR, Officers())

    assert [item.kind for item in found] == [DueKind.OWNER]


def test_a_case_with_nothing_active_or_open_has_nothing_due() -> None:
    assert not due(an_incident())
    assert not due(*restricted(), a_review(outcome=ReviewOutcome.REMOVE), a_letter(LetterKind.REVIEW_OUTCOME))
    assert not deadlines(standing(a_case(an_incident())), TWO_STAGE, CALENDAR, OFFICERS)


@pytest.mark.requirement("2.39")
@pytest.mark.parametrize(
    ("policy", "erased_from"),
    [
        pytest.param("001", date(2027, 9, 7), id="activity-restarts-it"),
        pytest.param("002", date(2027, 3, 4), id="a-year-after-closure-whatever-happens"),
    ],
)
def test_a_closed_case_may_be_erased_after_a_year(policy: str, erased_from: date) -> None:
    later = datetime(2026, 9, 7, 9, tzinfo=UTC)

    quiet = due(*restricted(), a_closure(), policy=POLICIES[policy])
    active = due(
        *restricted(), a_closure(), an_incident(later), at={7: later + timedelta(days=9)}, policy=POLICIES[policy]
    )

    assert days(quiet) == [("retention", date(2027, 3, 4))]
    assert days(active) == [("retention", erased_from)]


def test_what_came_to_light_after_closure_but_happened_before_restarts_nothing() -> None:
    found = due(a_closure(), an_incident(NOON - timedelta(days=30)), at=NOON + timedelta(days=5))

    assert days(found) == [("retention", date(2027, 3, 9))]


def test_a_case_is_erased_by_the_keeper_of_the_information_and_never_while_it_is_held() -> None:
    keeper = an_officer("ivy", roles=frozenset({"head-of-audit-and-risk"}))

    (retention,) = due(a_closure(), officers=Officers((HOPE, keeper)))

    assert retention.owner == "ivy"
    assert not due(a_closure(), LegalHold(held=True, reason="A claim."))
    assert due(a_closure(), LegalHold(held=True, reason="A claim."), LegalHold(held=False, reason="Settled."))


def test_what_is_adopted_into_a_closed_case_is_reviewed_all_the_same() -> None:
    assert ("review", date(2026, 8, 1)) in days(due(a_closure(), an_adoption()))


LASTS_A_YEAR: Rule[Period] = Rule(value=Period.parse("1 year"), clause="Training", since=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("officer", "expected"),
    [
        pytest.param(an_officer(trained_on=date(2024, 2, 29)), [date(2025, 2, 28)], id="expires"),
        pytest.param(an_officer(), [TWO_STAGE.training.needed.since], id="never-trained"),
        pytest.param(an_officer(active=False), [], id="has-left"),
    ],
)
def test_officers_are_trained_and_trained_again(officer: Any, expected: list[date]) -> None:  # noqa: ANN401 - an Officer
    policy = replace(TWO_STAGE, training=replace(TWO_STAGE.training, lasts=LASTS_A_YEAR))

    found = of_officers(Officers((officer,)), policy, CALENDAR)

    assert [(item.on, item.ref, item.owner) for item in found] == [(on, "hope", "hope") for on in expected]


def test_training_that_lasts_for_ever_is_never_due_again() -> None:
    assert not of_officers(Officers((an_officer(trained_on=date(2019, 1, 1)),)), TWO_STAGE, CALENDAR)


@pytest.mark.requirement("2.3")
def test_a_policy_is_overdue_from_its_own_review_date() -> None:
    (review,) = of_policy(POLICIES["002"], CALENDAR)

    assert (review.on, review.ref) == (date(2019, 4, 30), "002-monmouthshire")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param({"revised": date(2018, 4, 1)}, [date(2019, 4, 30)], id="revised-before-its-review-date"),
        pytest.param({"revised": date(2024, 2, 29)}, [date(2027, 2, 28)], id="revised-since"),
        pytest.param({"review_date": None, "dated": "2020-07-01"}, [date(2023, 7, 1)], id="dated-to-the-day"),
        pytest.param({"review_date": None}, [], id="dated-in-words"),
    ],
)
def test_the_review_of_a_policy_counts_from_its_last_revision(document: dict[str, Any], expected: list[date]) -> None:
    policy = POLICIES["002"]

    found = of_policy(replace(policy, document=replace(policy.document, **document)), CALENDAR)

    assert [item.on for item in found] == expected


moments = st.integers(min_value=-900, max_value=900).map(lambda gap: NOON + timedelta(days=gap))
some_days = moments.map(day_of)
records = st.one_of(
    st.builds(an_incident, moments, threat=st.booleans()),
    st.builds(a_proposal, review_on=some_days, provisional_end=some_days, monitoring_until=st.none() | some_days),
    st.builds(an_adoption, review_on=some_days, provisional_end=st.none() | some_days),
    st.builds(a_review, some_days, st.sampled_from(ReviewOutcome)),
    st.builds(a_letter, st.sampled_from(LetterKind), some_days),
    st.builds(a_failure, st.integers(min_value=1, max_value=20), some_days),
    st.builds(MonitoringExtended, until=some_days, reason=st.just("Longer.")),
    st.builds(an_appeal, some_days),
    st.builds(an_activation, moments),
    st.sampled_from([an_approval(), a_closure(), an_owner(), a_property(), Ended(reason="Over.")]),
    st.just(Referral(account="Please look at this.")),
)


@given(recorded=st.lists(records, max_size=25), at=moments, policy=st.sampled_from(list(POLICIES.values())))
def test_any_case_can_be_read_and_a_closed_one_waits_only_to_be_erased(
    recorded: list[Fact | Step], at: datetime, policy: Policy
) -> None:
    case = standing(a_case(*recorded, at=at))

    found = deadlines(case, policy, CALENDAR, OFFICERS)

    assert {item.ref for item in found} <= {REF}
    assert list(found) == sorted(found, key=lambda item: item.on)
    assert len({(item.kind, item.basis) for item in found}) == len(found)
    over = case.closed is not None and not case.active
    assert over == ([item.kind for item in found] == [DueKind.RETENTION])
    assert all(recomputed(item, CALENDAR) == item for item in found)


@given(recorded=st.lists(records, max_size=25), policy=st.sampled_from(list(POLICIES.values())))
def test_no_restriction_goes_on_or_off_without_a_review_owed(recorded: list[Fact | Step], policy: Policy) -> None:
    case = standing(a_case(*recorded))

    found = {(item.kind, item.on) for item in deadlines(case, policy, CALENDAR, OFFICERS)}

    for arrangement in case.active:
        assert (DueKind.REVIEW, arrangement.review_on) in found
        if arrangement.provisional_end is not None:
            assert (DueKind.PROVISIONAL_END, arrangement.provisional_end) in found
            assert at_expiry(arrangement, policy) in {None, start_of(arrangement.provisional_end)}
