"""What has to be done in the world so that a decision holds: steps in order, each under a permanent key."""

from dataclasses import dataclass
from enum import StrEnum


class EffectKind(StrEnum):
    """How a step touches the world."""

    SEND = "send"  # by SMTP: the stored letter, byte for byte
    APPEND = "append"  # by IMAP: the original into the SPOC's own account
    MOVE = "move"  # by IMAP: the original into another folder of its mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A step to be written into the outbox. `after` is the key of the step that must have been performed before."""

    kind: EffectKind
    target: str  # an address for SEND and APPEND, a folder for MOVE
    key: str
    after: str | None = None
    payload: bytes | None = None


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
