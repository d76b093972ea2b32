"""What falls due as a calendar (RFC 5545) that officers subscribe to; it names cases by their reference only."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from register.casework.due import Due, DueKind
from register.dates import day_of

_WARNING = timedelta(days=14)  # long enough to ask the service, and to write to the person before
_WARNED_OF = frozenset({DueKind.REVIEW, DueKind.PROVISIONAL_END, DueKind.MONITORING_END, DueKind.POLICY_REVIEW})


def feed(dues: Iterable[Due], *, now: datetime, council: str, domain: str) -> bytes:
    """One all-day event for each; a deadline that moves keeps its UID, so that calendars move it as well.

    `now` is when the feed was made, `domain` the council's own, `council` its name for the title.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Council Mailroom//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Managed contact, {council}")
    for due in dues:
        calendar.add_component(_event(due, now, domain))
    return bytes(calendar.to_ical())


def _event(due: Due, now: datetime, domain: str) -> Event:
    event = Event()
    event.add("uid", _uid(due, domain))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", due.on)
    event.add("dtend", due.on + timedelta(days=1))  # the day itself is in, this one is not
    event.add("summary", due.told(day_of(now)))
    event.add("description", due.clause)
    event.add("categories", [due.kind.value])
    event.add("transp", "TRANSPARENT")  # nobody is busy all day for it
    if due.kind in _WARNED_OF:
        event.add_component(_alarm(due))
    return event


def _uid(due: Due, domain: str) -> str:
    """The same for the same kind, ref and basis; opaque, since a ref may be a username (RFC 7986, section 5.3)."""
    return f"{uuid5(NAMESPACE_URL, f'{due.kind}/{due.basis}/{due.ref}')}@{domain}"


def _alarm(due: Due) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", due.words)
    alarm.add("trigger", -_WARNING)
    return alarm
