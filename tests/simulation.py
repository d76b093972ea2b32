"""A small world that behaves: mail servers in memory, a relay, and a process that can die at any numbered step.

Every touch of a server and every commit is two steps: before it happens, and after it has happened but before anybody
hears of it. `World.die_at` ends the process at a step as `kill -9` would (nothing more is done, no lease is given
back); `World.hang_up_at` only loses the connection.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.accounts import Account
from core.db import Database, Session
from core.settings import Settings
from ingest.delivery import Arrival, message_id_of
from ingest.headers import PREFIX
from ingest.imap import CopiedUids, ImapRefusedError, ImapSession, ImapUnavailableError, SelectedFolder
from workers.runtime import Runtime
from workers.smtp import Relay, SmtpLoginRefusedError, SmtpRefusedError, SmtpUnavailableError

_LOST = "connection lost"


class ProcessDied(BaseException):
    """The process is no more."""


@dataclass
class Stored:
    """A message in a folder."""

    raw: bytes
    received_at: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """A folder: UIDs only ever grow."""

    uidvalidity: int = 1
    uidnext: int = 1
    messages: dict[int, Stored] = field(default_factory=dict)

    def add(self, stored: Stored) -> int:
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.messages[uid] = stored
        return uid


@dataclass
class World:
    """The servers, the letters sent, and the step at which something goes wrong."""

    can_move: bool = True
    has_uidplus: bool = True
    accounts: dict[str, dict[str, Folder]] = field(default_factory=dict)
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)  # of these letters, in their envelopes
    steps: int = 0
    die_at: int | None = None
    hang_up_at: int | None = None
    dead: bool = False
    unreachable: set[str] = field(default_factory=set)  # accounts whose server does not answer
    connections_tried: list[str] = field(default_factory=list)  # the accounts above, once for each try
    refused: dict[tuple[str, str], str] = field(default_factory=dict)  # by (command, selected or opened folder)
    unfetchable: set[int] = field(default_factory=set)  # UIDs that a FETCH leaves out, or refuses:
    refuses_unfetchable: bool = False
    immovable: set[int] = field(default_factory=set)  # UIDs for which a whole MOVE is refused
    understated_bytes: int = 0  # by how much RFC822.SIZE is too small
    search_seconds: float = 0.0  # how long a search for a message takes
    relay_down: bool = False
    relay_lets_in: bool = True  # whether it takes our login
    nobody: set[str] = field(default_factory=set)  # addresses that the relay knows not to exist
    answers_lost: set[str] = field(default_factory=set)  # commands, or "letter": the next answer to each is never heard
    requests_lost: set[str] = field(default_factory=set)  # commands: the next of each never reaches the server
    only_alone: set[str] = field(default_factory=set)  # commands that are refused for several messages at once

    def account(self, address: str) -> dict[str, Folder]:
        return self.accounts.setdefault(address, {"INBOX": Folder()})

    def deliver(self, address: str, raw: bytes, received_at: datetime) -> int:
        return self.account(address)["INBOX"].add(Stored(raw, received_at))

    def change_uidvalidity(self, address: str, folder: str = "INBOX") -> None:
        old = self.account(address)[folder]
        fresh = Folder(uidvalidity=old.uidvalidity + 1)
        for stored in old.messages.values():
            fresh.add(stored)
        self.account(address)[folder] = fresh

    def restart(self) -> None:
        """A new process on the same servers and database, to which nothing happens."""
        self.dead, self.die_at, self.hang_up_at = False, None, None

    def step(self) -> bool:
        """Count a step; True if the connection is lost at it."""
        if self.dead:
            raise ProcessDied
        self.steps += 1
        if self.steps == self.die_at:
            self.dead = True
            raise ProcessDied
        return self.steps == self.hang_up_at


class SimulatedDatabase(Database):
    """A real database whose process can die before a commit, or after it without hearing of it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.world = World()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as session:
            yield session
            self.world.step()
        self.world.step()


