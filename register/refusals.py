"""What somebody asked for who may not have it: the asking is on record, though all else it came to is undone."""

from datetime import datetime
from typing import Self

from register.audit import AuditEntry


class NotedRefusalError(Exception):
    """Refused; `note`, where there is one, belongs on the audit trail, in a transaction that is kept."""

    note: AuditEntry | None = None
    at: datetime | None = None

    def noted(self, note: AuditEntry, at: datetime) -> Self:
        """The same, with what the audit trail keeps of it."""
        self.note, self.at = note, at
        return self
