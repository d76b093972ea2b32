"""The file of a policy's scenarios: what can stand in it, and every mistake in it told with its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from policies import plain_yaml
from policies.vocabulary import RestrictionKind
from register.casework.due import DueKind
from register.casework.standing import CaseState
from register.fields import Day, Label
from register.reading import described
from register.records import explained

_BEGINS = re.compile(r"^ *- *\{? *[\"']?scenario[\"']?:")


class ScenariosRefusedError(Exception):
    """A file of scenarios cannot be played; the message tells each mistake, where it is, and what to do."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToldOfficer(_Model):
    """An officer as scenarios speak of one; without a name or title the username and the roles serve."""

    name: str = ""
    job_title: str = ""
    service: str
    roles: tuple[str, ...] = ()
    email: str | None = None
    trained_on: date | None = None
    active: bool = True
    absent_until: date | None = None


class ToldStep(_Model):
    """Somebody records something: `on` a day (at noon) or at a moment; without it, when the step before was taken."""

    by: str
    on: Day | datetime | None = None
    do: dict[str, Any]


Told = Annotated[
    Annotated[str, Tag("story")] | Annotated[ToldStep, Tag("step")],
    Discriminator(lambda told: "story" if isinstance(told, str) else "step"),
]
"""A step, or the name of a story: its steps in its place."""


class ToldDue(_Model):
    """Something due, and by which day."""

    kind: DueKind
    on: date


class Scenario(_Model):
    """One case: what was `given`, who did what `when`, and what came of it.

    A refusal is told by words of the clauses it cites (`citing`) or of what it says (`saying`), one text or several;
    each objection has to hold one of them. `applies` are the restrictions that touch mail at noon of `seen_on`, else
    of the last step's day. `rows` are those of the requirements that the scenario shows.
    """

    scenario: Label
    rows: tuple[str, ...] = ()
    given: tuple[Told, ...] = ()
    when: ToldStep | None = None
    then: Literal["allowed", "refused"] = "allowed"
    citing: str | tuple[str, ...] = ()
    saying: str | tuple[str, ...] = ()
    remarking: str = ""
    state: CaseState | None = None
    due: tuple[ToldDue, ...] = ()
    not_due: tuple[DueKind, ...] = ()
    applies: tuple[RestrictionKind, ...] | None = None
    seen_on: date | None = None
    closures: tuple[date, ...] = ()


class ScenarioFile(_Model):
    """Officers, records to be varied with `like`, stories that several scenarios begin with, and the scenarios."""

    officers: dict[str, ToldOfficer]
    records: dict[str, dict[str, Any]] = Field(default_factory=dict)
    stories: dict[str, tuple[Told, ...]] = Field(default_factory=dict)
    scenarios: tuple[Scenario, ...]

    def steps(self, told: Sequence[str | ToldStep]) -> Iterator[ToldStep]:
        """The steps, with those of each story in its place."""
        for item in told:
            if isinstance(item, str):
                yield from self.steps(self.stories[item])
            else:
                yield item

    def data(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The record that a step tells, over the one it is `like`; what is told as null is left out."""
        own = dict(told)
        like = own.pop("like", None)
        return _merged(self.data(self.records[like]) if like else {}, own)


def read(path: Path) -> ScenarioFile:
    """The file, in which every name is known. Raises ScenariosRefusedError."""
    try:
        text = path.read_text(encoding="utf-8")
        data = plain_yaml.load(text)
    except (OSError, ValueError, plain_yaml.YamlError) as error:
        message = f"{path}: {error}"
        raise ScenariosRefusedError(message) from None
    try:
        file = ScenarioFile.model_validate(data)
    except ValidationError as error:
        message = f"{path}: {explained(error, below=0)}{_named(error, data, text)}"
        raise ScenariosRefusedError(message) from None
    if mistakes := [f"{path}{mistake}" for mistake in _mistakes(file, text)]:
        raise ScenariosRefusedError("\n".join(mistakes))
    return file


def _named(error: ValidationError, data: object, text: str) -> str:
    """Which scenarios the numbers of a validation error mean."""
    numbers = sorted(
        {found["loc"][1] for found in error.errors() if found["loc"][:1] == ("scenarios",) and len(found["loc"]) > 1}
    )
    lines = _lines(text)
    told = data["scenarios"] if isinstance(data, dict) else []
    names = [
        f"\nscenarios.{number} is {_name(told[number])}, line {lines[number]}"
        for number in numbers
        if isinstance(number, int) and number < len(lines)
    ]
    return "".join(names)


def _name(told: object) -> str:
    return repr(told.get("scenario")) if isinstance(told, dict) else "no mapping"


def _lines(text: str) -> list[int]:
    """The line each scenario begins at."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if _BEGINS.match(line)]


def _mistakes(file: ScenarioFile, text: str) -> Iterator[str]:
    """What names nothing, or itself."""
    lines = _lines(text)
    whole = len(lines) == len(file.scenarios)
    for name, like in file.records.items():
        yield from (f": record {name}: {words}" for words in _of_record(like, file, {name}))
    for name, steps in file.stories.items():
        yield from (f": story {name}: {words}" for words in _of_steps(steps, file, (name,)))
    seen: set[str] = set()
    for number, scenario in enumerate(file.scenarios):
        place = f":{lines[number]}" if whole else ""
        told = (*scenario.given, *((scenario.when,) if scenario.when else ()))
        words = [*_of_steps(told, file, ()), *_of_outcome(scenario)]
        if scenario.scenario in seen:
            words.append("another scenario has this name: name it otherwise")
        seen.add(scenario.scenario)
        yield from (f"{place}: scenario {scenario.scenario!r}: {each}" for each in words)


def _of_steps(told: Sequence[str | ToldStep], file: ScenarioFile, within: tuple[str, ...]) -> Iterator[str]:
    for step in told:
        if isinstance(step, ToldStep):
            if step.by not in file.officers:
                yield f"{step.by} is no officer here: {', '.join(file.officers)}"
            yield from _of_record(step.do, file, set(), whole=True)
        elif step not in file.stories:
            yield f"{step} is no story here: {', '.join(file.stories) or 'there are none'}"
        elif step in within:
            yield f"the story goes round in a circle: {' -> '.join((*within, step))}"
        elif within:  # a story is looked into from itself; here only whether it comes back
            yield from (words for words in _of_steps(file.stories[step], file, (*within, step)) if "circle" in words)


def _of_record(told: Mapping[str, Any], file: ScenarioFile, seen: set[str], *, whole: bool = False) -> Iterator[str]:
    like = told.get("like")
    if like is not None and like not in file.records:
        yield f"{like} is no record here: {', '.join(file.records) or 'there are none'}"
    elif like in seen:
        yield f"the record is like itself, through {like}"
    elif like is not None:
        yield from _of_record({**file.records[like], **_without_like(told)}, file, {*seen, like}, whole=whole)
    elif whole and (kind := told.get("kind")) not in (known := [each["kind"] for each in described(None)]):
        yield f"{kind} is no kind of record: {', '.join(known)}"


def _without_like(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != "like"}


def _of_outcome(scenario: Scenario) -> Iterator[str]:
    refused = scenario.then == "refused"
    if refused and scenario.when is None:
        yield "when: what is refused?"
    if refused and not (scenario.citing or scenario.saying):
        yield "citing: by which words of the policy is it refused? (or `saying`, where no clause is needed)"
    if not refused and (scenario.citing or scenario.saying):
        yield "citing and saying belong to a refusal: remove them, or write `then: refused`"


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
