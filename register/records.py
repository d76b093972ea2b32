"""Records to and from data: as people and files write them, and as the database keeps them."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from register.casework.case import Record
from register.casework.facts import Fact
from register.casework.steps import Step
from register.restrictions import Terms

_RECORD: TypeAdapter[Fact | Step] = TypeAdapter(Record)
_TERMS: TypeAdapter[Terms] = TypeAdapter(Terms)


class RecordRefusedError(Exception):
    """What was given is no record; the message names each field that is wrong, and how."""


def record_from(data: Mapping[str, Any]) -> Fact | Step:
    """The record that this data describes; its `kind` tells which. Raises RecordRefusedError."""
    try:
        return _RECORD.validate_python(dict(data))
    except ValidationError as error:
        raise RecordRefusedError(explained(error)) from None


def record_as_data(record: Fact | Step) -> dict[str, Any]:
    """The record as JSON takes it; `record_from` gives it back equal."""
    data: dict[str, Any] = _RECORD.dump_python(record, mode="json")
    return data


def terms_from(data: Mapping[str, Any]) -> Terms:
    """The terms of a restriction from what `terms_as_data` gave."""
    return _TERMS.validate_python(dict(data))


def terms_as_data(terms: Terms) -> dict[str, Any]:
    """The terms as JSON takes them."""
    data: dict[str, Any] = _TERMS.dump_python(terms, mode="json")
    return data


def canonical(record: Fact | Step) -> bytes:
    """The one way a record is written for its digest: JSON, keys sorted, no spaces, UTF-8."""
    return json.dumps(record_as_data(record), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


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
