"""What a validation error means to whoever writes a policy: which key, what is wrong, and the remedy."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
_SHOWN = 60  # characters of what was written

_REMEDIES = {
    "unexpected_keyword_argument": "is no key of a policy here: remove it or correct its name",
    "missing": "is required: add it",
    "dict_type": "is a mapping here: write keys, each with its value",
    "mapping_type": "is a mapping here: write keys, each with its value",
    "tuple_type": "is a list here: write [first, second], or [] for none",
    "string_type": "is text here: put it in quotes",
    "string_too_short": "is empty: write it, or remove the key",
    "bool_type": "is true or false here",
    "bool_parsing": "is true or false here",
    "int_type": "is a whole number here",
    "int_parsing": "is a whole number here",
    "int_from_float": "is a whole number here",
}
_DAY = "is a day here, such as 2024-11-04"
_RULE = "is a rule: write {value: ..., clause: '\"words of the policy\"'}"


def explained(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """Each problem: the place it is at, and what to say about it."""
    problems = error.errors(include_url=False)
    written = [problem for problem in problems if problem["loc"][-1:] != ("since",)]  # nobody writes it
    for problem in written or problems:
        place = tuple(part for part in problem["loc"] if part != "[key]")
        yield place, f"{'.'.join(map(str, place)) or 'the policy'}: {_remedy(problem)}"


def _remedy(problem: "ErrorDetails") -> str:
    kind = problem["type"]
    if kind in _REMEDIES:
        return _REMEDIES[kind]
    for beginning, said in _SAID.items():
        if kind.startswith(beginning):
            return said(problem)
    return problem["msg"].removeprefix("Value error, ")


def _of_mapping(problem: "ErrorDetails") -> str:
    wanted = str(problem.get("ctx", {}).get("class_name", ""))
    return _RULE if wanted.startswith("Rule") else "is a mapping here: write keys, each with its value"


def _of_choice(problem: "ErrorDetails") -> str:
    choice = str(problem.get("ctx", {}).get("expected", "")).replace("'", "")
    return f"{str(problem['input'])[:_SHOWN]} is none of {choice}"


_SAID: dict[str, Callable[["ErrorDetails"], str]] = {
    "dataclass_": _of_mapping,
    "enum": _of_choice,
    "date": lambda _: _DAY,
}
