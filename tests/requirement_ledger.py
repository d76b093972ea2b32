"""Which clauses of the five policies have a passing test: what `make requirements` prints."""

import argparse
import textwrap
from collections.abc import Iterable, Iterator, Sequence

import pytest

from tests.requirement_marks import PROPERTY, Row, rows

KINDS = {
    "E": "enforced on an e-mail",
    "E+H": "prepared, a person decides",
    "G": "governance the software enforces",
    "C": "evidence for people",
    "H": "a person's judgement",
    "R": "recorded and shown",
    "X": "must never happen",
}


class Ledger:
    """A pytest plugin that notes, row by row, how the tests that claim it went."""

    def __init__(self) -> None:
        self.claimed: set[str] = set()
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    @property
    def proven(self) -> set[str]:
        """The rows with a passing test, and no failing one."""
        return self.passed - self.failed

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self.claimed |= _rows_of(item.user_properties)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed |= _rows_of(report.user_properties)
        elif report.when == "call" and report.passed:
            self.passed |= _rows_of(report.user_properties)


def _rows_of(properties: Iterable[tuple[str, object]]) -> set[str]:
    return {str(value) for name, value in properties if name == PROPERTY}


def report(found: set[str], *, word: str, table: Sequence[Row]) -> Iterator[str]:
    """The lines to print: policy by policy, then kind by kind; `word` says what `found` means, e.g. proven."""
    for policy in sorted({row.policy for row in table}):
        yield from _policy(policy, [row for row in table if row.policy == policy], found, word)
    yield "By kind"
    for kind, meaning in KINDS.items():
        of_kind = [row for row in table if kind in row.kinds]
        yield f"  {_count(of_kind, found):>10}  {kind:3}  {meaning}"
    yield f"In all: {_count(table, found)} rows {word}"


def _policy(policy: str, table: list[Row], found: set[str], word: str) -> Iterator[str]:
    yield f"Policy {policy}: {_count(table, found)} rows {word}"
    named = " ".join(row.id for row in table if row.id in found)
    yield from textwrap.wrap(named, 100, initial_indent="  ", subsequent_indent="  ")
    missing = [row for row in table if row.id not in found]
    if missing:
        yield "  missing:"
    for row in missing:
        yield f"    {row.id:5} {'/'.join(row.kinds):6} {row.title}"
    yield ""


def _count(table: Sequence[Row], found: set[str]) -> str:
    return f"{sum(row.id in found for row in table)} of {len(table)}"


def main() -> int:
    """Run the tests, or with --collect-only just read them, and print the ledger; other arguments go to pytest."""
    parser = argparse.ArgumentParser(prog="python -m tests.requirement_ledger", description=__doc__)
    parser.add_argument("--collect-only", action="store_true", help="say which rows are claimed, without running")
    options, others = parser.parse_known_args()
    ledger = Ledger()
    quietly = ["-qq", "--collect-only", "--no-summary"] if options.collect_only else ["-q", "-n", "auto"]
    outcome = pytest.main([*quietly, "-m", "requirement", *others], plugins=[ledger])
    found, word = (ledger.claimed, "claimed") if options.collect_only else (ledger.proven, "proven")
    print("", *report(found, word=word, table=tuple(rows().values())), sep="\n")
    return int(outcome)


if __name__ == "__main__":
    raise SystemExit(main())
