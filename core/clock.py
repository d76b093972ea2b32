"""The only place that reads the time; every other module is handed `now`."""

import time
from datetime import UTC, datetime, timedelta

LONGEST_WAIT = timedelta(days=1)
"""Nothing is put off for longer: a moment further ahead was written while the clock was wrong, and counts as past."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds from an arbitrary start that never jump: for leases and timeouts, never for dates."""
    return time.monotonic()
