"""Reads `policy.yaml`: every mistake is told with its file, line and remedy, and a file with any is refused whole.

A rule is written `{value: 6 months, clause: 'Review, "no later than ..."'}`. Where anything has changed, a list of
mappings takes its place, each with the day `from` which it holds; what is no rule is `{from: ..., value: ...}` there,
and null says that it holds no longer. What holds on one day is one version of the policy.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from policies.checking import inconsistencies
from policies.explaining import Place, explained
from policies.policy import Policy
from policies.source import Mistake, PolicyRefusedError, Source, day, keys_of, line_of, pairs, scalar

__all__ = ["Mistake", "NotInForceError", "PolicyHistory", "PolicyRefusedError", "read_policy"]

_STARTS = "in_force_from"
_POLICY = TypeAdapter(Policy)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


class NotInForceError(Exception):
    """No version of the policy was in force on that day."""


@dataclass(frozen=True, slots=True)
class PolicyHistory:
    """Every version of one council's policy, oldest first; there is at least one."""

    versions: tuple[tuple[date, Policy], ...]

    def on(self, on: date) -> Policy:
        """The version in force on that day. Raises NotInForceError before the first."""
        for since, policy in reversed(self.versions):
            if since <= on:
                return policy
        since, policy = self.versions[0]
        message = f"policy {policy.id} is in force from {since}: nothing can be decided under it on {on}"
        raise NotInForceError(message)

    def version(self, name: str) -> Policy | None:
        """The version with this name, however old."""
        return next((policy for _, policy in self.versions if policy.version == name), None)

    @property
    def newest(self) -> Policy:
        """The version that comes last, in force or still to come."""
        return self.versions[-1][1]


def read_policy(path: Path) -> PolicyHistory:
    """Every version that the file lays down; the name of its folder is the policy's id. Raises PolicyRefusedError."""
    source = Source(path)
    root = source.root()
    name = path.resolve().parent.name
    if not _NAME.fullmatch(name):
        source.mistake(1, f"the folder {name!r} names the policy: use letters, digits and hyphens")
    first = _first_day(source, root)
    days = {first, *_changes(source, root, first)}
    source.check()
    return PolicyHistory(tuple((since, _Version(source, since, first).read(root, name)) for since in sorted(days)))


def _first_day(source: Source, root: yaml.Node) -> date:
    """The day on which the first version begins."""
    written = keys_of(root)
    for computed in {"id", "version", "from"} & written.keys():
        source.mistake(written[computed], f"{computed} is not written: the folder and the days of the changes give it")
    first = day(written[_STARTS]) if _STARTS in written else None
    if _STARTS not in written:
        source.mistake(root, f"{_STARTS} is required: the day from which this policy applies")
    elif first is None:
        source.mistake(written[_STARTS], f"{_STARTS} is a day, such as 2024-11-04")
    source.check()
    return first or date.max  # without a first day there was a mistake


def _changes(source: Source, node: yaml.Node, first: date) -> Iterator[date]:
    """Every day on which something changes; mistakes in how the changes are written are remembered."""
    if isinstance(node, yaml.SequenceNode):
        dated = [item for item in node.value if "from" in keys_of(item)]
        if dated and len(dated) < len(node.value):
            source.mistake(node, "from: either every item of a list says from when it holds, or none does")
        yield from _days_of(source, dated, first)
    elif "since" in keys_of(node):
        source.mistake(keys_of(node)["since"], "since is not written: say `from` in a list of dated values")
    children = (value for _, value in pairs(node)) if isinstance(node, yaml.MappingNode) else _items(node)
    for child in children:
        if isinstance(node, yaml.MappingNode) and "from" in keys_of(child):
            source.mistake(keys_of(child)["from"], "from: a value that has changed is a list, `- {from: ..., ...}`")
        yield from _changes(source, child, first)


def _days_of(source: Source, items: list[yaml.Node], first: date) -> Iterator[date]:
    seen: set[date] = set()
    for item in items:
        node = keys_of(item)["from"]
        since = day(node)
        if since is None:
            source.mistake(node, "from is a day, such as 2026-04-01")
        elif since < first:
            source.mistake(node, f"from {since} is before the policy is in force, {first}: correct one of them")
        elif since in seen:
            source.mistake(node, f"two values hold from {since}: keep one")
        else:
            seen.add(since)
            yield since


class _Version:
    """The policy as it stands on one day: what was read, and at which line."""

    def __init__(self, source: Source, on: date, first: date) -> None:
        self._source, self._on, self._first = source, on, first
        self._lines: dict[Place, int] = {}
        self._later: dict[Place, date] = {}

    def read(self, root: yaml.Node, name: str) -> Policy:
        """The policy under this name. Raises PolicyRefusedError."""
        data: dict[str, Any] = self._data(root, (), self._first)
        del data[_STARTS]
        try:
            policy = _POLICY.validate_python({**data, "id": name, "version": f"{name}@{self._on}"})
        except ValidationError as error:
            raise self._refused(error) from None
        for place, words in inconsistencies(policy):
            self._source.mistake(self._line(place), f"{'.'.join(map(str, place))}: {words}")
        self._source.check()
        return policy

    def _refused(self, error: ValidationError) -> PolicyRefusedError:
        for place, words in explained(error):
            self._source.mistake(self._line(place), self._said(place, words))
        return self._source.refused()

    def _data(self, node: yaml.Node, place: Place, since: date) -> Any:  # noqa: ANN401 - YAML is any shape
        self._lines[place] = line_of(node)
        if _dated(node):
            return self._held(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._data(item, (*place, number), since) for number, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return scalar(node)
        read = {key: self._data(value, (*place, key), since) for key, value in pairs(node) if key != "from"}
        present = {key: value for key, value in read.items() if value is not None}
        return {**present, "since": since} if {"value", "clause"} <= present.keys() else present

    def _held(self, node: yaml.Node, place: Place) -> Any:  # noqa: ANN401 - YAML is any shape
        """What of a list of dated values holds on the day; None where nothing does, or does any longer."""
        begun = {day(keys_of(item)["from"]) or date.max: item for item in node.value}
        held = [since for since in begun if since <= self._on]
        if not held:
            self._later[place] = min(begun)
            return None
        written = keys_of(begun[max(held)])
        if "value" in written and self._data(written["value"], place, max(held)) is None:
            return None
        if written.keys() == {"from", "value"}:
            return self._data(written["value"], place, max(held))
        return self._data(begun[max(held)], place, max(held))

    def _said(self, place: Place, words: str) -> str:
        if place not in self._later:
            return words
        name = ".".join(map(str, place))
        return f"{name}: holds from {self._later[place]} only: say what holds from {self._first}"

    def _line(self, place: Place) -> int:
        """The line of this place, or of the nearest that surrounds it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def _dated(node: yaml.Node) -> bool:
    """Whether a node is a list of values, each with the day from which it holds."""
    items = _items(node)
    return bool(items) and all("from" in keys_of(item) for item in items)


def _items(node: yaml.Node) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []
