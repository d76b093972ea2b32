"""What a mail system reports about a letter: whether it failed, why, and which letters of ours it names. Pure.

A report (RFC 3464) may return the letter, and with it whatever that carried: only what stands before the returned
letter is the mail system's own word, and a letter is named by a header field only, never by what somebody wrote.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.message import AuthenticationResult, Message
from register.addresses import canonical, variants
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
_FORMAL = re.compile(rb"^content-type:\s*message/(?:global-)?delivery-status\b", re.IGNORECASE | re.MULTILINE)
_EMPTY_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_ACTION = re.compile(rb"^action:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(rb"^(?:final|original)-recipient:[^;\r\n]*;(" + _FOLDED + rb")", re.IGNORECASE | re.MULTILINE)
_UNREACHED = re.compile(rb"^x-failed-recipients:(" + _FOLDED + rb")", re.IGNORECASE | re.MULTILINE)
_DIAGNOSIS = re.compile(rb"^diagnostic-code:(" + _FOLDED + rb")", re.IGNORECASE | re.MULTILINE)
_PROTOCOL = re.compile(r"^\s*(?:smtp|x-[\w-]+)\s*;", re.IGNORECASE)
_READ = re.compile(rb"disposition-notification", re.IGNORECASE)
_LATE_SUBJECT = re.compile(
    r"""\W{0,3}(?:
        warning\b[^\n]{0,200}\b(?:delayed | yet\ been | past\ [\d.]+\ hours)
      | delayed\b | (?:(?:e-?)?mail\ |message\ )?(?:delivery\ )?(?:is\ |has\ been\ )?delay
      | delivery\ (?:status\ notification\ \(delay | incomplete)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LATE_TEXT = re.compile(
    r"""not\ yet\ been\ delivered | (?:(?:has|have)\ been|is)\ delayed | warning\ (?:message\ )?only
      | (?:do\ not|don't)\ need\ to\ re-?send | attempts\ will\ continue
      | will\ (?:keep|continue)\ (?:on\ )?(?:trying|to\ try|to\ attempt|attempting|to\ retry|retrying)
      | will\ (?:be\ retried|retry\b|try\ again)""",
    re.IGNORECASE | re.VERBOSE,
)
_NAMELESS = frozenset({"no-author"})  # as many mail systems are, whose reports say From: MAILER-DAEMON
_TEXT_REACH = 2000  # characters: a mail system says at the top what it has to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a mail system says of letters; `keys` are of those of ours that it names, the one it is about first."""

    keys: tuple[str, ...]
    failed: bool
    reason: str  # in its own words, safe to quote; empty if it gives none
    formal: bool  # whether it has the part for machines (RFC 3464 2.1)
    recipients: tuple[str, ...]  # whom its fields name as not reached, in canonical form; its text is not looked at


def read_report(raw: bytes, message: Message) -> Report:
    """Read a report, which reads as `message`; "delayed" or "delivered" is no failure (RFC 3464 2.3.3).

    One without any such word has failed if a field of it says whom it did not reach, or unless it tells of a delay.
    """
    returned = _RETURNED.search(raw)
    own = raw[: returned.start()] if returned is not None else raw
    actions = [(action[1].lower(), part) for part in _EMPTY_LINE.split(own) if (action := _ACTION.search(part))]
    unreached = _UNREACHED.search(own)
    named = [field for action, part in actions if action == b"failed" for field in _RECIPIENT.findall(part)]
    named += unreached[1].split(b",") if unreached is not None else []
    said = _DIAGNOSIS.search(own)
    failed = any(action == b"failed" for action, _ in actions)
    return Report(
        keys=_keys(b"\n".join(_NAMING.findall(raw)).decode("ascii", "replace")),
        failed=failed if actions else unreached is not None or not _is_late(message),
        reason="" if said is None else _words(said[1]),
        formal=_FORMAL.search(own) is not None,
        recipients=tuple(dict.fromkeys(filter(None, map(_recipient, named)))),
    )


def doubt_about(report: Report, message: Message, *, recipient: str, theirs: Iterable[str]) -> str:
    """Why it is not certain that a letter to `recipient` failed though `message` reports it; empty if it is.

    Whoever got a letter can write such a message: `theirs` are the addresses from which it might come.
    """
    if not {canonical(address) for address in (recipient, *theirs)}.isdisjoint(_writers(message)):
        return "it comes from an address of the case"
    if message.authentication is AuthenticationResult.FAIL:
        return "it does not come from the domain that it names"
    if not _NAMELESS.issuperset(message.suspect):
        return "it cannot be told who wrote it"
    if message.return_path or (message.return_path is None and not report.formal):  # RFC 3464 2: none to answer to
        return "it did not come as mail systems send their reports"
    if canonical(recipient) not in report.recipients:
        return "it does not name the address that the letter went to"
    return ""


def keys_named(references: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of the letters of ours that a message refers to, oldest first."""
    return _keys(" ".join(references))


def says_it_was_read(raw: bytes) -> bool:
    """Whether an automatic reply tells of the reading of a letter (RFC 8098), not of somebody's absence."""
    return _READ.search(raw) is not None


def _is_late(message: Message) -> bool:
    """Whether it only warns that the letter has not arrived yet."""
    return bool(_LATE_SUBJECT.match(message.subject) or _LATE_TEXT.search(" ".join(message.text[:_TEXT_REACH].split())))


def _recipient(field: bytes) -> str | None:
    return canonical(field.decode("utf-8", "replace").strip().removeprefix("<").removesuffix(">"))


def _writers(message: Message) -> Iterator[str | None]:
    """Every address that a message claims to come from, and those that it may stand for."""
    claimed = [address.addr_spec for address in (*message.from_, *message.sender, *message.reply_to)]
    for address in (*claimed, message.return_path or ""):
        yield from (form for form in (canonical(address), *variants(address)) if form)


def _words(diagnosis: bytes) -> str:
    return " ".join(quotable(_PROTOCOL.sub("", diagnosis.decode("utf-8", "replace"))).split())


def _keys(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_KEY.findall(text)))[:_MOST_NAMES]
