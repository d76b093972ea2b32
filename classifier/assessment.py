"""What the classifier says of a text: a score, the words that mattered, and when it declines to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A right or a danger that a text may tell of: its kind, by the name routing has for it, and the passage."""

    kind: str
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Advice for a reviewer. `score` is the calibrated probability 0..1 that a reviewer would call it abuse.

    `abstained` means the model has no grounds to judge (too short, not English): then `flagged` is False and the
    score carries no meaning. `why` are words of the text, strongest first, never an identity term. `concerns` have
    nothing to do with abuse: what the text may claim or tell of, found by how it reads, in any language.
    """

    model_version: str
    score: float
    flagged: bool
    language: str = "en"
    abstained: bool = False
    why: tuple[str, ...] = ()
    concerns: tuple[Concern, ...] = ()


NOT_ASSESSED = Assessment(model_version="none", score=0.0, flagged=False, language="", abstained=True)