class SimulatedImap(ImapSession):
    """An IMAP session with the world's server; answers as Dovecot does."""

    def __init__(self, world: World, account: Account) -> None:  # the base class would connect
        self._world = world
        self._folders = world.account(account.address)
        self._selected = ""
        self._lost = False

    @property
    def can_move(self) -> bool:
        return self._world.can_move

    @property
    def can_expunge_by_uid(self) -> bool:
        return self._world.has_uidplus

    def close(self) -> None:
        self._lost = True

    def select(self, folder: str, *, readonly: bool = False) -> SelectedFolder:
        del readonly
        with self._touch("select"):
            self._obey("select", folder)
            found = self._existing(folder)
            self._selected = folder
            return SelectedFolder(
                name=folder, uidvalidity=found.uidvalidity, uidnext=found.uidnext, exists=len(found.messages)
            )

    def uids_above(self, uid: int) -> tuple[int, ...]:
        with self._touch("search"):
            return tuple(found for found in sorted(self._open.messages) if found > uid)

    def present(self, uids: Sequence[int]) -> frozenset[int]:
        with self._touch("search"):
            return frozenset(uids) & frozenset(self._open.messages)

    def with_message_id(self, message_id: str) -> tuple[int, ...]:
        with self._touch("search"):
            time.sleep(self._world.search_seconds)
            return self._where(lambda stored: message_id_of(stored.raw) == message_id)

    def with_size(self, size: int) -> tuple[int, ...]:
        with self._touch("search"):
            return self._where(lambda stored: len(stored.raw) == size)

    def marked_deleted(self) -> frozenset[int]:
        with self._touch("search"):
            return frozenset(self._where(lambda stored: "deleted" in stored.flags))

    def prefixes(self, uids: Sequence[int], *, length: int = PREFIX) -> Iterator[Arrival]:
        with self._touch("fetch"):
            hidden = self._world.unfetchable if self._selected == "INBOX" else set()
            if self._world.refuses_unfetchable and hidden & set(uids):
                raise ImapRefusedError(self._selected, "NO a message cannot be converted")
            found = [
                (uid, self._open.messages[uid]) for uid in uids if uid in self._open.messages and uid not in hidden
            ]
        for uid, stored in found:
            yield Arrival(
                uid=uid,
                size=len(stored.raw) - self._world.understated_bytes,
                received_at=stored.received_at,
                prefix=stored.raw[:length],
            )

    def whole(self, uid: int) -> bytes | None:
        with self._touch("fetch"):
            self._obey("whole", self._selected)
            stored = self._open.messages.get(uid)
            return None if stored is None else stored.raw

    def move(self, uids: Sequence[int], folder: str) -> CopiedUids | None:
        with self._touch("move"):
            self._obey("move", self._selected)
            if self._world.immovable & set(uids):
                raise ImapRefusedError(folder, "NO one of the messages cannot be moved")
            target = self._existing(folder)
            there = [uid for uid in uids if uid in self._open.messages]
            return self._told({uid: target.add(self._open.messages.pop(uid)) for uid in there}, target)

    def copy(self, uids: Sequence[int], folder: str) -> CopiedUids | None:
        with self._touch("copy"):
            self._obey("copy", self._selected)
            if "copy" in self._world.only_alone and len(uids) > 1:
                raise ImapRefusedError(folder, "NO [OVERQUOTA] not so many at once")
            target = self._existing(folder)
            there = [(uid, self._open.messages[uid]) for uid in uids if uid in self._open.messages]
            return self._told({uid: target.add(Stored(s.raw, s.received_at, set(s.flags))) for uid, s in there}, target)

    def mark_as_deleted(self, uids: Sequence[int]) -> None:
        with self._touch("store"):
            self._obey("store", self._selected)
            for uid in uids:
                if uid in self._open.messages:
                    self._open.messages[uid].flags.add("deleted")

    def unmark_deleted(self, uids: Sequence[int]) -> None:
        with self._touch("store"):
            for uid in uids:
                self._open.messages[uid].flags.discard("deleted")

    def expunge(self, uids: Sequence[int]) -> None:
        with self._touch("expunge"):
            for uid in self._where(lambda stored: "deleted" in stored.flags):
                if uid in uids:
                    del self._open.messages[uid]

    def expunge_all_marked(self) -> None:
        with self._touch("expunge"):
            for uid in self._where(lambda stored: "deleted" in stored.flags):
                del self._open.messages[uid]

    def append(self, folder: str, raw: bytes, *, received_at: datetime) -> int | None:
        with self._touch("append"):
            self._obey("append", folder)
            uid = self._existing(folder).add(Stored(raw, received_at))
            return uid if self._world.has_uidplus else None

    def create_folder(self, folder: str) -> None:
        with self._touch("create"):
            self._obey("create", folder)
            self._folders.setdefault(folder, Folder())

    def folders(self) -> tuple[str, ...]:
        with self._touch("list"):
            return tuple(self._folders)

    def _obey(self, command: str, folder: str) -> None:
        """Refuse what the world says is refused."""
        words = self._world.refused.get((command, folder))
        if words is not None:
            raise ImapRefusedError(command, words)

    @property
    def _open(self) -> Folder:
        return self._folders[self._selected]

    @contextmanager
    def _touch(self, what: str) -> Iterator[None]:
        """Two steps around an act; whoever loses the connection after it does not hear the answer."""
        unsent = what in self._world.requests_lost
        self._world.requests_lost.discard(what)
        if self._lost or self._world.step() or unsent:
            self._lost = True
            raise ImapUnavailableError(what, "connection lost before it")
        yield
        unheard = what in self._world.answers_lost
        self._world.answers_lost.discard(what)
        if self._world.step() or unheard:
            self._lost = True
            raise ImapUnavailableError(what, "connection lost after it")

    def _existing(self, folder: str) -> Folder:
        if folder not in self._folders:
            raise ImapRefusedError(folder, "[TRYCREATE] no such folder")
        return self._folders[folder]

    def _where(self, wanted: Callable[[Stored], bool]) -> tuple[int, ...]:
        return tuple(uid for uid, stored in sorted(self._open.messages.items()) if wanted(stored))

    def _told(self, uids: dict[int, int], target: Folder) -> CopiedUids | None:
        return CopiedUids(uidvalidity=target.uidvalidity, uids=uids) if uids and self._world.has_uidplus else None


