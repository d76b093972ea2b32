"""Which pack holds what, and who may have it made: for whoever decides, the ombudsman, the police, the person.

Every pack is noted in the audit trail with the SHA-256 of its file, in the transaction that read what is in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from core import ids
from core.db import Session
from core.settings import Settings
from ingest.store import DeliveryRow
from policies.policy import Policy
from register import audit_store
from register.audit import AuditAction
from register.casework.refusal import RefusedError, against, titles
from register.casework.steps import LetterIssued
from register.dates import day_of
from register.recording import Desk
from register.refusals import NotedRefusalError
from routing.evidence.figures import Figures
from routing.evidence.telling import as_data
from workers.evidence import Ground, figures_of
from workers.holding import Holding, cited_in, holding
from workers.packs import pack_page, pack_parts, police_pack
from workers.packs.case_files import case_parts, record_happenings
from workers.packs.chronology import Happening, in_order, of_message
from workers.packs.packing import Cover, Part, json_part, write
from workers.telling import events_of

_THIRD_PARTIES = (
    "Before release a person must look for what is about others (officers, witnesses, other residents) and take out "
    "what may not be disclosed: Data Protection Act 2018, Schedule 2, paragraph 16."
)
_COUNTED = "How much the person wrote, beside what the council owed: counted, and nothing follows from it"
_FOR_POLICE = "Only what is needed to report threats is here; needs and adjustments are left out unless asked for."


class PackKind(StrEnum):
    """Whom a pack is for."""

    CASE = "case"
    OMBUDSMAN = "ombudsman"
    POLICE = "police"
    SUBJECT_ACCESS = "subject-access"


class PackRefusedError(RefusedError, NotedRefusalError):
    """This pack of this case is for others to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A pack somebody asks for. `incidents` (numbers of records) and `needs` are asked for the police only."""

    kind: PackKind
    ref: str
    incidents: tuple[int, ...] = ()
    needs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A pack that was written."""

    sha256: str
    files: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents:
    parts: tuple[Part, ...]
    happenings: tuple[Happening, ...]
    policies: tuple[str, ...]
    remarks: tuple[str, ...]


def make(session: Session, desk: Desk, settings: Settings, wanted: Wanted, path: Path) -> Made:
    """Write a new pack to `path`. Raises UnknownCaseError, RefusedError, FileExistsError and OSError."""
    held = holding(session, wanted.ref)
    _require(desk, held, wanted.kind)
    contents = _contents(session, desk, settings, held, wanted)
    cover = Cover(
        kind=wanted.kind,
        case=wanted.ref,
        case_version=held.case.version,
        council=settings.council.name,
        policies=contents.policies,
        made_at=desk.now.isoformat(timespec="seconds"),
        made_by=f"{desk.officer.name}, {desk.officer.job_title}",
        witness=str(audit_store.head(session)),
        remarks=contents.remarks,
    )
    sha256 = write(path, cover, contents.parts, partial(pack_page.index, cover, contents.happenings))
    action = AuditAction.EXPORTED if wanted.kind is PackKind.SUBJECT_ACCESS else AuditAction.PACK
    note = desk.note(action, wanted.ref, kind=wanted.kind, version=str(held.case.version), sha256=sha256)
    audit_store.append(session, [note], now=desk.now)
    return Made(sha256=sha256, files=len(contents.parts) + 1, remarks=contents.remarks)


def _require(desk: Desk, held: Holding, kind: PackKind) -> None:
    """Keepers and the asset owner, and but for the subject's own access, the service that owns the case."""
    policy, officer, owner = desk.in_force, desk.officer, held.case.owner
    called = (*policy.keepers.value, *policy.asset_owner.value)
    owns = owner is not None and officer.service == owner.service
    if officer.active and (officer.holds(called) or (owns and kind is not PackKind.SUBJECT_ACCESS)):
        return
    others = (
        ""
        if kind is PackKind.SUBJECT_ACCESS
        else f", and the service that owns it, {owner.service if owner else 'none'}"
    )
    words = f"it is made by {titles(policy, called)}{others}; {officer.username} is {officer.job_title}"
    refused = PackRefusedError(held.case.ref, f"a {kind} pack", policy.version, (against(policy.keepers, words),))
    raise refused.noted(desk.note(AuditAction.REFUSED, held.case.ref, what="pack", kind=kind), desk.now)


