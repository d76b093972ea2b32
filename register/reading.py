"""Reads records as people write them: `name=value` words, or a YAML file; and tells what can be written."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from policies import plain_yaml
from register.casework.facts import Fact
from register.casework.steps import Step
from register.records import RecordRefusedError, record_from

_KINDS: dict[str, type] = {
    get_type_hints(kind)["kind"].__args__[0]: kind for kind in (*get_args(Fact), *get_args(Step))
}


class UnknownKindError(Exception):
    """There is no record of that kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} is no kind of record: {', '.join(_KINDS)}")


def records_from_file(path: Path) -> list[Fact | Step]:
    """The record or records of a YAML file. Raises RecordRefusedError, each mistake with the record's number."""
    try:
        data = plain_yaml.load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, plain_yaml.YamlError) as error:
        message = f"{path}: {error}"
        raise RecordRefusedError(message) from None
    items = data if isinstance(data, list) else [data]
    if not items:
        message = f"{path}: holds no record"
        raise RecordRefusedError(message)
    records: list[Fact | Step] = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            message = f"{path}, record {number}: a record is a mapping that begins with its kind"
            raise RecordRefusedError(message)
        try:
            records.append(record_from(item))
        except RecordRefusedError as error:
            message = f"{path}, record {number} ({item.get('kind', 'no kind')}):\n{error}"
            raise RecordRefusedError(message) from None
    return records


def records_from_fields(fields: Sequence[str]) -> list[Fact | Step]:
    """One record from `name=value` words. Raises RecordRefusedError."""
    return [record_from(data_from_fields(fields))]


def data_from_fields(fields: Sequence[str]) -> dict[str, Any]:
    """What `name=value` words say; `statements.impact=...` sets a part, and [...] or {...} is read as YAML."""
    data: dict[str, Any] = {}
    for field in fields:
        name, separator, value = field.partition("=")
        if not separator:
            message = f"{field!r} is no field: write name=value"
            raise RecordRefusedError(message)
        _put(data, name.split("."), _value(value))
    return data


def _put(data: dict[str, Any], path: Sequence[str], value: object) -> None:
    for name in path[:-1]:
        data = data.setdefault(name, {})
        if not isinstance(data, dict):
            message = f"{'.'.join(path)}: {name} has a value already, and no parts: write one or the other"
            raise RecordRefusedError(message)
    data[path[-1]] = value


def _value(written: str) -> object:
    """Lists and mappings as YAML; everything else stays the words it is, so that 07700 900123 keeps its nought."""
    if not written.startswith(("[", "{")):
        return written
    try:
        return plain_yaml.load(written)
    except plain_yaml.YamlError as error:
        message = f"{written!r} is no YAML: {error}"
        raise RecordRefusedError(message) from None


def described(kind: str | None) -> list[dict[str, str]]:
    """Every kind of record and what it is for; or, of one kind, its fields. Raises UnknownKindError."""
    if kind is None:
        return [{"kind": name, "what": _first_line(found)} for name, found in _KINDS.items()]
    if kind not in _KINDS:
        raise UnknownKindError(kind)
    schema = TypeAdapter(_KINDS[kind]).json_schema()
    required = set(schema.get("required", ()))
    return [
        {"field": field.name, "required": "yes" if field.name in required else "", "value": _told(schema, field.name)}
        for field in dataclasses.fields(_KINDS[kind])
        if field.name != "kind"
    ]


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _told(schema: dict[str, Any], name: str) -> str:
    """What a field takes, in a word or two."""
    prop = schema["properties"][name]
    options = [_resolved(schema, option) for option in prop.get("anyOf", [prop])]
    return " or ".join(_option(schema, option) for option in options if option.get("type") != "null")


def _resolved(schema: dict[str, Any], option: dict[str, Any]) -> dict[str, Any]:
    name = option.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["$defs"][name] if name else option
    return found


def _option(schema: dict[str, Any], option: dict[str, Any]) -> str:
    if "enum" in option:
        return ", ".join(map(str, option["enum"]))
    if option.get("type") == "array":
        return f"list of ({_option(schema, _resolved(schema, option.get('items', {})))})"
    return str(option.get("format") or option.get("type") or option.get("title") or "mapping")
