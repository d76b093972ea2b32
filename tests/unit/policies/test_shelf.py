"""A policy is found by its name, by how its name begins, or by where it lies; otherwise it is said what there is."""

from pathlib import Path

import pytest

from policies import shelf
from tests.unit.policies.conftest import LEAST


def test_the_five_policies_are_shipped() -> None:
    assert [name[:3] for name in shelf.shipped()] == ["000", "001", "002", "003", "004"]


@pytest.mark.parametrize("name", ["001-two-stage", "001", "001-t"])
def test_a_shipped_policy_is_found_by_its_name_or_its_beginning(name: str) -> None:
    assert shelf.find(name).newest.id == "001-two-stage"


@pytest.mark.parametrize("path", [LEAST, LEAST.parent, str(LEAST)], ids=["file", "folder", "as text"])
def test_a_councils_own_policy_is_found_by_its_path(path: Path | str) -> None:
    assert shelf.find(path).newest.id == "a-council"


def test_a_folder_of_ones_own_hides_no_shipped_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "001-two-stage").mkdir()
    (tmp_path / "001-two-stage" / "policy.yaml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert shelf.find("001-two-stage").newest.id == "001-two-stage"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("005", "nothing of that name is shipped", id="no such name"),
        pytest.param(
            "00", "001-two-stage, 002-monmouthshire, 003-pembrokeshire, 004-york all begin so", id="ambiguous"
        ),
        pytest.param("", "nothing of that name is shipped", id="no name"),
        pytest.param("no/such/policy.yaml", "no such file exists", id="no such path"),
        pytest.param("x" * 5000, "no such file exists", id="longer than a path may be"),
        pytest.param("a\0b", "no such file exists", id="no possible path"),
    ],
)
def test_what_is_not_found_says_what_there_is(name: str, reason: str) -> None:
    with pytest.raises(shelf.UnknownPolicyError) as unknown:
        shelf.find(name)

    assert reason in str(unknown.value)
    assert "003-pembrokeshire" in str(unknown.value)
