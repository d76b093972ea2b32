"""A message as read: what a decision may know about it, frozen."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_OF_ANOTHER = re.compile(
    r"\s*(?:re|fwd?|aw|sv|antw|parthed|ateb|ymlaen)\s*(?:\[\d+\]|\(\d+\))?\s*:", re.IGNORECASE
)  # how the subject of an answered or forwarded letter begins
_WORD = re.compile(r"[^\W_]+")

LONG_TEXT = "long-text"  # in `Message.degraded`: the text goes on beyond what was read


class MessageKind(StrEnum):
    """Who or what wrote it: a person, or a machine that must never be answered (RFC 3834)."""

    NORMAL = "normal"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto-reply"
    FEEDBACK_REPORT = "feedback-report"


class AuthenticationResult(StrEnum):
    """What the council's own border said of the From domain (DMARC, RFC 8601)."""

    PASS = "pass"  # noqa: S105 - RFC 8601's word, no password
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox of an address header: `addr_spec` as written (RFC 5322), `display_name` decoded and maybe empty."""

    addr_spec: str
    display_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One attached part: its name is the sender's word, made safe to show but never to be used as a path."""

    filename: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What `ingest.parse.read` found in the bytes it was given.

    `suspect` names each reason why the identity of the writer is ambiguous (several From headers, a folded
    field name, ...): then a person decides. `degraded` names each reason why the text may be incomplete.
    """

    from_: tuple[Address, ...]
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    resent_from: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    return_path: str | None = None  # "" is the null sender <>
    subject: str = ""
    message_id: str | None = None  # with its angle brackets; evidence, never identity
    references: tuple[str, ...] = ()  # In-Reply-To and References, oldest first
    date: datetime | None = None  # the sender's clock, aware; None if missing or impossible
    kind: MessageKind = MessageKind.NORMAL
    loop_tokens: tuple[str, ...] = ()  # values of X-Council-Mailroom-Loop
    received_count: int = 0
    authentication: AuthenticationResult = AuthenticationResult.NONE
    text: str = ""  # all readable text, HTML made text, at most MAX_TEXT characters
    own_text: str = ""  # the sender's own new words: no quoted history, signature block or disclaimer
    attachments: tuple[Attachment, ...] = ()
    suspect: tuple[str, ...] = ()
    degraded: tuple[str, ...] = field(default=())

    @property
    def new_words(self) -> str:
        """What the sender says anew: `own_text`, below the subject if that is this letter's and says more."""
        subject = self.subject.strip()
        if _OF_ANOTHER.match(subject) or _words(subject) <= _words(self.own_text):
            return self.own_text
        return f"{subject}\n{self.own_text}"


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
