"""The decision: pure and total. Any message, any register and any score give a Decision, and none gives "discard".

The order of the rules is the order of protection: who wrote it cannot be told; never restricted; statutory rights and
safety; restrictions in force; otherwise keep. Possible abuse only ever adds a question for a person; what reads like a
right or a danger keeps a letter from being filed, and adds one.
"""

from dataclasses import dataclass, field, replace

from classifier.assessment import Assessment
from ingest.message import Message, MessageKind
from register.addresses import same_mailbox
from register.entry import RegisterEntry, Restriction, Snapshot
from register.matching import Match, MatchOutcome, StaffDirectory, match
from register.places import postcode_keys
from register.restrictions import contacts_of
from routing.abuse import in_its_words, possible_abuse
from routing.action import Keep, RaiseReview, Redirect, ReviewKind
from routing.claims import claims_of
from routing.clocks import Calendars, clock
from routing.correspondence import Correspondence, Receipt
from routing.cues import SafeguardKind
from routing.decision import Decision, Reason
from routing.enforcing import enforce
from routing.ruling import Ruling, asked, because_of, cited
from routing.safeguards import EVERY_KIND, Safeguard, in_letter
from routing.suggesting import cited_signs, question
from routing.teams import SAFETY, Teams, team_for
from routing.unnamed import unnamed

MAX_RECEIVED = 100  # RFC 5321 6.3: a message with more hops than this is going round in circles

