"""A reader for scoring programs: one path a line on stdin, one JSON answer a line on stdout."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ingest.parse import read


def answer(path: str) -> dict[str, object]:
    message = read(Path(path).read_bytes())
    return {
        "from": [address.addr_spec for address in message.from_],
        "subject": message.subject,
        "text": message.text,
        "suspect": message.suspect,
        "degraded": message.degraded,
        "kind": message.kind,
    }


for line in sys.stdin:
    print(json.dumps(answer(line.strip())), flush=True)
