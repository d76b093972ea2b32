"""Contact times: windows of the week in the council's own time, also on the nights when clocks change."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.dates import COUNCIL_TIME
from register.restrictions import DAYS, Window
from routing.windows import opening, opening_of_all

TUESDAYS = (Window(day="tuesday", start=time(10), until=time(12)),)
WEEKDAYS: Any = st.sampled_from(DAYS)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - see timezones
MINUTES = st.integers(min_value=0, max_value=24 * 60 - 1)


@st.composite
def _windows(draw: st.DrawFn) -> Window:
    first, last = sorted(draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True)))
    return Window(day=draw(WEEKDAYS), start=time(*divmod(first, 60)), until=time(*divmod(last, 60)))


SOME = st.lists(_windows(), min_size=1, max_size=4)


@pytest.mark.requirement("1.61")
@pytest.mark.parametrize(
    ("written", "opens"),
    [
        pytest.param("2026-03-02 22:00", "2026-03-03 10:00", id="the evening before"),
        pytest.param("2026-03-03 10:00", "2026-03-03 10:00", id="as it opens"),
        pytest.param("2026-03-03 11:59", "2026-03-03 11:59", id="while it is open"),
        pytest.param("2026-03-03 12:00", "2026-03-10 10:00", id="as it has closed"),
        pytest.param("2026-03-24 13:00", "2026-03-31 09:00", id="in winter, opens in summer"),
        pytest.param("2026-10-20 12:00", "2026-10-27 10:00", id="in summer, opens in winter"),
    ],
)
def test_mail_waits_for_the_next_window(written: str, opens: str) -> None:
    moment = datetime.fromisoformat(written).replace(tzinfo=UTC)

    assert opening(TUESDAYS, moment) == datetime.fromisoformat(opens).replace(tzinfo=UTC)


def test_a_window_in_the_hour_that_clocks_leave_out_opens_all_the_same() -> None:
    night = (Window(day="sunday", start=time(1, 15), until=time(1, 45)),)

    opens = opening(night, datetime(2026, 3, 29, 0, 30, tzinfo=UTC))

    assert opens == datetime(2026, 3, 29, 1, 15, tzinfo=UTC)


@given(SOME, MOMENTS)
def test_nothing_waits_longer_than_a_week_and_an_hour_and_what_is_open_waits_for_nothing(
    windows: list[Window], moment: datetime
) -> None:
    opens = opening(windows, moment)

    assert moment <= opens <= moment + timedelta(days=7, hours=1)
    assert opening(windows, opens) == opens
    local = moment.astimezone(COUNCIL_TIME)
    if any(one.day == DAYS[local.weekday()] and one.start <= local.time() < one.until for one in windows):
        assert (
            opens == moment or local.utcoffset() != (moment + timedelta(hours=2)).astimezone(COUNCIL_TIME).utcoffset()
        )


@given(st.lists(SOME, max_size=3), MOMENTS)
def test_of_several_arrangements_all_are_open_or_they_never_meet(each: list[list[Window]], moment: datetime) -> None:
    opens = opening_of_all(each, moment)

    assert opens >= moment
    assert all(opening(windows, opens) == opens for windows in each) or len(each) > 1


def test_arrangements_that_never_meet_hold_nothing_for_ever() -> None:
    thursdays = (Window(day="thursday", start=time(10), until=time(12)),)
    monday = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)

    opens = opening_of_all([TUESDAYS, thursdays], monday)

    assert opens == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    assert opening_of_all([TUESDAYS, thursdays], opens) == opens
