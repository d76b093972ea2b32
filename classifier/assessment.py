"""What the classifier says of a text: a score, the words that mattered, and when it declines to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Advice for a reviewer. `score` is the calibrated probability 0..1 that a reviewer would call it abuse.

    `abstained` means the model has no grounds to judge (too short, not English): then `flagged` is False and the
    score carries no meaning. `why` are words of the text, strongest first, never an identity term.
    """

    model_version: str
    score: float
    flagged: bool
    language: str = "en"
    abstained: bool = False
    why: tuple[str, ...] = ()


NOT_ASSESSED = Assessment(model_version="none", score=0.0, flagged=False, language="", abstained=True)
