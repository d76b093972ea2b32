"""The e-mail addresses of everybody on the register, read without the rest of their entries."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.store import EntryRow

_AT_ONCE = 2000


def addresses(session: Session) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The reference of each entry with its addresses, as recorded."""
    query = select(EntryRow.ref, EntryRow.addresses).order_by(EntryRow.ref)
    for ref, found in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield ref, tuple(found)
