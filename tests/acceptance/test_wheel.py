"""What is shipped: the wheel has all that the product needs, and nothing that is only for those who build it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*command, str(folder), str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("council_mailroom-*.whl"))


@pytest.mark.parametrize(
    "path",
    [
        "cli/mailroom.toml",
        "classifier/weights/abuse.zip",
        "demo/council/register.yaml",
        "migrations/versions/0001_initial_schema.py",
        "policies/001-two-stage/policy.yaml",
        "routing/decide.py",
    ],
)
def test_the_wheel_has_what_is_needed_at_run_time(wheel: Path, path: str) -> None:
    assert path in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_has_no_tests_and_no_scripts(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert tops.isdisjoint({"tests", "scripts", "docs", "requirements"})


def test_the_command_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(unpacked)
    probe = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from cli.main import app; app(['init', 'm.toml'])"

    subprocess.run([sys.executable, "-P", "-c", probe], cwd=tmp_path, check=False, capture_output=True)

    assert "signing_key" in (tmp_path / "m.toml").read_text("utf-8")
