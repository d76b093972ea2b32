"""The decision: pure and total. Any message, any register and any score give a Decision, and none gives "discard".

The order of the rules is the order of protection: who wrote it cannot be told; never restricted; statutory rights and
safety; restrictions in force; otherwise keep. Possible abuse only ever adds a question for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from classifier.assessment import Assessment
from ingest.message import LONG_TEXT, Message
from policies.vocabulary import RestrictionKind
from register.entry import RegisterEntry, Restriction, Snapshot
from register.matching import Match, MatchOutcome, StaffDirectory, match
from register.places import postcode_keys
from routing.action import Action, FileInto, FolderRole, Keep, RaiseReview, Redirect, ReviewKind
from routing.claims import claims_of
from routing.cues import SafeguardKind
from routing.decision import Decision, Reason
from routing.matters import MatterMatch, Relation, relate
from routing.safeguards import Safeguard, safeguards

MAX_RECEIVED = 100  # RFC 5321 6.3: a message with more hops than this is going round in circles

_SAFETY = frozenset({SafeguardKind.RISK_TO_LIFE, SafeguardKind.SAFEGUARDING})
_CARE = Reason(code="care", words="A need is recorded: a person reads this before anything is filed.")
_WITHIN_RESTRICTION = frozenset({SafeguardKind.CONTEST, SafeguardKind.NEW_COMPLAINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where and when the council received a message.

    `excluded` mailboxes are never restricted (rows 2.5, 1.10); an `own_letter` carries the key of an effect of ours.
    """

    mailbox: str
    service: str
    received_at: datetime
    excluded: bool = False
    own_letter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPolicy:
    """What the council has laid down, as far as deciding needs it."""

    version: str
    staff: StaffDirectory


@dataclass(frozen=True, slots=True)
class _Ruling:
    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...]
    entries: tuple[RegisterEntry, ...] = ()


def decide(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment, policy: RoutingPolicy
) -> Decision:
    """What to do with `message`, and why. The score in `assessment` never changes where a message goes."""
    ruling = _rule(message, receipt, snapshot, policy)
    pointed_out = (*_properties(message, snapshot), *_possible_abuse(assessment))
    return Decision(
        actions=(*ruling.actions, *(ask for ask, _ in pointed_out)),
        reasons=(*ruling.reasons, *(reason for _, reason in pointed_out)),
        policy_version=policy.version,
        register_versions=tuple(f"{entry.ref}@{entry.version}" for entry in ruling.entries),
        model_version=assessment.model_version,
    )


def _rule(message: Message, receipt: Receipt, snapshot: Snapshot, policy: RoutingPolicy) -> _Ruling:
    if circling := _going_in_circles(message, receipt):
        return _keep(circling)
    if receipt.excluded:
        return _keep(Reason(code="mailbox:excluded", words="No restriction applies to this mailbox."))
    matched = match(claims_of(message), _in_force(snapshot, receipt), staff=policy.staff)
    match matched.outcome:
        case MatchOutcome.NONE:
            return _unrestricted(message, matched)
        case MatchOutcome.REVIEW:
            return _ask_who_wrote_it(message, matched)
        case MatchOutcome.CERTAIN:
            return _known(message, matched)


def _safeguards(message: Message) -> tuple[Safeguard, ...]:
    """What is found anywhere in the text; but a contest only in the writer's own words.

    A reply to the council's decision letter quotes its paragraph on appeals, and is none for that.
    """
    found = safeguards(message.subject, message.text)
    if all(item.kind is not SafeguardKind.CONTEST for item in found) or message.text == message.own_text:
        return found
    contested = safeguards(message.subject, message.own_text, kinds=frozenset({SafeguardKind.CONTEST}))
    return (*(item for item in found if item.kind is not SafeguardKind.CONTEST), *contested)


def _known(message: Message, matched: Match) -> _Ruling:
    found = _safeguards(message)
    if len(matched.entries) > 1:
        return _shared_address(matched, found)
    entry = matched.entries[0]
    beyond = [item for item in found if item.kind not in _WITHIN_RESTRICTION]
    if beyond:
        return _reach_a_person(entry, beyond)
    diversion = next((r for r in entry.restrictions if r.spoc is not None), None)
    if diversion is not None and diversion.spoc is not None:
        return _divert(entry, diversion, diversion.spoc, matched, found)
    filing = tuple(r for r in entry.restrictions if r.kind is RestrictionKind.READ_AND_FILE)
    if filing:
        return _read_and_file(message, replace(entry, restrictions=filing), matched, found)
    return _shown(entry, matched, found)


