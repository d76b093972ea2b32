"""Finds what no restriction touches: statutory rights, and signs that somebody may come to harm.

A hit never decides anything about a person; it makes sure that the right team, or a person, reads the message (policies
001 "access to statutory services or information ... will not be affected", 003 "consistent with anyone's rights").
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.disguises import undisguised
from routing.cues import REACH, Cue, SafeguardKind, compiled
from routing.cues_cy import WELSH
from routing.cues_en import RIGHTS
from routing.cues_en_challenges import CHALLENGES
from routing.cues_en_danger import DANGER
from routing.cues_en_homes import HOMES
from routing.cues_en_services import SERVICES
from routing.spelling import corrections

__all__ = ["CUES", "EVERY_KIND", "MAX_TEXT", "Safeguard", "SafeguardKind", "in_letter", "safeguards"]

EVERY_KIND = frozenset(SafeguardKind)
MAX_TEXT = 65_536  # characters; what lies beyond is not read
CUES: tuple[Cue, ...] = (*DANGER, *RIGHTS, *CHALLENGES, *SERVICES, *HOMES, *WELSH)

SHOWN = 80
_NEAR = 60
_STEM = 4  # letters of a word that choose the cues to try
_WORD = re.compile(r"[^\W_]{3,}")
_STRAIGHT = (("\u0130", "I"), ("\u2019", "'"), ("\u2018", "'"), ("\u2010", "-"), ("\u2011", "-"), ("\u2013", "-"))

WORDS = {
    SafeguardKind.FOI: "It may ask for information under the Freedom of Information Act.",
    SafeguardKind.EIR: "It may ask for information under the Environmental Information Regulations.",
    SafeguardKind.SUBJECT_ACCESS: "It may ask for the information the council holds about the writer.",
    SafeguardKind.DATA_RIGHTS: "It may use a data protection right, such as erasure, rectification or objection.",
    SafeguardKind.SAFEGUARDING: "A child or an adult may be at risk.",
    SafeguardKind.HOMELESSNESS: "Somebody may be homeless or about to lose their home.",
    SafeguardKind.SEND: "It may be about special educational or additional learning needs.",
    SafeguardKind.ELECTIONS: "It may be about registering to vote, voting or standing in an election.",
    SafeguardKind.PLANNING: "It may be a representation on a planning matter.",
    SafeguardKind.BENEFITS: "It may be about a benefit or a hardship payment.",
    SafeguardKind.COUNCIL_TAX: "It may dispute liability for council tax.",
    SafeguardKind.ADMISSIONS: "It may be about a school place or an exclusion.",
    SafeguardKind.LICENSING: "It may be a licensing application or representation.",
    SafeguardKind.MEETING: "It may be a statement or question for a public meeting.",
    SafeguardKind.NEW_COMPLAINT: "It may be a formal complaint.",
    SafeguardKind.CONTEST: "It may contest a restriction on the writer's contact.",
    SafeguardKind.RISK_TO_LIFE: "Somebody's life may be at risk.",
    SafeguardKind.ADJUSTMENT: "It may ask for a reasonable adjustment, such as letters in another form or more time.",
    SafeguardKind.HAZARD: "It may tell of a hazard in a council home, such as damp, mould, wiring or no heating.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard:
    """One kind found: `cue` is what the text says, shortened; `ref` the row of the table; `words` are for a person.

    `own_words` is false for what stands in the history only, `named` for what no form of words tells, only how the
    letter reads; `clock` says by when the law wants what, once it is known.
    """

    kind: SafeguardKind
    ref: str
    cue: str
    words: str
    own_words: bool = True
    named: bool = True
    clock: str = ""


def in_letter(
    subject: str, own_text: str, text: str, *, kinds: frozenset[SafeguardKind] = EVERY_KIND
) -> tuple[Safeguard, ...]:
    """Each of `kinds` in a letter of which `own_text` is the writer's own and `text` has the history as well.

    A right is a right wherever it is claimed; but a contest only in the writer's own words: a reply to the council's
    decision letter quotes its paragraph on appeals, and is none for that.
    """
    found = safeguards(subject, text, kinds=kinds)
    if not found or text == own_text:
        return found
    own = {item.kind: item for item in safeguards(subject, own_text, kinds=frozenset(item.kind for item in found))}
    return tuple(
        own.get(item.kind) or replace(item, own_words=False)
        for item in found
        if item.kind in own or item.kind is not SafeguardKind.CONTEST
    )


def safeguards(subject: str, text: str, *, kinds: frozenset[SafeguardKind] = EVERY_KIND) -> tuple[Safeguard, ...]:
    """Each of `kinds` that subject or text shows signs of, once, in the order of the tables.

    `text` should be the writer's own words and any history below them: a right is a right wherever it is claimed.
    Total on any text, linear in its length.
    """
    reading = _Reading.of(_straightened(undisguised(f"{subject[:MAX_TEXT]}\n\n{text[:MAX_TEXT]}")))
    found: dict[SafeguardKind, Safeguard] = {}
    for detector in _detectors(reading.stems):
        kind = detector.cue.kind
        if kind in kinds and kind not in found and (match := detector.first(reading.text)):
            written = reading.as_written(*match.span())
            found[kind] = Safeguard(kind=kind, ref=detector.cue.ref, cue=written, words=WORDS[kind])
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text in lower case with its misspellings read as intended, and the way back to what was written."""

    written: str
    text: str
    stems: frozenset[str]
    corrected: tuple[tuple[int, int], ...]  # (place in `text` from which on, characters to add to get to `written`)

    @classmethod
    def of(cls, written: str) -> "_Reading":
        """Read `written`, in which a lower-case letter takes the room of its capital."""
        low = written.lower()
        words = set(_WORD.findall(low))
        intended = corrections(words)
        text, corrected = _corrected(low, intended) if intended else (low, ())
        known = words.union(intended.values())
        return cls(written, text, frozenset([word[:_STEM] for word in known] + [word[:3] for word in known]), corrected)

    def as_written(self, start: int, end: int) -> str:
        """What was written there, on one line, at most `SHOWN` characters."""
        return " ".join(self.written[self._origin(start) : self._origin(end)].split())[:SHOWN]

    def _origin(self, place: int) -> int:
        at = bisect_right(self.corrected, (place, len(self.written)))
        return place + (self.corrected[at - 1][1] if at else 0)


