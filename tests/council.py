"""A council with real servers for the integration ring: mail comes in, its mailboxes are swept, and one can look."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from core.settings import Settings
from ingest.store import DeliveryRow
from register import store as register
from register.entry import RegisterEntry
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from routing.outbox_store import OutboxRow
from routing.store import DecisionRow
from tests.builders import NOON, a_settings, declared_tables, settings_data
from tests.servers import Dovecot, SmtpSink, StoredMessage
from workers.rounds_store import RoundRow
from workers.runtime import Runtime
from workers.sweeping import Sweep, poll_mailbox, sweep

PLANNING = "planning@council.example"


class Council:
    """Its settings may be changed in `data` until `runtime` is first used."""

    def __init__(self, server: Dovecot, sink: SmtpSink, database: str) -> None:
        self.server = server
        self.sink = sink
        self.data: dict[str, Any] = settings_data(
            imap_port=server.port, smtp_port=sink.port, password=server.password, database=database
        )
        self._runtime: Runtime | None = None

    @property
    def runtime(self) -> Runtime:
        """The means of one worker, made with the tables when first asked for."""
        if self._runtime is None:
            self._runtime = Runtime.of(self.settings())
            declared_tables().create_all(self._runtime.database.engine)
        return self._runtime

    def settings(self) -> Settings:
        """The settings as they stand."""
        return a_settings(self.data)

    def close(self) -> None:
        """Hang up."""
        if self._runtime is not None:
            self._runtime.close()

    def adds_mailbox(self, name: str, **changes: object) -> str:
        """Another mailbox; returns its address."""
        address = f"{name}@council.example"
        self.data["mailboxes"][name] = {"address": address, "password": self.server.password, **changes}
        return address

    def adds_spoc(self, address: str, **changes: object) -> None:
        """A SPOC that is reached otherwise than by SMTP."""
        self.data["spocs"] = {"desk": {"address": address, "password": self.server.password, **changes}}

    def registers(self, *entries: RegisterEntry) -> None:
        """Put people on the register, or correct what it says of them."""
        with self.runtime.database.transaction() as session:
            for entry in entries:
                register.save(session, entry, now=NOON)

    def receives(self, *raws: bytes, user: str = PLANNING) -> None:
        """Mail arrives in an inbox."""
        self.server.append(user, *raws, received=NOON)

    def sweeps(self, mailbox: str = "planning", *, times: int = 1) -> Sweep:
        """Sweep a mailbox, so often that nothing is left to be done: every wait is over each time."""
        for _ in range(times - 1):
            sweep(self.runtime, mailbox)
            self.waits()
        return sweep(self.runtime, mailbox)

    def polls(self, mailbox: str = "planning") -> None:
        """Record and decide what is new, and carry out nothing yet."""
        poll_mailbox(self.runtime, mailbox)

    def asks_about(self, delivery_id: int, kind: ReviewKind) -> None:
        """Put one more item about a message before people."""
        with self.runtime.database.transaction() as session:
            review_store.raise_review(session, delivery_id, RaiseReview(kind=kind, question="What about it?"), now=NOON)

    def waits(self) -> None:
        """Let every wait before another try be over."""
        with self.runtime.database.transaction() as session:
            session.execute(update(OutboxRow).values(due_at=NOON))
            session.execute(update(DeliveryRow).values(retry_at=None))

    def time_comes(self) -> None:
        """Let every time that was decided on have come."""
        with self.runtime.database.transaction() as session:
            session.execute(update(OutboxRow).where(OutboxRow.not_before.is_not(None)).values(not_before=NOON))

    def folder(self, folder: str = "INBOX", *, user: str = PLANNING) -> list[bytes]:
        """What lies in a folder, byte for byte; nothing if there is no such folder."""
        return [message.raw for message in self.stored(folder, user=user)]

    def stored(self, folder: str = "INBOX", *, user: str = PLANNING) -> Sequence[StoredMessage]:
        """The same, with UIDs and flags."""
        return self.server.messages(user, folder) if folder in self.server.folders(user) else ()

    def expunges(self, uid: int, *, user: str = PLANNING) -> None:
        """A person deletes a message from the inbox for good."""
        with self._person(user) as session:
            session.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
            session.expunge()

    def marks(self, uid: int, flag: str, *, user: str = PLANNING, remove: bool = False) -> None:
        """A person flags a message in the inbox, or takes the flag off."""
        with self._person(user) as session:
            session.uid("STORE", str(uid), "-FLAGS" if remove else "+FLAGS", f"({flag})")

    @contextmanager
    def _person(self, user: str) -> Iterator[Any]:
        with self.server.login(user) as session:
            session.select("INBOX")
            yield session

    def dispositions(self) -> list[str | None]:
        """What became of each delivery, in the order in which they were recorded."""
        with self.runtime.database.transaction() as session:
            return list(session.scalars(select(DeliveryRow.disposition).order_by(DeliveryRow.id)))

    def asks(self) -> list[str]:
        """The queues of the open review items, most urgent first."""
        with self.runtime.database.transaction() as session:
            return [item.kind for item in review_store.open_reviews(session)]

    def open_items(self, kind: ReviewKind) -> tuple[tuple[int, str], ...]:
        """The open items of a queue: number and question."""
        with self.runtime.database.transaction() as session:
            return tuple((item.id, item.question) for item in review_store.open_reviews(session, kind))

    def counts(self) -> dict[str, int]:
        """How many rows each table of the ledger has."""
        with self.runtime.database.transaction() as session:
            tables = (DeliveryRow, DecisionRow, OutboxRow, review_store.ReviewRow, register.EntryRow)
            return {
                table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            }

    def forgets(self, uid: int) -> None:
        """Strike one delivery from the ledger, with all that hangs on it, as a bad restore would."""
        with self.runtime.database.transaction() as session:
            (struck,) = session.scalars(select(DeliveryRow.id).where(DeliveryRow.uid == uid))
            for table in reversed(declared_tables().sorted_tables):
                for key in table.foreign_keys:
                    if key.column is DeliveryRow.__table__.c.id:
                        session.execute(delete(table).where(key.parent == struck))
            session.execute(delete(DeliveryRow).where(DeliveryRow.id == struck))

    def ages(self, *, hours: int) -> None:
        """Let everything in the ledger have been recorded, and everything done now and then been done, so long ago."""
        with self.runtime.database.transaction() as session:
            rows = session.scalars(select(DeliveryRow))
            for row in rows:
                row.recorded_at -= timedelta(hours=hours)
            for done in session.scalars(select(RoundRow)):
                done.done_at -= timedelta(hours=hours)
