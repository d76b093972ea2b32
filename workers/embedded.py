"""The embedded way to run: one process tends every mailbox, sweep after sweep, until it is told to stop."""

import random
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import FrameType

from core import clock, log
from core.settings import Pace
from workers.runtime import Runtime
from workers.sweeping import Sweep, sweep
from workers.tending import TEND_EVERY_SECONDS, tend

MAILBOXES_AT_ONCE = 4
_MOST_THREADS = 32
_TICK_SECONDS = 0.2

_log = log.get("workers")
_FAILED = "the software failed: see `sweep.failed` in the log"


def run_once(runtime: Runtime, told: Callable[[Sweep], None] = lambda _sweep: None) -> Sequence[Sweep]:
    """Sweep every mailbox once, some side by side; `told` hears of each as it ends."""
    names = list(runtime.settings.mailboxes)

    def one(name: str) -> Sweep:
        # An error that escaped would keep the mailboxes behind this one from being swept at all.
        result = _guarded(runtime, name) or Sweep(mailbox=name, trouble=_FAILED)
        told(result)
        return result

    with ThreadPoolExecutor(max_workers=min(MAILBOXES_AT_ONCE, len(names))) as pool:
        sweeps = list(pool.map(one, names))
    tend(runtime)
    return sweeps


def run_for_ever(runtime: Runtime, stop: threading.Event, told: Callable[[Sweep], None]) -> None:
    """Sweep each mailbox again and again until `stop` is set; one that is slow or in trouble holds up no other."""
    runtime.stopping = stop
    rounds = {name: _Round() for name in runtime.settings.mailboxes}
    running: dict[Future[Sweep | None], str] = {}
    tending = _Tending()
    with ThreadPoolExecutor(max_workers=min(_MOST_THREADS, len(rounds) + 1)) as pool:
        while not stop.is_set():
            now = clock.monotonic()
            tending.turn(pool, runtime)
            busy = set(running.values())
            for name in [name for name, turn in rounds.items() if turn.due <= now and name not in busy]:
                running[pool.submit(_guarded, runtime, name)] = name
            for future in wait(running, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED).done:
                rounds[running.pop(future)].ended(future.result(), runtime.settings.pace, told)
            if len(running) < len(rounds):
                stop.wait(_TICK_SECONDS)


@dataclass
class _Round:
    """When a mailbox is due again: soon after trouble, but later with each repeat; else after the usual pause."""

    due: float = 0.0
    failures: int = 0

    def ended(self, result: Sweep | None, pace: Pace, told: Callable[[Sweep], None]) -> None:
        self.failures = 0 if result is not None and result.trouble is None else self.failures + 1
        pause = min(pace.poll_seconds, pace.retry_seconds * self.failures) if self.failures else pace.poll_seconds
        self.due = clock.monotonic() + pause * random.uniform(0.8, 1.0)  # noqa: S311 - spreads the load, hides nothing
        if result is not None:
            told(result)


@dataclass
class _Tending:
    """When letters and reminders are due again; never twice at once."""

    due: float = 0.0
    running: Future[None] | None = None

    def turn(self, pool: ThreadPoolExecutor, runtime: Runtime) -> None:
        if self.due <= clock.monotonic() and (self.running is None or self.running.done()):
            self.running = pool.submit(tend, runtime)
            self.due = clock.monotonic() + TEND_EVERY_SECONDS


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set: the acts under way are finished, no other is begun."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop


def _guarded(runtime: Runtime, mailbox: str) -> Sweep | None:
    try:
        return sweep(runtime, mailbox)
    except Exception as error:  # noqa: BLE001 - the outermost loop: whatever it is, the next sweep is due all the same
        last = traceback.extract_tb(error.__traceback__)[-1]  # where, but never the values that were at hand
        _log.error("sweep.failed", mailbox=mailbox, error=type(error).__name__, where=f"{last.name}:{last.lineno}")
        return None
