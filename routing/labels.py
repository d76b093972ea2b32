"""What a reviewer may call a letter that was flagged, or should have been: the words of the councils' policies.

Rows 1.12 to 1.19, 2.25, 3.4, 3.7, 3.8, 1.89. People give them; the classifier learns from some, and sets none.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Label(StrEnum):
    """What a person says a letter is: first what is not acceptable, then what is, however it sounds."""

    THREAT = "threat"
    HATE = "hate"  # racist, sexist, homophobic, or against any protected characteristic
    HARASSMENT = "harassment"  # stalking, publishing where somebody lives, sexual remarks
    VERBAL_ABUSE = "verbal-abuse"  # foul
    OFFENSIVE = "offensive"  # hurtful or obscene
    DEMEANING = "demeaning"
    DEROGATORY = "derogatory"
    INAPPROPRIATE = "inappropriate"
    RUDENESS = "rudeness"
    PROVOCATION = "provocation"  # inflammatory statements
    ALLEGATION = "unsupported-allegation"  # whether an allegation is supported, only people can tell
    DISTRESS = "distress"
    FRUSTRATION = "frustration"
    FORCEFULNESS = "forcefulness"
    DETERMINATION = "determination"
    REPORTED = "reported-abuse"  # it reports what somebody else said or did
    ORDINARY = "ordinary"

    @property
    def severity(self) -> int:
        """From 4, a threat, to 0, nothing to object to."""
        return _SEVERITY.get(self, 0)

    @property
    def acceptable(self) -> bool:
        """Whether there is nothing to object to."""
        return self.severity == 0

    @property
    def teaches(self) -> bool:
        """Whether the classifier learns from it: it neither hunts rudeness nor judges allegations."""
        return self.acceptable or self in _HEADS

    @property
    def head(self) -> str:
        """Which of the classifier's kinds of abuse it belongs to; empty for none."""
        return _HEADS.get(self, "")


_SEVERITY: Final = MappingProxyType(
    {
        Label.THREAT: 4,
        Label.HATE: 4,
        Label.HARASSMENT: 4,
        Label.VERBAL_ABUSE: 3,
        Label.OFFENSIVE: 3,
        Label.DEMEANING: 2,
        Label.DEROGATORY: 2,
        Label.INAPPROPRIATE: 1,
        Label.RUDENESS: 1,
        Label.PROVOCATION: 1,
        Label.ALLEGATION: 1,
    }
)
_HEADS: Final = MappingProxyType(
    {
        Label.THREAT: "threat",
        Label.HATE: "hate",
        Label.HARASSMENT: "harassment",
        Label.VERBAL_ABUSE: "insult",
        Label.OFFENSIVE: "insult",
        Label.DEMEANING: "insult",
        Label.DEROGATORY: "insult",
    }
)
UNACCEPTABLE: Final = tuple(label for label in Label if not label.acceptable)
ACCEPTABLE: Final = tuple(label for label in Label if label.acceptable)