def _contents(session: Session, desk: Desk, settings: Settings, held: Holding, wanted: Wanted) -> _Contents:
    if wanted.kind is PackKind.POLICE:
        return _for_police(session, desk, held, wanted)
    subject = wanted.kind is PackKind.SUBJECT_ACCESS
    happenings = in_order((*record_happenings(held, desk, everything=subject), *_mail(session, held.deliveries)))
    known, unknown = _policies(desk, held)
    parts = [
        *case_parts(held, desk, everything=subject),
        *pack_parts.letter_parts(session, held.case),
        *(part for row in held.deliveries for part in pack_parts.message_parts(session, row)),
        *(pack_parts.story_part(session, settings, row) for row in held.deliveries),
        pack_parts.review_part(session, wanted.ref, held.deliveries),
        json_part("figures.json", _COUNTED, as_data(_figures(session, desk, held, settings))),
        *pack_parts.chronology_parts(happenings),
    ]
    if wanted.kind is PackKind.CASE:
        parts += pack_parts.policy_parts(known[-1:])
    else:
        parts.append(pack_parts.trail_part(session, wanted.ref))
    if wanted.kind is PackKind.OMBUDSMAN:
        parts += pack_parts.policy_parts(known)
    if subject:
        parts += (part for row in held.deliveries for part in pack_parts.sent_parts(session, row))
    remarks = (
        *((_THIRD_PARTIES,) if subject else ()),
        *(f"Policy {version} is not on the shelf any more: add it by hand." for version in unknown),
        *_remarks(session, held),
    )
    versions = (*(policy.version for policy in known), *unknown)
    return _Contents(parts=tuple(parts), happenings=happenings, policies=versions, remarks=remarks)


def _for_police(session: Session, desk: Desk, held: Holding, wanted: Wanted) -> _Contents:
    chosen = police_pack.chosen(held, desk.in_force, wanted.incidents, needs=wanted.needs)
    cited = {number for event in chosen.incidents if (number := ids.parse_message_ref(event.record.message or ""))}
    rows = [row for row in held.deliveries if row.id in cited]
    happenings = in_order(chosen.happenings())
    parts = (
        *police_pack.parts(chosen, held, desk.in_force),
        *(part for row in rows for part in pack_parts.message_parts(session, row)),
        *(part for row in rows for part in pack_parts.header_parts(session, row)),
        *pack_parts.chronology_parts(happenings),
    )
    remarks = (*(() if wanted.needs else (_FOR_POLICE,)), *_unkept(session, rows), *_unknown(cited, rows))
    return _Contents(parts=parts, happenings=happenings, policies=(desk.in_force.version,), remarks=remarks)


def _figures(session: Session, desk: Desk, held: Holding, settings: Settings) -> Figures:
    return figures_of(session, held.case, Ground.of(settings), (None, None), today=day_of(desk.now))


def _mail(session: Session, rows: Sequence[DeliveryRow]) -> Iterator[Happening]:
    for row in rows:
        yield from of_message(row, events_of(session, row, revealed=True))


def _policies(desk: Desk, held: Holding) -> tuple[list[Policy], list[str]]:
    """The versions that the records cite, in their order; and those of them that nobody has any more."""
    cited = dict.fromkeys(event.policy for event in held.case.events)
    found = {version: desk.policies.version(version) for version in cited}
    return [one for one in found.values() if one is not None], [name for name, one in found.items() if one is None]


def _remarks(session: Session, held: Holding) -> Iterator[str]:
    yield from _unkept(session, held.deliveries)
    yield from _unknown(set(cited_in(held.case)), held.deliveries)
    for delivery_id in sorted(held.shared):
        yield f"{ids.message_ref(delivery_id)} is of another case as well: look at what it says of somebody else."
    for event in held.case.of(LetterIssued):
        if event.record.sha256 is None:
            yield f"Letter {event.number}: its document is not held here, it was not issued with this register."


def _unkept(session: Session, rows: Sequence[DeliveryRow]) -> Iterator[str]:
    for row in rows:
        if not pack_parts.kept(session, row):
            why = "they were erased" if row.erased_at else "only mail that was acted on or asked about is kept"
            yield f"{ids.message_ref(row.id)}: its bytes are not held here ({why}); it may lie in its mailbox."


def _unknown(cited: set[int], rows: Sequence[DeliveryRow]) -> Iterator[str]:
    for delivery_id in sorted(cited - {row.id for row in rows}):
        yield f"{ids.message_ref(delivery_id)} is cited, and the ledger has no such message."
