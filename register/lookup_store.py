"""Finds entries by the beginnings of words, as officers look people up; `register.store` finds them by whole keys."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.store import EntryKeyRow, EntryRow

MOST = 1_000  # references handed back


def refs_like(session: Session, whole: Iterable[Iterable[str]], beginnings: Iterable[str]) -> tuple[str, ...]:
    """Entries that have a key of each group in `whole`, and for each of `beginnings` a key that begins so."""
    groups, starts = [sorted(group) for group in whole], list(beginnings)
    if not groups and not starts:
        return ()
    query = select(EntryRow.ref).order_by(EntryRow.ref).limit(MOST)
    for group in groups:
        query = query.where(EntryRow.id.in_(select(EntryKeyRow.entry_id).where(EntryKeyRow.key.in_(group))))
    for start in starts:
        alike = EntryKeyRow.key.startswith(start, autoescape=True)
        query = query.where(EntryRow.id.in_(select(EntryKeyRow.entry_id).where(alike)))
    return tuple(session.scalars(query))
