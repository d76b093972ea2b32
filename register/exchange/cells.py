"""What stands in a cell, as a value and as text: dates as people write them here, lists, times of the week, yes and no.

A date is day first; nothing is guessed from a two-figure year or a month that could be a day.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time

from register.dates import COUNCIL_TIME, start_of
from register.exchange.columns import Column, Reads
from register.exchange.spreadsheets import Cell
from register.restrictions import DAYS

Value = str | int | bool | date | datetime | tuple[str, ...] | tuple[Mapping[str, str], ...]
"""What a cell was read as."""

Given = Cell | Sequence[object]
"""What a file gives for a column: a cell, or in YAML also a list."""

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    )
    for number, name in enumerate(names.split(), start=1)
}
_YEARS = range(1900, 2099)  # those of `register.fields`
_FIGURES = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([^\W\d]{3,})\.?,?\s+(\d{4})", re.IGNORECASE)
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
_WINDOW = re.compile(rf"([a-z]{{3,9}})\.?\s+({_CLOCK})\s*(?:-|\u2013|to)\s*({_CLOCK})", re.IGNORECASE)
_UNESCAPED = re.compile(r"(?:\\[\\;]|[^;])+")
_YES = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "ie": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
_AS_WRITTEN = {"english": "en", "welsh": "cy", "saesneg": "en", "cymraeg": "cy", "phone": "telephone"}


def read(column: Column, given: Given) -> Value:
    """What is given for a column, as what the column holds. Raises ValueError; its words say what to write instead."""
    if isinstance(given, list | tuple) and column.reads not in _SEVERAL:
        message = "is one value, not a list"
        raise ValueError(message)
    if not all(isinstance(item, Cell) for item in (given if isinstance(given, list | tuple) else [given])):
        message = f"is {column.reads.value}, and nothing nested"
        raise ValueError(message)
    return _READERS[column.reads](given)


def written(value: object) -> str:
    """The cell that `read` reads as this value."""
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return str(value.astimezone(COUNCIL_TIME).date()) if _midnight(value) else value.isoformat()
        case tuple() | list():
            return "; ".join(_escaped(str(item)) for item in value)
        case _:
            return str(value)


def _midnight(moment: datetime) -> bool:
    return moment == start_of(moment.astimezone(COUNCIL_TIME).date())


def _escaped(item: str) -> str:
    return item.replace("\\", "\\\\").replace(";", "\\;")


def _text(given: Given) -> str:
    match given:
        case bool():
            return "yes" if given else "no"
        case float() if given.is_integer():
            return str(int(given))
        case datetime() if given.time() == time.min:
            return str(given.date())
        case _:
            return _sound(str(given))


def _sound(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in text):
        message = "holds a character that is none: write it anew"
        raise ValueError(message)
    if _ERROR.fullmatch(text.strip()):
        message = f"{text.strip()} is an error of the spreadsheet's own: correct the formula, or write the value"
        raise ValueError(message)
    return text.strip()


def _word(given: Given) -> str:
    word = re.sub(r"[\s_]+", "-", _text(given).casefold())
    return _AS_WRITTEN.get(word, word)


def _number(given: Given) -> int:
    text = _text(given)
    if not re.fullmatch(r"\d{1,9}", text):
        message = f"{text!r} is no whole number"
        raise ValueError(message)
    return int(text)


def _yes(given: Given) -> bool:
    word = _text(given).casefold()
    if word not in _YES:
        message = f"{word!r}: write yes or no"
        raise ValueError(message)
    return _YES[word]


def _day(given: Given) -> date:
    match given:
        case datetime():
            day = given.date()
        case date():
            day = given
        case str():
            day = _written_day(given.strip())
        case _:
            message = f"{given!r} is no date: format the cell as a date, or write 31/03/2026"
            raise ValueError(message)
    if day.year not in _YEARS:
        message = f"{day} is most likely mistyped: a register has years from {_YEARS[0]} to {_YEARS[-1]}"
        raise ValueError(message)
    return day


def _written_day(text: str) -> date:
    with suppress(ValueError):
        return date.fromisoformat(text)
    if figures := _FIGURES.fullmatch(text):
        day, month, year = map(int, figures.groups())
    elif (words := _WORDS.fullmatch(text)) and (found := _month(words[2])):
        day, month, year = int(words[1]), found, int(words[3])
    else:
        message = f"{text!r} is no date: write 31/03/2026 (day first), 31 March 2026 or 2026-03-31"
        raise ValueError(message)
    try:
        return date(year, month, day)
    except ValueError:
        message = f"{text!r} is no date: there is no day {day} of month {month} in {year} (the day comes first)"
        raise ValueError(message) from None


def _month(name: str) -> int | None:
    """The month of this name in English or Welsh, or of a beginning that is no other month's."""
    wanted = name.casefold()
    found = {number for month, number in _MONTHS.items() if month.startswith(wanted)}
    return _MONTHS.get(wanted) or (found.pop() if len(found) == 1 else None)


def _moment(given: Given) -> datetime:
    if isinstance(given, str):
        with suppress(ValueError):
            given = datetime.fromisoformat(given.strip())
    day = _day(given)
    if isinstance(given, datetime) and (given.tzinfo is not None or given.time() != time.min):
        return given if given.tzinfo is not None else given.replace(tzinfo=COUNCIL_TIME)
    return start_of(day)


def _items(given: Given) -> Iterable[str]:
    if isinstance(given, list | tuple):
        yield from (_sound(str(item)) for item in given)
    else:
        for part in _UNESCAPED.findall(_text(given)):
            yield re.sub(r"\\([\\;])", r"\1", part).strip()


def _list(given: Given) -> tuple[str, ...]:
    return tuple(filter(None, _items(given)))


def _words(given: Given) -> tuple[str, ...]:
    return tuple(_word(item) for item in _list(given))


def _telephones(given: Given) -> tuple[str, ...]:
    if isinstance(given, int | float):
        message = f"{_text(given)} is stored as a number, which loses its first nought: format the cell as text"
        raise ValueError(message)  # noqa: TRY004 - the file is at fault, not its caller
    return _list(given)


def _windows(given: Given) -> tuple[Mapping[str, str], ...]:
    return tuple(_one_window(item) for item in _list(given))


def _one_window(text: str) -> Mapping[str, str]:
    found = _WINDOW.fullmatch(text)
    days = [day for day in DAYS if found and day.startswith(found[1].casefold())]
    if found is None or not days:
        message = f"{text!r} is no time of the week: write tue 10:00-12:00; thu 14:00-15:00"
        raise ValueError(message)
    start, until = (_two_figures(clock.replace(".", ":")) for clock in found.group(2, 3))
    return {"day": days[0], "start": start, "until": until}


def _two_figures(clock: str) -> str:
    return clock if clock[2] == ":" else f"0{clock}"


_SEVERAL = frozenset({Reads.LIST, Reads.WORDS, Reads.TELEPHONES, Reads.WINDOWS})
_READERS: Mapping[Reads, Callable[[Given], Value]] = {
    Reads.TEXT: _text,
    Reads.WORD: _word,
    Reads.NUMBER: _number,
    Reads.YES: _yes,
    Reads.DAY: _day,
    Reads.MOMENT: _moment,
    Reads.LIST: _list,
    Reads.WORDS: _words,
    Reads.TELEPHONES: _telephones,
    Reads.WINDOWS: _windows,
}
