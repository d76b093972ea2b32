"""A letter with what a reviewer called it, as far as it teaches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A letter that a reviewer judged: `kind` is the head of the abuse, empty where it fits none or is no abuse.

    `flagged` if the classifier asked; else a person found it, so that it tells nothing of how often the flag is right.
    """

    text: str
    abusive: bool
    kind: str
    by: str
    flagged: bool = False
