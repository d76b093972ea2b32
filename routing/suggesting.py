"""What in a message speaks for somebody on the register having written it from an address nobody has recorded. Pure.

The signs are shown to the person who is asked; they never make a match, and a number or a postcode never makes a
question, for many people share them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from ingest.message import Message
from register.claims import Authentication, Claims, StaffDirectory
from register.entry import RegisterEntry
from register.evidence import Evidence, kinds_found, through_another
from register.matching import Match, entry_keys
from register.places import postcode_keys
from register.projection import telephone_key
from routing.claims import claims_of
from routing.correspondence import Receipt
from routing.decision import Reason

_MOST_ENTRIES = 2  # told of in one question
_MOST_TEXT = 65_536  # characters
_MOST_NUMBERS = 50  # of one message
_NUMBER = re.compile(r"(?<![\w+])\+?\(?\d[\d \t().-]{5,20}\d(?!\w)")
_PART = re.compile(r"[^\W_]+")
_SHORTEST_REFERENCE = 4  # letters and digits
_JOINED = r"[^\w\n]{0,3}"  # what stands between the parts of a reference

_WORDS = {
    Evidence.VARIANT: "a variant of a recorded address",
    Evidence.LOOKALIKE: "a look-alike of a recorded address",
    Evidence.OTHER_HEADER: "a recorded address in another header",
    Evidence.DISPLAY_NAME: "the name shown",
    Evidence.CLOSING: "the signature",
}
_ACCEPT = " If {they} from this address: `mailroom review accept ITEM --case {ref} --as YOU`."
_DECLINE = " If not: `mailroom review decide ITEM overturn`, and it is not asked about again."


def question(message: Message, receipt: Receipt, matched: Match, staff: StaffDirectory) -> str:
    """What a person is asked about a message whose writer is not certain: why, what was found, and how to answer."""
    words = " ".join(reason.words for reason in matched.reasons) or "The writer cannot be told."
    asked = matched.entries[:_MOST_ENTRIES]
    found = "".join(f" What points to {entry.ref}: {', '.join(signs(message, receipt, entry))}." for entry in asked)
    if not asked or obstacle(message, staff) is not None:
        return f"Who wrote this? {words}{found}"
    they = f"{asked[0].ref} writes" if len(asked) == 1 else "one of them writes"
    ref = asked[0].ref if len(asked) == 1 else "REF"
    return f"Who wrote this? {words}{found}{_ACCEPT.format(they=they, ref=ref)}{_DECLINE}"


def cited_signs(message: Message, receipt: Receipt, matched: Match) -> tuple[Reason, ...]:
    """The same signs as reasons."""
    return tuple(
        Reason(code=f"signs:{entry.ref}", words=f"What points to {entry.ref}: {', '.join(found)}.")
        for entry in matched.entries[:_MOST_ENTRIES]
        if (found := signs(message, receipt, entry))
    )


def signs(message: Message, receipt: Receipt, entry: RegisterEntry) -> tuple[str, ...]:
    """The kinds of what the message has of this person, in words that tell no name, number or address."""
    claims = claims_of(message)
    kinds = sorted(kinds_found(claims, entry_keys(entry)) & _WORDS.keys())
    return (*(_WORDS[kind] for kind in kinds), *_beside(message, claims, receipt, entry))


def obstacle(message: Message, staff: StaffDirectory) -> str | None:
    """Why the author's address must not be recorded as anybody's on the strength of this message; None if it may be."""
    claims = claims_of(message)
    if claims.suspect or len(claims.author_addresses) != 1:
        return "it is ambiguous which address it comes from"
    (address,) = claims.author_addresses
    obstacles = (
        (claims.authentication is Authentication.FAIL, "the council's border could not confirm where it comes from"),
        (claims.bounce, "a mail system wrote it"),
        (staff.employs(address), "it comes from an address of the council's own"),
        (staff.protects(address), "it comes from a protected correspondent"),
        (any(map(through_another, claims.author_names)), "it came by way of somebody else, whose address this is"),
    )
    return next((words for applies, words in obstacles if applies), None)


def _beside(message: Message, claims: Claims, receipt: Receipt, entry: RegisterEntry) -> Iterator[str]:
    """What many people may share, and what therefore counts only beside another sign."""
    text = "\n".join((message.own_text[:_MOST_TEXT], *claims.closing))
    numbers = {telephone_key(found[0]) for found in islice(_NUMBER.finditer(text), _MOST_NUMBERS)}
    if not entry.contacts.isdisjoint(numbers):
        yield "a recorded telephone number"
    if not entry.contacts.isdisjoint(postcode_keys(text)):
        yield "a recorded postcode"
    if any(_names(f"{message.subject}\n{text}", matter.reference) for matter in entry.matters):
        yield "the reference of a matter"
    cited = frozenset(message.references)
    if any(past.case == entry.ref and past.message_id in cited for past in receipt.earlier):
        yield "an earlier letter it answers"


def _names(text: str, reference: str) -> bool:
    """Whether a text has a reference, however its parts are joined."""
    parts = _PART.findall(reference)
    if len("".join(parts)) < _SHORTEST_REFERENCE or not any(part.isdigit() for part in parts):
        return False
    pattern = rf"(?<![^\W_]){_JOINED.join(map(re.escape, parts))}(?![^\W_])"
    return re.search(pattern, text, re.IGNORECASE) is not None
