"""What a cue is: a form of words that tells of a right no restriction touches, or of somebody in danger.

The tables are data: `routing.cues_en` and its neighbours, and `routing.cues_cy`. Read them so:

    [foi]                              the kind the cues below it tell of
    <records> = (e-?mails|minutes)     words with a name, to be used in the patterns after it
    foi-copies: copies copy            a cue: its reference, then its needles: every match holds one of them
        send~copies of all <records>   a pattern; a cue may have several, and a deeper line carries on the line above
        unless copies for everybody    words that void a match they lie near to

In a pattern a space is any white space, a space and `?` perhaps none, `~` at most a few words of the same sentence, and
whole words are matched. Everything is matched against lower case, so a pattern is written in it.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

REACH = 120  # characters: how far from its needle a match may reach either way
_GAP = r"\b[^.?!]{0,40}?\b"


class SafeguardKind(StrEnum):
    """A right that stays open to everybody, or a danger somebody must see (rows 1.35, 3.6)."""

    FOI = "foi"
    EIR = "eir"
    SUBJECT_ACCESS = "subject-access"
    DATA_RIGHTS = "data-rights"
    SAFEGUARDING = "safeguarding"
    HOMELESSNESS = "homelessness"
    SEND = "send"
    ELECTIONS = "elections"
    PLANNING = "planning-representation"
    BENEFITS = "benefits"
    COUNCIL_TAX = "council-tax-liability"
    ADMISSIONS = "school-admissions"
    LICENSING = "licensing"
    MEETING = "public-meeting"
    NEW_COMPLAINT = "new-complaint"
    CONTEST = "contest"
    RISK_TO_LIFE = "risk-to-life"
    ADJUSTMENT = "adjustment"
    HAZARD = "hazard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One row of a table, as written; `routing.safeguards` compiles it."""

    ref: str
    kind: SafeguardKind
    needles: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def read_table(text: str) -> tuple[Cue, ...]:
    """Read a table as the module's docstring tells; `ValueError` names the line that makes no sense."""
    cues: list[Cue] = []
    named: dict[str, str] = {}
    kind = SafeguardKind.FOI
    for line in _whole_lines(text):
        if heading := re.fullmatch(r"\[(.+)\]", line):
            kind = SafeguardKind(heading[1])
        elif name := re.fullmatch(r"(<\w+>) = (.+)", line):
            named[name[1]] = _expanded(name[2], named)
        elif cue := re.fullmatch(r"([\w-]+): (.+)", line):
            cues.append(Cue(ref=cue[1], kind=kind, needles=tuple(cue[2].split())))
        elif line.startswith("    ") and cues:
            cues[-1] = _extended(cues[-1], _expanded(line.strip(), named))
        else:
            message = f"not a heading, a name, a cue or a pattern: {line!r}"
            raise ValueError(message)
    return tuple(cues)


def compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all of `patterns`: its gaps are bounded, so that no text makes it slower than linear."""
    either = "|".join(patterns).replace("~", _GAP).replace(" ?", r"\s*+").replace(" ", r"\s++")
    return re.compile(rf"\b(?:{re.sub(r'[(](?![?])', '(?:', either)})\b")


def _whole_lines(text: str) -> list[str]:
    joined = re.sub(r"\n {8,}", "", text)
    return [line.rstrip() for line in joined.splitlines() if line.strip()]


def _expanded(pattern: str, named: dict[str, str]) -> str:
    for name, words in named.items():
        pattern = pattern.replace(name, words)
    return pattern


def _extended(cue: Cue, pattern: str) -> Cue:
    if pattern.startswith("unless "):
        return replace(cue, unless=(*cue.unless, pattern.removeprefix("unless ")))
    return replace(cue, patterns=(*cue.patterns, pattern))
