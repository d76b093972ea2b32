"""A case as the files of a pack: the whole of it, and by what a reader looks for."""

from collections.abc import Iterator, Mapping

from register.casework.facts import Action, Incident, JointReferral, Matter
from register.casework.steps import (
    Activation,
    Adoption,
    AppealDecided,
    AppealReceived,
    Closed,
    Consultation,
    Decision,
    Ended,
    EqualityCheck,
    MonitoringExtended,
    NoticeWaived,
    Proposal,
    Referral,
    ReferralDeclined,
    Review,
    StageTaken,
)
from register.casework.views import case_view, may_see_needs, timeline
from register.recording import Desk
from workers.holding import Holding
from workers.packs.chronology import Happening, event_data, of_record, record_data
from workers.packs.packing import Part, json_part

_FILES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "contacts.json": ("Every contact thought unreasonable", (Incident,)),
    "decisions.json": (
        "What was proposed, who was consulted, who approved, and when it took effect",
        (Proposal, EqualityCheck, Consultation, Decision, NoticeWaived, Activation, Adoption, Ended, Closed),
    ),
    "reviews-and-appeals.json": (
        "Every review and appeal, and what came of it",
        (Review, MonitoringExtended, AppealReceived, AppealDecided),
    ),
    "steps.json": (
        "Referrals, earlier stages, and what else was done",
        (Referral, ReferralDeclined, StageTaken, Action, JointReferral),
    ),
}


def case_parts(held: Holding, desk: Desk, *, everything: bool) -> Iterator[Part]:
    """The case whole, and its parts by what they are about; `everything`: needs too, whoever has the pack made."""
    needs = _sees(held, desk, everything=everything)
    view = case_view(held.standing, desk.in_force, reader=desk.officer, now=desk.now)
    view["needs"] = [record_data(need, needs=needs) for need in held.case.needs]
    view["timeline"] = [event_data(event, needs=needs) for event in timeline(held.standing)]
    yield json_part("case.json", "The whole case: who it is about, what is in force, and every record", view)
    for name, (what, kinds) in _FILES.items():
        found = [event_data(event, needs=needs) for event in held.case.events if isinstance(event.record, kinds)]
        yield json_part(name, what, found)
    matters = [record_data(event.record, needs=needs) for event in held.case.of(Matter)]
    latest = {matter["reference"]: matter for matter in matters}
    yield json_part(
        "matters.json", "Each matter as it stands, with the council's final position", list(latest.values())
    )


def record_happenings(held: Holding, desk: Desk, *, everything: bool) -> Iterator[Happening]:
    """Every record as something that happened."""
    needs = _sees(held, desk, everything=everything)
    return (of_record(event, needs=needs) for event in held.case.events)


def _sees(held: Holding, desk: Desk, *, everything: bool) -> bool:
    return everything or may_see_needs(desk.officer, held.standing, desk.in_force)
