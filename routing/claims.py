"""From a message as read to what it claims about its writer: the bridge between reading and matching."""

from collections.abc import Iterable

from ingest.body import closing_lines
from ingest.message import Address, Message, MessageKind
from register.matching import Authentication, Claims

LOOP_HOPS = 100  # RFC 5321 section 6.3: more Received lines than this are a loop


def claims_of(message: Message) -> Claims:
    """What matching may know of a message: the names and addresses its writer gives, and how far to believe them."""
    return Claims(
        author_addresses=_specs(message.from_),
        author_names=tuple(address.display_name for address in message.from_ if address.display_name),
        sender=_specs(message.sender),
        reply_to=_specs(message.reply_to),
        resent_from=_specs(message.resent_from),
        return_path=message.return_path,
        suspect=message.suspect,
        authentication=Authentication(message.authentication.value),
        automatic=is_automatic(message),
        bounce=message.kind in {MessageKind.BOUNCE, MessageKind.FEEDBACK_REPORT},
        closing=closing_lines(message.text),
    )


def is_automatic(message: Message) -> bool:
    """Whether a machine wrote it, or it is going round in a loop: it must never be answered (RFC 3834)."""
    return message.kind is not MessageKind.NORMAL or bool(message.loop_tokens) or message.received_count > LOOP_HOPS


def _specs(addresses: Iterable[Address]) -> tuple[str, ...]:
    return tuple(address.addr_spec for address in addresses)
