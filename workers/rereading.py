"""Recent mail read again: what is kept of it, and of the rest what still lies in its inbox; nothing is touched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest import content_store
from ingest.delivery import Delivery
from ingest.finding_store import Received
from ingest.headers import PREFIX
from ingest.imap import ImapRefusedError, ImapSession, ImapUnavailableError
from workers.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Reread:
    """A delivery with its first bytes; `content` is the SHA-256 of all of them where they are kept."""

    delivery: Delivery
    prefix: bytes
    content: str | None = None


@dataclass
class Rereading:
    """The mail of one mailbox; an inbox that did not answer is not asked again."""

    runtime: Runtime
    mailbox: str
    silent: bool = False

    def beginnings(self, rows: Sequence[Received]) -> tuple[Reread, ...]:
        """The first bytes of these, as far as they can be had."""
        kept: list[Reread] = []
        away: list[Delivery] = []
        with self.runtime.database.transaction() as session:
            for row in rows:
                raw = content_store.get(session, row.content) if row.content else None
                if raw is None:
                    away.append(row.delivery)
                else:
                    kept.append(Reread(row.delivery, raw[:PREFIX], row.content))
        return (*kept, *self._in_inbox(away))

    def whole(self, one: Reread) -> bytes | None:
        """Every byte of one; None where they cannot be had."""
        if one.content is not None:
            with self.runtime.database.transaction() as session:
                return content_store.get(session, one.content)
        if self.silent:
            return None
        try:
            imap, placed = self._opened([one.delivery])
            return imap.whole(one.delivery.uid) if placed else None
        except (ImapUnavailableError, ImapRefusedError):
            self._give_up()
            return None

    def _in_inbox(self, deliveries: Sequence[Delivery]) -> Iterator[Reread]:
        if self.silent or not deliveries:
            return
        try:
            imap, placed = self._opened(deliveries)
            found = list(imap.prefixes(list(placed))) if placed else []
        except (ImapUnavailableError, ImapRefusedError):
            self._give_up()
            return
        for arrival in found:
            yield Reread(placed[arrival.uid], arrival.prefix)

    def _opened(self, deliveries: Sequence[Delivery]) -> tuple[ImapSession, dict[int, Delivery]]:
        """The inbox, and those of these that lie there, by their UIDs."""
        account = self.runtime.settings.mailboxes[self.mailbox]
        imap = self.runtime.imap(self.mailbox, account)
        selected = imap.select(account.inbox, readonly=True)
        here = (selected.name, selected.uidvalidity)
        return imap, {one.uid: one for one in deliveries if (one.folder, one.uidvalidity) == here and one.uid > 0}

    def _give_up(self) -> None:
        self.silent = True
        self.runtime.hang_up(self.mailbox)