def _in_force(snapshot: Snapshot, receipt: Receipt) -> Snapshot:
    """The register as it bears on this receipt: what has ended, not begun or lies out of scope has no effect at all.

    Row 3.42: people dealt with in the past are treated "on their own merits".
    """
    bearing = (replace(entry, restrictions=_bearing(entry, receipt)) for entry in snapshot.entries)
    return Snapshot(tuple(entry for entry in bearing if entry.restrictions))


def _bearing(entry: RegisterEntry, receipt: Receipt) -> tuple[Restriction, ...]:
    return tuple(
        restriction
        for restriction in entry.restrictions
        if restriction.in_force_at(receipt.received_at)
        and restriction.covers(mailbox=receipt.mailbox, service=receipt.service)
    )


def _divert(
    entry: RegisterEntry, restriction: Restriction, spoc: str, matched: Match, found: Sequence[Safeguard]
) -> _Ruling:
    asks = tuple(_ask(item) for item in found if item.kind is SafeguardKind.CONTEST)
    because = (*_matched(matched), _restricted(entry, restriction), *_cited(found))
    return _Ruling((Redirect(spoc), *asks), because, (entry,))


def _shown(entry: RegisterEntry, matched: Match, found: Sequence[Safeguard]) -> _Ruling:
    """What is in force is for people to heed: on the telephone, at the counter, in how they answer."""
    because = (*_matched(matched), *(_restricted(entry, restriction) for restriction in entry.restrictions))
    return _Ruling((Keep(), *map(_ask, found)), (*because, *_cited(found)), (entry,))


def _read_and_file(message: Message, entry: RegisterEntry, matched: Match, found: Sequence[Safeguard]) -> _Ruling:
    because = (*_matched(matched), *(_restricted(entry, restriction) for restriction in entry.restrictions))
    matters = [entry.matter(restriction.matter) for restriction in entry.restrictions]
    finished = [matter for matter in matters if matter is not None and matter.finished]
    if len(finished) < len(matters):
        return _ask_about_register(entry, because, f"{entry.ref} reads and files a matter that is not closed.")
    if found:
        return _Ruling((Keep(), *map(_ask, found)), (*because, *_cited(found)), (entry,))
    related = relate(message.subject, message.own_text, len(message.attachments), finished)
    evidence = Reason(code=f"matter:{related.relation}", words=" ".join(related.evidence) or "No sign of the matter.")
    if related.relation is Relation.SAME and _read_whole(message) and not entry.care:
        return _Ruling((FileInto(FolderRole.FILED), _to_be_read(message, related)), (*because, evidence), (entry,))
    if entry.care:
        because = (*because, _CARE)
    names = ", ".join(matter.reference for matter in finished)
    question = f"Is this the closed matter {names}, or something new that is owed an answer?"
    ask = RaiseReview(kind=ReviewKind.MATTER, question=question, priority=4)
    return _Ruling((Keep(), ask), (*because, evidence), (entry,))


def _read_whole(message: Message) -> bool:
    """Whether the software could read it all; a text that is merely long is read by the person who ticks it."""
    return not set(message.degraded) - {LONG_TEXT}


def _to_be_read(message: Message, related: MatterMatch) -> RaiseReview:
    question = f"Read this about the closed matter {related.matter} and tick that you did. No reply is due."
    if LONG_TEXT in message.degraded:
        question += " It is very long: the software has read no more than its beginning."
    return RaiseReview(kind=ReviewKind.READ_AND_FILE, question=question)


def _unrestricted(message: Message, matched: Match) -> _Ruling:
    """Ordinary mail; signs of danger are shown to a person all the same, rights reach the team as any mail does."""
    urgent = safeguards(message.subject, message.text, kinds=_SAFETY)
    nothing = Reason(code="register:none", words="No restriction in force applies to the writer.")
    return _Ruling((Keep(), *map(_ask, urgent)), (*_matched(matched), nothing, *_cited(urgent)), ())


def _ask_who_wrote_it(message: Message, matched: Match) -> _Ruling:
    words = " ".join(reason.words for reason in matched.reasons) or "The writer cannot be told."
    ask = RaiseReview(kind=ReviewKind.IDENTITY, question=f"Who wrote this? {words}", priority=3)
    urgent = safeguards(message.subject, message.text, kinds=_SAFETY)
    return _Ruling((Keep(), ask, *map(_ask, urgent)), (*_matched(matched), *_cited(urgent)), matched.entries)


