"""What is new in a letter, for whoever has to say whether it brings anything: a comparison, never an answer. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from routing.history import PastLetter, nearest
from routing.likeness import key_of, mentioned, sentences
from routing.mentions import MentionKind

_ALNUM = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of the writer's own, or one thing mentioned; `seen` names the first letter that had it, or none."""

    words: str
    seen: str | None
    kind: str = "sentence"

    @property
    def as_data(self) -> dict[str, Any]:
        """The line as JSON can hold it."""
        return {"kind": self.kind, "words": self.words, "new": self.seen is None, "seen in": self.seen}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsNew:
    """A letter beside earlier ones on its matter: how many there are, and the one that has most of it."""

    compared: int
    nearest: str | None
    share: float  # of the nearest, 0..1
    sentences: tuple[Line, ...]
    mentions: tuple[Line, ...]

    @property
    def new_mentions(self) -> tuple[Line, ...]:
        """What is mentioned for the first time."""
        return tuple(line for line in self.mentions if line.seen is None)

    @property
    def as_data(self) -> dict[str, Any]:
        """The comparison as JSON can hold it."""
        return {
            "compared with": self.compared,
            "nearest": self.nearest,
            "share in nearest": round(self.share, 2),
            "sentences": [line.as_data for line in self.sentences],
            "mentions": [line.as_data for line in self.mentions],
        }


def whats_new(
    subject: str, text: str, attachments: Sequence[str], earlier: Iterable[PastLetter], matter: str | None = None
) -> WhatsNew:
    """Compare a letter with earlier ones on its matter, whose own reference is never new."""
    past = sorted(earlier, key=lambda one: one.received_at)
    each = sentences(subject, text)
    closest = nearest(each, past)
    said = _firsts((letter, letter.imprint.sentences) for letter in past)
    named = _firsts((letter, letter.imprint.mentions) for letter in past)
    return WhatsNew(
        compared=len(past),
        nearest=closest[0].named if closest else None,
        share=closest[1].share if closest else 0.0,
        sentences=tuple(Line(words=one.words, seen=said.get(one.key)) for one in each),
        mentions=tuple(
            Line(words=one.words, seen=named.get(key_of(one)), kind=one.kind)
            for one in mentioned(subject, text, attachments)
            if one.kind is not MentionKind.REFERENCE or _plain(one.words) != _plain(matter or "")
        ),
    )


def _firsts(letters: Iterable[tuple[PastLetter, frozenset[str]]]) -> dict[str, str]:
    """The first letter that had each of these."""
    firsts: dict[str, str] = {}
    for letter, keys in letters:
        for key in keys:
            firsts.setdefault(key, letter.named)
    return firsts


def _plain(reference: str) -> str:
    return "".join(_ALNUM.findall(reference.casefold()))
