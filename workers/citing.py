"""Sees to it that the mail which an action cites is there: a breach of an agreement is shown by its message."""

from collections.abc import Iterable

from core import ids
from core.db import Session
from ingest import finding_store
from ingest import store as ledger
from register.casework.facts import Action, Fact
from register.casework.steps import Step


class UnknownMessageError(Exception):
    """A record cites mail that the ledger does not have."""

    def __init__(self, message: str) -> None:
        super().__init__(
            f"message: the ledger has no message {message}: give the reference that `mailroom explain` knows, such as"
            " M12, or a Message-ID in its angle brackets; what came by other ways has a `reference` or a `document`"
        )


def require_known(session: Session, records: Iterable[Fact | Step]) -> None:
    """Raise UnknownMessageError if one of these is an action that cites a message nobody can look up."""
    for record in records:
        if isinstance(record, Action) and record.message is not None and not _known(session, record.message):
            raise UnknownMessageError(record.message)


def _known(session: Session, message: str) -> bool:
    number = ids.parse_message_ref(message)
    if number is not None:
        return ledger.delivery(session, number) is not None
    return finding_store.has_message_id(session, message.strip())
