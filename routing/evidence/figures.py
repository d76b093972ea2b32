"""The figures of one person's contact, and of the council's own side beside them: counted, never weighed.

They name mailboxes, the council's own addresses and references of matters: nobody else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from policies.vocabulary import Channel, MatterState
from register.casework.facts import Incident
from register.dates import day_of
from routing.evidence.contacts import Contact
from routing.evidence.promises import CouncilSide, MatterLife, council_side
from routing.evidence.uses import Claim, Theirs

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A week (from its Monday) or a month (from its first day) with contact, council time."""

    first: date
    mails: int
    contacts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How much there was, and when. `usual` is the median week between the first and the last, quiet ones included."""

    mails: int
    contacts: int
    weeks: tuple[Span, ...]
    months: tuple[Span, ...]
    busiest_week: Span | None
    busiest_month: Span | None
    usual_week: float
    other_channels: Counts  # what officers recorded: calls, visits, letters
    hours: float  # of officers' time, as recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One contact of which copies came into several mailboxes, by the deliveries they are."""

    on: date
    mailboxes: tuple[str, ...]
    deliveries: tuple[int, ...]
    spread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom it went to: mailboxes and addresses of the council's."""

    by_mailbox: Counts
    by_recipient: Counts  # in how many contacts each was addressed
    members: tuple[str, ...]  # those of them that are councillors' mailboxes
    widest: int  # the most recipients and mailboxes of one contact
    spread: int  # all of them, over the whole time
    linked: tuple[Linked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What the letters are like; phrases are shown as they were written."""

    again: int  # contacts that send a text again
    demanding: int
    demands: Counts
    insisting: int
    insistence: Counts
    words: float  # the median length of a letter
    longest: int
    days_between: float | None  # the median; None: there is one contact, or none


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Contacts by the matters they quote."""

    matters: Counts
    none: int  # quote no matter that the case knows
    finished: Counts  # after the council's final answer
    added: Counts  # to an open matter, after the first, and not a text sent again
    before_promise: Counts  # to an open matter, up to the promised day, calls that were recorded included


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What came from an address of theirs, but may be somebody else's: it is in no other figure."""

    why: Claim
    mails: int
    contacts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything counted from `first` up to and including `last`."""

    first: date
    last: date
    volume: Volume
    apart: tuple[Apart, ...]
    reach: Reach
    manner: Manner
    about: About
    council: CouncilSide


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a case adds to a person's mail: its matters with the marks that quote each, and what officers recorded."""

    lives: tuple[MatterLife, ...] = ()
    marks: tuple[frozenset[str], ...] = ()  # of each of the matters
    incidents: tuple[Incident, ...] = ()
    members: frozenset[str] = frozenset()  # addresses of councillors' mailboxes


@dataclass(frozen=True, slots=True)
class Window:
    """Days that are counted, the last included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether this day is one of them."""
        return self.first <= day <= self.last


def figures(theirs: Theirs, known: Known, window: Window) -> Figures:
    """Count what lies in the window; of earlier contacts it only matters whether a text was sent before."""
    counted = [contact for contact in theirs.contacts if window.holds(contact.day)]
    incidents = [one for one in known.incidents if window.holds(day_of(one.at)) and one.channel is not Channel.EMAIL]
    return Figures(
        first=window.first,
        last=window.last,
        volume=_volume(counted, incidents),
        apart=tuple(_apart(theirs, window)),
        reach=_reach(counted, known.members),
        manner=_manner(counted),
        about=_about(counted, theirs.contacts, known, incidents),
        council=council_side(known.lives, window.last),
    )


def _volume(contacts: Sequence[Contact], incidents: Sequence[Incident]) -> Volume:
    weeks, months = _spans(contacts, _monday), _spans(contacts, lambda day: day.replace(day=1))
    channels = Counter(str(one.channel) for one in incidents)
    return Volume(
        mails=sum(len(contact.mails) for contact in contacts),
        contacts=len(contacts),
        weeks=weeks,
        months=months,
        busiest_week=_busiest(weeks),
        busiest_month=_busiest(months),
        usual_week=_usual(weeks),
        other_channels=_ranked(channels),
        hours=sum(one.hours for one in incidents),
    )


def _apart(theirs: Theirs, window: Window) -> Iterator[Apart]:
    for why, contacts in theirs.doubtful:
        found = [contact for contact in contacts if window.holds(contact.day)]
        if found:
            yield Apart(why=why, mails=sum(len(contact.mails) for contact in found), contacts=len(found))


def _reach(contacts: Sequence[Contact], members: frozenset[str]) -> Reach:
    addressed = Counter(one for contact in contacts for one in contact.recipients)
    return Reach(
        by_mailbox=_ranked(Counter(mail.mailbox for contact in contacts for mail in contact.mails)),
        by_recipient=_ranked(addressed),
        members=tuple(sorted(members & addressed.keys())),
        widest=max((len(contact.recipients) for contact in contacts), default=0),
        spread=len(addressed),
        linked=tuple(_linked(contact) for contact in contacts if len(contact.mailboxes) > 1),
    )


def _manner(contacts: Sequence[Contact]) -> Manner:
    demands = [frozenset(words for mail in one.mails for words in mail.trace.demands) for one in contacts]
    insists = [frozenset(words for mail in one.mails for words in mail.trace.insists) for one in contacts]
    gaps = [(after.at - before.at) / timedelta(days=1) for before, after in pairwise(contacts)]
    return Manner(
        again=sum(contact.again for contact in contacts),
        demanding=sum(map(bool, demands)),
        demands=_ranked(Counter(words for found in demands for words in found)),
        insisting=sum(map(bool, insists)),
        insistence=_ranked(Counter(words for found in insists for words in found)),
        words=median(contact.words for contact in contacts) if contacts else 0,
        longest=max((contact.words for contact in contacts), default=0),
        days_between=round(median(gaps), 1) if gaps else None,
    )


def _about(
    counted: Sequence[Contact], contacts: Sequence[Contact], known: Known, incidents: Iterable[Incident]
) -> About:
    quoting = [
        (life, [contact for contact in contacts if not marks.isdisjoint(contact.marks)])
        for life, marks in zip(known.lives, known.marks, strict=True)
    ]
    within = frozenset(map(id, counted))
    about = [(life, [one for one in found if id(one) in within]) for life, found in quoting]
    quoted = {id(contact) for _, found in about for contact in found}
    added = [
        (life, [one for one in found[1:] if id(one) in within and not one.again and _open(life, one.day)])
        for life, found in quoting
    ]
    called: dict[str, list[date]] = {}
    for one in incidents:
        called.setdefault(one.matter or "", []).append(day_of(one.at))
    return About(
        matters=_per_matter((life, len(found)) for life, found in about),
        none=sum(id(contact) not in quoted for contact in counted),
        finished=_per_matter((life, sum(_finished(life, one.day) for one in found)) for life, found in about),
        added=_per_matter((life, len(found)) for life, found in added),
        before_promise=_per_matter(
            (life, sum(_promised(life, day) for day in (*(one.day for one in found), *called.get(life.reference, ()))))
            for life, found in about
        ),
    )


def _open(life: MatterLife, day: date) -> bool:
    turn = life.on(day)
    return turn is not None and turn.state is MatterState.OPEN


def _finished(life: MatterLife, day: date) -> bool:
    """Whether the final answer was given on an earlier day."""
    turn = life.on(day - timedelta(days=1))
    return turn is not None and turn.finished and not _open(life, day)


def _promised(life: MatterLife, day: date) -> bool:
    turn = life.on(day)
    if turn is None or turn.state is not MatterState.OPEN or turn.answer_by is None:
        return False
    return day <= turn.answer_by


def _per_matter(counts: Iterable[tuple[MatterLife, int]]) -> Counts:
    return _ranked(Counter({life.reference: count for life, count in counts if count}))


def _linked(contact: Contact) -> Linked:
    return Linked(
        on=contact.day,
        mailboxes=contact.mailboxes,
        deliveries=tuple(mail.delivery for mail in contact.mails),
        spread=len(contact.recipients),
    )


def _spans(contacts: Sequence[Contact], first: Callable[[date], date]) -> tuple[Span, ...]:
    mails: Counter[date] = Counter()
    begun: Counter[date] = Counter()
    for contact in contacts:
        begun[first(contact.day)] += 1
        mails[first(contact.day)] += len(contact.mails)
    return tuple(Span(first=day, mails=mails[day], contacts=begun[day]) for day in sorted(begun))


def _busiest(spans: Sequence[Span]) -> Span | None:
    return max(spans, key=lambda span: (span.contacts, span.mails, -span.first.toordinal()), default=None)


def _usual(weeks: Sequence[Span]) -> float:
    if not weeks:
        return 0
    between = (weeks[-1].first - weeks[0].first).days // 7 + 1
    return median([*(span.contacts for span in weeks), *[0] * (between - len(weeks))])


def _ranked(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
