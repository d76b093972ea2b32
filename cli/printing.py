"""How results are laid out for people: as a table where that fits, else item by item; and days as people write them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_READABLE = 110  # columns: longer lines are lost by the eye
_LONGEST_WORD = 40  # characters: a digest is longer, and may be broken
_BETWEEN = 3  # columns of the terminal between two of a table


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a list: what it is, and below it, indented, what there is to say of it."""

    head: str
    lines: tuple[str, ...] = ()
    level: int = 0


def inert(text: str) -> str:
    """Text that somebody else wrote, made harmless to a terminal: no control, escape or direction characters."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows as a table; where it would have to break words to fit, row by row instead."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [["" if cell is None else inert(str(cell)) for cell in row] for row in rows]
    console = Console(highlight=False)
    if any(columns) and not cells:
        console.print(Text(f"{title}: none."))
        return
    widths = _widths(columns, cells, console.width - _BETWEEN * len(columns))
    if widths is None and any(columns):
        print_items(title, (_as_item(columns, row) for row in cells))
        return
    table = Table(title=title, title_justify="left", show_header=any(columns), box=box.SIMPLE_HEAD, pad_edge=False)
    fitted: Sequence[int | None] = widths or [None] * len(columns)
    for column, width in zip(columns, fitted, strict=True):
        table.add_column(column, overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(Text, row))
    console.print(table)


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """How wide each column is to be so that all find room and no word is broken; None where that cannot be."""
    from rich.cells import cell_len

    texts = list(zip(columns, *cells, strict=True))
    words = [[cell_len(word) for text in column for word in text.split()] for column in texts]
    least = [min(max(lengths, default=1), _LONGEST_WORD) for lengths in words]
    most = [max((cell_len(line) for text in column for line in text.splitlines()), default=1) for column in texts]
    spare, wanted = room - sum(least), sum(most) - sum(least)
    if spare < 0:
        return None
    if wanted <= spare:
        return most
    return [narrow + (wide - narrow) * spare // wanted for narrow, wide in zip(least, most, strict=True)]


def print_items(summary: str, items: Iterable[Item]) -> None:
    """Print what it comes to, and then each item with its lines below it."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    width = min(console.width, _READABLE)
    console.print(Text(inert(summary)), width=width)
    for number, item in enumerate(items):
        if item.level == 0 or number == 0:
            console.print()
        left = 2 * item.level
        console.print(Padding(Text(inert(item.head), "bold"), (0, 0, 0, left), expand=False), width=width)
        for line in item.lines:
            console.print(Padding(Text(inert(line)), (0, 0, 0, left + 4), expand=False), width=width)


def printable(text: str) -> str:
    """Text as UTF-8 can say it: no half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def written(value: object) -> str:
    """A value as people write it: days and moments in words, in council time."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    try:
        return _in_words(text) or text
    except (ValueError, OverflowError):  # no day, though it looks like one
        return text


def counted(number: int, what: str) -> str:
    """A number of things: 1 question, 2 questions."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _in_words(text: str) -> str | None:
    """22 November 2026, 14:05; of a day's first moment, which is how a day is kept, the day alone."""
    from register.dates import COUNCIL_TIME, in_words

    if _DAY.fullmatch(text):
        return in_words(date.fromisoformat(text))
    if not _MOMENT.fullmatch(text):
        return None
    local = datetime.fromisoformat(text).astimezone(COUNCIL_TIME)
    return in_words(local) + (f", {local:%H:%M}" if local.time() != time.min else "")


def _as_item(columns: Sequence[str], row: Sequence[str]) -> Item:
    told = (f"{column}: {cell}" for column, cell in zip(columns[1:], row[1:], strict=True) if cell)
    return Item(head=row[0], lines=tuple(told))
