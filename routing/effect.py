"""What has to be done in the world so that a decision holds: steps in order, each under a permanent key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EffectKind(StrEnum):
    """How a step touches the world."""

    SEND = "send"  # by SMTP: the stored letter, byte for byte
    APPEND = "append"  # by IMAP: the original into the SPOC's own account
    MOVE = "move"  # by IMAP: the original into another folder of its mailbox
    RESTORE = "restore"  # by IMAP: the original from that folder back into its inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A step to be written into the outbox, to follow the one with the key `after`, and not before a time."""

    kind: EffectKind
    target: str  # an address for SEND and APPEND, a folder for MOVE and RESTORE
    key: str
    after: str | None = None
    payload: bytes | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEffect:
    """A step taken from the outbox; `begun` if an earlier attempt may already have done it."""

    id: int
    delivery_id: int
    kind: EffectKind
    target: str
    key: str
    begun: bool
    attempts: int
    content: str | None
    not_before: datetime | None = None
    missed: int = 0  # how often the original was looked for in vain
