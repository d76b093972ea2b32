"""A policy changes, and what was decided under the old one still shows the old one."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.reading import NotInForceError
from tests.unit.policies.conftest import Changed

FIRST = date(2024, 1, 1)
TWICE = """\
four_eyes:
  - {from: 2024-01-01, value: true, clause: '"as adopted"'}
  - {from: 2026-04-01, value: false, clause: '"as changed"'}"""


@pytest.mark.requirement("1.6")
def test_a_changed_rule_makes_a_version_and_the_old_one_keeps_its_value(changed: Changed) -> None:
    history = changed(four_eyes=TWICE)

    assert [policy.version for _, policy in history.versions] == ["a-council@2024-01-01", "a-council@2026-04-01"]
    old, new = history.on(date(2026, 3, 31)), history.on(date(2026, 4, 1))
    assert (old.four_eyes.value, old.four_eyes.clause, old.four_eyes.since) == (True, '"as adopted"', FIRST)
    assert (new.four_eyes.value, new.four_eyes.since) == (False, date(2026, 4, 1))
    assert new.keepers.since == FIRST
    assert history.version("a-council@2024-01-01") is old
    assert history.newest is new
    assert history.version("a-council@2025-01-01") is None


def test_nothing_is_decided_before_the_policy_is_in_force(changed: Changed) -> None:
    with pytest.raises(
        NotInForceError, match="in force from 2024-01-01: nothing can be decided under it on 2023-12-31"
    ):
        changed().on(date(2023, 12, 31))


def test_a_clause_is_cited_with_the_version_it_belongs_to(changed: Changed) -> None:
    policy = changed().newest

    assert policy.cite(policy.four_eyes.clause) == 'a-council@2024-01-01, "g"'


def test_an_optional_rule_comes_and_goes(changed: Changed) -> None:
    history = changed(
        police_reference="""\
police_reference: {value: true, clause: '"x"'}
risk_assessment_lasts:
  - {from: 2025-01-01, value: 1 year, clause: '"y"'}
  - {from: 2026-01-01, value: null, clause: '"withdrawn"'}"""
    )

    lasting = [policy.risk_assessment_lasts for _, policy in history.versions]

    assert [str(rule.value) if rule else None for rule in lasting] == [None, "1 year", None]


def test_what_is_no_rule_changes_by_its_value_alone(changed: Changed) -> None:
    history = changed(
        council="council: [{from: 2024-01-01, value: Old Council}, {from: 2025-01-01, value: New Council}]",
        protected="""\
protected:
  - {from: 2024-01-01, value: []}
  - {from: 2025-01-01, value: [{name: The police, clause: '"z"'}]}""",
    )

    assert [policy.council for _, policy in history.versions] == ["Old Council", "New Council"]
    assert [len(policy.protected) for _, policy in history.versions] == [0, 1]


def test_a_whole_section_changes_and_its_rules_hold_from_that_day(changed: Changed) -> None:
    history = changed(
        training="""\
training:
  - {from: 2024-01-01, needed: {value: false, clause: '"a"'}}
  - {from: 2025-01-01, needed: {value: true, clause: '"b"'}, lasts: {value: 2 years, clause: '"c"'}}"""
    )

    needed = [policy.training.needed for _, policy in history.versions]

    assert [(rule.value, rule.since) for rule in needed] == [(False, FIRST), (True, date(2025, 1, 1))]


@given(days=st.sets(st.integers(1, 4000), max_size=6), asked=st.integers(0, 4100))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_version_of_a_day_is_the_latest_that_is_not_after_it(changed: Changed, days: set[int], asked: int) -> None:
    starts = [FIRST, *(FIRST + timedelta(days=number) for number in sorted(days))]
    items = ", ".join(f"{{from: {start}, value: 'since {start}', clause: '\"h\"'}}" for start in reversed(starts))
    history = changed(definitions=f"definitions: [{items}]")
    day = FIRST + timedelta(days=asked)

    policy = history.on(day)

    latest = max(start for start in starts if start <= day)
    assert policy.version == f"a-council@{latest}"
    assert policy.definitions.value == f"since {latest}"
    assert policy.definitions.since == latest
    assert [since for since, _ in history.versions] == starts
    assert all(earlier < later for earlier, later in pairwise(since for since, _ in history.versions))