_WITHIN_RESTRICTION = frozenset({SafeguardKind.CONTEST, SafeguardKind.NEW_COMPLAINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPolicy:
    """What the council has laid down, as far as deciding needs it."""

    version: str
    staff: StaffDirectory
    calendars: Calendars = field(default_factory=Calendars)
    teams: Teams = field(default_factory=dict)


def decide(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment, policy: RoutingPolicy
) -> Decision:
    """What to do with `message`, and why. The score in `assessment` never changes where a message goes.

    Its concerns only ever bring a letter before more eyes: what they touch is not filed, and in danger stays.
    """
    ruling = _rule(message, receipt, snapshot, assessment, policy)
    pointed_out = (*_properties(message, snapshot), *possible_abuse(assessment))
    return Decision(
        actions=(*ruling.actions, *(ask for ask, _ in pointed_out)),
        reasons=(
            *ruling.reasons,
            *(reason for _, reason in pointed_out),
            *in_its_words(assessment),
            *_of_itself(message, receipt),
        ),
        policy_version=policy.version,
        register_versions=tuple(f"{entry.ref}@{entry.version}" for entry in ruling.entries),
        model_version=assessment.model_version,
    )


def _rule(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment, policy: RoutingPolicy
) -> Ruling:
    if circling := _going_in_circles(message, receipt):
        return _keep(circling)
    if receipt.excluded:
        return _keep(Reason(code="mailbox:excluded", words="No restriction applies to this mailbox."))
    matched = match(claims_of(message), _in_force(snapshot, receipt), staff=policy.staff)
    if matched.outcome is MatchOutcome.CERTAIN:
        return _known(message, receipt, matched, assessment, policy)
    urgent = _safeguards(message, receipt, assessment, policy, SAFETY)
    if matched.outcome is MatchOutcome.NONE:
        return _unrestricted(matched, urgent)
    signs = cited_signs(message, receipt, matched)
    return _ask_who_wrote_it(matched, question(message, receipt, matched, policy.staff), signs, urgent)


def _safeguards(
    message: Message,
    receipt: Receipt,
    assessment: Assessment,
    policy: RoutingPolicy,
    kinds: frozenset[SafeguardKind] = EVERY_KIND,
) -> tuple[Safeguard, ...]:
    """What no restriction touches in this message, with its clock; of a danger, whom to tell."""
    found = in_letter(message.subject, message.own_text, message.text, kinds=kinds)
    each = (*found, *unnamed(assessment, found, kinds))
    return tuple(replace(item, clock=_clock(item, receipt, policy)) for item in each)


def _clock(item: Safeguard, receipt: Receipt, policy: RoutingPolicy) -> str:
    started = clock(item.kind, receipt.received_at, policy.calendars)
    words = "" if started is None else started.words
    return f"{words} Tell {policy.teams[item.kind]}." if item.kind in SAFETY & policy.teams.keys() else words


def _known(message: Message, receipt: Receipt, matched: Match, assessment: Assessment, policy: RoutingPolicy) -> Ruling:
    each = _safeguards(message, receipt, assessment, policy)
    found = tuple(item for item in each if item.named or item.kind in SAFETY)
    if len(matched.entries) > 1:
        return _shared_address(matched, found)
    entry = matched.entries[0]
    team = team_for(found, policy.teams)
    elsewhere = team if team and not same_mailbox(team, receipt.address) else None
    if any(item.kind not in _WITHIN_RESTRICTION for item in found):
        return _reach_a_person(entry, found, elsewhere)
    letter = Correspondence(
        message=message,
        receipt=receipt,
        entry=entry,
        found=found,
        unnamed=tuple(item for item in each if item not in found),
    )
    ruling = enforce(letter, because_of(matched))
    kept = ruling.actions == (Keep(), *asked(found))
    if elsewhere and kept and not any(contacts_of(one.terms) for one in entry.restrictions):
        return replace(ruling, actions=(Redirect(elsewhere, "team"), *asked(found)))
    return ruling


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


def _unrestricted(matched: Match, urgent: tuple[Safeguard, ...]) -> Ruling:
    """Ordinary mail; signs of danger are shown to a person all the same, rights reach the team as any mail does."""
    nothing = Reason(code="register:none", words="No restriction in force applies to the writer.")
    return Ruling((Keep(), *asked(urgent)), (*because_of(matched), nothing, *cited(urgent)), ())


def _ask_who_wrote_it(matched: Match, asks: str, signs: tuple[Reason, ...], urgent: tuple[Safeguard, ...]) -> Ruling:
    ask = RaiseReview(kind=ReviewKind.IDENTITY, question=asks, priority=3)
    return Ruling((Keep(), ask, *asked(urgent)), (*because_of(matched), *signs, *cited(urgent)), matched.entries)


def _shared_address(matched: Match, found: tuple[Safeguard, ...]) -> Ruling:
    refs = ", ".join(entry.ref for entry in matched.entries)
    ask = RaiseReview(kind=ReviewKind.REGISTER, question=f"{refs} have the same address: whose message is this?")
    return Ruling((Keep(), ask, *asked(found)), (*because_of(matched), *cited(found)), matched.entries)


def _reach_a_person(entry: RegisterEntry, found: tuple[Safeguard, ...], team: str | None) -> Ruling:
    """To the one team it is for, else it stays; either way an item asks about each thing found."""
    beyond = Reason(code="safeguard:beyond-restriction", words="No restriction touches this kind of message.")
    goes = Redirect(team, "team") if team else Keep()
    return Ruling((goes, *asked(found)), (*cited(found), beyond), (entry,))


def _of_itself(message: Message, receipt: Receipt) -> tuple[Reason, ...]:
    """Said for the record only: what a machine answers is nobody's contact, and is not answered."""
    if message.kind is not MessageKind.AUTO_REPLY or not receipt.replies_to:
        return ()
    return (Reason(code="automatic:reply", words=f"It is an automatic reply to {receipt.replies_to}."),)


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


def _going_in_circles(message: Message, receipt: Receipt) -> Reason | None:
    if receipt.own_letter:
        return Reason(code="loop:own-letter", words="This is our own letter come back; it is not sent on again.")
    if message.received_count > MAX_RECEIVED:
        return Reason(code="loop:hops", words=f"It has passed {message.received_count} servers and may be circling.")
    return None


def _keep(reason: Reason) -> Ruling:
    return Ruling((Keep(),), (reason,))
