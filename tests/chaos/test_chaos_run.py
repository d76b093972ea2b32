"""A short run of the chaos harness: real Dovecot, a relay, everything that goes wrong with them; every message audited.

Longer runs, other seeds: `chaos_run.py --adapter tests/chaos/adapter.py --messages 300 --seed N [--caps legacy]`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import SystemRandom

import pytest

from tests.servers import is_free

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
    places = ["--port", str(_base_of_free_ports()), "--caps", capabilities, "--out", str(report)]

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([*harness, *size, *places], env=environment, capture_output=True, text=True, check=False)

    assert report.exists(), ran.stdout + ran.stderr
    found = json.loads(report.read_text("utf-8"))
    assert found["violations"] == {}
    assert sum(found["stats"]["faults"].values()) > 0
    assert not found["stats"]["gave_up_draining"]


def _base_of_free_ports() -> int:
    """Where the harness finds its ports: it waits for ever for one taken, so below those a system gives by itself."""
    bases = range(12_000, 32_000, 20)
    return next(
        base
        for base in SystemRandom().sample(bases, len(bases))
        if all(is_free(port) for port in range(base, base + 20))
    )
