"""The legal clocks: by when an answer is owed, counted from receipt, past weekends, holidays and short months."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.vocabulary import Jurisdiction
from register.calendars import council_calendar, foi_calendar
from register.dates import COUNCIL_TIME
from routing.clocks import Calendars, Clock, clock
from routing.cues import SafeguardKind

Kind = SafeguardKind

CLOSURES = (date(2026, 12, 29), date(2026, 12, 30))
CALENDARS = Calendars(council=council_calendar(Jurisdiction.ENGLAND, CLOSURES), information=foi_calendar())
DATED = frozenset({Kind.FOI, Kind.EIR, Kind.SUBJECT_ACCESS, Kind.DATA_RIGHTS, Kind.NEW_COMPLAINT})
AT_ONCE = {Kind.RISK_TO_LIFE, Kind.SAFEGUARDING, Kind.HOMELESSNESS, Kind.HAZARD, Kind.ADJUSTMENT}


def _started(kind: SafeguardKind, day: date) -> Clock:
    started = clock(kind, datetime.combine(day, time(12), COUNCIL_TIME), CALENDARS)
    assert started is not None
    return started


@pytest.mark.requirement("1.35")
@pytest.mark.parametrize(
    ("kind", "received", "by"),
    [
        pytest.param(Kind.FOI, date(2026, 11, 19), date(2026, 12, 18), id="FOI past St Andrew's Day in Scotland"),
        pytest.param(Kind.FOI, date(2026, 3, 7), date(2026, 4, 8), id="FOI received on a Saturday, past Easter"),
        pytest.param(
            Kind.EIR, date(2026, 12, 18), date(2027, 1, 21), id="EIR past Scotland's 4 January, not past closures"
        ),
        pytest.param(Kind.SUBJECT_ACCESS, date(2026, 9, 3), date(2026, 10, 5), id="a month ends on a Saturday"),
        pytest.param(Kind.SUBJECT_ACCESS, date(2027, 1, 31), date(2027, 3, 1), id="the last of February is a Sunday"),
        pytest.param(Kind.SUBJECT_ACCESS, date(2028, 1, 30), date(2028, 2, 29), id="a leap year"),
        pytest.param(
            Kind.DATA_RIGHTS, date(2026, 11, 25), date(2026, 12, 29), id="Christmas, then a closure, no excuse"
        ),
        pytest.param(Kind.NEW_COMPLAINT, date(2026, 12, 23), date(2027, 1, 6), id="a complaint past closures"),
    ],
)
def test_the_law_wants_an_answer_by(kind: SafeguardKind, received: date, by: date) -> None:
    assert _started(kind, received).by == by


def test_the_day_of_receipt_is_the_councils_own() -> None:
    before_midnight_in_utc = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    started = clock(Kind.SUBJECT_ACCESS, before_midnight_in_utc, CALENDARS)

    assert started is not None
    assert started.by == date(2026, 8, 3)


def test_the_day_and_its_rule_are_told_in_a_sentence() -> None:
    foi = _started(Kind.FOI, date(2026, 11, 19))

    assert foi.words == "Answer by 18 December 2026: 20 working days, Freedom of Information Act 2000 s.10."


@pytest.mark.parametrize("kind", sorted(AT_ONCE))
def test_danger_and_a_lost_home_are_acted_on_at_once(kind: SafeguardKind) -> None:
    started = _started(kind, date(2026, 3, 4))

    assert started.by is None
    assert started.words.startswith("Act at once")


@pytest.mark.parametrize("kind", sorted(set(SafeguardKind) - DATED - AT_ONCE))
def test_where_the_law_sets_no_day_none_is_told(kind: SafeguardKind) -> None:
    assert clock(kind, datetime(2026, 3, 4, 12, tzinfo=UTC), CALENDARS) is None


@pytest.mark.parametrize("kind", sorted(DATED))
@pytest.mark.parametrize("year", [2300, 9999])
def test_beyond_every_calendar_the_rule_is_told_without_a_day(kind: SafeguardKind, year: int) -> None:
    started = _started(kind, date(year, 12, 30))

    assert started.by is None
    assert f"30 December {year}" in started.words


@given(kind=st.sampled_from(sorted(SafeguardKind)), moment=st.datetimes(timezones=st.just(UTC)))
def test_any_receipt_has_an_answer_that_fits_a_letter(kind: SafeguardKind, moment: datetime) -> None:
    started = clock(kind, moment, CALENDARS)

    assert started is None or 0 < len(started.words) <= 200


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_information_is_owed_on_the_twentieth_working_day_after_receipt(received: date) -> None:
    by = _started(Kind.FOI, received).by

    assert by is not None
    days = [received + timedelta(days=count) for count in range(1, (by - received).days + 1)]
    working = foi_calendar()
    assert working.works_on(by)
    assert sum(map(working.works_on, days)) == 20


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_personal_data_is_owed_on_the_first_working_day_from_a_month_on(received: date) -> None:
    by = _started(Kind.SUBJECT_ACCESS, received).by

    assert by is not None
    working = council_calendar(Jurisdiction.ENGLAND)
    assert working.works_on(by)
    assert 28 <= (by - received).days <= 31 + 4
    next_month = (received.replace(day=28) + timedelta(days=4)).replace(day=1)
    end = (next_month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    same = next_month.replace(day=min(received.day, end.day))
    skipped = [same + timedelta(days=count) for count in range((by - same).days)]
    assert not any(map(working.works_on, skipped))
