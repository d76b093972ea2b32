"""The actions a decision may take. There is no drop, no block and no delete: the union is closed without them.

Verbs are Sieve's (RFC 5228) where Sieve has one. Policy 002: "It is not acceptable to cut off all contact".
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from policies.vocabulary import LetterKind


class FolderRole(StrEnum):
    """A folder of the shared mailbox by what it is for; each council names its own in the settings."""

    DIVERTED = "diverted"
    FILED = "filed"
    REVIEW = "review"
    WAITING = "waiting"  # until the person's contact time comes


class ReviewKind(StrEnum):
    """The queue in which a person finds an item."""

    IDENTITY = "identity"  # who wrote this?
    READ_AND_FILE = "read-and-file"  # read it, and tick that you did
    MATTER = "matter"  # is this about what is no longer answered, or something new?
    COMPLAINT = "complaint"  # a new complaint, to be taken up
    NEW_INFORMATION = "new-information"  # does it bring anything that was not considered?
    ANSWER = "answer"  # one answer is owed to several messages together
    CLOSING = "closing"  # if it holds no new complaint, the stored letter closes it
    POST = "post"  # whatever is answered goes by post
    STATUTORY = "statutory"  # a right that no restriction touches
    SAFETY = "safety"  # somebody may come to harm
    CONTEST = "contest"  # an appeal against, or challenge of, the restriction
    ABUSE = "abuse"  # possible abuse: advice, never a verdict
    PROPERTY = "property"  # it names a property on the register: see its risk assessment before anybody goes there
    REGISTER = "register"  # the entry cannot be carried out as it stands
    RETURNED = "returned"  # a person has put it back into the inbox we moved it from
    DUE = "due"  # a deadline of a case: a review, a letter, an expired restriction
    EVIDENCE = "evidence"  # figures that passed a threshold: nothing follows from them by itself
    MISSING = "missing"  # it is not to be seen where it was put
    UNDELIVERED = "undelivered"  # the letter that brought it to its point of contact came back
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
    """Bring the message to somebody's single point of contact, or to the team whose matter a right is.

    The original leaves the inbox only once that is proven.
    """

    spoc: str
    role: Literal["contact", "team"] = "contact"


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the message in the waiting folder, and put it back at `until`, to be decided as if it had come then."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Tell the writer by `letter` what applies under this restriction of their case; the case says if it is time to."""

    letter: LetterKind
    case: str
    restriction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseReview:
    """Ask a person. `priority` 0 is the most urgent, 9 the least.

    Messages that join the same name are one item while it is open.
    """

    kind: ReviewKind
    question: str
    priority: int = 5
    joins: str = ""


Action = Keep | FileInto | Redirect | Hold | Notice | RaiseReview
