"""A policy as lines to read and to compare: where each value stands, what it is, and the clause it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from policies.period import Period
from policies.policy import Category, Named, Ombudsman, Policy, Rule

_REQUIRED = ("statements", "letters")  # what is asked for, each with the clause that asks for it
_UNTOLD = ("id", "version")  # told by the title


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value of a policy. `place` is its keys joined by dots; what no clause lays down has an empty one."""

    place: str
    value: str
    clause: str = ""
    since: date | None = None

    @property
    def section(self) -> str:
        """The outermost key."""
        return self.place.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place where two policies, or two versions of one, do not say the same; None: it is not there."""

    place: str
    before: Line | None
    after: Line | None


def lines(policy: Policy) -> tuple[Line, ...]:
    """Everything a policy lays down, in its order."""
    told = (field.name for field in fields(policy) if field.name not in _UNTOLD)
    return tuple(line for name in told for line in _lines((name,), getattr(policy, name)))


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Where the values differ; of two versions of one policy also where only the clause does."""
    old, new = ({line.place: line for line in lines(policy)} for policy in (before, after))
    same_policy = before.id == after.id
    return tuple(
        Difference(place=place, before=old.get(place), after=new.get(place))
        for place in {**old, **new}
        if _said(old.get(place), clause=same_policy) != _said(new.get(place), clause=same_policy)
    )


def _said(line: Line | None, *, clause: bool) -> tuple[str, str] | None:
    return None if line is None else (line.value, line.clause if clause else "")


def _lines(place: tuple[str, ...], value: Any) -> Iterator[Line]:  # noqa: ANN401 - a policy has values of many types
    match value:
        case None | ():
            return
        case Rule():
            yield from _of_rule(place, value)
        case Named():
            yield Line(place=".".join((*place, value.name)), value=value.link or "yes", clause=value.clause)
        case Category():
            yield Line(place=".".join(place), value=_category(value), clause=value.clause)
        case Mapping():
            for key, item in value.items():
                yield from _item((*place, str(key)), item)
        case _:
            yield from _of_others(place, value)


def _of_rule(place: tuple[str, ...], rule: Rule[Any]) -> Iterator[Line]:
    if not isinstance(rule.value, Ombudsman):
        yield Line(place=".".join(place), value=_words(rule.value), clause=rule.clause, since=rule.since)
        return
    for line in _lines(place, rule.value):
        yield replace(line, clause=rule.clause, since=rule.since)


def _of_others(place: tuple[str, ...], value: Any) -> Iterator[Line]:  # noqa: ANN401 - as above
    if isinstance(value, tuple) and isinstance(value[0], Named):
        for item in value:
            yield from _lines(place, item)
    elif is_dataclass(value) and not isinstance(value, type | Period):
        for field in fields(value):
            yield from _lines((*place, field.name), getattr(value, field.name))
    else:
        yield Line(place=".".join(place), value=_words(value))


def _item(place: tuple[str, ...], value: Any) -> Iterator[Line]:  # noqa: ANN401 - as above
    if place[0] in _REQUIRED and isinstance(value, str):
        yield Line(place=".".join(place), value="required", clause=value)
    else:
        yield from _lines(place, value)


def _category(category: Category) -> str:
    said = [category.name, category.heading, f"severity {category.severity}"]
    said += [f"needs {', '.join(category.needs)}"] if category.needs else []
    said += ["a score may suggest it"] if category.model else []
    return "; ".join(filter(None, said))


def _words(value: Any) -> str:  # noqa: ANN401 - as above
    match value:
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case ():
            return "none"
        case tuple() if all(isinstance(item, tuple) for item in value):
            return " and ".join(" or ".join(map(_words, group)) for group in value)
        case tuple():
            return ", ".join(map(_words, value))
        case _:
            return str(value)
