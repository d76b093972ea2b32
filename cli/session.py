"""What every command shares: where the configuration is, how to print, and what each exit code means."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli.printing import Item, inert, print_items, print_table

if TYPE_CHECKING:
    from workers.runtime import Runtime

_NAME = re.compile(r"^(Imap|Smtp)\w+Error: ")  # for the log; the words speak for themselves


class Exit(IntEnum):
    """What the command's exit code means; the same table stands in the README."""

    OK = 0
    FOUND = 1  # the command worked and found something wrong: a failed check, a message without a disposition
    USAGE = 2  # the command line, the configuration or an input file is at fault
    UNAVAILABLE = 3  # the database or a mail server could not be reached


@dataclass
class Session:
    """One run of the command."""

    config: Path | None = None
    as_json: bool = False
    log_level: str = "WARNING"

    def print(self, data: Any, *, title: str, columns: Sequence[str] = ()) -> None:  # noqa: ANN401 - JSON is any shape
        """Print `data` (a list of rows, or one mapping) as JSON lines or as a table for reading."""
        if self.as_json:
            typer.echo(json.dumps(_numbers(data), ensure_ascii=False, default=str, indent=2, allow_nan=False))
        elif isinstance(data, dict):
            print_table(title, ("", ""), data.items())
        else:
            print_table(title, columns, ([row[column] for column in columns] for row in data))

    def print_items(self, data: Any, *, summary: str, items: Iterable[Item]) -> None:  # noqa: ANN401 - as above
        """Print `data` as JSON, or for reading what it comes to and item by item."""
        if self.as_json:
            self.print(data, title="")
        else:
            print_items(summary, items)

    def say(self, words: str) -> None:
        """Tell a person something that is not the result."""
        if not self.as_json:
            from rich.console import Console

            Console(stderr=False, highlight=False, soft_wrap=True).print(inert(words), markup=False)


def _numbers(data: Any) -> Any:  # noqa: ANN401 - as above
    """The same with null for what is not a number, which JSON has no word for."""
    if isinstance(data, float) and not isfinite(data):
        return None
    if isinstance(data, dict):
        return {name: _numbers(value) for name, value in data.items()}
    return [_numbers(value) for value in data] if isinstance(data, list | tuple) else data


def session_of(context: typer.Context) -> Session:
    """The session that the main command has put into the context."""
    session = context.obj
    if not isinstance(session, Session):
        message = "the command was called without its main callback"
        raise TypeError(message)
    return session


@contextmanager
def opened(context: typer.Context, *, schema: bool = True) -> Iterator["Runtime"]:
    """The runtime the configuration describes; faults become a message on standard error and an exit code."""
    from core import configuration, log
    from core.accounts import SettingsError
    from core.db import DatabaseUrlError, Unavailable
    from ingest.imap import ImapError
    from workers.runtime import Runtime

    session = session_of(context)
    log.configure(level=session.log_level, log_format="console" if sys.stderr.isatty() else "json")
    try:
        runtime = Runtime.of(configuration.load(session.config))
    except (SettingsError, DatabaseUrlError) as error:
        raise failure(str(error), Exit.USAGE) from None
    try:
        if schema:
            _require_schema(runtime)
        yield runtime
    except Unavailable as error:
        words = f"the database cannot be used: {_first_line(error)}"
        raise failure(words, Exit.UNAVAILABLE) from None
    except ImapError as error:
        raise failure(with_remedy(str(error)), Exit.UNAVAILABLE) from None
    except SettingsError as error:  # a password file that is gone
        raise failure(str(error), Exit.USAGE) from None
    finally:
        runtime.close()


def failure(words: str, code: Exit) -> typer.Exit:
    """Say on standard error what is wrong; raise what this returns."""
    typer.echo(f"mailroom: {words}", err=True)
    return typer.Exit(code)


def with_remedy(trouble: str) -> str:
    """What a mail server said, or that it said nothing, with what to do about it."""
    from workers.checking import remedy_for

    words = _NAME.sub("", trouble)
    remedy = remedy_for(words)
    return f"{words}. {remedy[:1].upper()}{remedy[1:]}" if remedy else words


def _require_schema(runtime: "Runtime") -> None:
    import migrations

    at = migrations.current(runtime.database)
    if at != migrations.newest():
        state = "is empty" if at is None else f"is at revision {at}, this version needs {migrations.newest()}"
        words = f"the database {state}: run `mailroom db upgrade`"
        raise failure(words, Exit.USAGE)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
