"""When somebody's contact time comes: windows of the week in the council's own time, through every change of clocks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from register.dates import COUNCIL_TIME, day_of
from register.restrictions import DAYS, Window

_A_WEEK_AND_TODAY = 8  # days within which every window opens


def opening(windows: Sequence[Window], moment: datetime) -> datetime:
    """The first moment from `moment` on at which a window is open: itself, if one is. There is at least one window."""
    return min(max(moment, start) for start, end in _spans(windows, moment) if moment < end)


def opening_of_all(each: Iterable[Sequence[Window]], moment: datetime) -> datetime:
    """The first moment from `moment` on at which a window of each is open; of those that never meet, the first."""
    wanted, latest = tuple(each), moment
    for _ in range(_A_WEEK_AND_TODAY * max(1, sum(map(len, wanted)))):
        later = max((opening(windows, latest) for windows in wanted), default=latest)
        if later == latest:
            return latest
        latest = later
    return min(opening(windows, moment) for windows in wanted)


def _spans(windows: Sequence[Window], moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each time from yesterday on that a window opens, and closes."""
    today = day_of(moment)
    for days in range(-1, _A_WEEK_AND_TODAY + 1):
        day = today + timedelta(days=days)
        for window in windows:
            if DAYS[day.weekday()] == window.day:
                yield (
                    datetime.combine(day, window.start, COUNCIL_TIME).astimezone(moment.tzinfo),
                    datetime.combine(day, window.until, COUNCIL_TIME).astimezone(moment.tzinfo),
                )
