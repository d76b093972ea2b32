"""A letter with what a reviewer called it, as far as it teaches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A letter that a reviewer judged: `kind` is the head of the abuse, empty where it fits none or is no abuse."""

    text: str
    abusive: bool
    kind: str
    by: str
