"""One message of the sample as people write it in YAML, and as it goes over the wire: bytes with CRLF."""

import base64
import hashlib
import quopri
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from policies.vocabulary import LetterKind, RestrictionKind
from routing.action import ReviewKind
from routing.answering import Outcome as Said

BORDER = "mx.sampleshire.example"
DOMAIN = "sampleshire.example"


class Form(StrEnum):
    """How the text is put on the wire."""

    PLAIN = "plain"
    HTML = "html"
    BASE64 = "base64"
    QUOTED_PRINTABLE = "quoted-printable"
    LATIN_1 = "latin-1"
    LATIN_1_UNDECLARED = "latin-1-undeclared"


class Attachment(BaseModel):
    """An attached part of `size` bytes that look random and are the same on every run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: str
    size: int


class Reply(BaseModel):
    """What an officer answers to the question of one kind that is asked about the message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: ReviewKind
    outcome: Said
    by: str
    note: str


def _offset(value: object) -> object:
    """`2d 09:15` is a quarter past nine on the third day, `-1d 09:15` on the day before the one it is shown on."""
    day, _, clock = str(value).partition("d ")
    hours, _, minutes = clock.partition(":")
    return timedelta(days=int(day), hours=int(hours), minutes=int(minutes))


class Letter(BaseModel):
    """One entry of a sheet: where the message goes, what should come of it and why, and after that what it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    mailbox: str = ""
    mailboxes: tuple[str, ...] = ()
    received: Annotated[timedelta, BeforeValidator(_offset)]
    outcome: str
    reviews: frozenset[str] = frozenset()
    why: str
    example: RestrictionKind | None = None  # the kind of restriction that the demonstration shows by it
    answer: Reply | None = None
    then: str = ""  # the outcome once that is done; it says so only if there is an answer
    told: LetterKind | None = None  # the letter that its writer gets
    shown: bool = False  # whether the demonstration shows it as an example of its outcome
    language: Literal["en", "cy"] = "en"
    raw: str | None = None  # the name of a file that holds the message as it is
    author: str | tuple[str, ...] = Field(default=(), alias="from")
    authentication: Literal["pass", "fail", "none"] = "pass"
    headers: dict[str, str] = Field(default_factory=dict)
    subject: str = ""
    form: Form = Form.PLAIN
    attach: Attachment | None = None
    text: str = ""

    @property
    def addressed(self) -> tuple[str, ...]:
        """The mailboxes it is delivered to."""
        return self.mailboxes or (self.mailbox,)

    @property
    def authors(self) -> tuple[str, ...]:
        """Each From header; more than one is a spoof."""
        return (self.author,) if isinstance(self.author, str) else self.author


def rendered(letter: Letter, sent: datetime) -> bytes:
    """The letter as it arrives at the council's border, dated `sent`."""
    kind, body = _text_part(letter)
    if letter.attach:
        kind, body = _with_attachment(letter, letter.attach, kind, body)
    head = [*_head(letter, sent), "MIME-Version: 1.0", *kind]
    return _crlf("\n".join([*head, "", ""]).encode("ascii") + body)


def rendered_raw(raw: bytes, sent: datetime) -> bytes:
    """A message that lies ready, with its date filled in."""
    return _crlf(raw.replace(b"{date}", format_datetime(sent).encode("ascii")))


def _head(letter: Letter, sent: datetime) -> list[str]:
    authors = [_author(author) for author in letter.authors]
    sender = parseaddr(authors[0])[1]
    host = sender.rpartition("@")[2]
    date = format_datetime(sent)
    return [
        f"Return-Path: <{sender}>",
        *_authentication(letter.authentication, host),
        f"Received: from out.{host} (out.{host} [192.0.2.10]) by {BORDER}; {date}",
        *(f"From: {author}" for author in authors),
        f"To: {', '.join(f'{mailbox}@{DOMAIN}' for mailbox in letter.addressed)}",
        f"Subject: {_encoded(letter.subject)}",
        f"Date: {date}",
        f"Message-ID: <{letter.id}@{host}>",
        *(f"{name}: {value}" for name, value in letter.headers.items()),
    ]


def _authentication(verdict: str, host: str) -> list[str]:
    if verdict == "none":
        return []
    return [f"Authentication-Results: {BORDER}; dmarc={verdict} header.from={host}"]


def _author(written: str) -> str:
    name, address = parseaddr(written)
    local, _, host = address.rpartition("@")
    return formataddr((name, f"{local}@{host.encode('idna').decode('ascii')}"))


def _encoded(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", header_name="Subject").encode()


def _text_part(letter: Letter) -> tuple[list[str], bytes]:
    """The header fields of the text and its bytes."""
    utf8 = letter.text.encode()
    match letter.form:
        case Form.PLAIN:
            return _fields("text/plain; charset=utf-8", "8bit"), utf8
        case Form.HTML:
            return _fields("text/html; charset=utf-8", "8bit"), utf8
        case Form.BASE64:
            return _fields("text/plain; charset=utf-8", "base64"), base64.encodebytes(utf8)
        case Form.QUOTED_PRINTABLE:
            return _fields("text/plain; charset=utf-8", "quoted-printable"), quopri.encodestring(utf8)
        case Form.LATIN_1:
            return _fields("text/plain; charset=iso-8859-1", "8bit"), letter.text.encode("latin-1")
        case Form.LATIN_1_UNDECLARED:
            return ["Content-Type: text/plain"], letter.text.encode("latin-1")


def _with_attachment(letter: Letter, attached: Attachment, kind: list[str], body: bytes) -> tuple[list[str], bytes]:
    boundary = f"=_{letter.id}"
    contents = hashlib.shake_256(letter.id.encode()).digest(attached.size)
    disposition = f'Content-Disposition: attachment; filename="{attached.name}"'
    text = "\n".join([f"--{boundary}", *kind, "", ""]).encode("ascii") + body
    part = "\n".join([f"\n--{boundary}", *_fields(attached.type, "base64"), disposition, "", ""]).encode("ascii")
    whole = text + part + base64.encodebytes(contents) + f"--{boundary}--\n".encode("ascii")
    return [f'Content-Type: multipart/mixed; boundary="{boundary}"'], whole


def _fields(content_type: str, encoding: str) -> list[str]:
    return [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}"]


def _crlf(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
