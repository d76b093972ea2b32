"""A message of somebody on the register, with all that the ways of enforcing a restriction look at."""

from dataclasses import dataclass
from datetime import datetime

from ingest.message import Message
from policies.vocabulary import RestrictionKind
from register.entry import RegisterEntry, Restriction
from routing.action import Action
from routing.decision import Reason
from routing.history import Background, PastLetter
from routing.ruling import read_whole
from routing.safeguards import Safeguard


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where and when the council received a message; `address` is the mailbox's own.

    `excluded` mailboxes are never restricted (rows 2.5, 1.10); an `own_letter` carries the key of an effect of ours.
    `earlier`: letters that were about matters of those on the register who may have written this. `replies_to`: which
    letter of ours it names, in words, if a machine wrote it.
    """

    mailbox: str
    service: str
    received_at: datetime
    address: str = ""
    excluded: bool = False
    own_letter: bool = False
    earlier: tuple[PastLetter, ...] = ()
    replies_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """The message, its receipt, the writer's entry with what is in force here, and the safeguards `found` in it.

    What is `unnamed` only reads like one: it moves no mail, and lets none be filed.
    """

    message: Message
    receipt: Receipt
    entry: RegisterEntry
    found: tuple[Safeguard, ...] = ()
    unnamed: tuple[Safeguard, ...] = ()

    def of(self, kind: RestrictionKind) -> tuple[Restriction, ...]:
        """What is in force here of one kind."""
        return tuple(one for one in self.entry.restrictions if one.kind is kind)

    @property
    def background(self) -> Background:
        """The writer's earlier letters, and the thread that this one stands in."""
        earlier = tuple(past for past in self.receipt.earlier if past.case == self.entry.ref)
        named = (*self.message.references, self.message.message_id)
        return Background(earlier, frozenset(name for name in named if name))

    @property
    def may_be_filed(self) -> bool:
        """Whether nothing in it, nothing unread and no need of the writer's wants a person to see it first."""
        return not self.found and not self.unnamed and not self.entry.care and read_whole(self.message)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one way does with a message, and why beside the restriction itself."""

    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...] = ()
