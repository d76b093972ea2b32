"""A policy file with a mistake is refused: each file of `mistakes` has one, and says in its first line which."""

from pathlib import Path

import pytest

from policies.reading import Mistake, PolicyRefusedError, read_policy

FILES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
def test_a_mistake_is_told_with_its_line_and_what_it_is(path: Path) -> None:
    line, _, words = path.read_bytes().decode(errors="replace").splitlines()[0].removeprefix("# ").partition(": ")

    with pytest.raises(PolicyRefusedError) as refused:
        read_policy(path)

    (mistake,) = refused.value.mistakes
    assert mistake.line == int(line)
    assert mistake.words.startswith(words)
    assert str(refused.value) == f"{path}:{line}: {mistake.words}"


def test_every_mistake_of_a_file_is_told_in_the_order_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("in_force_from: soon\nid: 7\ncouncil: A\n", encoding="utf-8")

    with pytest.raises(PolicyRefusedError) as refused:
        read_policy(path)

    assert [mistake.line for mistake in refused.value.mistakes] == [1, 2]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefusedError, match=r"policy\.yaml:1: cannot be read: No such file"):
        read_policy(tmp_path / "policy.yaml")


def test_a_folder_that_cannot_name_a_policy_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "our policy @ 2026"
    folder.mkdir()
    (folder / "policy.yaml").write_bytes((Path(__file__).parent / "a-council" / "policy.yaml").read_bytes())

    with pytest.raises(PolicyRefusedError, match="use letters, digits and hyphens"):
        read_policy(folder / "policy.yaml")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("9" * 5000, id="a number of 5000 digits"),
        pytest.param(r'"\UFFFFFFFF"', id="a character beyond Unicode"),
        pytest.param("2024-01-01T00:00:00+99:99", id="a time zone that cannot be"),
        pytest.param("\0", id="a NUL character"),
        pytest.param("!!timestamp no", id="a tag that lies"),
        pytest.param("[" * 5000, id="five thousand lists"),
        pytest.param("&a [*a]", id="a list within itself"),
        pytest.param("=", id="the value sign"),
        pytest.param("<<", id="the merge sign"),
    ],
)
def test_what_makes_yaml_libraries_stumble_is_a_mistake_like_any_other(tmp_path: Path, written: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(f"in_force_from: 2024-01-01\nx: {written}\n", encoding="utf-8")

    with pytest.raises(PolicyRefusedError) as refused:
        read_policy(path)

    assert all(isinstance(mistake, Mistake) for mistake in refused.value.mistakes)
