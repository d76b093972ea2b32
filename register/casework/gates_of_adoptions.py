"""Decisions from before this register was kept: brought in on one officer's word, and confirmed by another's."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from register.casework.measures import of_measures, of_spocs, overlaps
from register.casework.refusal import Objection, Objections, Situation, against, by_role, not_later, plainly, titles
from register.casework.steps import Adoption, AdoptionConfirmed
from register.dates import after, day_of, start_of


def _adoption(record: Adoption, situation: Situation) -> Objections:
    policy = situation.policy
    keepers = (*policy.keepers.value, *policy.asset_owner.value)
    if not situation.officer.holds(keepers):
        yield against(policy.keepers, f"earlier decisions are brought in by {titles(policy, keepers)}")
    stage = policy.stages.get(record.stage)
    if stage is None or not stage.restricts:
        known = ", ".join(name for name, one in policy.stages.items() if one.restricts)
        yield plainly(f"{record.stage} is no stage that restricts: {known}")
        return
    yield from of_measures(record.measures, stage, situation)
    yield from overlaps(record.measures, (one.measure for one in situation.standing.active))
    yield from (replace(one, refuses=False) for one in of_spocs(record.measures, situation))
    yield from _adopted_dates(record, situation)


def _adopted_dates(record: Adoption, situation: Situation) -> Objections:
    yield from not_later(record.decided_on, situation, "decided_on")
    events = situation.case.events
    opened = day_of(events[0].at) if events else situation.today
    if record.decided_on >= opened:
        words = f"decided_on {record.decided_on} is not before the register had the case, {opened}: propose it instead"
        yield against(situation.policy.keepers, words)
    yield from not_later(record.advised_on, situation, "advised_on")
    if record.advised_on < record.decided_on:
        yield plainly(f"advised_on {record.advised_on} is before it was decided, on {record.decided_on}")
    if record.commenced_at < start_of(record.decided_on):
        yield plainly(f"it commenced before it was decided, on {record.decided_on}")
    if record.provisional_end is not None and start_of(record.provisional_end) <= record.commenced_at:
        yield plainly(f"provisional_end {record.provisional_end} is not after it commenced")
    interval = situation.policy.reviews.interval
    latest = after(situation.today, interval.value, situation.calendar)
    if record.review_on > latest:
        yield against(interval, f"review_on {record.review_on} is too late: {interval.value} from now is {latest}")
    if record.review_on <= situation.today:
        words = f"the review was due on {record.review_on}"
        yield Objection(words, interval.clause, refuses=False)


def _confirmed(record: AdoptionConfirmed, situation: Situation) -> Objections:
    policy, adoptions = situation.policy, situation.case.of(Adoption)
    roles = (*policy.keepers.value, *policy.asset_owner.value, *policy.reviews.decided_by.value)
    yield from by_role(replace(policy.keepers, value=roles), situation, "confirming an earlier decision")
    adopted = next((event for event in adoptions if event.number == record.adoption), None)
    if adopted is None:
        known = ", ".join(str(event.number) for event in adoptions) or "none"
        yield plainly(f"record {record.adoption} brings in no earlier decision: those that do are {known}")
    elif adopted.by.officer == situation.officer.username:
        words = f"{adopted.by.officer} brought it in: somebody else holds it against the file"
        yield against(policy.four_eyes, words)
    if any(event.record.adoption == record.adoption for event in situation.case.of(AdoptionConfirmed)):
        yield plainly(f"record {record.adoption} has been confirmed already")


GATES: dict[type, Callable[[Any, Situation], Objections]] = {
    Adoption: _adoption,
    AdoptionConfirmed: _confirmed,
}
