"""Batches for speed, messages for safety: what fails is noted, and put off, by itself; the others go on."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from core import log
from core.accounts import SettingsError
from core.db import Unavailable, Unstorable
from ingest.imap import ImapError, ImapRefusedError
from workers.store import LeaseLostError

Item = TypeVar("Item")
Done = TypeVar("Done")

_log = log.get("workers")

# Not a message's fault: these end the sweep, and the next one goes on from what was committed.
INTERRUPTIONS = (ImapError, LeaseLostError, SettingsError, *Unavailable)

# Of the same families, but about one message: the server or the database will not have just this one.
_REFUSALS = (ImapRefusedError, *Unstorable)


def each_alone(
    work: Callable[[Sequence[Item]], None], items: Sequence[Item], failed: Callable[[Item, Exception], None]
) -> None:
    """Do `work` on all items at once; if that raises, on each alone, and hand `failed` those that raise again.

    `work` must leave nothing behind when it raises. Interruptions are passed on at once.
    """
    try:
        work(items)
    except Exception as error:  # the one place where a message's own failure is caught
        if ends_all(error):
            raise
        if len(items) == 1:
            failed(items[0], error)
            return
        for item in items:
            each_alone(work, [item], failed)


def by_itself(what: str, work: Callable[[], Done], failed: Callable[[Exception], Done]) -> Done:
    """Do one of several works; what nobody foresaw is logged and handed to `failed`, and the others go on.

    Interruptions are passed on at once.
    """
    try:
        return work()
    except Exception as error:
        if ends_all(error):
            raise
        note(what, error)
        return failed(error)


def note(what: str, error: Exception) -> None:
    """Log what nobody foresaw: its type and place, but never the values that were at hand."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("tending.failed", work=what, error=type(error).__name__, where=f"{last.name}:{last.lineno}")


def ends_all(error: Exception) -> bool:
    """Whether this is nobody's own failure: whoever meets it leaves the rest to the next sweep."""
    return isinstance(error, INTERRUPTIONS) and not isinstance(error, _REFUSALS)


def in_pages(items: Sequence[Item], size_of: Callable[[Item], int], most: int) -> Iterator[list[Item]]:
    """Cut what is to be held at once so that it stays within a bound; one that is larger is a page of its own."""
    page: list[Item] = []
    held = 0
    for item in items:
        if page and held + size_of(item) > most:
            yield page
            page, held = [], 0
        page.append(item)
        held += size_of(item)
    if page:
        yield page
