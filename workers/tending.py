"""What is done besides the mailboxes, now and then: writers are told, letters sent, people reminded of what is due."""

from collections.abc import Callable

from core import clock, log
from workers.alone import note
from workers.carding import raise_cards
from workers.mailing import send_letters
from workers.noticing import send_notices
from workers.proving import prove_tended
from workers.reminding import remind
from workers.runtime import Runtime

TEND_EVERY_SECONDS = 60

_WORKS: dict[str, Callable[[Runtime], int]] = {
    "notices": send_notices,  # they become letters
    "letters": send_letters,
    "reminders": lambda runtime: remind(runtime, now=clock.now()),
    "mailboxes nobody tends": lambda runtime: prove_tended(runtime, now=clock.now()),
    "evidence": lambda runtime: raise_cards(runtime, now=clock.now()),
}

_log = log.get("workers")


def tend(runtime: Runtime) -> None:
    """Send what waits to be sent, and raise what has fallen due; trouble with one waits for the next time."""
    for name, work in _WORKS.items():
        try:
            done = work(runtime)
        except Exception as error:  # noqa: BLE001 - the outermost loop of this work: the next time comes all the same
            note(name, error)
        else:
            if done:
                _log.info("tending.done", work=name, count=done)
