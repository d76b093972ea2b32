"""The types of what people write into the register: bounded, trimmed, never empty where something is needed."""

from datetime import UTC, date, datetime
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints

from register.dates import COUNCIL_TIME


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


_FIRST, _LAST = date(1900, 1, 1), date(2098, 12, 31)  # bank holidays are known until 2100


def _likely(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        message = f"{day} is not between {_FIRST} and {_LAST}: correct the year"
        raise ValueError(message)
    return day


def _placed(moment: datetime) -> datetime:
    _likely(moment.date())
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=COUNCIL_TIME)).astimezone(UTC)


Day = Annotated[date, AfterValidator(_likely)]
"""A day that somebody can have meant: deadlines are counted from it."""

Moment = Annotated[datetime, AfterValidator(_placed)]
"""A moment, kept in UTC so that it is one thing to compare; one written without a zone is council time."""

Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=320), AfterValidator(_address)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_no_nul)]
"""A name, a reference, a title: one line."""

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(_no_nul)
]
"""What somebody writes in sentences."""

Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_no_nul)]
"""The same, where it may be left empty."""
