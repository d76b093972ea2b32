"""The types of what people write into the register: bounded, trimmed, never empty where something is needed.

What was recorded once stays readable whatever is asked of people later: read under the context `STORED`, a text is any
text and a day any day. Its kind, its fields and their types hold as ever, and so do the bounds of numbers and lists.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BeforeValidator,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from register.dates import COUNCIL_TIME

STORED: Final = "stored"
"""The validation context of what the register holds, as against what somebody now writes."""


def _unless_stored(given: object, rules: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    return given if info.context == STORED and isinstance(given, str) else rules(given)


def _address(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except EmailNotValidError as error:
        message = f"{value!r} is no e-mail address: {error}"
        raise ValueError(message) from None
    return value


def is_email(value: str) -> bool:
    """Whether this is an e-mail address, as far as its form tells."""
    try:
        _address(value)
    except ValueError:
        return False
    return True


def _no_nul(value: str) -> str:
    if "\0" in value:
        message = "holds a NUL character: remove it"
        raise ValueError(message)
    return value


def _plain(value: str) -> str:
    for character in _no_nul(value):
        if _breaks_a_line(character):
            message = f"holds a line break or control character (U+{ord(character):04X}): write it as one line"
            raise ValueError(message)
    return value


def _breaks_a_line(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"}


_NUMBER = re.compile(r"\s*[+-]?[\d.]+(?:e[+-]?\d+)?\s*", re.IGNORECASE)
_FIRST, _LAST = date(1900, 1, 1), date(2098, 12, 31)  # bank holidays are known until 2100


def _likely(day: date, info: ValidationInfo) -> date:
    if info.context != STORED and not _FIRST <= day <= _LAST:
        message = f"{day} is not between {_FIRST} and {_LAST}: correct the year"
        raise ValueError(message)
    return day


def _placed(moment: datetime, info: ValidationInfo) -> datetime:
    _likely(moment.date(), info)
    kept = (moment if moment.tzinfo is not None else moment.replace(tzinfo=COUNCIL_TIME)).astimezone(UTC)
    _likely(kept.date(), info)  # as it is kept it is read again: a zone may carry it past either end
    return kept


def _no_count(given: object) -> object:
    """Refuse a bare number, which pydantic would take for seconds since 1970: 20240101 would be a day in that year."""
    if isinstance(given, int | float) or (isinstance(given, str) and _NUMBER.fullmatch(given)):
        message = f"{given} is no date: write it as 2026-03-31"
        raise ValueError(message)
    return given


Day = Annotated[date, BeforeValidator(_no_count), AfterValidator(_likely)]
"""A day that somebody can have meant: deadlines are counted from it."""

Moment = Annotated[datetime, BeforeValidator(_no_count), AfterValidator(_placed)]
"""A moment, kept in UTC so that it is one thing to compare; one written without a zone is council time."""

_AS_STORED = WrapValidator(_unless_stored)

Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=320), AfterValidator(_address), _AS_STORED]

Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_plain), _AS_STORED
]
"""A name, a reference, a title: one line."""

Contact = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_no_nul), _AS_STORED
]
"""Where somebody can be reached: one line, or the lines of a postal address."""

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(_no_nul), _AS_STORED
]
"""What somebody writes in sentences."""

Remark = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_no_nul), _AS_STORED
]
"""The same, where it may be left empty."""

Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"(?i)^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$"),
    _AS_STORED,
]

Uprn = Annotated[str, StringConstraints(pattern=r"^\d{1,12}$"), _AS_STORED]
"""The number of a property in the national gazetteer."""
