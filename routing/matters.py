"""Tells whether a message is about a matter the register knows, about something new, or needs a person to tell.

SAME needs positive evidence and no sign of anything new; whatever is mixed or half said is UNSURE, which is a person's
decision (rows 1.36, 2.32, 3.14, 4.12: a new issue from a restricted person must reach somebody). The evidence, in order
of strength: the reference or the whole title; the thread; the subject; and the text of earlier letters.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from register.casework.facts import Matter
from routing.continuing import Continuation, Letter, additions, continuations
from routing.decision import Reason
from routing.history import Background
from routing.likeness import MAX_TEXT, sentences

NOTHING_BEFORE = Background()

_CODE = "matter:"
_GAP = "[\\s\\-/_.:\u2010-\u2015]{0,3}"  # what correspondents write between the parts of a reference
_ALIKE = 0.5  # share of a title's words from which on a person is asked
_FEWEST_WORDS = 3  # a title shorter than this ("Noise") proves nothing
_SHORTEST_REFERENCE = 4  # letters and digits
_PART = re.compile(r"[^\W\d_]+|\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = frozenset({"the", "and", "about", "for", "from", "with", "your", "our", "complaint", "case", "matter"})

# A reference of another shape: letters and two groups of digits (ENV-2025-113), a planning number (24/01234/FUL), or
# whatever follows "ref" or "case number"; not a date, a telephone number or a postcode.
_OTHER = re.compile(
    r"""(?<![\w/-])(?:
        [a-z]{2,6}[-/]?\d{2,6}[-/]\d{1,6}(?:[-/][a-z\d]{1,6}){0,3}
      | \d{2,4}/(?:\d{5,6}|\d{3,6}/[a-z]{1,5})
      | (?:ref|reference|case|complaint|cyf)\s{1,3}(?:(?:no|number|rhif)\b)?[.:#\s]{0,3}
        [a-z]{0,6}[-/]?\d{3,9}[\w/-]{0,12}
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NEW = re.compile(
    r"""\b(?:
        (?:new|another|different|separate|fresh|second|further|unrelated|additional)\s(?:\w{1,12}\s)?
        (?:complaint|issue|matter|problem|concern|incident|request|evidence|information|subject|case|enquiry|query)s?
      | yesterday | last\snight | ddoe | neithiwr
      | something\selse | nothing\sto\sdo\swith | on\sanother\snote | not\srelated\sto | not\sabout
      | (?:cwyn|gwyn|chwyn|mater|fater|problem|broblem|tystiolaeth|dystiolaeth|gwybodaeth|wybodaeth|cais|gais)\s
        (?:\w{1,12}\s)?(?:newydd|arall|gwahanol|wahanol|ychwanegol)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


class Relation(StrEnum):
    """How a message stands to what the register already knows of."""

    SAME = "same"
    UNSURE = "unsure"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterMatch:
    """The answer, `matter` (the one it is, or may be, about) and the `evidence`, in sentences for a person."""

    relation: Relation
    matter: str | None = None
    evidence: tuple[str, ...] = ()


def relate(
    subject: str, text: str, attachments: int, matters: Sequence[Matter], background: Background = NOTHING_BEFORE
) -> MatterMatch:
    """Compare a message with the person's matters; `text` is the writer's own, without quoted history.

    Total on any text. No matters, or nothing in common with any of them, is NEW.
    """
    whole = len(text) <= MAX_TEXT
    subject, text = subject[:MAX_TEXT], text[:MAX_TEXT]
    words = f"{subject}\n{text}"
    letter = Letter(subject=subject, sentences=sentences(subject, text))
    goes_on = continuations(letter, background.of(matter.reference for matter in matters))
    quoted = {matter.reference: found for matter in matters if (found := _quoted(matter, words))}
    titled = {matter.reference: matter.title for matter in matters if _likeness(matter, subject) == 1}
    named = tuple(dict.fromkeys((*quoted, *titled)))
    if not named:
        signs = _signs_of_new(words, attachments, {})
        return _continued(goes_on, text, signs, whole=whole) if goes_on else _unnamed(words, matters)
    every = tuple(dict.fromkeys((*named, *(one.matter for one in goes_on))))
    new = additions(letter, background.of(named).letters)
    doubts = _doubts(every, text) + _signs_of_new(words, attachments, quoted) + new
    return MatterMatch(
        relation=Relation.UNSURE if doubts else Relation.SAME,
        matter=every[0] if len(every) == 1 else None,
        evidence=(*_evidence(quoted, titled), *(words for one in goes_on for words in one.words), *doubts),
    )


def matter_reason(relation: Relation, matter: str | None, words: str) -> Reason:
    """The answer as a reason of a decision; `matter`: what a person who confirms says that it is about."""
    return Reason(code=f"{_CODE}{relation}" + (f":{matter}" if matter else ""), words=words)


def matter_cited(reasons: Iterable[Reason]) -> tuple[Relation, str] | None:
    """Relation and matter, as the reasons of a decision cite them."""
    cited = (reason.code.removeprefix(_CODE).partition(":") for reason in reasons if reason.code.startswith(_CODE))
    return next(((Relation(relation), matter) for relation, _, matter in cited if matter), None)


def matter_words(reasons: Iterable[Reason]) -> str | None:
    """The evidence that a decision cites for what a message is about, if that was asked at all."""
    return next((reason.words for reason in reasons if reason.code.startswith(_CODE)), None)


def on_topic(subject: str, text: str, topic: str) -> MatterMatch:
    """Whether a message is about a topic that no matter stands for: words alone prove nothing, so at most UNSURE."""
    words = f"{subject[:MAX_TEXT]}\n{text[:MAX_TEXT]}"
    telling = _telling(topic)
    if not words.strip():
        return MatterMatch(relation=Relation.UNSURE, evidence=("It has no readable words of its own.",))
    if telling and telling <= _telling(words):
        evidence = f'It has the words of "{topic}".'
        return MatterMatch(relation=Relation.UNSURE, matter=topic, evidence=(evidence,))
    return MatterMatch(relation=Relation.NEW, evidence=(f'It has not the words of "{topic}".',))


def _continued(goes_on: tuple[Continuation, ...], text: str, signs: tuple[str, ...], *, whole: bool) -> MatterMatch:
    """By earlier letters alone it is SAME only where nothing at all is new in it, and all of it was read."""
    names = tuple(one.matter for one in goes_on)
    unread = () if whole else ("It is too long to be compared.",)
    doubts = (*_doubts(names, text), *(words for one in goes_on for words in one.doubts), *signs, *unread)
    proven = not doubts and all(one.proven for one in goes_on)
    return MatterMatch(
        relation=Relation.SAME if proven else Relation.UNSURE,
        matter=names[0] if len(names) == 1 else None,
        evidence=(*(words for one in goes_on for words in one.words), *doubts),
    )


def _unnamed(words: str, matters: Sequence[Matter]) -> MatterMatch:
    """Without a reference or a whole title, no message is SAME."""
    if not words.strip():
        return MatterMatch(relation=Relation.UNSURE, evidence=("It has no readable words of its own.",))
    matter = max(matters, key=lambda matter: _likeness(matter, words), default=None)
    if matter is None or _likeness(matter, words) < _ALIKE:
        return MatterMatch(relation=Relation.NEW, evidence=("It names no matter that the register knows.",))
    evidence = f'It uses words of the title "{matter.title}" but quotes no reference.'
    return MatterMatch(relation=Relation.UNSURE, matter=matter.reference, evidence=(evidence,))


def _evidence(quoted: dict[str, re.Match[str]], titled: dict[str, str]) -> tuple[str, ...]:
    return (
        *(_quotes(_one_line(found), reference) for reference, found in quoted.items()),
        *(f'Its subject is the title of {reference}, "{title}".' for reference, title in titled.items()),
    )


def _quotes(found: str, reference: str) -> str:
    as_written = "" if found == reference else f', written "{found}"'
    return f"It quotes the reference {reference}{as_written}."


def _doubts(named: tuple[str, ...], text: str) -> tuple[str, ...]:
    several = ("It names several matters.",) if len(named) > 1 else ()
    return several if text.strip() else (*several, "It has no readable words of its own.")


def _signs_of_new(words: str, attachments: int, quoted: dict[str, re.Match[str]]) -> tuple[str, ...]:
    rest = words
    for found in quoted.values():
        rest = found.re.sub("\u2026", rest)
    attached = ("It has an attachment.",) if attachments else ()
    other = tuple(f'It also quotes "{_one_line(found)}".' for found in islice(_OTHER.finditer(rest), 1))
    said = tuple(f'It says "{_one_line(found)}".' for found in islice(_NEW.finditer(words), 1))
    return attached + other + said


def _quoted(matter: Matter, words: str) -> re.Match[str] | None:
    """Find the reference whatever its case, spaces, dashes and slashes, but not inside a longer one."""
    parts = _PART.findall(matter.reference)
    if sum(map(len, parts)) < _SHORTEST_REFERENCE or not any(part.isdigit() for part in parts):
        return None
    pattern = rf"(?<![^\W_]){_GAP.join(map(re.escape, parts))}(?![^\W_]|[-/]\d)"
    return re.search(pattern, words, re.IGNORECASE)


def _likeness(matter: Matter, words: str) -> float:
    """The share of the title's telling words that `words` has, 0..1; 0 for a title too short to tell."""
    telling = _telling(matter.title)
    if len(telling) < _FEWEST_WORDS:
        return 0.0
    return len(telling & _telling(words)) / len(telling)


def _telling(words: str) -> frozenset[str]:
    return frozenset(_WORD.findall(words.lower())) - _EMPTY


def _one_line(found: re.Match[str]) -> str:
    return " ".join(found[0].split())
