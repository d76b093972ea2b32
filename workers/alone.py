"""Batches for speed, messages for safety: when a batch fails, each of its items is tried by itself."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from core.accounts import SettingsError
from core.db import Unavailable, Unstorable
from ingest.imap import ImapError, ImapRefusedError
from workers.store import LeaseLostError

Item = TypeVar("Item")

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
        if isinstance(error, INTERRUPTIONS) and not isinstance(error, _REFUSALS):
            raise
        if len(items) == 1:
            failed(items[0], error)
            return
        for item in items:
            each_alone(work, [item], failed)
