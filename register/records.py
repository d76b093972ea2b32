"""Records to and from data: as people and files write them, and as the database keeps them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from register.casework.case import Record
from register.casework.facts import Fact
from register.casework.steps import Measure, Measures, Step
from register.fields import STORED
from register.restrictions import Terms

_RECORD: TypeAdapter[Fact | Step] = TypeAdapter(Record)
_TERMS: TypeAdapter[Terms] = TypeAdapter(Terms)
_MEASURES: TypeAdapter[tuple[Measure, ...]] = TypeAdapter(Measures)
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class RecordRefusedError(Exception):
    """What was given is no record; the message names each field that is wrong, and how."""


def record_from(data: Mapping[str, Any]) -> Fact | Step:
    """The record that somebody describes so; its `kind` tells which. Raises RecordRefusedError."""
    return _read(data)


def recorded(data: Mapping[str, Any]) -> Fact | Step:
    """The record from what `record_as_data` gave when it was recorded, whatever is asked of people by now.

    Raises RecordRefusedError for what never was a record.
    """
    return _read(data, STORED)


def _read(data: Mapping[str, Any], context: str | None = None) -> Fact | Step:
    try:
        return _RECORD.validate_python(dict(data), context=context)
    except ValidationError as error:
        raise RecordRefusedError(explained(error)) from None


def record_as_data(record: Fact | Step) -> dict[str, Any]:
    """The record as JSON takes it; `recorded` gives it back equal."""
    data: dict[str, Any] = _RECORD.dump_python(record, mode="json")
    return data


def measures_from(data: Sequence[Any]) -> tuple[Measure, ...]:
    """Measures that somebody describes, as a proposal lists them. Raises RecordRefusedError."""
    try:
        return _MEASURES.validate_python(data)
    except ValidationError as error:
        raise RecordRefusedError(explained(error, below=0)) from None


def terms_from(data: Mapping[str, Any]) -> Terms:
    """The terms of a restriction from what `terms_as_data` gave, whatever is asked of people by now."""
    return _TERMS.validate_python(dict(data), context=STORED)


def terms_as_data(terms: Terms) -> dict[str, Any]:
    """The terms as JSON takes them."""
    data: dict[str, Any] = _TERMS.dump_python(terms, mode="json")
    return data


def canonical(record: Fact | Step) -> bytes:
    """The one way a record is written for its digest: JSON, keys sorted, no spaces, UTF-8.

    What is empty is left out, so that a kind of record may gain a field that older ones do not have.
    """
    data = _without_empty(record_as_data(record))
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _without_empty(data: Any) -> Any:  # noqa: ANN401 - JSON is any shape
    match data:
        case dict():
            return {key: _without_empty(value) for key, value in data.items() if value not in _EMPTY}
        case list():
            return [_without_empty(value) for value in data]
        case _:
            return data


def explained(error: ValidationError, *, below: int = 1) -> str:
    """Every mistake, one a line: the field, and what is wrong with it; `below` steps of its path are not told."""
    lines = []
    for problem in error.errors(include_url=False):
        place = ".".join(str(part) for part in problem["loc"][below:]) or "kind"
        remedy = _REMEDIES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        lines.append(f"{place}: {remedy}")
    return "\n".join(lines)


_REMEDIES = {
    "missing": "is required: add it",
    "missing_argument": "is required: add it",
    "unexpected_keyword_argument": "is no field of this record: remove it or correct its name",
    "extra_forbidden": "is no field of this record: remove it or correct its name",
}
