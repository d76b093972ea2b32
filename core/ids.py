"""References that people quote, and keys by which a repeat of an effect is recognised."""

import hashlib
import hmac

_MOST_DIGITS = 18  # an id of a database is a signed number of 64 bits


def message_ref(delivery_id: int) -> str:
    """The reference under which people speak of one delivery, e.g. `M1024`."""
    return f"M{delivery_id}"


def parse_message_ref(ref: str) -> int | None:
    """The delivery id of a reference, or None if it is not one."""
    digits = ref.strip().upper().removeprefix("M")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
        return None
    return int(digits)


def effect_key(signing_key: str, *parts: str) -> str:
    """A permanent, unguessable key of 40 hexadecimal digits for one effect; the same parts give the same key."""
    # Lengths are part of the text, so that ("ab", "c") and ("a", "bc") differ.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(signing_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]