def _straightened(text: str) -> str:
    """Typographic quotes and dashes made plain, one character for one."""
    for fancy, plain in _STRAIGHT:
        text = text.replace(fancy, plain)
    return text


def _corrected(low: str, intended: dict[str, str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    pieces, shifts, end, shift = [], [], 0, 0
    for word in _WORD.finditer(low):
        if meant := intended.get(word[0]):
            pieces += [low[end : word.start()], meant]
            end = word.end()
            shift += len(word[0]) - len(meant)
            shifts.append((end - shift, shift))
    return "".join([*pieces, low[end:]]), tuple(shifts)


@dataclass(frozen=True, slots=True)
class _Detector:
    """A cue made ready; `first` looks for it round each of its needles only."""

    cue: Cue
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def first(self, text: str) -> re.Match[str] | None:
        for low, high in _windows(text, self.cue.needles):
            for match in self.pattern.finditer(text, low, high):
                if not self._void(text, match):
                    return match
        return None

    def _void(self, text: str, match: re.Match[str]) -> bool:
        if self.unless is None:
            return False
        return bool(self.unless.search(text, max(0, match.start() - _NEAR), match.end() + _NEAR))


def _windows(text: str, needles: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The stretches round each needle; those that overlap are one, so that nothing is read twice."""
    for needle in needles:
        at = text.find(needle)
        while at >= 0:
            low, high = max(0, at - REACH), at + REACH
            while 0 <= (at := text.find(needle, at + 1)) <= high + REACH:
                high = at + REACH
            yield low, high


_DETECTORS = tuple(_Detector(cue, compiled(cue.patterns), compiled(cue.unless) if cue.unless else None) for cue in CUES)


def _by_stem() -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, cue in enumerate(CUES):
        for needle in cue.needles:
            places.setdefault(needle[:_STEM], []).append(place)
    return places


_PLACES = _by_stem()
_ALWAYS = frozenset(stem for stem in _PLACES if not stem.isalpha())  # such as "f.o.i", which is no word


def _detectors(stems: frozenset[str]) -> list[_Detector]:
    """Choose those of which a needle may be in the text: a needle begins a word, so its stem tells."""
    places = {place for stem in (stems | _ALWAYS) & _PLACES.keys() for place in _PLACES[stem]}
    return [_DETECTORS[place] for place in sorted(places)]