class SimulatedRelay(Relay):
    """A relay that takes every letter."""

    def __init__(self, world: World) -> None:  # the base class would keep settings to connect with
        self._world = world

    def send(
        self, recipient: str, letter: bytes, *, sender: str = "", before: Callable[[], None] = lambda: None
    ) -> str:
        if self._world.step() or self._world.relay_down:
            raise SmtpUnavailableError(_LOST, in_doubt=False)
        if not self._world.relay_lets_in:
            raise SmtpLoginRefusedError(535, "5.7.8 bad credentials")
        if recipient in self._world.nobody:
            raise SmtpRefusedError(550, "5.1.1 no such user")
        before()
        self._world.letters.append((recipient, letter))
        self._world.senders.append(sender)
        unheard = "letter" in self._world.answers_lost
        self._world.answers_lost.discard("letter")
        if self._world.step() or unheard:
            raise SmtpUnavailableError(_LOST, in_doubt=True)
        return "250 taken"

    def close(self) -> None:
        """Nothing was opened."""


class SimulatedRuntime(Runtime):
    """The product's own runtime, on the world's servers."""

    def __init__(self, settings: Settings, database: SimulatedDatabase) -> None:
        super().__init__(settings, database)
        self.world = database.world

    def imap(self, name: str, account: Account) -> ImapSession:
        if account.address in self.world.unreachable:
            self.world.connections_tried.append(account.address)
            raise ImapUnavailableError(name, "no answer")
        if name not in self._sessions:
            account.secret()  # as the real session asks for it before it logs in
            self._sessions[name] = SimulatedImap(self.world, account)
        return self._sessions[name]

    def relay(self) -> Relay:
        return SimulatedRelay(self.world)


def database_url(path: Path) -> str:
    """The address of a database in a file."""
    return f"sqlite:///{path}"
