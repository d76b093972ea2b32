"""The measurement itself still measures: a tiny run, of which only the shape is looked at."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.dovecot
@pytest.mark.usefixtures("dovecot")
def test_the_bench_runs_and_accounts_for_its_time() -> None:
    small = ["--messages", "40", "--register", "100", "--rounds", "1", "--json"]

    run = subprocess.run([sys.executable, "-m", "tests.bench", *small], cwd=ROOT, capture_output=True, check=True)

    result = json.loads(run.stdout)
    assert result["messages"] == 40
    assert 0 < sum(result["stages"].values()) <= result["ours"]
