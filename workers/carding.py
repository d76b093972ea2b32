"""Shows people figures unasked, once a day: of whoever passes a threshold of the policy, and of campaigns.

A card is an item for people and nothing else: it changes no case, no entry, no restriction and no decision.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core import ids
from core.db import Session
from policies.period import Period, Unit
from register import addresses_store
from register.dates import day_of, start_of
from routing import card_store, review_store, trace_store
from routing.action import RaiseReview
from routing.evidence.campaigns import Sent, campaigns
from routing.evidence.cards import Thresholds, campaign_card, card, passed, thresholds
from routing.evidence.figures import Known, Window, figures
from routing.evidence.trace import writer_key
from workers import rounds_store
from workers.alone import by_itself
from workers.evidence import Ground, by_ref, of_writers
from workers.runtime import Runtime
from workers.store import Lease, leased

_ROUND = "cards"
_EVERY = timedelta(days=1)
_LONGEST = {Unit.DAYS: 1, Unit.WORKING_DAYS: 4, Unit.WEEKS: 7, Unit.MONTHS: 31, Unit.YEARS: 366}  # days of each


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whom a card may be about: a case, or whoever wrote, who has none or has an address that several record."""

    case: str | None
    writers: frozenset[str]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What people are to be asked, and about what."""

    item: RaiseReview
    case: str | None = None
    delivery: int | None = None


def raise_cards(runtime: Runtime, *, now: datetime) -> int:
    """Raise a card for each threshold passed, unless it was looked at within a day; how many."""
    with leased(runtime.database, "evidence", seconds=runtime.settings.pace.lease_seconds) as lease:
        if lease is None or not _due(runtime, now):
            return 0
        limits = thresholds(runtime.policies.on(day_of(now)))
        found = [*_about_writers(runtime, limits, now), *_about_campaigns(runtime, limits, now)]
        _write(runtime, lease, found, now)
        return len(found)


def _due(runtime: Runtime, now: datetime) -> bool:
    with runtime.database.transaction() as session:
        return rounds_store.is_due(session, _ROUND, _EVERY, now=now)


def _about_writers(runtime: Runtime, limits: Thresholds, now: datetime) -> Iterator[_Asked]:
    ground, since = Ground.of(runtime.settings), _begins(limits, now)
    with runtime.database.transaction() as session:
        counted = list(trace_store.totals(session, since))
        owners = _owners(session, ground) if counted else {}
        cases, writers = card_store.cases_shown(session, since), card_store.writers_shown(session, since)
    totals: dict[_Subject, tuple[int, frozenset[str]]] = {}
    for writer, messages, mailboxes in counted:
        subject = owners.get(writer) or _Subject(None, frozenset({writer}))
        before, places = totals.get(subject, (0, frozenset()))
        totals[subject] = before + messages, places | mailboxes
    for subject, (messages, mailboxes) in totals.items():
        enough = messages >= limits.mails.value or len(mailboxes) >= limits.mailboxes.value
        if enough and subject.case not in cases and subject.writers.isdisjoint(writers):
            ask = partial(_asked_about, runtime, subject, limits, now)
            yield from by_itself("evidence", ask, lambda _error: ())  # it is counted again tomorrow


def _asked_about(runtime: Runtime, subject: _Subject, limits: Thresholds, now: datetime) -> tuple[_Asked, ...]:
    return tuple(_about(runtime, subject, limits, now))


def _about(runtime: Runtime, subject: _Subject, limits: Thresholds, now: datetime) -> Iterator[_Asked]:
    """The exact figures: a message put back, and copies of one letter, are one contact."""
    ground, window = Ground.of(runtime.settings), Window(day_of(_begins(limits, now)), day_of(now))
    with runtime.database.transaction() as session:
        if subject.case is None:
            found, known = of_writers(session, subject.writers, ground), Known()
        else:
            found, known = by_ref(session, subject.case, ground)
        newest = card_store.newest_of(session, subject.writers)
    counted = figures(found, known, window)
    reached = passed(counted, limits)
    if reached and subject.case is not None:
        yield _Asked(card(counted, reached, subject.case), case=subject.case)
    elif reached and newest is not None:
        whose = "whose address several cases have" if subject.shared else "who has no case"
        words = f"the writer of {ids.message_ref(newest)}, {whose}"
        yield _Asked(card(counted, reached, words), delivery=newest)


def _about_campaigns(runtime: Runtime, limits: Thresholds, now: datetime) -> Iterator[_Asked]:
    found = campaigns(_sent(runtime, limits, now), senders=limits.senders.value)
    with runtime.database.transaction() as session:
        shown = card_store.campaigns_shown(session, (one for campaign in found for one in campaign.deliveries))
    for campaign in found:
        if shown.isdisjoint(campaign.deliveries):
            yield _Asked(campaign_card(campaign, limits.senders), delivery=campaign.deliveries[0])


def _sent(runtime: Runtime, limits: Thresholds, now: datetime) -> list[Sent]:
    """Day by day: nobody else waits long for the database meanwhile."""
    found: list[Sent] = []
    begins = _begins(limits, now)
    for number in range(limits.days.value + 1):
        day = begins + timedelta(days=number)
        with runtime.database.transaction() as session:
            found += trace_store.sent(session, day, day + timedelta(days=1))
    return found


def _owners(session: Session, ground: Ground) -> dict[str, _Subject]:
    """Whose case each writer's is; an address that several cases record is of none in particular."""
    refs: dict[str, set[str]] = {}
    for ref, addresses in addresses_store.addresses(session):
        for address in addresses:
            refs.setdefault(writer_key(address, ground.key) or "", set()).add(ref)
    writers: dict[str, set[str]] = {}
    shared: dict[str, _Subject] = {}
    for writer, found in refs.items():
        if len(found) > 1:
            shared[writer] = _Subject(None, frozenset({writer}), shared=True)
        else:
            writers.setdefault(next(iter(found)), set()).add(writer)
    subjects = {ref: _Subject(ref, frozenset(known)) for ref, known in writers.items()}
    return shared | {writer: subjects[ref] for ref, known in writers.items() for writer in known}


def _write(runtime: Runtime, lease: Lease, found: Iterable[_Asked], now: datetime) -> None:
    with runtime.database.transaction() as session:
        lease.confirm(session, now=now)
        asked = list(found)
        review_store.raise_about_cases(session, [(one.case, one.item) for one in asked if one.case], now=now)
        for one in asked:
            if one.delivery is not None:
                review_store.raise_review(session, one.delivery, one.item, now=now)
        _forget_old(session, runtime, now)
        rounds_store.note_round(session, _ROUND, now=now)


def _forget_old(session: Session, runtime: Runtime, now: datetime) -> None:
    """Nothing is remembered of those who have no case for longer than their mail would be kept."""
    kept = Period.parse(runtime.settings.retention.kept_mail)
    before = now - timedelta(days=kept.count * _LONGEST[kept.unit])
    old = trace_store.writers_before(session, before)
    if old:
        registered = _owners(session, Ground.of(runtime.settings))
        trace_store.forget_writers(session, old - registered.keys(), before=before)


def _begins(limits: Thresholds, now: datetime) -> datetime:
    return start_of(day_of(now - timedelta(days=limits.days.value - 1)))
