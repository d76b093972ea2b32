"""The working calendars of law: the council's own, and the one that freedom of information requests count by.

Bank holidays are asked for year by year, once each, so that no deadline ends beyond a table somebody has to extend.
Those to come are as announced by the installed release of `holidays`: a later one, and every closure that a council
adds, moves what is still due (`register.casework.deadlines.recomputed`).
"""

from collections.abc import Collection
from datetime import date
from functools import cache

from policies.vocabulary import Jurisdiction
from register.dates import BankHolidays, UnknownDayError, WorkingCalendar

_LAST_YEAR = 2100  # holidays.UnitedKingdom.end_year: later ones would silently have no bank holiday


def council_calendar(jurisdiction: Jurisdiction, closures: Collection[date] = ()) -> WorkingCalendar:
    """The council's working days: bank holidays where it lies, and the days on which it closes itself (row 0.1)."""
    return WorkingCalendar(frozenset(closures), _HOLIDAYS_OF[jurisdiction])


def foi_calendar() -> WorkingCalendar:
    """The working days of the Freedom of Information Act 2000, section 10(6).

    A bank holiday in any part of the United Kingdom is none; a day on which only the council is closed is one.
    """
    return WorkingCalendar(bank_holidays=united_kingdom)


@cache
def england(year: int) -> frozenset[date]:
    """The bank holidays of England, with their substitutes."""
    return _bank_holidays("ENG", year)


@cache
def wales(year: int) -> frozenset[date]:
    """The bank holidays of Wales, with their substitutes."""
    return _bank_holidays("WLS", year)


@cache
def united_kingdom(year: int) -> frozenset[date]:
    """Every day that is a bank holiday in England, Wales, Scotland or Northern Ireland, with their substitutes."""
    return frozenset().union(*(_bank_holidays(part, year) for part in ("ENG", "WLS", "SCT", "NIR")))


_HOLIDAYS_OF: dict[Jurisdiction, BankHolidays] = {Jurisdiction.ENGLAND: england, Jurisdiction.WALES: wales}


def _bank_holidays(part: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - 0.2 s for every country there is: nobody waits who counts no working day

    if year > _LAST_YEAR:
        message = f"the bank holidays of {year} are unknown: correct the date, or count in days"
        raise UnknownDayError(message)
    return frozenset(holidays.country_holidays("GB", subdiv=part, years=year))
