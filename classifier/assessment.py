"""What the classifier says of a text: a score, what mattered, and when it declines to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A right or a danger that a text may tell of: its kind, by the name routing has for it, and the passage."""

    kind: str
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Advice for a reviewer. `score` is the calibrated probability 0..1 that a reviewer would call it abuse.

    `kinds` are the same for each kind of abuse. `doubtful` means that the score is so near the threshold that it may as
    well be on its other side. `abstained` means the model has no grounds to call a text harmless (too short, a language
    it was not taught) and saw nothing in it: then `flagged` is False and the score carries no meaning.

    Of what is flagged, `found` are the kinds that it may well be, likeliest first; `passage` is the sentence
    that mattered most, `why` its words, strongest first, never an identity term, and `without` the score of the letter
    without it; `characteristics` are those protected by the Equality Act 2010 which a letter names that may be hate.

    `concerns` have nothing to do with abuse: what the text may claim or tell of, found by how it reads.
    """

    model_version: str
    score: float
    flagged: bool
    language: str = "en"
    abstained: bool = False
    doubtful: bool = False
    kinds: Mapping[str, float] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    passage: str = ""
    why: tuple[str, ...] = ()
    without: float = 0.0
    concerns: tuple[Concern, ...] = ()

    @property
    def likeliest_kind(self) -> str:
        """Which kind of abuse it is, if it is any; empty where none was scored."""
        return max(self.kinds, key=lambda kind: self.kinds[kind], default="")


NOT_ASSESSED = Assessment(model_version="none", score=0.0, flagged=False, language="", abstained=True)
