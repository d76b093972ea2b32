"""Periods, working days and the council's calendar day, whatever the calendar."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.period import Period, Unit
from register.dates import UnknownDayError, WorkingCalendar, after, day_of, start_of

WEEKENDS_ONLY = WorkingCalendar()
FRIDAY = date(2026, 3, 6)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))
counts = st.integers(min_value=1, max_value=40)
near = st.integers(min_value=-60, max_value=60).map(lambda gap: FRIDAY + timedelta(days=gap))
calendars = st.frozensets(near, max_size=40).map(WorkingCalendar)


@pytest.mark.requirement("1.80")
@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        pytest.param(date(2026, 8, 31), "6 months", date(2027, 2, 28), id="august-to-february"),
        pytest.param(date(2027, 8, 31), "6 months", date(2028, 2, 29), id="to-february-of-a-leap-year"),
        pytest.param(date(2026, 8, 30), "6 months", date(2027, 2, 28), id="30-august"),
        pytest.param(date(2026, 3, 31), "6 months", date(2026, 9, 30), id="to-a-month-of-30-days"),
        pytest.param(date(2026, 2, 28), "6 months", date(2026, 8, 28), id="the-28th-stays-the-28th"),
        pytest.param(date(2026, 11, 4), "12 months", date(2027, 11, 4), id="a-year-in-months"),
    ],
)
def test_counts_months_by_the_calendar(start: date, period: str, end: date) -> None:
    assert after(start, Period.parse(period), WEEKENDS_ONLY) == end


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        pytest.param(date(2024, 2, 29), "1 year", date(2025, 2, 28), id="leap-day-to-a-common-year"),
        pytest.param(date(2024, 2, 29), "4 years", date(2028, 2, 29), id="leap-day-to-a-leap-day"),
        pytest.param(FRIDAY, "10 days", date(2026, 3, 16), id="days"),
        pytest.param(FRIDAY, "2 weeks", date(2026, 3, 20), id="weeks"),
        pytest.param(FRIDAY, "1 working day", date(2026, 3, 9), id="over-a-weekend"),
        pytest.param(date(2026, 3, 7), "1 working day", date(2026, 3, 9), id="from-a-saturday"),
        pytest.param(date(2026, 3, 9), "5 working days", date(2026, 3, 16), id="a-week"),
    ],
)
def test_counts_each_unit(start: date, period: str, end: date) -> None:
    assert after(start, Period.parse(period), WEEKENDS_ONLY) == end


@given(start=near, count=counts, calendar=calendars)
def test_so_many_working_days_later_just_so_many_lie_between(
    start: date, count: int, calendar: WorkingCalendar
) -> None:
    end = calendar.after(start, count)

    between = [start + timedelta(days=gap) for gap in range(1, (end - start).days + 1)]
    assert sum(calendar.works_on(day) for day in between) == count
    assert calendar.works_on(end)


@given(start=near, count=counts, calendar=calendars)
def test_a_later_start_or_a_longer_period_never_ends_earlier(
    start: date, count: int, calendar: WorkingCalendar
) -> None:
    end = calendar.after(start, count)

    assert calendar.after(start + timedelta(days=1), count) >= end
    assert calendar.after(start, count + 1) > end


@given(start=near, count=counts, calendar=calendars, closure=near)
def test_a_further_closure_never_brings_a_deadline_forward(
    start: date, count: int, calendar: WorkingCalendar, closure: date
) -> None:
    assert calendar.without([closure]).after(start, count) >= calendar.after(start, count)


@given(start=days, months=st.integers(min_value=1, max_value=60))
def test_months_end_in_the_month_that_was_meant_and_never_on_a_later_day(start: date, months: int) -> None:
    end = after(start, Period(months, Unit.MONTHS), WEEKENDS_ONLY)

    assert end.year * 12 + end.month == start.year * 12 + start.month + months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(start=days, years=st.integers(min_value=1, max_value=9))
def test_years_are_twelve_months_each(start: date, years: int) -> None:
    in_years = after(start, Period(years, Unit.YEARS), WEEKENDS_ONLY)

    assert in_years == after(start, Period(12 * years, Unit.MONTHS), WEEKENDS_ONLY)


@pytest.mark.parametrize("unit", Unit)
def test_refuses_a_period_past_the_last_day_there_is(unit: Unit) -> None:
    with pytest.raises(UnknownDayError, match="correct that date"):
        after(date(9999, 12, 30), Period(9999, unit), WEEKENDS_ONLY)


@pytest.mark.parametrize("count", [0, -1])
def test_refuses_to_count_no_working_day(count: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        WEEKENDS_ONLY.after(FRIDAY, count)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2026, 1, 5, 23, 30, tzinfo=UTC), date(2026, 1, 5), id="winter"),
        pytest.param(datetime(2026, 7, 5, 23, 30, tzinfo=UTC), date(2026, 7, 6), id="summer-is-an-hour-ahead"),
        pytest.param(datetime(2026, 1, 6, 3, tzinfo=timezone(timedelta(hours=9))), date(2026, 1, 5), id="tokyo"),
    ],
)
def test_a_moment_belongs_to_the_day_it_is_in_the_council(moment: datetime, day: date) -> None:
    assert day_of(moment) == day


def test_refuses_a_moment_that_tells_no_time_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2026, 1, 5, 23, 30))  # noqa: DTZ001 - the point of the test


@given(day=days)
def test_a_day_begins_at_its_first_moment(day: date) -> None:
    begins = start_of(day).astimezone(UTC)

    assert day_of(begins) == day
    assert day_of(begins - timedelta(microseconds=1)) == day - timedelta(days=1)
