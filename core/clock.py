"""The only place that reads the time; every other module is handed `now`."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds from an arbitrary start that never jump: for leases and timeouts, never for dates."""
    return time.monotonic()
