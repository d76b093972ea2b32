"""A batch of letters cut into sentences: what is read whole, and by every few neighbours, for one line may matter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.lexicon import CLASS_OF_WORD, OFFENSIVE
from classifier.normalise import bounded, fold

_FEWEST_WORDS: Final = 3
_LONG_LINE: Final = 55
_ITEMS: Final = frozenset("-*#+>\u2022\u2013\u2014")
NEIGHBOURS: Final = 3
"""Sentences of a passage."""

Places: TypeAlias = NDArray[np.int64]

_SENTENCE_END: Final = re.compile(r"[.?!]\s+")


def sentences_of(own: str) -> list[str]:
    """The sentences of somebody's own words, each once, one at least; of a long text its head and tail.

    What says little ("Hello,", "Yours") belongs to its neighbour, and so does a line to one that was broken off only
    because it was long.
    """
    groups: list[list[str]] = []
    waiting = False
    for sentence in _cut(bounded(own)):
        little = says_little(sentence.lower())
        if groups and (waiting or little):
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
        waiting = len(groups) == 1 and little and (waiting or len(groups[0]) == 1)
    return list(dict.fromkeys(" ".join(group) for group in groups)) or [""]


def _cut(own: str) -> Iterator[str]:
    """At the end of each sentence, and of each line that is no longer than somebody would make it."""
    for line in _unwrapped(own):
        begin = 0
        for end in _SENTENCE_END.finditer(line):
            yield line[begin : end.start() + 1]
            begin = end.end()
        if begin < len(line):
            yield line[begin:]


def _unwrapped(own: str) -> list[str]:
    """The lines of a text, those joined that a mail program broke."""
    lines: list[list[str]] = []
    broken = False
    for written in own.split("\n"):
        line = written.strip()
        if broken and line and line[0] not in _ITEMS:
            lines[-1].append(line)
        elif line:
            lines.append([line])
        broken = len(line) >= _LONG_LINE
    return [" ".join(pieces) for pieces in lines]


def says_little(text: str) -> bool:
    """Whether a text in lower case is a word or two, none of them an insult in itself."""
    words = text.split(maxsplit=_FEWEST_WORDS)
    if len(words) >= _FEWEST_WORDS:
        return False
    return not any(CLASS_OF_WORD.get(word.strip(".,;:!?()'\"-")) in OFFENSIVE for word in words)


def _prepared(sentences: Sequence[str]) -> list[str]:
    """Each of them folded: all at once, for a line feed never is part of one."""
    together = fold("\n".join(sentences)).split("\n")
    return together if len(together) == len(sentences) else [fold(sentence) for sentence in sentences]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passages:
    """The sentences of a batch, as written and as prepared for reading.

    `wholes` are the prepared texts; `first` holds the place of each one's first sentence; `before` and `after` count
    the other sentences round each.
    """

    written: list[str]
    prepared: list[str]
    wholes: list[str]
    first: Places
    before: Places
    after: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Cut the own words of each text; there must be one text at least."""
        each = [sentences_of(text) for text in texts]
        ready = [_prepared(some) for some in each]
        written = [sentence for some in each for sentence in some]
        counts = np.array([len(some) for some in each], dtype=np.int64)
        first = np.cumsum(counts) - counts
        before = np.arange(len(written)) - np.repeat(first, counts)
        return cls(
            written=written,
            prepared=[sentence for some in ready for sentence in some],
            wholes=["\n".join(some) for some in ready],
            first=first,
            before=before,
            after=np.repeat(counts, counts) - before - 1,
        )

    @property
    def begins_none(self) -> NDArray[np.bool_]:
        """Of each sentence, whether too few follow it for a passage, and a passage of the text holds it already."""
        return np.asarray((self.before > 0) & (self.after < NEIGHBOURS - 1))

    def span(self, row: int) -> tuple[int, int]:
        """Where the sentences of a text begin and end."""
        last = row + 1 == self.first.size
        return int(self.first[row]), len(self.written) if last else int(self.first[row + 1])

    def likeliest(self, row: int, odds: NDArray[np.float64]) -> str:
        """The passage of a text with the best of these odds, on one line."""
        begin, end = self.span(row)
        chosen = begin + int(np.argmax(odds[begin:end]))
        return " ".join(" ".join(self.written[chosen : min(chosen + NEIGHBOURS, end)]).split())
