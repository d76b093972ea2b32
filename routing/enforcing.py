"""Enforces on one message what is in force against its writer: each kind of restriction has its way.

`PRECEDENCE` is the order. The first way that applies decides where the message goes; the others add what they tell the
writer, never a second move. What only people can heed moves no mail.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.message import MessageKind
from policies.vocabulary import Channel, LetterKind, RestrictionKind
from register.addresses import same_mailbox
from register.dates import COUNCIL_TIME, day_of
from register.entry import Restriction
from register.restrictions import ContactTimes, RepresentativeOnly, SingleChannel, contacts_of
from routing.action import Action, FileInto, FolderRole, Hold, Keep, Notice, RaiseReview, Redirect, ReviewKind
from routing.correspondence import Correspondence, Taken
from routing.cues import SafeguardKind
from routing.decision import Reason
from routing.enforcing_matters import closed_matters, limited_topics, new_information, unrelated_only
from routing.ruling import Ruling, asked, cited, restricted, to_be_read
from routing.windows import opening_of_all

Way = Callable[[Sequence[Restriction], Correspondence], Taken | None]
"""What becomes of a message under restrictions of one kind; None: they leave it to those after them."""

_BEFORE_IT_RESTS = frozenset({ReviewKind.MATTER, ReviewKind.CLOSING, ReviewKind.NEW_INFORMATION})
_ANOTHER_WAY = "Read this: its writer is asked to reach the council otherwise than by e-mail. Tick that you read it."
_BEFORE_FILING = "Its writer is asked to reach the council otherwise than by e-mail. If it needs no answer, confirm."
_CLOSING = "Does this hold a new complaint? If not, confirm: the stored letter is sent, as often as the case allows."
_POST = "Whatever is answered to this goes by post: its writer is not written to by e-mail."
_ONE_ANSWER = "{owner} answers its writer once ({ref}), whatever comes meanwhile, wherever. Confirm when that is done."
_NOBODY = "{ref}: nobody named there as a point of contact receives mail at present. Deal with this, and name a deputy."


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the precedence: a kind, what happens to mail under it, and how."""

    kind: RestrictionKind
    words: str
    way: Way


def enforce(letter: Correspondence, because: tuple[Reason, ...]) -> Ruling:
    """Where the message goes; `because` says why it is taken for this person's.

    What only reads like a right matters where a letter may come to rest: it is asked about if it would be filed or
    wait, if a person's word would file it, or if its writer would be told to write otherwise. Who is sent a letter is
    told of it there, and no second person is asked.
    """
    ruling = _ruling(replace(letter, unnamed=()))
    if letter.unnamed and any(map(_may_rest, ruling.actions)):
        ruling = _ruling(letter)
        ruling = replace(ruling, actions=(*ruling.actions, *asked(letter.unnamed)))
    return replace(ruling, reasons=(*because, *ruling.reasons, *cited(letter.unnamed)))


def _may_rest(action: Action) -> bool:
    return isinstance(action, FileInto | Hold | Notice) or (
        isinstance(action, RaiseReview) and action.kind in _BEFORE_IT_RESTS
    )


def _ruling(letter: Correspondence) -> Ruling:
    for step in PRECEDENCE:
        restrictions = letter.of(step.kind)
        taken = step.way(restrictions, letter) if restrictions else None
        if taken is not None:
            break
    else:
        taken = Taken((Keep(), *asked(letter.found)))
    waits = any(isinstance(action, Hold) for action in taken.actions)
    told = () if waits else (*_answers(letter), *_notices(letter))
    in_force = tuple(restricted(letter.entry, one) for one in letter.entry.restrictions)
    return Ruling((*taken.actions, *told), (*in_force, *taken.reasons, *cited(letter.found)), (letter.entry,))


