"""Presents the product to the chaos harness: `mailroom run` on SQLite against the harness's own servers.

`chaos_run.py --adapter tests/chaos/adapter.py` kills, freezes, cuts and starves it, and then audits every message.
"""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_CID = re.compile(r"chaos-([0-9a-f]{12})@")


class Adapter:
    """What the harness needs to know."""

    folders = {  # noqa: RUF012 - the harness reads this attribute
        "ordinary": "INBOX",
        "diverted": "Diverted",
        "filed": "Read and file",
        "review": "Review",
        "quarantine": "Quarantine",
    }
    needs: dict[str, bool] = {}  # noqa: RUF012 - the harness reads this attribute
    asked: datetime | None = None

    def setup(self, ctx: Any) -> None:  # noqa: ANN401 - the harness's context has no type
        base = Path(ctx.base)
        self.config = base / "mailroom.toml"
        self.config.write_text(self.configuration(ctx), encoding="utf-8")
        entries = base / "register.yaml"
        entries.write_text(json.dumps({"entries": [_entry(person) for person in ctx.register]}), encoding="utf-8")
        self._mailroom("db", "upgrade")
        keeper = ("name=The Complaints Manager", "job_title=Complaints Manager", "service=complaints")
        self._mailroom("officer", "set", "keeper", *keeper, "roles=[complaints-manager]")
        self._mailroom("register", "import", str(entries), "--as", "keeper")

    def env(self, _ctx: Any) -> dict[str, str]:  # noqa: ANN401 - as above
        return {}

    def commands(self, _ctx: Any) -> list[list[str]]:  # noqa: ANN401 - as above
        return [[sys.executable, "-m", "cli", "--config", str(self.config), "run"]]

    def configuration(self, ctx: Any) -> str:  # noqa: ANN401 - as above
        """The whole of mailroom.toml."""
        self.database = Path(ctx.state) / "mailroom.db"
        return configuration(ctx, f"sqlite:///{self.database}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database has to say."""
        with closing(sqlite3.connect(self.database, timeout=10)) as db:
            return db.execute(query).fetchall()

    def drained(self, ctx: Any) -> bool:  # noqa: ANN401 - as above
        """Whether nothing waits, and each mailbox has been polled since this was first asked: nothing is unseen."""
        asked = self.asked = self.asked or datetime.now(UTC)
        polled = [_moment(row[0]) for row in self.rows("select polled_at from mailbox_cursor")]
        seen = len(polled) == len(ctx.mailboxes) and min(polled) > asked
        return seen and self.rows("select count(*) from delivery where state != 'settled'") == [(0,)]

    def ledger(self, _ctx: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as above
        rows = self.rows("select mailbox, message_id, disposition, state from delivery")
        return [
            {
                "mailbox": f"{mailbox}@council.example",
                "cid": found[1] if (found := _CID.search(message_id or "")) else "",
                "disposition": disposition,
                "terminal": state == "settled",
            }
            for mailbox, message_id, disposition, state in rows
        ]

    def forward_ids(self, _record: dict[str, Any]) -> list[str]:
        return []

    def _mailroom(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "cli", "--config", str(self.config), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        if done.returncode:
            refusal = f"{' '.join(arguments)}: {done.stdout}{done.stderr}"
            raise SystemExit(refusal)


def _moment(stored: datetime | str) -> datetime:
    """What a database holds of a moment: SQLite text without a zone, PostgreSQL the moment itself."""
    found = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def configuration(ctx: Any, database: str) -> str:  # noqa: ANN401 - as above
    """Settings in which everything happens fast."""
    mailboxes = "\n".join(
        f'[mailboxes.{address.split("@")[0]}]\naddress = "{address}"\npassword = "{ctx.password}"\n'
        for address in ctx.mailboxes
    )
    return f"""
[council]
name = "Chaos Council"
domains = ["council.example"]
signing_key = "chaos-signing-key-{ctx.seed:08d}"

[database]
url = "{database}"

[imap]
port = {ctx.imap_port}
security = "plain"

[smtp]
host = "127.0.0.1"
port = {ctx.smtp_port}
security = "plain"
sender = "mailroom@council.example"

[pace]
poll_seconds = 0.3
network_seconds = 5
lease_seconds = 15
retry_seconds = 0.5
retry_cap_seconds = 5

{mailboxes}
"""


def _entry(person: dict[str, Any]) -> dict[str, Any]:
    spoc = person["restriction"] == "spoc"
    restriction = {
        "kind": "spoc-diversion" if spoc else "read-and-file",
        "decided_by": "The Complaints Manager",
        "decided_by_title": "Complaints Manager",
        "decided_on": "2023-12-18",
        "advised_on": "2023-12-19",
        "commenced": "2024-01-01",
        "reasons": "Forty letters a week.",
        "review_on": "2024-06-30",
        "spoc": person.get("spoc"),
        "matter": person.get("matter"),
    }
    closed = {
        "state": "closed",
        "on": "2023-11-30",
        "reason": "Answered in full.",
        "final_position": "Nothing is owed.",
    }
    matters = [{"reference": person["matter"], **closed}] if person.get("matter") else []
    return {
        "ref": person["id"],
        "name": person["name"],
        "email": person["emails"],
        "owner": "keeper",
        "matters": matters,
        "restrictions": [restriction],
    }
