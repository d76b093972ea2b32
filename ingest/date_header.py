"""The sender's clock: the Date header (RFC 5322) and its obsolete forms, or None when it says nothing possible."""

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_DATE = re.compile(
    r"\s*(?:[A-Za-z]{3,9},?\s{1,9})?(\d{1,2})[\s-]{1,9}([A-Za-z]{3})[a-z]{0,6}[\s-]{1,9}(\d{2,4})\s{1,9}"
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?\s{0,9}([+-]\d{4}|[A-Za-z]{1,5})?"
)
_ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1}
_CENTURY = 100
_PIVOT = 50  # RFC 5322 section 4.3: two digits below 50 are of this century


def parse_date(value: str) -> datetime | None:
    """The aware moment a Date header names; a missing or unknown zone counts as UTC."""
    found = _DATE.match(value)
    if found is None:
        return None
    day, month, year, hour, minute, second, zone = found.groups()
    try:
        return datetime(
            _year(int(year)),
            _MONTHS[month.lower()],
            int(day),
            int(hour),
            int(minute),
            min(int(second or 0), 59),  # a leap second has no datetime
            tzinfo=_zone(zone or ""),
        )
    except (KeyError, ValueError):
        return None


def _year(year: int) -> int:
    if year >= 10 * _CENTURY:
        return year
    return year + 1900 if year >= _PIVOT else year + 2000


def _zone(zone: str) -> timezone:
    if zone[:1] not in {"+", "-"}:
        hours = _ZONES.get(zone.lower(), 0)
        return timezone(timedelta(hours=hours)) if hours else UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    return timezone(-offset if zone[0] == "-" else offset)
