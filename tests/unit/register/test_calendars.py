"""Bank holidays and closures, against days counted by hand on a printed calendar."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.period import Period
from policies.vocabulary import Jurisdiction
from register.calendars import council_calendar, foi_calendar
from register.dates import UnknownDayError, WorkingCalendar, after

SEVEN = Period.parse("7 working days")
COUNCIL = council_calendar(Jurisdiction.ENGLAND)
BOTH = pytest.mark.parametrize("jurisdiction", Jurisdiction)


@pytest.mark.requirement("0.1")
@BOTH
def test_a_day_the_council_closes_moves_a_deadline_by_one(jurisdiction: Jurisdiction) -> None:
    decided_on, closure = date(2028, 12, 20), date(2028, 12, 27)  # a Wednesday, both

    without = after(decided_on, SEVEN, council_calendar(jurisdiction))
    with_closure = after(decided_on, SEVEN, council_calendar(jurisdiction, [closure]))

    # 21, 22, [23 to 26], 27, 28, 29, [30 to 1], 2, 3 January
    assert without == date(2029, 1, 3)
    assert with_closure == date(2029, 1, 4)


@pytest.mark.requirement("1.81")
@BOTH
@pytest.mark.parametrize(
    ("decided_on", "due_on"),
    [
        # 1 and 2 April, [Good Friday 3 to Easter Monday 6], 7, 8, 9, 10, [11, 12], 13
        pytest.param(date(2026, 3, 31), date(2026, 4, 13), id="easter-2026"),
        # 22, 23, 24, [Christmas Day, Boxing Day, Sunday, substitute on Monday 28], 29, 30, 31, [1 to 3 January], 4
        pytest.param(date(2026, 12, 21), date(2027, 1, 4), id="christmas-and-new-year-2026"),
        # 30, 31, [1 January, 2, 3], 4, 5, 6, 7, 8
        pytest.param(date(2026, 12, 29), date(2027, 1, 8), id="new-year-2027"),
        # 24, [Christmas on Saturday and Sunday, substitutes 27 and 28], 29, 30, 31, [1 to 3], 4, 5, 6
        pytest.param(date(2027, 12, 23), date(2028, 1, 6), id="both-substitutes-2027-and-a-third-2028"),
        # 24, 25, 26, 27, 28, [29, 30, late summer bank holiday 31], 1 and 2 September
        pytest.param(date(2026, 8, 21), date(2026, 9, 2), id="late-summer-2026"),
    ],
)
def test_counts_seven_working_days(jurisdiction: Jurisdiction, decided_on: date, due_on: date) -> None:
    assert after(decided_on, SEVEN, council_calendar(jurisdiction)) == due_on


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 1, 2), id="2-january-scotland"),
        pytest.param(date(2027, 1, 4), id="substitute-of-2-january-scotland"),
        pytest.param(date(2026, 3, 17), id="st-patrick-northern-ireland"),
        pytest.param(date(2026, 7, 13), id="substitute-of-the-boyne-northern-ireland"),
        pytest.param(date(2026, 8, 3), id="summer-bank-holiday-scotland"),
        pytest.param(date(2026, 11, 30), id="st-andrew-scotland"),
        pytest.param(date(2024, 12, 2), id="substitute-of-st-andrew-scotland"),
    ],
)
def test_a_bank_holiday_elsewhere_in_the_kingdom_is_no_working_day_for_freedom_of_information(day: date) -> None:
    assert not foi_calendar().works_on(day)
    assert COUNCIL.works_on(day)
    assert council_calendar(Jurisdiction.WALES).works_on(day)


def test_easter_monday_is_none_for_freedom_of_information_though_scotland_works() -> None:
    assert not foi_calendar().works_on(date(2026, 4, 6))


def test_a_request_received_on_a_saturday_is_due_twenty_working_days_later() -> None:
    received = date(2026, 2, 28)

    # 2 to 6, 9 to 13, 16 and 18 to 20 (not St Patrick's Day), 23 to 27 March, 30 March
    assert after(received, Period.parse("20 working days"), foi_calendar()) == date(2026, 3, 30)


@BOTH
@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2020, 5, 4), True, id="may-day-moved-in-2020"),
        pytest.param(date(2020, 5, 8), False, id="to-ve-day"),
        pytest.param(date(2022, 6, 3), False, id="platinum-jubilee"),
        pytest.param(date(2022, 9, 19), False, id="state-funeral"),
        pytest.param(date(2023, 5, 8), False, id="coronation"),
        pytest.param(date(2028, 1, 3), False, id="substitute-of-new-year"),
        pytest.param(date(2100, 12, 27), False, id="the-last-year-that-is-known"),
    ],
)
def test_knows_the_bank_holidays_of_england_and_wales(jurisdiction: Jurisdiction, day: date, *, works: bool) -> None:
    assert council_calendar(jurisdiction).works_on(day) is works


@pytest.mark.parametrize("calendar", [COUNCIL, foi_calendar()], ids=["council", "foi"])
def test_refuses_a_year_it_knows_no_bank_holiday_of(calendar: WorkingCalendar) -> None:
    with pytest.raises(UnknownDayError, match="2101"):
        after(date(2100, 12, 31), SEVEN, calendar)


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 1)), count=st.integers(1, 30))
def test_the_calendar_of_freedom_of_information_is_never_the_faster(day: date, count: int) -> None:
    assert foi_calendar().after(day, count) >= COUNCIL.after(day, count)


def test_nobody_waits_for_bank_holidays_who_counts_no_working_day() -> None:
    asking = "import sys, register.calendars; sys.exit('holidays' in sys.modules)"

    finished = subprocess.run([sys.executable, "-c", asking], check=False)

    assert finished.returncode == 0
