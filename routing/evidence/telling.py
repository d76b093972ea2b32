"""The figures in sentences and as plain data; the council's own side is part of both, always."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from routing.evidence.campaigns import Campaign
from routing.evidence.figures import Counts, Figures, Span
from routing.evidence.promises import CouncilSide
from routing.evidence.uses import Claim

NOTHING_FOLLOWS = "Nothing follows from this by itself."
_MOST_LISTED = 5
_DOUBT = {
    Claim.SHARED: "from an address that another case has as well: this says nothing of who wrote it",
    Claim.WITHDRAWN: "from an address that was recorded as theirs then, and has been withdrawn since",
    Claim.EARLIER: "from before the day from which an address is recorded as theirs",
}


def as_data(figures: Figures) -> dict[str, Any]:
    """All of it as JSON has it, the sentences with it."""
    data = {key: _plain(value) for key, value in asdict(figures).items()}
    return {**data, "sentences": list(sentences(figures))}


def campaign_as_data(campaign: Campaign) -> dict[str, Any]:
    """A campaign as JSON has it."""
    return {key: _plain(value) for key, value in asdict(campaign).items()}


def sentences(figures: Figures) -> tuple[str, ...]:
    """What the figures say, in the order of a report: the person's side, the council's, and what follows: nothing."""
    return (
        *_of_volume(figures),
        *_of_reach(figures),
        *_of_manner(figures),
        *_of_matters(figures),
        *of_council(figures.council),
        NOTHING_FOLLOWS,
    )


def of_council(side: CouncilSide) -> tuple[str, ...]:
    """What the council owes."""
    if not (side.overdue or side.answered_late or side.without_date):
        return ("The council has no reply overdue that is on record.",)
    return tuple(_owed(side))


def _owed(side: CouncilSide) -> Iterator[str]:
    if side.overdue:
        listed = "; ".join(
            f"{reference}, promised by {_day(promised)}, {_counted(days, 'day')} ago"
            for reference, promised, days in side.overdue[:_MOST_LISTED]
        )
        yield f"THE COUNCIL'S OWN REPLY IS OVERDUE on {_counted(len(side.overdue), 'matter')}: {listed}."
    else:
        yield "The council has no reply overdue that is on record."
    if side.answered_late:
        yield f"It answered {_counted(len(side.answered_late), 'matter')} later than promised."
    if side.without_date:
        yield f"For {_counted(len(side.without_date), 'open matter')} no day of answer was promised."


def _of_volume(figures: Figures) -> Iterator[str]:
    volume = figures.volume
    between = f"From {_day(figures.first)} to {_day(figures.last)}"
    yield f"{between}: {_counted(volume.contacts, 'contact')} by e-mail, {_counted(volume.mails, 'message')} in all."
    yield from _of_doubt(figures)
    if volume.busiest_week is not None and volume.busiest_month is not None:
        month = f"{volume.busiest_month.first:%B %Y} ({volume.busiest_month.contacts})"
        yield (
            f"The busiest week began on {_day(volume.busiest_week.first)} ({volume.busiest_week.contacts}), the busiest"
            f" month was {month}; a usual week has {volume.usual_week:g}."
        )
    if volume.other_channels:
        listed = ", ".join(f"{channel} {count}" for channel, count in volume.other_channels)
        yield f"Recorded besides: {listed}."
    if volume.hours:
        yield f"Officers recorded {volume.hours:g} hours of their time on what came by other channels."


def _of_doubt(figures: Figures) -> Iterator[str]:
    for one in figures.apart:
        yield f"Not counted: {_counted(one.contacts, 'contact')}, {_counted(one.mails, 'message')}, {_DOUBT[one.why]}."


def _of_reach(figures: Figures) -> Iterator[str]:
    reach = figures.reach
    if reach.by_mailbox:
        yield f"By mailbox: {_listed(reach.by_mailbox)}."
        words = (
            f"{_counted(reach.spread, 'address', 'addresses')} of the council's in all, at most {reach.widest} at once"
        )
        yield f"They went to {words}, {_counted(len(reach.members), 'councillor')} among them."
    if reach.linked:
        yield f"{_counted(len(reach.linked), 'contact')} came into several mailboxes; copies count as one contact."


def _of_manner(figures: Figures) -> Iterator[str]:
    manner = figures.manner
    if not figures.volume.contacts:
        return
    yield f"{manner.again} of them send a text again that was sent before."
    interval = (
        f"; half of them come {_after(manner.days_between)} the one before" if manner.days_between is not None else ""
    )
    yield f"Half of the letters have {manner.words:g} words or more, the longest {manner.longest}{interval}."
    if manner.demanding:
        yield f"{manner.demanding} ask for an answer at once or within hours: {_quoted(manner.demands)}."
    if manner.insisting:
        yield f"{manner.insisting} insist on certain people: {_quoted(manner.insistence)}."


def _after(days: float) -> str:
    return f"within {days:g} days of" if days > 1 else "within a day of"


def _of_matters(figures: Figures) -> Iterator[str]:
    about = figures.about
    if about.matters:
        several = f"{_counted(len(about.matters), 'matter')} of the case"
        yield f"They quote {several}: {_listed(about.matters)}; {about.none} quote none."
    if about.finished:
        yield f"After the council's final answer: {_listed(about.finished)}."
    if about.added:
        yield f"Added to a matter that is open: {_listed(about.added)}."
    if about.before_promise:
        yield f"While a matter was open and its promised day had not passed: {_listed(about.before_promise)}."


def span_rows(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    """Weeks or months as rows of a table."""
    return [{"from": span.first.isoformat(), "contacts": span.contacts, "messages": span.mails} for span in spans]


def _listed(counts: Counts) -> str:
    more = f" and {len(counts) - _MOST_LISTED} more" if len(counts) > _MOST_LISTED else ""
    return ", ".join(f"{name} {count}" for name, count in counts[:_MOST_LISTED]) + more


def _quoted(counts: Counts) -> str:
    return ", ".join(f'"{words}" ({count})' for words, count in counts[:_MOST_LISTED])


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - a report has values of many types
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case datetime() | date():
            return value.isoformat()
        case _:
            return value
