"""What somebody reads a case for: a short phrase that stays on the audit trail, and so tells nothing of whom."""

import re
from collections.abc import Iterable

from register.projection import word_keys

MOST = 200  # characters

_LEFT_OUT = "[...]"
_WORD = re.compile(r"[^\W\d_]{2,}")
_TELLING = (
    re.compile(r"\S*@\S*"),  # an e-mail address
    re.compile(r"(?<!\w)(?:\+|\(?0)[\d\s()-]{8,}\d"),  # a telephone number
    re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b", re.IGNORECASE),  # a postcode
)


class PurposeRefusedError(Exception):
    """The purpose is none, or cannot be kept."""


def stated(written: str) -> str:
    """The purpose as it was given, trimmed. Raises PurposeRefusedError."""
    purpose = written.strip()
    if not purpose or len(purpose) > MOST or not purpose.isprintable():
        message = (
            f"say what for in a few words, on one line of at most {MOST} characters: a call, a visit, the review, "
            "or the reference of what you work on"
        )
        raise PurposeRefusedError(message)
    return purpose


def nameless(purpose: str, names: Iterable[str] = ()) -> str:
    """The purpose without these names, and without addresses, telephone numbers and postcodes of anybody.

    The trail outlives the case; a purpose of one word, which tells the kind of work, is kept as it is.
    """
    for pattern in _TELLING:
        purpose = pattern.sub(_LEFT_OUT, purpose)
    if " " not in purpose:
        return purpose
    hidden = {key for name in names for key in word_keys(name)}
    shown = _WORD.sub(lambda word: _LEFT_OUT if hidden.issuperset(word_keys(word[0])) else word[0], purpose)
    return shown[:MOST]
