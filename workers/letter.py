"""Renders the letter that brings diverted mail to its SPOC: from the council, the original attached untouched.

No header object of the original is ever copied: what is quoted is stripped of control characters first, and the
finished letter is read again to prove that it has just the fields it should (CVE-2024-6923 and its kin).
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Literal

from ingest.headers import scan

LOOP_HEADER = "X-Council-Mailroom-Loop"

_FIELDS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    LOOP_HEADER,
    "MIME-Version",
    "Content-Type",
)
_LONGEST_LINE = 998  # RFC 5322 2.1.1
_LONGEST_QUOTE = 200
_INTRODUCTION = {
    "contact": "You are the single point of contact for the writer of the attached message.",
    "team": (
        "The attached message may claim a right that your team deals with. Whatever contact arrangement its writer\r\n"
        "is under does not touch that right: deal with it as with anybody's, by the day named below.\r\n"
        "If it is not for you, a reviewer can release it to the mailbox it arrived in."
    ),
}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


class LetterError(Exception):
    """The letter came out with other header fields than it should have; it is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """What a diverting letter says."""

    key: str  # of the effect; makes the Message-ID, the boundary and the loop token
    message_ref: str
    sender: str
    domain: str
    spoc: str
    mailbox: str
    subject: str
    received_at: datetime
    rendered_at: datetime
    reasons: tuple[str, ...]
    original: bytes
    role: Literal["contact", "team"] = "contact"
    beware: str = ""  # a warning, said first
    thread: str = ""  # a key that letters share which are to be answered together


def render(diversion: Diversion) -> bytes:
    """The letter's bytes; render once, store them, and send only the stored ones. Raises LetterError."""
    boundary = f"mailroom-{diversion.key}"
    fields = (
        ("From", f"Council Mailroom <{diversion.sender}>"),
        ("To", diversion.spoc),
        ("Subject", _subject(diversion)),
        ("Date", format_datetime(diversion.rendered_at)),
        ("Message-ID", message_id(diversion.key, diversion.domain)),
        *((("References", message_id(diversion.thread, diversion.domain)),) if diversion.thread else ()),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        (LOOP_HEADER, diversion.key),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/mixed; boundary="{boundary}"'),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii")
    letter = b"\r\n".join(
        [
            head,
            f"--{boundary}".encode(),
            _text_part(_explanation(diversion)),
            f"--{boundary}".encode(),
            _original_part(diversion.original, diversion.message_ref),
            f"--{boundary}--".encode(),
            b"",
        ]
    )
    wanted = tuple(name.lower() for name in _FIELDS if name != "References" or diversion.thread)
    if tuple(name for name, _value in scan(letter).fields) != wanted:
        message = f"the letter for {diversion.message_ref} would carry unexpected header fields"
        raise LetterError(message)
    return letter


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter for this effect: always the same, so that a repeat is recognised."""
    return f"<mailroom.{key}@{domain}>"


def quotable(text: str) -> str:
    """Sender-chosen text made safe to quote on one line: no control or direction characters, at most 200 characters."""
    return _CONTROLS.sub(" ", text).strip()[:_LONGEST_QUOTE]


def _subject(diversion: Diversion) -> str:
    text = f"Diverted to you from {diversion.mailbox}: {quotable(diversion.subject) or '(no subject)'}"
    text = text.encode("utf-8", "replace").decode()
    return Header(text, "us-ascii" if text.isascii() else "utf-8", header_name="Subject").encode(linesep="\r\n")


def _explanation(diversion: Diversion) -> str:
    reasons = "\r\n".join(f"  - {quotable(reason)}" for reason in diversion.reasons)
    warning = f"{quotable(diversion.beware)}\r\n\r\n" if diversion.beware else ""
    return (
        f"{warning}{_INTRODUCTION[diversion.role]}\r\n\r\n"
        f"Reference: {diversion.message_ref}\r\n"
        f"Arrived in: {diversion.mailbox}\r\n"
        f"Received: {diversion.received_at:%d %B %Y %H:%M} UTC. Deadlines count from then, not from now.\r\n\r\n"
        f"Why it came to you:\r\n{reasons}\r\n\r\n"
        f"The message is attached as it arrived. Answer from your own mailbox; do not reply to this letter.\r\n"
    )


def _text_part(text: str) -> bytes:
    body = base64.encodebytes(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body


def _original_part(original: bytes, ref: str) -> bytes:
    disposition = f'Content-Disposition: attachment; filename="{ref}.eml"\r\n'.encode()
    if _travels_untouched(original):
        return b"Content-Type: message/rfc822\r\n" + disposition + b"\r\n" + original
    # message/rfc822 may not be base64 (RFC 2046 5.2.1), and anything else would not arrive byte for byte.
    kind = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    return kind + disposition + b"\r\n" + base64.encodebytes(original).replace(b"\n", b"\r\n")


def _travels_untouched(original: bytes) -> bool:
    lines = original.split(b"\r\n")
    clean = original.isascii() and b"\0" not in original and b"--mailroom-" not in original
    return clean and all(len(line) <= _LONGEST_LINE and b"\r" not in line and b"\n" not in line for line in lines)
