"""Possible abuse, made a question for a person: what it may be, by which sentence, and what the rest would score. Pure.

It moves nothing. A threat is asked about first; rudeness alone waits its turn.
"""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from classifier.assessment import Assessment
from routing.action import RaiseReview, ReviewKind
from routing.decision import Reason

AT_ONCE: Final = 0
"""The priority of what somebody should be told of at once."""

_WORDS: Final = MappingProxyType(
    {
        "threat": "threat",
        "insult": "verbal abuse",
        "hate": "hate",
        "harassment": "harassment or stalking",
    }
)
_PRIORITY: Final = MappingProxyType({"threat": AT_ONCE, "harassment": 2, "hate": 3})
_HATE: Final = "hate"
_ELSE: Final = 5
_DOUBTFUL_LATER: Final = 1


def possible_abuse(assessment: Assessment) -> Iterator[tuple[RaiseReview, Reason]]:
    """One question and the reason for it, if the letter is flagged."""
    if not assessment.flagged:
        return
    kind = assessment.likeliest_kind
    words = " ".join(_told(assessment, kind))
    priority = _PRIORITY.get(kind, _ELSE) + (_DOUBTFUL_LATER if assessment.doubtful else 0)
    yield (
        RaiseReview(kind=ReviewKind.ABUSE, question=f"{words} Is it?", priority=priority),
        Reason(code=f"assessment:{assessment.model_version}", words=words),
    )


def _told(assessment: Assessment, kind: str) -> Iterator[str]:
    named = (
        f", naming {' and '.join(assessment.characteristics)}" if kind == _HATE and assessment.characteristics else ""
    )
    doubt = ", in doubt" if assessment.doubtful else ""
    yield f"Possible {_WORDS.get(kind, 'abuse')}{named} ({assessment.score:.0%}{doubt})."
    if assessment.passage:
        because = f" Words that mattered: {', '.join(assessment.why)}." if assessment.why else ""
        yield f"It says: “{assessment.passage}”{because} The rest by itself: {assessment.without:.0%}."
