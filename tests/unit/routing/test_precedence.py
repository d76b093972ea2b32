"""The order among restrictions, as the guide for officers tells it, is the order of the code."""

from pathlib import Path

from policies.vocabulary import RestrictionKind
from routing.enforcing import PRECEDENCE

GUIDE = Path(__file__).resolve().parents[3] / "docs/how-to/restrictions.md"


def table() -> str:
    """The precedence as the guide shows it."""
    lines = [f"| {place} | {step.kind} | {step.words} |" for place, step in enumerate(PRECEDENCE, start=1)]
    return "\n".join(["| | restriction | a message of the person |", "|---|---|---|", *lines])


def test_the_guide_tells_the_order_of_the_code() -> None:
    assert f"\n\n{table()}\n\n<!-- end of precedence -->" in GUIDE.read_text("utf-8")


def test_no_kind_has_two_places() -> None:
    kinds = [step.kind for step in PRECEDENCE]

    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= set(RestrictionKind)


if __name__ == "__main__":
    print(table())
