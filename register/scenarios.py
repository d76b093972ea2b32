"""Plays a policy's scenarios: cases told in the words of governance, each step through the very gates casework uses.

`scenarios.yaml` beside a policy has `officers`, `records` (named, to be varied with `like`), `stories` (steps that
several scenarios begin with) and `scenarios`: what is `given`, what somebody does `when`, and what `then` comes of it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policies import plain_yaml
from policies.reading import PolicyHistory
from register.casework.case import Case
from register.casework.deadlines import DueKind, deadlines
from register.casework.gates import admit
from register.casework.refusal import RefusedError, Situation
from register.casework.standing import CaseState, Standing, standing
from register.dates import COUNCIL_TIME, WorkingCalendar
from register.officers import Officer, Officers
from register.records import RecordRefusedError, record_from

NOON = time(12, 0)
"""When a step of a scenario is taken, unless it says otherwise."""


class ScenariosRefusedError(Exception):
    """A file of scenarios cannot be played; the message says where and why."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Officer(_Model):
    name: str = ""
    job_title: str = ""
    service: str
    roles: tuple[str, ...] = ()
    email: str | None = None
    trained_on: date | None = None
    active: bool = True
    absent_until: date | None = None


class _Step(_Model):
    by: str
    on: date | datetime | None = None  # None: on the day of the step before
    do: dict[str, Any]


class _Due(_Model):
    kind: DueKind
    on: date


class _Scenario(_Model):
    scenario: str
    rows: tuple[str, ...] = ()
    given: tuple[str | _Step, ...] = ()
    when: _Step | None = None
    then: Literal["allowed", "refused"] = "allowed"
    citing: str = ""
    saying: str = ""
    state: CaseState | None = None
    due: tuple[_Due, ...] = ()
    not_due: tuple[DueKind, ...] = ()
    closures: tuple[date, ...] = ()


class _File(_Model):
    officers: dict[str, _Officer]
    records: dict[str, dict[str, Any]] = Field(default_factory=dict)
    stories: dict[str, tuple[str | _Step, ...]] = Field(default_factory=dict)
    scenarios: tuple[_Scenario, ...]


class Played(_Model):
    """How one scenario went: `failure` is empty if it came out as told."""

    scenario: str
    rows: tuple[str, ...]
    failure: str


def play(path: Path, policies: PolicyHistory, calendar: WorkingCalendar) -> Iterator[Played]:
    """Play every scenario of a file. Raises ScenariosRefusedError where the file itself is wrong."""
    try:
        file = _File.model_validate(plain_yaml.load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, plain_yaml.YamlError, ValidationError) as error:
        message = f"{path}: {error}"
        raise ScenariosRefusedError(message) from None
    for scenario in file.scenarios:
        play_of = _Play(file, policies, calendar.without(scenario.closures))
        yield Played(scenario=scenario.scenario, rows=scenario.rows, failure=play_of.played(scenario))


class _Play:
    """One scenario being played: the case so far, and what day it is."""

    def __init__(self, file: _File, policies: PolicyHistory, calendar: WorkingCalendar) -> None:
        self.file = file
        self.policies = policies
        self.calendar = calendar
        self.now = datetime.combine(policies.versions[0][0], NOON, COUNCIL_TIME)
        self.standing: Standing = standing(Case("MC-00001"))
        self.officers = Officers(tuple(_officer(name, told) for name, told in file.officers.items()))

    def played(self, scenario: _Scenario) -> str:
        """What came out otherwise than told, in words; nothing if all is as told."""
        try:
            for step in self._steps(scenario.given):
                self._take(step)
        except (RefusedError, RecordRefusedError, KeyError) as error:
            return f"given: {error}"
        return self._outcome(scenario) or "; ".join(self._differences(scenario))

    def _outcome(self, scenario: _Scenario) -> str:
        if scenario.when is None:
            return ""
        try:
            self._take(scenario.when)
        except RecordRefusedError as error:
            said = f"{error} [the record's own fields]"
        except RefusedError as error:
            said = str(error)
        else:
            return "" if scenario.then == "allowed" else "it was allowed"
        if scenario.then == "allowed":
            return f"it was refused: {said}"
        missing = [wanted for wanted in (scenario.citing, scenario.saying) if wanted not in said]
        return f"it was refused otherwise: {said}" if missing else ""

    def _differences(self, scenario: _Scenario) -> Iterator[str]:
        if scenario.state is not None and self.standing.state is not scenario.state:
            yield f"the case is {self.standing.state}, not {scenario.state}"
        policy = self.policies.on(self.now.date())
        found = deadlines(self.standing, policy, self.calendar, self.officers)
        for wanted in scenario.due:
            days = sorted(item.on for item in found if item.kind is wanted.kind)
            if wanted.on not in days:
                yield f"{wanted.kind} is due {', '.join(map(str, days)) or 'never'}, not {wanted.on}"
        for kind in scenario.not_due:
            if any(item.kind is kind for item in found):
                yield f"{kind} is due"

    def _steps(self, told: tuple[str | _Step, ...]) -> Iterator[_Step]:
        for step in told:
            if isinstance(step, str):
                yield from self._steps(self.file.stories[step])
            else:
                yield step

    def _take(self, step: _Step) -> None:
        if isinstance(step.on, datetime):
            self.now = step.on.replace(tzinfo=COUNCIL_TIME)
        elif step.on is not None:
            self.now = datetime.combine(step.on, NOON, COUNCIL_TIME)
        officer = self.officers.named(step.by)
        if officer is None:
            raise KeyError(step.by)
        situation = Situation(
            standing=self.standing,
            policy=self.policies.on(self.now.date()),
            officer=officer,
            now=self.now,
            officers=self.officers,
            calendar=self.calendar,
        )
        event, _ = admit(record_from(self._data(step.do)), situation)
        self.standing = standing(self.standing.case.with_event(event))

    def _data(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The record a step tells, over the one it is `like`; a key told as null is left out."""
        told = dict(told)
        like = told.pop("like", None)
        return _merged(self._data(self.file.records[like]) if like else {}, told)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged


def _officer(username: str, told: _Officer) -> Officer:
    name = told.name or username
    title = told.job_title or ", ".join(told.roles) or "officer"
    given = told.model_dump(exclude={"name", "job_title", "roles"})
    return Officer(username=username, name=name, job_title=title, roles=frozenset(told.roles), **given)
