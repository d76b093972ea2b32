"""What a mail system reports about a letter: whether it failed, why, and which letters of ours it names. Pure.

A report (RFC 3464) may return the letter, and with it whatever that carried: only what stands before the returned
letter is the mail system's own word, and a letter is named by a header field only, never by what somebody wrote.
"""

import re
from dataclasses import dataclass

from workers.letter import quotable

_MOST_NAMES = 20  # a report is about one letter
_FOLDED = rb"[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*"
_NAMING = re.compile(
    rb"^[> \t]{0,8}(?:message-id|in-reply-to|references|x-council-mailroom-loop):(" + _FOLDED + rb")",
    re.IGNORECASE | re.MULTILINE,
)
_KEY = re.compile(r"\b[0-9a-f]{40}\b")
_RETURNED = re.compile(
    rb"^content-type:\s*(?:message/rfc822|message/global\b|text/rfc822-headers|message/global-headers)",
    re.IGNORECASE | re.MULTILINE,
)
_ACTION = re.compile(rb"^action:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSIS = re.compile(rb"^diagnostic-code:(" + _FOLDED + rb")", re.IGNORECASE | re.MULTILINE)
_PROTOCOL = re.compile(r"^\s*(?:smtp|x-[\w-]+)\s*;", re.IGNORECASE)
_READ = re.compile(rb"disposition-notification", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a mail system says of letters; `keys` are of those of ours that it names, the one it is about first."""

    keys: tuple[str, ...]
    failed: bool
    reason: str  # in its own words, safe to quote; empty if it gives none


def read_report(raw: bytes) -> Report:
    """Read a report; "delayed" or "delivered" is no failure (RFC 3464 2.3.3), and one that says neither is."""
    returned = _RETURNED.search(raw)
    own = raw[: returned.start()] if returned is not None else raw
    actions = {action.lower() for action in _ACTION.findall(own)}
    said = _DIAGNOSIS.search(own)
    return Report(
        keys=_keys(b"\n".join(_NAMING.findall(raw)).decode("ascii", "replace")),
        failed=not actions or b"failed" in actions,
        reason="" if said is None else _words(said[1]),
    )


def keys_named(references: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of the letters of ours that a message refers to, oldest first."""
    return _keys(" ".join(references))


def says_it_was_read(raw: bytes) -> bool:
    """Whether an automatic reply tells of the reading of a letter (RFC 8098), not of somebody's absence."""
    return _READ.search(raw) is not None


def _words(diagnosis: bytes) -> str:
    return " ".join(quotable(_PROTOCOL.sub("", diagnosis.decode("utf-8", "replace"))).split())


def _keys(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_KEY.findall(text)))[:_MOST_NAMES]
