"""The actions a decision may take. There is no drop, no block and no delete: the union is closed without them.

Verbs are Sieve's (RFC 5228) where Sieve has one. Policy 002: "It is not acceptable to cut off all contact".
"""

from dataclasses import dataclass
from enum import StrEnum


class FolderRole(StrEnum):
    """A folder of the shared mailbox by what it is for; each council names its own in the settings."""

    DIVERTED = "diverted"
    FILED = "filed"
    REVIEW = "review"


class ReviewKind(StrEnum):
    """The queue in which a person finds an item."""

    IDENTITY = "identity"  # who wrote this?
    READ_AND_FILE = "read-and-file"  # read it, and tick that you did
    MATTER = "matter"  # is this the closed matter, or something new?
    STATUTORY = "statutory"  # a right that no restriction touches
    SAFETY = "safety"  # somebody may come to harm
    CONTEST = "contest"  # an appeal against, or challenge of, the restriction
    ABUSE = "abuse"  # possible abuse: advice, never a verdict
    PROPERTY = "property"  # it names a property on the register: see its risk assessment before anybody goes there
    REGISTER = "register"  # the entry cannot be carried out as it stands
    RETURNED = "returned"  # a person has put it back into the inbox we moved it from
    DUE = "due"  # a deadline of a case: a review, a letter, an expired restriction
    SHUNTED = "shunted"  # the software failed on this message; it lies in its inbox


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave the message where it is, byte-identical and untouched."""


@dataclass(frozen=True, slots=True)
class FileInto:
    """Move the message to a folder of its own mailbox."""

    folder: FolderRole


@dataclass(frozen=True, slots=True)
class Redirect:
    """Bring the message to a single point of contact; the original leaves the inbox only once that is proven."""

    spoc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseReview:
    """Ask a person. `priority` 0 is the most urgent, 9 the least."""

    kind: ReviewKind
    question: str
    priority: int = 5


Action = Keep | FileInto | Redirect | RaiseReview
