"""Days and deadlines: calendar months done right, working days by a calendar, and what day it is in the council."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from policies.period import Period, Unit

COUNCIL_TIME = ZoneInfo("Europe/London")
"""A date in a register means that day here."""

_WEEKEND = 5  # date.weekday() of Saturday
_DAY = timedelta(days=1)

BankHolidays = Callable[[int], frozenset[date]]
"""The bank holidays of a year; raises UnknownDayError for a year that nothing is known of."""


class UnknownDayError(Exception):
    """A deadline lies where no calendar reaches: the day it counts from is most likely mistyped."""


def in_words(day: date) -> str:
    """A day as people write it: 2 March 2026; of a moment, its day in the council."""
    day = day_of(day) if isinstance(day, datetime) else day
    return f"{day.day} {day:%B %Y}"


def no_bank_holidays(_year: int) -> frozenset[date]:
    """For a calendar of weekends and closures only."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday but for bank holidays and the days that are `closed`, a council's own.

    The two of law are made by `register.calendars`.
    """

    closed: frozenset[date] = frozenset()
    bank_holidays: BankHolidays = no_bank_holidays

    def works_on(self, day: date) -> bool:
        """Whether this is a working day. Raises UnknownDayError beyond the years that bank holidays are known of."""
        return day.weekday() < _WEEKEND and day not in self.closed and day not in self.bank_holidays(day.year)

    def without(self, closures: Collection[date]) -> "WorkingCalendar":
        """The same with further days closed."""
        return replace(self, closed=self.closed | frozenset(closures))

    def after(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`; `start` itself never counts, and may be any day.

        Raises ValueError for a count below 1: no working day is the none-th.
        """
        if count < 1:
            message = f"{count} working days lead nowhere: count at least one"
            raise ValueError(message)
        day = start
        while count:
            day += _DAY
            count -= self.works_on(day)
        return day


def after(start: date, period: Period, calendar: WorkingCalendar) -> date:
    """The day on which a period that begins on `start` is over.

    Months and years are the calendar's: six months after 31 August is the last day of February. Raises
    UnknownDayError past the last day or bank holiday that can be told.
    """
    try:
        return _end(start, period, calendar)
    except (OverflowError, ValueError) as error:
        message = f"no day is {period} after {start} ({error}): correct that date"
        raise UnknownDayError(message) from None


def _end(start: date, period: Period, calendar: WorkingCalendar) -> date:
    match period.unit:
        case Unit.WORKING_DAYS:
            return calendar.after(start, period.count)
        case Unit.DAYS:
            return start + timedelta(days=period.count)
        case Unit.WEEKS:
            return start + timedelta(weeks=period.count)
        case Unit.MONTHS:
            return start + relativedelta(months=period.count)
        case Unit.YEARS:
            return start + relativedelta(years=period.count)


def day_of(moment: datetime) -> date:
    """The council's calendar day of a moment. Raises ValueError for one that does not tell its time zone."""
    if moment.tzinfo is None:
        message = f"{moment} tells no time zone: it could be either of two days"
        raise ValueError(message)
    return moment.astimezone(COUNCIL_TIME).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in the council, be it summer or winter."""
    return datetime.combine(day, time.min, COUNCIL_TIME)
