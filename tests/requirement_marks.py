"""A pytest plugin: `@pytest.mark.requirement("1.71")` says which row a test proves; an unknown row stops the run."""

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parent.parent / "docs" / "requirements.tsv"
PROPERTY = "requirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause of one policy; what its kinds mean: `tests.requirement_ledger`."""

    id: str
    kinds: tuple[str, ...]
    title: str

    @property
    def policy(self) -> str:
        """The policy the row belongs to, e.g. `001`."""
        return self.id.split(".")[0].zfill(3)


@functools.cache
def rows() -> dict[str, Row]:
    """Every row by its id, in the order of the policies."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        lines = csv.DictReader(table, delimiter="\t")
        return {
            line["row"]: Row(id=line["row"], kinds=tuple(line["kind"].split("/")), title=line["title"])
            for line in lines
        }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the rows a test claims into its reports; raises UsageError for a row that does not exist."""
    unknown = []
    for item in items:
        for row in _claimed(item):
            item.user_properties.append((PROPERTY, row))
            if row not in rows():
                unknown.append(f"{item.nodeid} claims to prove row {row!r}, which {TABLE.name} does not have")
    if unknown:
        raise pytest.UsageError(*unknown)


def _claimed(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers(PROPERTY):
        yield from mark.args
