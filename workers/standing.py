"""How the mailboxes stand: what came in, what became of it, what waits, and who is still asked."""

from datetime import timedelta
from typing import Any

from core import clock
from core.settings import Settings
from ingest import standing_store as ledger
from ingest.delivery import DeliveryState, Disposition
from workers.runtime import Runtime

_ROUNDS = 10  # rounds of polling that may be missed before a mailbox counts as late
_PATIENCE = timedelta(minutes=2)

_COLUMNS = {
    Disposition.KEPT: "kept",
    Disposition.REDIRECTED: "redirected",
    Disposition.FILED: "filed",
    Disposition.PUT_BACK: "put back",
    Disposition.TAKEN: "taken",
}


def standing(runtime: Runtime) -> list[dict[str, Any]]:
    """One row per mailbox, by column name; `late` if it has not been polled for ten rounds."""
    now = clock.now()
    patience = max(_PATIENCE, timedelta(seconds=runtime.settings.pace.poll_seconds * _ROUNDS))
    with runtime.database.transaction() as session:
        polled = {cursor.mailbox: cursor.polled_at for cursor in ledger.cursors(session)}
        totals = ledger.totals(session)
        shunted = ledger.shunted(session)
    rows = {name: _empty(name, runtime.settings) for name in runtime.settings.mailboxes}
    for mailbox, state, disposition, count in totals:
        if mailbox in rows:
            waits = state != DeliveryState.SETTLED or disposition is None
            rows[mailbox]["waiting" if waits else _COLUMNS[Disposition(disposition or "")]] += count
    for name, row in rows.items():
        row["last polled"] = polled[name].isoformat(timespec="seconds") if name in polled else None
        row["polled"] = f"{(now - polled[name]).total_seconds():.0f} s ago" if name in polled else "never"
        row["shunted"] = shunted.get(name, 0)
        row["late"] = name not in polled or polled[name] < now - patience
    return list(rows.values())


def _empty(name: str, settings: Settings) -> dict[str, Any]:
    shadow = settings.mailboxes[name].shadow
    return {"mailbox": name, "shadow": shadow, "waiting": 0, **dict.fromkeys(_COLUMNS.values(), 0)}
