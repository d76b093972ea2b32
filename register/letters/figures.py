"""The impact of a person's contact in figures: letters and reports show the same ones (row 1.55)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from policies.vocabulary import Channel
from register.casework.case import Case
from register.dates import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactFigures:
    """Counts of the incidents recorded; a week begins on Monday, council time, and the first of equals is busiest."""

    first: date
    last: date
    by_channel: tuple[tuple[Channel, int], ...]  # only channels that occur, in the order of `Channel`
    contacts: int
    hours: float  # of officers' time
    busiest_week: date  # its Monday
    in_busiest_week: int


def impact_figures(case: Case) -> ImpactFigures | None:
    """The figures of a case; None while no incident is recorded."""
    incidents = case.incidents
    if not incidents:
        return None
    channels = Counter(incident.channel for incident in incidents)
    days = [day_of(incident.at) for incident in incidents]
    weeks = Counter(day - timedelta(days=day.weekday()) for day in days)
    busiest = max(weeks, key=lambda monday: (weeks[monday], -monday.toordinal()))
    return ImpactFigures(
        first=min(days),
        last=max(days),
        by_channel=tuple((channel, channels[channel]) for channel in Channel if channels[channel]),
        contacts=len(incidents),
        hours=sum(incident.hours for incident in incidents),
        busiest_week=busiest,
        in_busiest_week=weeks[busiest],
    )
