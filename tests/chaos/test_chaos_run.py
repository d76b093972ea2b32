"""A short run of the chaos harness: real Dovecot, a relay, everything that goes wrong with them; every message audited.

Longer runs, other seeds: `chaos_run.py --adapter tests/chaos/adapter.py --messages 300 --seed N [--caps legacy]`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import free_port

ADAPTER = Path(__file__).with_name("adapter.py")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.dovecot
@pytest.mark.requirement("1.71")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("capabilities", ["full", "legacy"])
def test_no_accident_loses_or_misplaces_a_message(shared: Path, tmp_path: Path, capabilities: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("the harness starts Dovecot as root: sudo make test")
    report = tmp_path / "report.json"
    harness = [sys.executable, str(shared / "harness" / "chaos_run.py"), "--adapter", str(ADAPTER)]
    size = ["--messages", "80", "--seconds", "15", "--gap", "0.8", "--seed", "7", "--poison", str(shared / "mail")]
    places = ["--port", str(_ports()), "--caps", capabilities, "--out", str(report)]

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([*harness, *size, *places], env=environment, capture_output=True, text=True, check=False)

    assert report.exists(), ran.stdout + ran.stderr
    found = json.loads(report.read_text("utf-8"))
    assert found["violations"] == {}
    assert sum(found["stats"]["faults"].values()) > 0
    assert not found["stats"]["gave_up_draining"]


def _ports() -> int:
    """A base below which and above which the harness finds its fourteen ports free, most likely."""
    return min(free_port(), 60_000)
