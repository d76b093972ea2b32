"""A policy is told line by line, and two are compared value by value."""

from datetime import date

import pytest

from policies import shelf
from policies.telling import Line, differences, lines
from tests.unit.policies.conftest import Changed

HINDERS = "Contact that hinders the delivery of services; Nature or frequency of contact; severity 1; needs effect"
CHANGED_TWICE = """\
four_eyes:
  - {from: 2024-01-01, value: true, clause: '"as adopted"'}
  - {from: 2025-01-01, value: true, clause: '"in other words"'}
  - {from: 2026-01-01, value: false, clause: '"otherwise"'}"""


@pytest.mark.parametrize(
    ("number", "place", "value"),
    [
        ("001", "reviews.interval", "6 months"),
        ("001", "stages.stage-1.approvers", "head-of-service or director"),
        ("004", "stages.escalation.approvers", "head-of-legal-services and chief-strategy-officer"),
        ("001", "referrers", "none"),
        ("001", "four_eyes", "yes"),
        ("001", "categories.threats", "Threats; Unreasonable contact; severity 3; a score may suggest it"),
        ("004", "categories.excessive-calls", "Excessive telephone calls; Contact; severity 1"),
        ("000", "categories.hinders-services", HINDERS),
        ("001", "ombudsman.telephone", "0300 061 0614"),
        ("002", "ombudsman.name.cy", "Ombwdsmon Gwasanaethau Cyhoeddus Cymru"),
        ("001", "letters.decision.reasons", "required"),
        ("004", "reporting.York, hate crime", "https://york.gov.uk/HateCrime"),
        ("002", "excluded_services.Schools", "yes"),
        ("002", "document.review_frequency", "3 years"),
        ("002", "document.review_date", "2019-04-30"),
        ("004", "roles.manager", "a manager"),
    ],
)
def test_each_value_is_told_where_it_stands(number: str, place: str, value: str) -> None:
    told = {line.place: line.value for line in lines(shelf.find(number).newest)}

    assert told[place] == value


def test_a_value_is_told_with_its_clause_and_since_when(changed: Changed) -> None:
    line = next(line for line in lines(changed().newest) if line.place == "four_eyes")

    assert line == Line(place="four_eyes", value="yes", clause='"g"', since=date(2024, 1, 1))
    assert line.section == "four_eyes"


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_no_two_lines_of_a_policy_stand_at_the_same_place(number: str) -> None:
    places = [line.place for line in lines(shelf.find(number).newest)]

    assert len(places) == len(set(places))


def test_two_versions_differ_in_values_and_in_clauses(changed: Changed) -> None:
    history = changed(four_eyes=CHANGED_TWICE)
    first, second, third = (policy for _, policy in history.versions)

    (reworded,) = differences(first, second)
    (altered,) = differences(second, third)

    assert reworded.before is not None
    assert reworded.after is not None
    assert (reworded.place, reworded.before.clause, reworded.after.clause) == (
        *("four_eyes", '"as adopted"'),
        '"in other words"',
    )
    assert altered.after is not None
    assert altered.after.value == "no"
    assert differences(first, first) == ()


def test_two_policies_differ_in_values_and_not_in_wording() -> None:
    one, other = shelf.find("001").newest, shelf.find("003").newest

    found = {difference.place: difference for difference in differences(one, other)}

    assert {"reviews.interval", "appeals.rule", "stages.stage-2.approvers", "stages.reminder.letter"} <= found.keys()
    assert found["stages.stage-2.approvers"].after is None
    assert found["stages.reminder.letter"].before is None
    assert "equality_check" not in found  # both want it, each in its own words
