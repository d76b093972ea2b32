"""A case as people read it: who it is about, what is in force, and what happened, in the order in which it did."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cli.printing import Item, print_items, print_table, written

_DIGEST = re.compile(r"([a-z]+:)?[0-9a-f]{40,}")
_IN_HEAD = frozenset({"number", "at", "by", "policy", "kind"})
_DATES = ("commenced", "review_on", "provisional_end", "monitoring_until")


def show_case(view: Mapping[str, Any], *, digests: bool) -> None:
    """Print a case; `digests` are for whoever compares documents, and tell others nothing."""
    parts = {key: value for key, value in view.items() if key not in {"timeline", "restrictions", "ref"}}
    lines = ((key.replace("_", " "), short(value)) for key, value in parts.items() if not _is_nothing(value))
    print_table(f"Case {view['ref']}", ("", ""), lines)
    if view["restrictions"]:
        print_items("Restrictions", map(_restriction, view["restrictions"]))
        print_items("", ())
    print_items("Timeline", (_event(event, digests=digests) for event in view["timeline"]))


def short(value: object, *, digests: bool = True) -> str:
    """A value in one line; what is empty is left out."""
    match value:
        case dict():
            return ", ".join(_pairs(value, digests=digests))
        case list():
            return "; ".join(short(item, digests=digests) for item in value)
        case _:
            return written(value)


def _pairs(data: Mapping[str, Any], *, digests: bool) -> Iterator[str]:
    for key, value in data.items():
        kind = value.get("kind") if key == "terms" and isinstance(value, Mapping) else None  # an agreement's are words
        name = str(kind) if kind else written(key).replace("_", " ")
        if _is_nothing(value) or key == "kind" or (_is_digest(value) and not digests):
            continue
        yield f"{name}: {told}" if (told := short(value, digests=digests)) else name


def _is_nothing(value: object) -> bool:
    return value is None or value is False or value in ("", [], {})  # but 0 is: no calls at all


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _restriction(one: Mapping[str, Any]) -> Item:
    scope = "; ".join((*one["services"], *one["mailboxes"])) or "the whole council"
    dates = ", ".join(f"{name.replace('_', ' ')} {written(one[name])}" for name in _DATES if one[name])
    what = tuple(_pairs({"terms": one["terms"]}, digests=False))
    return Item(head=f"{one['ref']}: {one['state']}", lines=(*what, f"for {scope}", dates))


def _event(event: Mapping[str, Any], *, digests: bool) -> Item:
    told = {key: value for key, value in event.items() if key not in _IN_HEAD}
    head = f"{event['number']}. {event['kind']}, {written(event['at'])}, by {event['by']['name']}"
    return Item(head=head, lines=tuple(_pairs(told, digests=digests)))
