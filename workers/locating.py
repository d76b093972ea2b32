"""Finds a known message in a folder, by what it is; how an effect learns whether it has already happened."""

import re

from ingest.delivery import Delivery, fingerprint
from ingest.imap import ImapSession

_PLAIN_MESSAGE_ID = re.compile(r"<[!#-\[\]-~]{1,200}>")  # printable ASCII without quotes, backslashes and blanks


def copies_in(imap: ImapSession, delivery: Delivery) -> tuple[int, ...]:
    """UIDs in the selected folder of messages with this delivery's fingerprint."""
    message_id = delivery.message_id or ""
    plain = _PLAIN_MESSAGE_ID.fullmatch(message_id) is not None
    candidates = imap.with_message_id(message_id) if plain else imap.with_size(delivery.size)
    found = imap.prefixes(candidates)
    return tuple(item.uid for item in found if fingerprint(item.prefix, item.size) == delivery.fingerprint)
