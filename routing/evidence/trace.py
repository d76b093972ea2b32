"""What is remembered of a message for the figures: enough to count it and to know its like again, no text of it.

The writer and whatever is quoted are digests under the council's own key; of the recipients only the council's own are
kept. Mail of which it is not certain who wrote it leaves no trace, nor does that of colleagues, of protected
correspondents and of machines: it is counted against nobody.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.message import Message
from register.addresses import canonical
from register.claims import Authentication, StaffDirectory
from routing.claims import claims_of, is_automatic
from routing.evidence.cues import demands, insistence
from routing.evidence.sketches import Sketch, sketch_of, words_of

_DIGEST = 32  # hexadecimal digits of a writer's
_MARK = 16  # of a mark's
_MOST_MARKS = 40
_MOST_RECIPIENTS = 200
_MOST_CHARACTERS = 65_536
_PARTS = 3  # of a number written with spaces
_LEAST_REFERENCE = 4  # letters and digits
_PART = re.compile(r"[^\W\d_]+|\d+")
_REFERENCE = re.compile("[^\\W_]+(?:[-/_.\u2010-\u2015]{1,2}[^\\W_]+)*+")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_]{1,6}(?: \d{2,8}){1,3}(?![^\W_])")
_DIGIT = re.compile(r"\d")
_PREFIXES = re.compile(r"\s*+(?:(?:re|fwd?|ymateb|ymlaen|ateb)\s?(?:\[\d+\])?:\s*+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One message of one writer. `marks` are digests of the references it quotes and of its subject."""

    writer: str
    recipients: tuple[str, ...]  # addresses of the council's in To and Cc
    words: int
    sketch: Sketch = ()
    marks: frozenset[str] = frozenset()
    demands: tuple[str, ...] = ()
    insists: tuple[str, ...] = ()


def trace_of(message: Message, *, staff: StaffDirectory, key: bytes) -> Trace | None:
    """What is remembered of it; None where it is not certain that one person from outside wrote it."""
    address = _writer(message, staff)
    if address is None:
        return None
    text = message.own_text[:_MOST_CHARACTERS]
    words = words_of(text)
    council = (canonical(one.addr_spec) for one in (*message.to, *message.cc) if staff.employs(one.addr_spec))
    return Trace(
        writer=writer_key(address, key) or "",
        recipients=tuple(sorted({one for one in islice(council, _MOST_RECIPIENTS) if one})),
        words=len(words),
        sketch=sketch_of(words),
        marks=frozenset(islice(_marks(message.subject, text, key), _MOST_MARKS)),
        demands=demands(text),
        insists=insistence(text),
    )


def writer_key(address: str, key: bytes) -> str | None:
    """What a writer is known by: the same for every spelling of an address; None if it is no address."""
    form = canonical(address)
    return None if form is None else _digest("writer", form, key)[:_DIGEST]


def reference_mark(reference: str, key: bytes) -> str:
    """The mark that a message has which quotes this reference."""
    return _digest("reference", "-".join(_PART.findall(reference.casefold())), key)[:_MARK]


def title_mark(title: str, key: bytes) -> str:
    """The mark that a message has whose subject is this title."""
    found = _PREFIXES.match(title)
    return _digest("title", " ".join(words_of(title[found.end() if found else 0 :])), key)[:_MARK]


def _writer(message: Message, staff: StaffDirectory) -> str | None:
    claims = claims_of(message)
    doubtful = bool(claims.suspect) or claims.authentication is Authentication.FAIL
    if doubtful or is_automatic(message) or len(claims.author_addresses) != 1:
        return None
    address = claims.author_addresses[0]
    return None if staff.employs(address) or staff.protects(address) else canonical(address)


def _marks(subject: str, text: str, key: bytes) -> Iterator[str]:
    yield title_mark(subject[:_MOST_CHARACTERS], key)
    words = f"{subject[:_MOST_CHARACTERS]}\n{text}"
    for one in dict.fromkeys(one.casefold() for one in _numbered(words) if _could_be_reference(one)):
        yield reference_mark(one, key)


def _numbered(words: str) -> Iterator[str]:
    """Whatever has a number in it and may be a reference, one of several parts included."""
    runs = words.split()
    for place, run in enumerate(runs):
        if not run.isalpha() and _DIGIT.search(run):
            yield from _REFERENCE.findall(run)
            if place and run[0].isdigit():
                yield from _SPACED.findall(" ".join(runs[place - 1 : place + _PARTS]))


def _could_be_reference(found: str) -> bool:
    return sum(map(str.isalnum, found)) >= _LEAST_REFERENCE and any(map(str.isdigit, found))


def _digest(what: str, value: str, key: bytes) -> str:
    return hmac.digest(key, f"{what}:{value}".encode("utf-8", "surrogatepass"), "sha256").hex()
