"""Plays a policy's scenarios: cases told in the words of governance, each step through the very gates casework uses.

`scenarios.yaml` beside a policy has `officers`, `records` (named, to be varied with `like`), `stories` (steps that
several scenarios begin with) and `scenarios`: what is `given`, what somebody does `when`, and what `then` comes of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from policies.policy import Policy
from policies.reading import NotInForceError, PolicyHistory
from register.casework.case import Case
from register.casework.deadlines import deadlines
from register.casework.gates import admit
from register.casework.refusal import Objection, RefusedError, Situation
from register.casework.standing import Standing, standing
from register.dates import COUNCIL_TIME, UnknownDayError, WorkingCalendar
from register.officers import Officer, Officers
from register.projection import Ground, entry_of
from register.records import RecordRefusedError, record_from
from register.scenario_file import Scenario, ScenarioFile, ScenariosRefusedError, ToldOfficer, ToldStep, read

__all__ = ["NOON", "Played", "ScenariosRefusedError", "play"]

NOON = time(12, 0)
"""When a step of a scenario is taken, unless it says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How one scenario went: `failure` is empty if it came out as told."""

    scenario: str
    rows: tuple[str, ...]
    failure: str


def play(path: Path, policies: PolicyHistory, calendar: WorkingCalendar) -> Iterator[Played]:
    """Play every scenario of a file. Raises ScenariosRefusedError where the file itself is wrong."""
    file = read(path)
    for scenario in file.scenarios:
        played = _Play(file, policies, calendar.without(scenario.closures))
        yield Played(scenario=scenario.scenario, rows=scenario.rows, failure=played.failure(scenario))


class _BackwardsError(Exception):
    """A step is told to be taken before the one that comes before it."""


class _Play:
    """One scenario being played: the case so far, and what day it is."""

    def __init__(self, file: ScenarioFile, policies: PolicyHistory, calendar: WorkingCalendar) -> None:
        self.file = file
        self.policies = policies
        self.calendar = calendar
        self.now = datetime.combine(policies.versions[0][0], NOON, COUNCIL_TIME)
        self.standing: Standing = standing(Case("MC-00001"))
        self.officers = Officers(tuple(_officer(name, told) for name, told in file.officers.items()))

    def failure(self, scenario: Scenario) -> str:
        """What came out otherwise than told, in words; nothing if all is as told."""
        try:
            for number, step in enumerate(self.file.steps(scenario.given), start=1):
                self._take(step, f"given, step {number} ({step.do.get('kind') or step.do.get('like')} by {step.by})")
            return self._outcome(scenario) or "; ".join(self._differences(scenario))
        except _BackwardsError as error:
            return str(error)
        except UnknownDayError as error:
            return f"a deadline cannot be told: {error}"
        except _StepRefusedError as error:
            return f"{error.place}: {error}"

    def _outcome(self, scenario: Scenario) -> str:
        if scenario.when is None:
            return ""
        try:
            remarks = self._take(scenario.when, "when")
        except _StepRefusedError as error:
            return f"it was refused: {error}" if scenario.then == "allowed" else _otherwise(error, scenario)
        if scenario.then == "refused":
            return "it was allowed"
        if scenario.remarking and not any(scenario.remarking in str(remark) for remark in remarks):
            return f"it was remarked: {'; '.join(map(str, remarks)) or 'nothing'}"
        return ""

    def _differences(self, scenario: Scenario) -> Iterator[str]:
        if scenario.state is not None and self.standing.state is not scenario.state:
            yield f"the case is {self.standing.state}, not {scenario.state}"
        found = deadlines(self.standing, self.policies.on(self.now.date()), self.calendar, self.officers)
        for wanted in scenario.due:
            days = sorted(item.on for item in found if item.kind is wanted.kind)
            if wanted.on not in days:
                yield f"{wanted.kind} is due {', '.join(map(str, days)) or 'never'}, not {wanted.on}"
        for kind in scenario.not_due:
            if any(item.kind is kind for item in found):
                yield f"{kind} is due"
        yield from self._applying(scenario)

    def _applying(self, scenario: Scenario) -> Iterator[str]:
        if scenario.applies is None:
            return
        day = scenario.seen_on or self.now.date()
        noon = datetime.combine(day, NOON, COUNCIL_TIME)
        ground = Ground(policy=self._version, calendar=self.calendar, officers=self.officers)
        restrictions = entry_of(self.standing, ground).restrictions
        kinds = sorted(one.kind for one in restrictions if one.in_force_at(noon))
        if kinds != sorted(scenario.applies):
            yield f"on {day} there applies {', '.join(kinds) or 'nothing'}"

    def _version(self, name: str) -> Policy:
        found = self.policies.version(name)
        if found is None:
            raise KeyError(name)  # an event cites the version it was admitted under, which is one of these
        return found

    def _take(self, step: ToldStep, place: str) -> tuple[Objection, ...]:
        self._pass_time(step, place)
        officer = self.officers.named(step.by)
        if officer is None:
            raise KeyError(step.by)  # `read` has made sure of it
        try:
            situation = Situation(
                standing=self.standing,
                policy=self.policies.on(self.now.date()),
                officer=officer,
                now=self.now,
                officers=self.officers,
                calendar=self.calendar,
            )
            event, remarks = admit(record_from(self.file.data(step.do)), situation)
        except (RefusedError, RecordRefusedError, NotInForceError) as error:
            raise _StepRefusedError(place, error) from None
        self.standing = standing(self.standing.case.with_event(event))
        return remarks

    def _pass_time(self, step: ToldStep, place: str) -> None:
        if step.on is None:
            return
        told = step.on if isinstance(step.on, datetime) else datetime.combine(step.on, NOON)
        now = told.replace(tzinfo=COUNCIL_TIME)
        if now < self.now:
            message = f"{place}: on {told} is before the step that comes before it, or before the policy is in force"
            raise _BackwardsError(message)
        self.now = now


class _StepRefusedError(Exception):
    """A step was not taken: by the policy, or because what it tells is no record."""

    def __init__(self, place: str, error: RefusedError | RecordRefusedError | NotInForceError) -> None:
        super().__init__(str(error))
        self.place = place
        self.objections = (
            error.objections if isinstance(error, RefusedError) else (Objection(str(error), "the record's own fields"),)
        )


def _otherwise(error: _StepRefusedError, scenario: Scenario) -> str:
    """Whether each objection is one that was told, and all that was told was objected."""
    citing, saying = _several(scenario.citing), _several(scenario.saying)
    unexpected = [
        str(objection)
        for objection in error.objections
        if not _holds_any(objection.clause, citing) and not _holds_any(objection.words, saying)
    ]
    missing = [
        *(words for words in citing if not any(words in objection.clause for objection in error.objections)),
        *(words for words in saying if not any(words in objection.words for objection in error.objections)),
    ]
    if not unexpected and not missing:
        return ""
    return f"it was refused otherwise: {error}"


def _holds_any(text: str, words: Iterable[str]) -> bool:
    return any(each in text for each in words)


def _several(told: str | tuple[str, ...]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else told


def _officer(username: str, told: ToldOfficer) -> Officer:
    name = told.name or username
    title = told.job_title or ", ".join(told.roles) or "officer"
    given = told.model_dump(exclude={"name", "job_title", "roles"})
    return Officer(username=username, name=name, job_title=title, roles=frozenset(told.roles), **given)
