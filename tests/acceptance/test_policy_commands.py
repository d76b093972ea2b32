"""`mailroom policy`: councils' policies are checked, read and compared without any configuration."""

from pathlib import Path

import pytest

from policies import shelf
from tests.acceptance.test_commands import Office

SIXTH = "a-sixth-council"
INTERVAL = "  interval: {value: 6 months, clause:"


@pytest.fixture
def bare(tmp_path: Path) -> Office:
    """A folder without anything in it."""
    return Office(tmp_path)


@pytest.fixture
def sixth(bare: Office) -> Path:
    """A council's own policy: that of 001, with a review interval that changes."""
    path = bare.folder / SIXTH / "policy.yaml"
    path.parent.mkdir()
    text = shelf.place("001").read_text("utf-8").splitlines()
    (place,) = (number for number, line in enumerate(text) if line.startswith(INTERVAL))
    text[place : place + 1] = [
        "  interval:",
        "    - {from: 2024-01-01, value: 6 months, clause: 'our own, \"every 6 months\"'}",
        "    - {from: 2025-07-01, value: 3 months, clause: 'our own, \"every 3 months\"'}",
    ]
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def test_every_shipped_policy_is_without_mistakes(bare: Office) -> None:
    said = bare.types("policy", "check")

    assert all(name in said for name in shelf.shipped())
    assert "no mistakes" in said
    assert bare.asks("policy", "check") == []


@pytest.mark.parametrize("given", ["folder", "file"])
def test_a_policy_of_ones_own_is_checked_by_its_path(bare: Office, sixth: Path, given: str) -> None:
    path = sixth if given == "file" else sixth.parent

    assert "no mistakes" in bare.types("policy", "check", str(path), "001")


def test_each_mistake_is_told_with_its_file_and_line(bare: Office, sixth: Path) -> None:
    text = sixth.read_text("utf-8").replace("3 months", "3 mnths").replace("restarts_with_activity", "restarts")
    sixth.write_text(text, encoding="utf-8")
    place = next(number for number, line in enumerate(text.splitlines(), start=1) if "restarts" in line)

    said = bare.types("policy", "check", SIXTH, ends=1)
    (first, *_) = bare.asks("policy", "check", SIXTH, ends=1)

    assert f"{SIXTH}/policy.yaml:{place}: retention.restarts: is no key of a policy here" in said
    assert "Traceback" not in said
    assert first["file"] == f"{SIXTH}/policy.yaml"
    assert "is required" in first["mistake"]


def test_a_policy_is_shown_with_the_clause_of_each_value(bare: Office) -> None:
    said = bare.types("policy", "show", "004")

    assert "004-york@2024-01-01" in said
    assert "stages" in said.lower()
    assert "head-of-legal-services and chief-strategy-officer" in said
    assert '"There are different options which' in said


@pytest.mark.requirement("2.2")
def test_the_nine_fields_of_a_policy_document_are_shown(bare: Office) -> None:
    document = bare.asks("policy", "show", "002")["document"]

    nine = ("title", "owner", "approved_by", "dated", "version", "status", "review_frequency", "review_date")
    assert all(document[field] for field in (*nine, "consultation"))


@pytest.mark.requirement("1.6")
def test_a_policy_is_shown_as_it_stood_on_a_day(bare: Office, sixth: Path) -> None:
    before = bare.asks("policy", "show", str(sixth), "--on", "2025-06-30")
    after = bare.asks("policy", "show", str(sixth), "--on", "2025-07-01")

    assert (before["version"], before["reviews"]["interval"]["value"]) == (f"{SIXTH}@2024-01-01", "6 months")
    assert (after["version"], after["reviews"]["interval"]["value"]) == (f"{SIXTH}@2025-07-01", "3 months")


def test_two_days_of_a_policy_differ_in_what_changed_between_them(bare: Office, sixth: Path) -> None:
    asked = ("policy", "diff", str(sixth), "--from", "2025-01-01", "--to")

    (changed,) = bare.asks(*asked, "2026-01-01")
    said = bare.types(*asked, "2026-01-01")

    assert (changed["what"], changed["before"], changed["after"]) == ("reviews.interval", "6 months", "3 months")
    assert changed["clause after"] == 'our own, "every 3 months"'
    assert 'our own, "every 6 months"' in said
    assert "1 difference" in said
    assert "no differences" in bare.types(*asked, "2025-02-01")


def test_two_policies_differ_value_by_value(bare: Office) -> None:
    said = bare.types("policy", "diff", "001", "003")

    assert "001-two-stage@2024-01-01: 6 months" in said
    assert "003-pembrokeshire@2024-11-04: 12 months" in said
    assert '"12 months after we take the decision to apply the policy' in said
    assert "003-pembrokeshire@2024-11-04: nothing is said" in said


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        pytest.param(("check", "007"), "nothing of that name is shipped", id="check of what is not there"),
        pytest.param(("show", "00"), "all begin so", id="an ambiguous name"),
        pytest.param(("show", "003", "--on", "2024-11-03"), "in force from 2024-11-04", id="too early"),
        pytest.param(("show", "003", "--on", "yesterday"), "%Y-%m-%d", id="no day"),
        pytest.param(("diff", "003"), "policy diff NAME --from DAY --to DAY", id="nothing to compare with"),
        pytest.param(("diff", "003", "--from", "2025-01-01"), "policy diff NAME OTHER", id="one day"),
        pytest.param(("diff", "001", "no/such.yaml"), "no such file exists", id="no such file"),
    ],
)
def test_a_wrong_command_line_says_what_is_right(bare: Office, words: tuple[str, ...], remedy: str) -> None:
    assert remedy in " ".join(bare.types("policy", *words, ends=2).split())