def _shared_address(matched: Match, found: Sequence[Safeguard]) -> _Ruling:
    refs = ", ".join(entry.ref for entry in matched.entries)
    ask = RaiseReview(kind=ReviewKind.REGISTER, question=f"{refs} have the same address: whose message is this?")
    return _Ruling((Keep(), ask, *map(_ask, found)), (*_matched(matched), *_cited(found)), matched.entries)


def _reach_a_person(entry: RegisterEntry, found: Sequence[Safeguard]) -> _Ruling:
    beyond = Reason(code="safeguard:beyond-restriction", words="No restriction touches this kind of message.")
    return _Ruling((Keep(), *map(_ask, found)), (*_cited(found), beyond), (entry,))


def _ask_about_register(entry: RegisterEntry, because: tuple[Reason, ...], question: str) -> _Ruling:
    ask = RaiseReview(kind=ReviewKind.REGISTER, question=question, priority=2)
    return _Ruling((Keep(), ask), because, (entry,))


def _properties(message: Message, snapshot: Snapshot) -> tuple[tuple[RaiseReview, Reason], ...]:
    """A property on the register restricts nobody who names it (row 1.51); whoever goes there should know of it."""
    places = [entry for entry in snapshot.entries if entry.postcode]
    if not places:
        return ()
    named = frozenset(postcode_keys(f"{message.subject}\n{message.text}"))
    return tuple(_pointed_out(entry) for entry in places if not named.isdisjoint(postcode_keys(entry.postcode)))


def _pointed_out(entry: RegisterEntry) -> tuple[RaiseReview, Reason]:
    words = f"It names the postcode of a property on the register ({entry.ref})."
    question = f"{words} Before anybody attends, see its risk assessment."
    return (
        RaiseReview(kind=ReviewKind.PROPERTY, question=question, priority=6),
        Reason(code=f"property:{entry.ref}", words=words),
    )


def _possible_abuse(assessment: Assessment) -> tuple[tuple[RaiseReview, Reason], ...]:
    if not assessment.flagged:
        return ()
    words = f"Possible abuse ({assessment.score:.0%}): {', '.join(assessment.why) or 'the text as a whole'}."
    ask = RaiseReview(kind=ReviewKind.ABUSE, question=f"{words} Is it?", priority=5)
    return ((ask, Reason(code=f"assessment:{assessment.model_version}", words=words)),)


def _going_in_circles(message: Message, receipt: Receipt) -> Reason | None:
    if receipt.own_letter:
        return Reason(code="loop:own-letter", words="This is our own letter come back; it is not sent on again.")
    if message.received_count > MAX_RECEIVED:
        return Reason(code="loop:hops", words=f"It has passed {message.received_count} servers and may be circling.")
    return None


def _keep(reason: Reason) -> _Ruling:
    return _Ruling((Keep(),), (reason,))


def _ask(item: Safeguard) -> RaiseReview:
    match item.kind:
        case SafeguardKind.RISK_TO_LIFE:
            kind, priority = ReviewKind.SAFETY, 0
        case SafeguardKind.SAFEGUARDING:
            kind, priority = ReviewKind.SAFETY, 1
        case SafeguardKind.CONTEST:
            kind, priority = ReviewKind.CONTEST, 3
        case SafeguardKind.NEW_COMPLAINT:
            kind, priority = ReviewKind.MATTER, 4
        case _:
            kind, priority = ReviewKind.STATUTORY, 2
    return RaiseReview(kind=kind, question=f"{item.words} It says: “{item.cue}”.", priority=priority)


def _cited(found: Sequence[Safeguard]) -> tuple[Reason, ...]:
    return tuple(Reason(code=f"safeguard:{item.ref}", words=item.words) for item in found)


def _matched(matched: Match) -> tuple[Reason, ...]:
    return tuple(Reason(code=f"match:{reason.code}", words=reason.words) for reason in matched.reasons)


def _restricted(entry: RegisterEntry, restriction: Restriction) -> Reason:
    return Reason(
        code=f"restriction:{entry.ref}v{entry.version}:{restriction.ref}:{restriction.kind}",
        words=f"{restriction.ref} of {entry.ref} ({restriction.kind.value.replace('-', ' ')}) is in force here.",
    )
