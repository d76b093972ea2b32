"""What the shipped policies quote stands in the councils' own texts, and what does not quote says that it does not."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from policies import shelf
from policies.policy import Policy

NOT_STATED = "not stated:"
QUOTATION = re.compile(r'"([^"]+)"')
# The marks that differ between a web page, its copy as text and what somebody types. Bullets fall away.
ALIKE = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2022": " "})


def clauses(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every clause of a policy and where it stands: of rules, statements and the parts of letters."""
    yield from _clauses(asdict(policy), policy.id)


def _clauses(data: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a policy as plain data
    if isinstance(data, dict):
        for key, value in data.items():
            here = f"{place}.{key}"
            if isinstance(value, str) and (key == "clause" or re.search(r"\.(statements|letters\.[^.]+)$", place)):
                yield here, value
            yield from _clauses(value, here)
    elif isinstance(data, list | tuple):
        for number, item in enumerate(data):
            yield from _clauses(item, f"{place}.{number}")


CLAUSES = [pytest.param(name, id=name) for name in shelf.shipped()]


def words_of(shared: Path, name: str) -> str:
    """The council's own text of a shipped policy, which is found by its number."""
    (file,) = (shared / "policies").glob(f"{name[:3]}-*.txt")
    return plain(file.read_text("utf-8"))


def plain(text: str) -> str:
    """A text without what no reader would call a difference."""
    return " ".join(text.translate(ALIKE).split())


@pytest.mark.parametrize("name", CLAUSES)
def test_every_quotation_stands_in_the_policy(shared: Path, name: str) -> None:
    said = words_of(shared, name)

    wrong = [
        f"{place}: {quotation}"
        for _, policy in shelf.find(name).versions
        for place, clause in clauses(policy)
        for quotation in QUOTATION.findall(clause)
        if plain(quotation) not in said
    ]

    assert not wrong


@pytest.mark.parametrize("name", CLAUSES)
def test_every_clause_quotes_or_says_that_nothing_is_stated(name: str) -> None:
    found = [found for _, policy in shelf.find(name).versions for found in clauses(policy)]

    assert len(found) > 80
    assert [place for place, clause in found if not _accounted_for(clause)] == []


def _accounted_for(clause: str) -> bool:
    silent = clause.startswith(NOT_STATED) and len(clause.removeprefix(NOT_STATED)) > len(" a word")
    return clause.count('"') % 2 == 0 and (silent or QUOTATION.search(clause) is not None)


def test_the_document_of_a_policy_is_as_its_own_control_block_says(shared: Path) -> None:
    document = shelf.find("002").newest.document
    said = words_of(shared, "002-monmouthshire")

    for words in ("title", "owner", "approved_by", "dated", "version", "status", "consultation"):
        assert getattr(document, words) in said


def test_a_quotation_that_is_not_in_the_policy_is_found() -> None:
    assert plain("the council\u2019s  \u2022 staff") == plain("the council's staff")
    assert not _accounted_for("Review: within six months")
    assert not _accounted_for(NOT_STATED)
