"""A person's contact in figures: letters and reports show the same ones (row 1.55).

They are evidence for people; nothing in the product acts on them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from policies.vocabulary import Channel
from register.casework.case import Case
from register.casework.facts import Incident
from register.casework.standing import Standing
from register.casework.steps import LetterIssued, StageTaken
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
    weeks = Counter(map(_monday, days))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was recorded in the week that begins on `monday`, council time."""

    monday: date
    by_channel: tuple[tuple[Channel, int], ...]

    @property
    def contacts(self) -> int:
        """How many there were."""
        return sum(count for _, count in self.by_channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How contact has gone: by week, by behaviour, by whom it was directed at, and since the last measure.

    `measure_on` is the day of the last letter, stage or restriction, from which on behaviour counts as continued
    (row 0.9); None: there was none.
    """

    weeks: tuple[Week, ...]  # only those with contact, oldest first
    by_category: tuple[tuple[str, int], ...]  # the most frequent first
    by_officer: tuple[tuple[str, int], ...]
    by_matter: tuple[tuple[str, int], ...]
    hours: float
    measure_on: date | None
    before_measure: int
    continued: int


def report(standing: Standing) -> Report:
    """The figures of a case, for whoever reviews or decides it."""
    incidents = standing.case.incidents
    measure = _last_measure(standing)
    continued = [incident for incident in incidents if measure is not None and incident.at > measure]
    return Report(
        weeks=_weeks(incidents),
        by_category=_most_common(name for incident in incidents for name in incident.categories),
        by_officer=_most_common(name for incident in incidents for name in incident.affected),
        by_matter=_most_common(incident.matter for incident in incidents if incident.matter),
        hours=sum(incident.hours for incident in incidents),
        measure_on=None if measure is None else day_of(measure),
        before_measure=len(incidents) - len(continued),
        continued=len(continued),
    )


def _weeks(incidents: Iterable[Incident]) -> tuple[Week, ...]:
    weeks: dict[date, Counter[Channel]] = {}
    for incident in incidents:
        weeks.setdefault(_monday(day_of(incident.at)), Counter())[incident.channel] += 1
    return tuple(
        Week(monday=monday, by_channel=tuple((channel, count[channel]) for channel in Channel if count[channel]))
        for monday, count in sorted(weeks.items())
    )


def _most_common(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _last_measure(standing: Standing) -> datetime | None:
    """When the person was last told or restricted, if ever."""
    taken = [event.at for kind in (LetterIssued, StageTaken) for event in standing.case.of(kind)]
    return max([*taken, *(one.commenced_at for one in standing.arrangements)], default=None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
