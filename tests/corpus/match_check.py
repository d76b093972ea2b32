"""A matcher for scoring programs: the register on the first line of stdin, then one path a line; JSON answers."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ingest.parse import read
from register.entry import RegisterEntry, Snapshot
from register.matching import StaffDirectory, match
from routing.claims import claims_of, is_automatic


def entry_of(person: dict[str, Any]) -> RegisterEntry:
    return RegisterEntry(ref=person["id"], version=1, name=person["name"], addresses=tuple(person["emails"]))


def answer(path: str, setup: dict[str, Any]) -> dict[str, object]:
    message = read(Path(path).read_bytes(), trusted_authserv_id=setup["trusted_authserv_id"])
    snapshot = Snapshot(tuple(map(entry_of, setup["register"])))
    staff = StaffDirectory.of(domains=(setup["own_domain"],), addresses=setup["staff"])
    found = match(claims_of(message), snapshot, staff=staff)
    return {
        "match": found.outcome,
        "person": found.entries[0].ref if found.entries else None,
        "auto": is_automatic(message),
        "auth": message.authentication,
    }


setup = json.loads(sys.stdin.readline())
for line in sys.stdin:
    print(json.dumps(answer(line.strip(), setup)), flush=True)
