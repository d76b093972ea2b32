"""What is done besides the mailboxes, every now and then: letters are sent, people are reminded of what is due."""

import traceback

from core import clock, log
from workers.mailing import send_letters
from workers.reminding import remind
from workers.runtime import Runtime

TEND_EVERY_SECONDS = 60

_log = log.get("workers")


def tend(runtime: Runtime) -> None:
    """Send the letters that wait, and raise what has fallen due; trouble with one waits for the next time."""
    for name in ("letters", "reminders"):
        try:
            done = send_letters(runtime) if name == "letters" else remind(runtime, now=clock.now())
        except Exception as error:  # noqa: BLE001 - the outermost loop of this work: the next time comes all the same
            last = traceback.extract_tb(error.__traceback__)[-1]  # where, but never the values that were at hand
            place = f"{last.name}:{last.lineno}"
            _log.error("tending.failed", work=name, error=type(error).__name__, where=place)
        else:
            if done:
                _log.info("tending.done", work=name, count=done)
