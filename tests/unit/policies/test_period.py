"""A period is read from the words that policies use, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.period import Period, Unit


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("6 months", Period(6, Unit.MONTHS)),
        ("1 year", Period(1, Unit.YEARS)),
        ("7 working days", Period(7, Unit.WORKING_DAYS)),
        (" 2 weeks ", Period(2, Unit.WEEKS)),
        ("1 day", Period(1, Unit.DAYS)),
    ],
)
def test_a_period_is_read(words: str, period: Period) -> None:
    assert Period.parse(words) == period


@pytest.mark.parametrize("words", ["", "6", "months", "0 days", "-1 days", "6 mnths", "1.5 years", "6 months or so"])
def test_anything_else_is_refused_with_what_to_write(words: str) -> None:
    with pytest.raises(ValueError, match="is no period: write a number and days, working days, weeks, months or years"):
        Period.parse(words)


@given(st.integers(1, 9999), st.sampled_from(Unit))
def test_a_period_is_written_as_it_is_read(count: int, unit: Unit) -> None:
    period = Period(count, unit)

    assert Period.parse(str(period)) == period
