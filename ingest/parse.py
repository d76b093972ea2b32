"""A message read from its bytes: total, in bounded time, identity from our own header scanner only.

The library mail-parser adds its view for the messages somebody looks at: it is too slow, and too easily hung, for all.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ingest.addresses import Mailboxes, display_text, parse_addresses
from ingest.authentication import authentication_of
from ingest.automatic import Signs, kind_of
from ingest.body import Body, read_body
from ingest.date_header import parse_date
from ingest.delivery import MESSAGE_ID
from ingest.details import Hop, MessageDetails, own_details
from ingest.headers import ADDRESS_LIMIT, Headers, header_block, scan, unfold
from ingest.message import Address, Message
from ingest.mime import media_type, parameter

LOOP_HEADER = "x-council-mailroom-loop"

_REFERENCES_LIMIT = 100
_SUBJECT_LIMIT = 64 * 1024
_SHOWN_SUBJECT = 20_000  # characters
_TOKEN_LIMIT = 200
_OTHER_ADDRESS_LIMIT = 16 * 1024  # characters of an address field that is not From
_VALUES_LIMIT = 100  # fields of one name of which the addresses are read
_SHARE = 1024  # characters that each of several fields has at least

_LIBRARY_SIZE = 40 * 1024 * 1024
_LIBRARY_LINES = 400_000
_LIBRARY_BLOCK = 128 * 1024
_LIBRARY_HEADER = 16 * 1024
_LIBRARY_BOUNDARIES = 2000
_LIBRARY_MULTIPARTS = 50
_LONG_FIELD = re.compile(rb"\n[^\s:]++:[^\n]*+(?:\n[ \t][^\n]*+){300}")
_MULTIPART = re.compile(rb"multipart/|message/rfc822", re.IGNORECASE)


def read(raw: bytes, *, trusted_authserv_id: str | None = None, whole: bool = False) -> Message:
    """The message that starts with `raw`, its first `headers.PREFIX` bytes or all of it (`whole`); never raises.

    `trusted_authserv_id` names the council's own border (RFC 8601); without it nothing is held authenticated.
    """
    raw, unusual = _with_line_feeds(raw)
    headers = scan(raw)
    body = read_body(raw, headers, whole=whole)
    author = _mailboxes(headers, "from")
    subject = display_text(unfold((headers.first("subject") or "")[:_SUBJECT_LIMIT]))[:_SHOWN_SUBJECT]
    domains = {address.addr_spec.rpartition("@")[2] for address in author.addresses}
    return Message(
        from_=author.addresses,
        sender=_mailboxes(headers, "sender").addresses,
        reply_to=_mailboxes(headers, "reply-to").addresses,
        resent_from=_mailboxes(headers, "resent-from").addresses,
        to=_mailboxes(headers, "to").addresses,
        cc=_mailboxes(headers, "cc").addresses,
        return_path=_return_path(headers),
        subject=subject,
        message_id=_message_id(headers),
        references=tuple(_references(headers)),
        date=parse_date(headers.text("date")),
        kind=kind_of(headers, _signs(headers, subject, body)),
        loop_tokens=tuple(unfold(value[:_TOKEN_LIMIT]) for value in headers.every(LOOP_HEADER)),
        received_count=len(headers.every("received")),
        authentication=authentication_of(headers, authserv_id=trusted_authserv_id, author_domains=domains),
        text=body.text,
        own_text=body.own_text,
        attachments=body.attachments,
        suspect=tuple(dict.fromkeys((*unusual, *_doubts(headers, author)))),
        degraded=body.degraded,
    )


def details(raw: bytes) -> MessageDetails:
    """What a reviewer may want to know of a whole message; never raises, takes at most a second or two."""
    raw, _ = _with_line_feeds(raw)
    found = own_details(raw)
    reason = _danger(raw)
    if reason is None:
        try:
            return _with_view_of_library(found, raw)
        except Exception:  # noqa: BLE001 - the library raises whatever its own bugs raise, on letters people do send
            reason = "library-failed"
    return replace(found, degraded=(*found.degraded, reason))


def _danger(raw: bytes) -> str | None:
    """Why the library must not see this message: it would hang, or eat the memory."""
    block = header_block(raw)
    if len(raw) > _LIBRARY_SIZE or raw.count(b"\n") > _LIBRARY_LINES:
        return "too-long-for-library"
    if len(block) > _LIBRARY_BLOCK or max(map(len, block.split(b"\n"))) > _LIBRARY_HEADER or _LONG_FIELD.search(block):
        return "header-too-long-for-library"
    if raw.count(b"\n--") > _LIBRARY_BOUNDARIES or len(_MULTIPART.findall(raw)) > _LIBRARY_MULTIPARTS:
        return "too-many-parts-for-library"
    return None


def _with_view_of_library(found: MessageDetails, raw: bytes) -> MessageDetails:
    import mailparser  # noqa: PLC0415 - 65 ms that only reviewing needs

    logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it would log what senders write
    mail = mailparser.parse_from_bytes(raw)
    hops = tuple(map(_hop, mail.received))
    return replace(found, hops=hops or found.hops, defects=tuple(sorted(map(str, mail.defects_categories))))


def _hop(received: Mapping[str, object]) -> Hop:
    said = {key: display_text(str(received.get(key) or "")) for key in ("from", "by", "with", "date")}
    return Hop(from_host=said["from"], by_host=said["by"], protocol=said["with"], at=parse_date(said["date"]))


def _with_line_feeds(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The message with line feeds, if carriage returns alone end its lines; other readers see no header at all then."""
    if b"\n" in raw or b"\r" not in raw:
        return raw, ()
    return raw.replace(b"\r", b"\n"), ("carriage-returns-only",)


