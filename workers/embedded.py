"""The embedded way to run: one process tends every mailbox, sweep after sweep, until it is told to stop."""

import random
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

from core import log
from workers.runtime import Runtime
from workers.sweeping import Sweep, sweep

MAILBOXES_AT_ONCE = 4

_log = log.get("workers")


def run_once(runtime: Runtime, told: Callable[[Sweep], None] = lambda _sweep: None) -> Sequence[Sweep]:
    """Sweep every mailbox once, some side by side; `told` hears of each as it ends."""
    names = list(runtime.settings.mailboxes)

    def one(name: str) -> Sweep:
        result = sweep(runtime, name)
        told(result)
        return result

    with ThreadPoolExecutor(max_workers=min(MAILBOXES_AT_ONCE, len(names))) as pool:
        return list(pool.map(one, names))


def run_for_ever(runtime: Runtime, stop: threading.Event, told: Callable[[Sweep], None]) -> None:
    """Sweep, wait, sweep again, until `stop` is set; trouble makes the next wait longer, never ends the loop."""
    pace = runtime.settings.pace
    failures = 0
    while not stop.is_set():
        sweeps = _guarded(lambda: run_once(runtime, told))
        failures = failures + 1 if sweeps is None or any(result.trouble for result in sweeps) else 0
        wait = min(pace.poll_seconds, pace.retry_seconds * failures) if failures else pace.poll_seconds
        stop.wait(wait * random.uniform(0.8, 1.0))  # noqa: S311 - spreads the load, hides nothing


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set: the sweep under way is finished, the next is not begun."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop


def _guarded(work: Callable[[], Sequence[Sweep]]) -> Sequence[Sweep] | None:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the outermost loop: whatever it is, the next sweep is due all the same
        last = traceback.extract_tb(error.__traceback__)[-1]  # where, but never the values that were at hand
        _log.error("sweep.failed", error=type(error).__name__, where=f"{last.name}:{last.lineno}")
        return None
