"""What was put back into its inbox is a delivery anew: which later one each became, where it does not say so itself."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from core.db import in_parts
from ingest.store import DeliveryRow
from routing.effect import EffectKind
from routing.outbox_store import CANCELLED, PENDING, PERFORMED, OutboxRow


def begin_restores(session: Session, effect_ids: Iterable[int]) -> None:
    """Note the newest delivery before the first attempt at these: what they bring back is a later one."""
    newest = select(func.coalesce(func.max(DeliveryRow.id), 0)).scalar_subquery()
    first = OutboxRow.id.in_(list(effect_ids)) & OutboxRow.newest_before.is_(None)
    session.execute(update(OutboxRow).where(first).values(newest_before=newest))


def note_missed(session: Session, effect_ids: Iterable[int]) -> None:
    """Note that the originals of these were looked for, and not found."""
    values = {"missed": OutboxRow.missed + 1}
    session.execute(update(OutboxRow).where(OutboxRow.id.in_(list(effect_ids))).values(values))


def became(session: Session, delivery_ids: Iterable[int]) -> dict[int, int]:
    """By id of each of these: the later delivery that it became in its inbox, if one shows that it did.

    That is the same letter in the same mailbox, recorded after the first attempt to put this one back. Each is what one
    alone became; and while that is not known of its restore, one that is to be put back itself is no proof.
    """
    wanted = list(delivery_ids)
    found = dict(_pairs_of(session, wanted))
    return {one: found[one] for one in wanted if one in found}


def came_from(session: Session, delivery_ids: Iterable[int]) -> dict[int, int]:
    """The other way round: by id of each of these, the earlier delivery that was put back, and became it."""
    wanted = list(delivery_ids)
    found = {later: earlier for earlier, later in _pairs_of(session, wanted)}
    return {one: found[one] for one in wanted if one in found}


def since(session: Session, delivery_id: int) -> tuple[int, ...]:
    """The later delivery that this one became, what that became, and so on."""
    chain: list[int] = []
    here: int | None = delivery_id
    while here is not None and (here := became(session, [here]).get(here)) is not None:
        chain.append(here)
    return tuple(chain)


def later_alike(session: Session, delivery_id: int) -> tuple[int, ...]:
    """Every later delivery of the same letter to the same mailbox, in order."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        return ()
    return tuple(session.scalars(select(DeliveryRow.id).where(_same(row), DeliveryRow.id > row.id).order_by("id")))


def staying(session: Session, mailbox: str, folder: str, prints: Iterable[str]) -> dict[str, int]:
    """By fingerprint, how many messages of this mailbox were moved to `folder`, and are not on their way back."""
    back = aliased(OutboxRow)
    leaves = select(back.id).where(
        *(back.delivery_id == OutboxRow.delivery_id, back.kind == EffectKind.RESTORE, back.target == folder),
        *(back.attempts > 0, back.state != CANCELLED),
    )
    query = select(DeliveryRow.fingerprint, func.count()).join(OutboxRow, OutboxRow.delivery_id == DeliveryRow.id)
    moved = query.where(
        *(DeliveryRow.mailbox == mailbox, DeliveryRow.fingerprint.in_(list(prints))),
        *(OutboxRow.kind == EffectKind.MOVE, OutboxRow.target == folder, OutboxRow.state == PERFORMED),
        ~leaves.exists(),
    )
    rows = session.execute(moved.group_by(DeliveryRow.fingerprint))
    return {print_: count for print_, count in rows}  # noqa: C416 - a Row is no pair to mypy


def uids_known(session: Session, mailbox: str, place: tuple[str, int], prints: Iterable[str]) -> frozenset[int]:
    """The UIDs that messages with these fingerprints have or had in `place`, which is a folder and its UIDVALIDITY."""
    folder, uidvalidity = place
    query = select(DeliveryRow.uid).where(
        *(DeliveryRow.mailbox == mailbox, DeliveryRow.folder == folder, DeliveryRow.uidvalidity == uidvalidity),
        DeliveryRow.fingerprint.in_(list(prints)),
    )
    return frozenset(session.scalars(query))


def _same(row: DeliveryRow) -> ColumnElement[bool]:
    return (
        (DeliveryRow.mailbox == row.mailbox)
        & (DeliveryRow.fingerprint == row.fingerprint)
        & (DeliveryRow.letter_key == row.letter_key)
    )


def _pairs_of(session: Session, delivery_ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Every delivery identical to one of these that was put back, with what it became."""
    groups: dict[tuple[str, ...], ColumnElement[bool]] = {}
    for part in in_parts(delivery_ids):
        for row in session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(part))):
            groups[row.mailbox, row.fingerprint, row.letter_key] = _same(row)
    for same in groups.values():
        yield from _pairs(session, same)


def _pairs(session: Session, same: ColumnElement[bool]) -> Iterator[tuple[int, int]]:
    """Each delivery of one letter that was put back, with what it became: first those of which that is certain."""
    alike = list(session.scalars(select(DeliveryRow.id).where(same).order_by(DeliveryRow.id)))
    query = select(OutboxRow).where(
        OutboxRow.delivery_id.in_(select(DeliveryRow.id).where(same)),
        *(OutboxRow.kind == EffectKind.RESTORE, OutboxRow.state.in_([PENDING, PERFORMED])),
    )
    restores = session.scalars(query.order_by(OutboxRow.newest_before, OutboxRow.id)).all()
    owed = {row.delivery_id for row in restores if row.state == PENDING}
    for row in sorted(restores, key=lambda row: row.state == PENDING):  # what is certain first
        later = None if row.newest_before is None else _first(alike, row, owed)
        if later is not None:
            alike.remove(later)
            yield row.delivery_id, later


def _first(free: Sequence[int], row: OutboxRow, owed: Collection[int]) -> int | None:
    """The first of these that this restore may have made of its message; of what is owed one itself only in need."""
    fits = [one for one in free if one > (row.newest_before or 0)]
    last = fits[0] if fits and row.state == PERFORMED else None
    return next((one for one in fits if one not in owed), last)
