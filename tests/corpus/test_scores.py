"""The scoring programs beside a developer's checkout, run against this reader and this matcher."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FROM_WRONG, TEXT_LOST, SUBJECT_WRONG, BOUNCE_MISSED = 0.004, 0.01, 0.005, 0.02


def score(shared: Path, program: str, check: str) -> str:
    command = [sys.executable, str(ROOT / "tests" / "corpus" / check)]
    scorer = [sys.executable, str(shared / "harness" / program), str(shared / "mail"), "--", *command]
    return subprocess.run(scorer, cwd=ROOT, capture_output=True, text=True, timeout=250, check=False).stdout


def test_the_reader_reads_the_corpus(shared: Path) -> None:
    counted = json.loads(score(shared, "score_reader.py", "read_check.py"))

    assert counted.get("errors", 0) == 0
    assert counted.get("suspect missed", 0) == 0
    assert counted.get("false bounce", 0) == 0
    assert counted.get("from wrong", 0) <= FROM_WRONG * counted["from"]
    assert counted.get("body text lost", 0) <= TEXT_LOST * counted["body"]
    assert counted.get("subject wrong", 0) <= SUBJECT_WRONG * counted["subject"]
    assert counted.get("auto missed", 0) <= BOUNCE_MISSED * counted["auto"]


def test_the_matcher_knows_everybody_and_accuses_nobody(shared: Path) -> None:
    report = score(shared, "score_identity.py", "match_check.py")

    assert re.search(r"^0 hard failures", report, re.MULTILINE), report
    assert '"auto missed"' not in report
