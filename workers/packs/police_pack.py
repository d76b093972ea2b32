"""What the police are given: threats and the incidents chosen, what was reported already, and where to report.

No need and no adjustment is in it unless somebody asks for that (rows 1.2, 1.78).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.policy import Policy
from register.casework.case import CaseEvent
from register.casework.facts import Action, ActionKind, Incident, Need
from register.casework.refusal import RefusedError, plainly
from register.casework.steps import EqualityCheck
from register.records import record_as_data
from workers.holding import Holding
from workers.packs.chronology import Happening, Recorded, event_data, of_record
from workers.packs.packing import Part, json_part

_REPORTS = frozenset(
    {
        ActionKind.POLICE_REPORT,
        ActionKind.POLICE_NOT_TOLD,
        ActionKind.LEGAL_ACTION,
        ActionKind.REFERRED_TO_LEGAL,
        ActionKind.HATE_CRIME_REPORT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What goes into a pack for the police."""

    incidents: tuple[CaseEvent[Incident], ...]
    reports: tuple[CaseEvent[Action], ...]
    needs: tuple[Recorded, ...]

    def happenings(self) -> Iterator[Happening]:
        """The chosen records as what happened."""
        recorded: tuple[Recorded, ...] = (*self.incidents, *self.reports, *self.needs)
        return (of_record(event, needs=True) for event in recorded)


def chosen(held: Holding, policy: Policy, numbers: Sequence[int], *, needs: bool) -> Chosen:
    """Every confirmed threat, and the incidents with these record numbers.

    Raises RefusedError for a number that is no incident's, and where nothing is left to report.
    """
    incidents = held.case.of(Incident)
    strange = sorted(set(numbers) - {event.number for event in incidents})
    if strange:
        words = f"{', '.join(map(str, strange))} is the number of no incident: see `mailroom case show {held.case.ref}`"
        raise RefusedError(held.case.ref, "a police pack", policy.version, (plainly(words),))
    found = tuple(event for event in incidents if event.record.threat or event.number in numbers)
    if not found:
        words = "no threat is recorded: choose incidents with --incident"
        raise RefusedError(held.case.ref, "a police pack", policy.version, (plainly(words),))
    return Chosen(
        incidents=found,
        reports=tuple(event for event in held.case.of(Action) if event.record.action in _REPORTS),
        needs=tuple(event for event in held.case.events if needs and _of_needs(event)),
    )


def _of_needs(event: Recorded) -> bool:
    match event.record:
        case Need() | EqualityCheck() | Action(action=ActionKind.ADJUSTMENT_OFFERED):
            return True
        case _:
            return False


def parts(given: Chosen, held: Holding, policy: Policy) -> Iterator[Part]:
    """Who it is about, the incidents, what was reported, and the policy's places to report a hate crime."""
    person, place = held.case.person, held.case.place
    who = {
        "case": held.case.ref,
        "name": held.case.name,
        "aliases": list(person.aliases) if person else [],
        "property": None if place is None else record_as_data(place),
        "identifiers": [record_as_data(item) for item in held.case.identifiers],
    }
    yield json_part("person.json", "Who it is about, as the register knows them", who)
    incidents = [event_data(event, needs=False) for event in given.incidents]
    yield json_part("incidents.json", "The threats, and the incidents chosen", incidents)
    reports = [event_data(event, needs=False) for event in given.reports]
    yield json_part("reports.json", "What was reported to the police or taken to law, with its reference", reports)
    links = [{"name": one.name, "link": one.link, "clause": one.clause} for one in policy.reporting]
    yield json_part("reporting.json", "Where the policy has hate crimes reported", links)
    if given.needs:
        needs = [event_data(event, needs=True) for event in given.needs]
        yield json_part("needs.json", "Needs and adjustments, as asked for", needs)