def _signs(headers: Headers, subject: str, body: Body) -> Signs:
    content_type, parameters = media_type(headers.first("content-type"))
    report_type = parameter(parameters, "report-type").lower() if content_type == "multipart/report" else ""
    return Signs(subject=subject, text=body.text, types=body.types, report_type=report_type)


def _mailboxes(headers: Headers, name: str) -> Mailboxes:
    values = headers.every(name)
    limit = ADDRESS_LIMIT if name == "from" else _OTHER_ADDRESS_LIMIT
    if len(values) == 1:
        return parse_addresses(unfold(values[0][:limit]))
    share = limit // max(1, len(values))
    read = [parse_addresses(unfold(value[: max(share, _SHARE)])) for value in values[:_VALUES_LIMIT]]
    return Mailboxes(
        addresses=tuple(address for one in read for address in one.addresses),
        anomalies=tuple(anomaly for one in read for anomaly in one.anomalies),
    )


def _doubts(headers: Headers, author: Mailboxes) -> Iterator[str]:
    """Why it is not certain who wrote the message."""
    yield from headers.anomalies
    yield from author.anomalies
    if not author.addresses:
        yield "no-author"
    elif len({address.addr_spec.lower() for address in author.addresses}) > 1:
        yield "several-authors"
    if any(_is_undecodable(value) for value in headers.every("from")):
        yield "undecodable-address"


def _is_undecodable(value: str) -> bool:
    """Whether the address itself (not the name beside it) holds bytes that are not UTF-8."""
    if value.isascii():
        return False
    octets = value.encode("latin-1")
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return any(not address.addr_spec.isascii() for address in parse_addresses(unfold(value)).addresses)
    return False


def _return_path(headers: Headers) -> str | None:
    value = headers.first("return-path")
    if value is None:
        return None
    addresses: Iterable[Address] = parse_addresses(unfold(value)).addresses
    return next((address.addr_spec for address in addresses), "")


def _message_id(headers: Headers) -> str | None:
    found = MESSAGE_ID.search(headers.first("message-id") or "")
    return found[0] if found else None


def _references(headers: Headers) -> Iterator[str]:
    listed = [*headers.every("references"), *headers.every("in-reply-to")]
    found = dict.fromkeys(identifier for value in listed for identifier in MESSAGE_ID.findall(value[:_SUBJECT_LIMIT]))
    yield from list(found)[-_REFERENCES_LIMIT:]
