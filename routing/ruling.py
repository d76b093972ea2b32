"""What the rules say of a message: where it goes, what people are asked, and why, in words that name nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.message import LONG_TEXT, Message
from policies.vocabulary import RestrictionKind
from register.entry import RegisterEntry, Restriction
from register.matching import Match
from routing.action import Action, RaiseReview, ReviewKind
from routing.cues import SafeguardKind
from routing.decision import Reason
from routing.safeguards import Safeguard

_IN_FORCE: Mapping[RestrictionKind, str] = {
    RestrictionKind.CONTACT_TIMES: "Contact with this person is taken at certain times",
    RestrictionKind.SPOC_DIVERSION: "Mail of this person goes to a point of contact",
    RestrictionKind.ONE_RESPONSE_LINE: "Whatever this person sends is answered once, by one officer",
    RestrictionKind.REPRESENTATIVE_ONLY: "This person is asked to write through a representative",
    RestrictionKind.SINGLE_CHANNEL: "This person is asked to use one way of contact",
    RestrictionKind.READ_AND_FILE: "Mail of this person about a closed matter is read and filed",
    RestrictionKind.UNRELATED_ONLY: "Of this person's mail, what is about matters considered before is read and filed",
    RestrictionKind.NEW_INFORMATION_ONLY: "Mail of this person about one matter is answered if it brings anything new",
    RestrictionKind.LIMITED_TOPICS: "The council writes with this person about some topics, and not about others",
    RestrictionKind.FIXED_LETTER: "Mail of this person that holds no new complaint is closed with a stored letter",
    RestrictionKind.POSTAL_REPLIES: "This person is answered by post",
}
_TO_HEED = "Whoever deals with this person has an arrangement to heed"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Actions with their reasons, and the entries they rest on."""

    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...]
    entries: tuple[RegisterEntry, ...] = ()


def asked(found: tuple[Safeguard, ...]) -> tuple[RaiseReview, ...]:
    """A question for a person about each safeguard."""
    return tuple(_ask(item) for item in found)


def cited(found: tuple[Safeguard, ...]) -> tuple[Reason, ...]:
    """Each safeguard as a reason, and then each legal clock."""
    return (
        *(Reason(code=f"safeguard:{item.ref}", words=item.words) for item in found),
        *(Reason(code=f"clock:{item.kind}", words=item.clock) for item in found if item.clock),
    )


def because_of(matched: Match) -> tuple[Reason, ...]:
    """Why the writer is taken for who they are."""
    return tuple(Reason(code=f"match:{reason.code}", words=reason.words) for reason in matched.reasons)


def restricted(entry: RegisterEntry, restriction: Restriction) -> Reason:
    """That a restriction is in force here."""
    kind = restriction.kind.value.replace("-", " ")
    return Reason(
        code=f"restriction:{entry.ref}v{entry.version}:{restriction.ref}:{restriction.kind}",
        words=f"{_IN_FORCE.get(restriction.kind, _TO_HEED)} ({kind}, {restriction.ref}).",
    )


def read_whole(message: Message) -> bool:
    """Whether the software could read it all; a text that is merely long is read by the person who ticks it."""
    return not set(message.degraded) - {LONG_TEXT}


def to_be_read(message: Message, question: str) -> RaiseReview:
    """Filed mail waits for somebody to read it, and to tick that they did."""
    if LONG_TEXT in message.degraded:
        question += " It is very long: the software has read no more than its beginning."
    return RaiseReview(kind=ReviewKind.READ_AND_FILE, question=question)


def _ask(item: Safeguard) -> RaiseReview:
    match item.kind:
        case SafeguardKind.RISK_TO_LIFE:
            kind, priority = ReviewKind.SAFETY, 0
        case SafeguardKind.SAFEGUARDING:
            kind, priority = ReviewKind.SAFETY, 1
        case SafeguardKind.CONTEST:
            kind, priority = ReviewKind.CONTEST, 3
        case SafeguardKind.NEW_COMPLAINT:
            kind, priority = ReviewKind.COMPLAINT, 4
        case _:
            kind, priority = ReviewKind.STATUTORY, 2
    where = "It says" if item.own_words else "The history below the letter says"
    if not item.named:
        where = "It names no such thing, but reads like it"
    question = f"{item.words} {where}: “{item.cue}”. {item.clock}".rstrip()
    return RaiseReview(kind=kind, question=question, priority=priority if item.named else priority + 1)