def _in_its_time(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 1.61. What is urgent, unread, or of somebody with a need, waits for no window."""
    each = [
        one.terms.windows
        for one in restrictions
        if isinstance(one.terms, ContactTimes) and Channel.EMAIL in one.terms.channels
    ]
    arrived = letter.receipt.received_at
    opens = opening_of_all(each, arrived)
    if opens == arrived or not letter.may_be_filed:
        return None
    when = f"{opens.astimezone(COUNCIL_TIME):%A %d %B %Y, %H:%M}"
    words = f"It waits for the writer's contact time, {when}, and comes back into the inbox then."
    return Taken((Hold(opens),), (Reason(code="contact-times:waits", words=words),))


def _to_point_of_contact(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """To the first point of contact who is there; what lies before one of them already stays there."""
    restriction = restrictions[0]
    named = contacts_of(restriction.terms)
    asks = asked(tuple(item for item in letter.found if item.kind is SafeguardKind.CONTEST))
    if any(same_mailbox(letter.receipt.address, address) for address in named):
        words = "It lies before a point of contact already."
        return Taken((Keep(), *asks), (Reason(code="contact:here", words=words),))
    today = day_of(letter.receipt.received_at)
    there = next((address for address in named if restriction.present(address, today)), None)
    if there is None:
        question = _NOBODY.format(ref=restriction.ref)
        ask = RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=1)
        return Taken((Keep(), ask, *asked(letter.found)))
    instead = Reason(code="contact:deputy", words="The point of contact is away: it goes to who stands in.")
    return Taken((Redirect(there), *asks), () if there == named[0] else (instead,))


def _another_channel(restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Rows 1.63, 1.75, 3.26: read and filed, and the writer is told which way is open."""
    if all(not _tells(one) for one in restrictions):
        return None
    if letter.found:
        return Taken((Keep(), *asked(letter.found)))
    if not letter.may_be_filed:
        return Taken((Keep(), RaiseReview(kind=ReviewKind.MATTER, question=_BEFORE_FILING, priority=4)))
    return Taken((FileInto(FolderRole.FILED), to_be_read(letter.message, _ANOTHER_WAY)))


def _closing_letter(_restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 2.35: a person says that it holds no new complaint; only then the letter goes out."""
    if letter.found:
        return Taken((Keep(), *asked(letter.found)))
    if letter.message.kind is not MessageKind.NORMAL:
        return None
    return Taken((Keep(), RaiseReview(kind=ReviewKind.CLOSING, question=_CLOSING, priority=4)))


def _by_post(_restrictions: Sequence[Restriction], letter: Correspondence) -> Taken | None:
    """Row 4.7."""
    ask = RaiseReview(kind=ReviewKind.POST, question=_POST, priority=6)
    return Taken((Keep(), *asked(letter.found), ask))


def _notices(letter: Correspondence) -> Iterator[Action]:
    """What the writer is told; the case says how often. No machine is answered, nor whoever is heard anyway."""
    if letter.message.kind is not MessageKind.NORMAL or letter.found or letter.unnamed:
        return
    for one in letter.entry.restrictions:
        if _tells(one):
            yield Notice(letter=LetterKind.WRONG_CHANNEL, case=letter.entry.ref, restriction=one.ref)


def _answers(letter: Correspondence) -> Iterator[Action]:
    """Row 4.8: whatever the writer sends until it is answered, wherever it arrives, is answered once."""
    if letter.message.kind is not MessageKind.NORMAL:
        return
    for one in letter.of(RestrictionKind.ONE_RESPONSE_LINE):
        question = _ONE_ANSWER.format(ref=one.ref, owner=contacts_of(one.terms)[0])
        yield RaiseReview(kind=ReviewKind.ANSWER, question=question, joins=one.ref)


def _tells(restriction: Restriction) -> bool:
    """Whether who writes an e-mail under it is to be told of another way."""
    match restriction.terms:
        case SingleChannel(channel=channel):
            return channel is not Channel.EMAIL
        case RepresentativeOnly():
            return True
        case _:
            return False


PRECEDENCE: tuple[Step, ...] = (
    Step(
        RestrictionKind.CONTACT_TIMES, "waits for the contact time, then takes its way as if it came then", _in_its_time
    ),
    Step(RestrictionKind.SPOC_DIVERSION, "goes to the point of contact, or to who stands in", _to_point_of_contact),
    Step(RestrictionKind.ONE_RESPONSE_LINE, "goes to the one who answers for all", _to_point_of_contact),
    Step(
        RestrictionKind.REPRESENTATIVE_ONLY,
        "is read and filed; the writer is told to write through them",
        _another_channel,
    ),
    Step(
        RestrictionKind.SINGLE_CHANNEL,
        "is read and filed unless e-mail is the way; the writer is told",
        _another_channel,
    ),
    Step(
        RestrictionKind.READ_AND_FILE,
        "is read and filed if it surely is about the closed matter, else asked",
        closed_matters,
    ),
    Step(
        RestrictionKind.UNRELATED_ONLY,
        "is read and filed if it surely is about these matters, asked if it may be",
        unrelated_only,
    ),
    Step(RestrictionKind.NEW_INFORMATION_ONLY, "a person says whether it brings anything new", new_information),
    Step(RestrictionKind.LIMITED_TOPICS, "is read and filed, asked, or kept, by what it is about", limited_topics),
    Step(
        RestrictionKind.FIXED_LETTER,
        "a person says that it holds no new complaint, and the letter goes out",
        _closing_letter,
    ),
    Step(RestrictionKind.POSTAL_REPLIES, "stays, and a person answers by post", _by_post),
)
"""Which restriction has its way before which. Kinds that are not here are for people to heed, and move no mail."""
