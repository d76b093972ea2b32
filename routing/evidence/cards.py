"""When a person is shown the figures unasked: a threshold is passed. A card is a question with no consequence."""

from dataclasses import dataclass

from policies.policy import Policy
from routing.action import RaiseReview, ReviewKind
from routing.evidence.campaigns import Campaign
from routing.evidence.figures import Figures
from routing.evidence.telling import NOTHING_FOLLOWS, of_council

CAMPAIGN = "Campaign: "
"""How the words of a card about a campaign begin, and of no other."""

_LOW = 8  # priority: everything about a message comes first
_LONGEST = 1000  # characters of a question
_MOST_OF_COUNCIL = 500
_SILENT = "not stated: the policy says nothing of it; the product's own number, which only shows a card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number, and the clause it comes from; one the policy does not name begins with `not stated:`."""

    value: int
    clause: str = _SILENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From how much on people are shown the figures: contacts, or mailboxes, in so many days; senders of one text."""

    mails: Threshold = Threshold(value=30)
    days: Threshold = Threshold(value=7)
    mailboxes: Threshold = Threshold(value=5)
    senders: Threshold = Threshold(value=20)


def thresholds(policy: Policy) -> Thresholds:
    """Those of the policy, and the product's own where it is silent."""
    stated = policy.evidence
    if stated is None:
        return Thresholds()
    given = {
        name: Threshold(value=rule.value, clause=rule.clause)
        for name in ("mails", "days", "mailboxes", "senders")
        if (rule := getattr(stated, name)) is not None
    }
    return Thresholds(**given)


def passed(figures: Figures, limits: Thresholds) -> tuple[tuple[str, Threshold], ...]:
    """Which thresholds these figures reach, each in words."""
    contacts, mailboxes = figures.volume.contacts, len(figures.reach.by_mailbox)
    days = limits.days.value
    found = []
    if contacts >= limits.mails.value:
        found.append((f"{contacts} contacts in {days} days (a card from {limits.mails.value})", limits.mails))
    if mailboxes >= limits.mailboxes.value:
        words = f"{mailboxes} mailboxes written to in {days} days (a card from {limits.mailboxes.value})"
        found.append((words, limits.mailboxes))
    return tuple(found)


def card(figures: Figures, reached: tuple[tuple[str, Threshold], ...], about: str) -> RaiseReview:
    """The figures first, then what the council owes, then that nothing follows."""
    said = "; ".join(f"{words}, {_source(limit)}" for words, limit in reached)
    manner, reach = figures.manner, figures.reach
    detail = (
        f"{figures.volume.mails} messages, {len(reach.by_mailbox)} mailboxes, {reach.spread} addresses of the council;"
        f" {manner.again} sent again, {manner.demanding} ask for an answer at once."
    )
    council = _cut(" ".join(of_council(figures.council)), _MOST_OF_COUNCIL)
    return _asked(f"Figures of {about}: {said}. {detail}", f"{council} {NOTHING_FOLLOWS}")


def campaign_card(campaign: Campaign, limit: Threshold) -> RaiseReview:
    """That many people send one text, which is their right."""
    begins = (
        f"{CAMPAIGN}{campaign.senders} senders have sent the same or nearly the same text ({len(campaign.deliveries)}"
        f" messages, {len(campaign.mailboxes)} mailboxes, {campaign.first:%d %B} to {campaign.last:%d %B %Y};"
        f" a card from {limit.value} senders, {_source(limit)})."
    )
    ends = (
        f"It changes nothing for any of them: each message is dealt with as if it were the only one. {NOTHING_FOLLOWS}"
    )
    return _asked(begins, ends)


def _asked(begins: str, ends: str) -> RaiseReview:
    words = f"{_cut(begins, _LONGEST - len(ends) - 1)} {ends}"
    return RaiseReview(kind=ReviewKind.EVIDENCE, question=words, priority=_LOW)


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 1] + "\u2026"


def _source(limit: Threshold) -> str:
    silent = limit.clause.startswith("not stated:")
    return "the product's number, the policy states none" if silent else "as the policy says"
