"""By when the law wants an answer to what no restriction touches, counted from the day of receipt. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from policies.period import Period, Unit
from register.dates import UnknownDayError, WorkingCalendar, after, day_of
from routing.cues import SafeguardKind

Kind = SafeguardKind

_INFORMATION = Period(20, Unit.WORKING_DAYS)
_DATA = Period(1, Unit.MONTHS)
_COMPLAINT = Period(5, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """The council's own working days, and those of the information acts (`register.calendars` makes both)."""

    council: WorkingCalendar = field(default_factory=WorkingCalendar)
    information: WorkingCalendar = field(default_factory=WorkingCalendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The last day, None for "at once" or where no calendar reaches; `words` tell it and its rule to a person."""

    by: date | None
    words: str


@dataclass(frozen=True, slots=True)
class _Rule:
    do: str
    period: Period
    source: str
    end: Callable[[date, Calendars], date]


def clock(kind: SafeguardKind, received_at: datetime, calendars: Calendars) -> Clock | None:
    """The clock that mail of this kind starts; None where the law sets none for an answer. Total on any moment."""
    if kind in _AT_ONCE:
        return Clock(by=None, words=_AT_ONCE[kind])
    rule = _RULES.get(kind)
    if rule is None:
        return None
    try:
        by = rule.end(day_of(received_at), calendars)
    except (UnknownDayError, OverflowError):
        return Clock(by=None, words=f"{rule.do} within {rule.period} of {received_at:%d %B %Y}, {rule.source}.")
    return Clock(by=by, words=f"{rule.do} by {by.day} {by:%B %Y}: {rule.period}, {rule.source}.")


def _information(day: date, calendars: Calendars) -> date:
    """The day of receipt does not count, nor does a bank holiday in any part of the United Kingdom."""
    return after(day, _INFORMATION, calendars.information)


def _data(day: date, calendars: Calendars) -> date:
    """The same date of the next month, or its last day; if no working day, the next one (the ICO's guidance).

    A day on which only the council is closed is one.
    """
    law = WorkingCalendar(bank_holidays=calendars.council.bank_holidays)
    end = after(day, _DATA, law)
    return end if law.works_on(end) else law.after(end, 1)


def _complaint(day: date, calendars: Calendars) -> date:
    return after(day, _COMPLAINT, calendars.council)


_RULES: dict[SafeguardKind, _Rule] = {
    Kind.FOI: _Rule("Answer", _INFORMATION, "Freedom of Information Act 2000 s.10", _information),
    Kind.EIR: _Rule("Answer", _INFORMATION, "Environmental Information Regulations 2004 reg.5(2)", _information),
    Kind.SUBJECT_ACCESS: _Rule("Answer", _DATA, "UK GDPR art.12(3)", _data),
    Kind.DATA_RIGHTS: _Rule("Answer", _DATA, "UK GDPR art.12(3)", _data),
    Kind.NEW_COMPLAINT: _Rule("Acknowledge", _COMPLAINT, "the ombudsman's complaint handling code", _complaint),
}
_AT_ONCE: dict[SafeguardKind, str] = {
    Kind.RISK_TO_LIFE: "Act at once: if somebody is in danger now, call 999.",
    Kind.SAFEGUARDING: "Act at once: what happens next is decided within one working day of a referral.",
    Kind.HOMELESSNESS: (
        "Act at once: somewhere to stay may be owed today, Housing Act 1996 s.188 or Housing (Wales) Act 2014 s.68."
    ),
    Kind.HAZARD: (
        "Act at once: an emergency hazard is made safe within 24 hours, any other looked into within 10 working days, "
        "Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025."
    ),
    Kind.ADJUSTMENT: "Act at once: the duty to make reasonable adjustments is owed now, Equality Act 2010 s.20.",
}
