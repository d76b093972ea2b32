"""Possible abuse, made a question for a person: what it may be, by which sentence, and what the rest would score. Pure.

It moves nothing. What may be a threat is asked about first, whatever else it is, and be it in doubt. The question does
not repeat the letter: its words are a reason of their own, shown to whoever asks for them (rows 1.9, 3.3).
"""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

from classifier.assessment import Assessment
from routing.action import RaiseReview, ReviewKind
from routing.decision import Reason

AT_ONCE: Final = 0
"""The priority of what somebody should be told of at once."""

HIDDEN: Final = "(hidden: it may be abusive)"
BEWARE: Final = "Take care: the message may be abusive."

_QUOTED: Final = "quoted:"
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
_THREAT: Final = "threat"
_ELSE: Final = 5
_DOUBTFUL_LATER: Final = 1


def possible_abuse(assessment: Assessment) -> Iterator[tuple[RaiseReview, Reason]]:
    """One question and the reason for it, if the letter is flagged."""
    if not assessment.flagged:
        return
    kinds = assessment.found or (assessment.likeliest_kind,)
    words = _told(assessment, kinds)
    priority = min(_PRIORITY.get(kind, _ELSE) for kind in kinds)
    if assessment.doubtful and priority != AT_ONCE:
        priority += _DOUBTFUL_LATER
    yield (
        RaiseReview(kind=ReviewKind.ABUSE, question=f"{words} Is it?", priority=priority),
        Reason(code=f"assessment:{assessment.model_version}", words=words),
    )


def in_its_words(assessment: Assessment) -> Iterator[Reason]:
    """What a flagged letter says, which words of it mattered, and what the rest would score."""
    if assessment.flagged and assessment.passage:
        because = f" Words that mattered: {', '.join(assessment.why)}." if assessment.why else ""
        words = f"It says: “{assessment.passage}”{because} The rest by itself: {assessment.without:.0%}."
        yield Reason(code=f"{_QUOTED}{assessment.model_version}", words=words)


def may_upset(reason: Reason) -> bool:
    """Whether a reason repeats words that may be abusive."""
    return reason.code.startswith(_QUOTED)


def _told(assessment: Assessment, kinds: Sequence[str]) -> str:
    """The likeliest kind is named, and a threat beside it."""
    named = dict.fromkeys((kinds[0], *(kind for kind in kinds if kind == _THREAT)))
    said = " and ".join(_WORDS.get(kind, "abuse") for kind in named)
    of_whom = assessment.characteristics if _HATE in named else ()
    whom = f", naming {' and '.join(of_whom)}" if of_whom else ""
    doubt = ", in doubt" if assessment.doubtful else ""
    return f"Possible {said}{whom} ({assessment.score:.0%}{doubt})."
