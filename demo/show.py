"""Runs the product on Sampleshire: sets up a folder, fills mailboxes, sweeps them, says what came of each message."""

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import tomli_w

import migrations
from core import configuration, ids
from core.settings import Settings
from demo.sample import (
    Outcome,
    SampleMessage,
    council_folder,
    last_week,
    officers,
    policy_text,
    register_text,
    sample_mail,
)
from demo.servers import HOST, MailServers
from ingest import store as ledger
from ingest.delivery import DeliveryState
from ingest.imap import ImapSession
from ingest.message import Message
from ingest.parse import read
from ingest.store import DeliveryRow
from policies import shelf
from register import officer_store
from register.exchange.importing import import_file
from routing import joined_store, returns_store
from routing import store as decisions
from routing.action import Hold, ReviewKind
from routing.decision import Decision
from workers.embedded import run_once
from workers.rehearsing import why
from workers.runtime import Runtime

PASSWORD = "sampleshire-demo"  # noqa: S105 - guards nothing: servers on loopback, for as long as the demonstration lasts
_SIGNING_KEY = "sampleshire-demonstration-key"
_POLICY = "sampleshire"
_OURS = (
    *("mailroom.toml", "mailroom.db", "mailroom.db-wal", "mailroom.db-shm"),
    *("register.yaml", "messages.txt", "mail", "sent", _POLICY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one message, beside what should have."""

    ref: str
    sample: SampleMessage
    sender: str
    subject: str
    outcome: str
    why: str
    author: str = ""  # the name shown

    @property
    def disposition(self) -> str:
        """Where it lies, in one word, or what it waits for."""
        return self.outcome.split(", ")[0]

    @property
    def asked(self) -> list[str]:
        """The kinds of questions that people are asked about it."""
        return self.outcome.split(", ")[1:]

    @property
    def as_expected(self) -> bool:
        """Whether the sample says the same, but for possible abuse: that is a model's advice, and people judge it."""
        return self._without_abuse(self.outcome) == self._without_abuse(self.sample.expected)

    @property
    def flagged(self) -> bool:
        """Whether possible abuse was flagged."""
        return ReviewKind.ABUSE in self.asked

    @property
    def abuse_expected(self) -> bool:
        """Whether the sample was written as abuse."""
        return ReviewKind.ABUSE in self.sample.reviews

    @staticmethod
    def _without_abuse(outcome: str) -> list[str]:
        return [word for word in outcome.split(", ") if word != ReviewKind.ABUSE]


def addresses() -> tuple[str, ...]:
    """Every account of the council, shared mailboxes first."""
    council = _council()
    return (*(mailbox["address"] for mailbox in council["mailboxes"]), *council["spocs"])


def prepare(folder: Path, servers: MailServers, today: date) -> Settings:
    """Write configuration, policy and register into `folder`, which may hold an earlier demonstration's.

    Nothing else that lies there is touched. The register's dates are as seen `today`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (folder / "register.yaml").write_text(register_text(last_week(today), today), encoding="utf-8")
    (folder / _POLICY).mkdir()
    (folder / _POLICY / shelf.FILE).write_text(policy_text(), encoding="utf-8")
    (folder / "mailroom.toml").write_text(_configuration(folder, servers), encoding="utf-8")
    return configuration.load(folder / "mailroom.toml")


def open_register(runtime: Runtime, folder: Path, today: date) -> int:
    """Make the database, appoint the officers and import the register; returns how many entries it has."""
    migrations.upgrade(runtime.database)
    appointed = officers(last_week(today))
    with runtime.database.transaction() as session:
        for officer in appointed:
            officer_store.save(session, officer)
        return import_file(session, runtime.desk(appointed[0]), folder / "register.yaml").opened


def deliver(settings: Settings, today: date) -> Iterator[SampleMessage]:
    """Put every message into its mailbox, as a mail server would have, and yield it once it is there."""
    began = last_week(today)
    for mailbox, account in settings.mailboxes.items():
        with ImapSession(account, settings.imap, timeout_seconds=30) as imap:
            for sample in sample_mail(began, today):
                if sample.mailbox == mailbox:
                    imap.append("INBOX", sample.raw, received_at=began + sample.received)
                    yield sample


def sweep_until_done(runtime: Runtime) -> str | None:
    """Sweep until a sweep finds nothing to do; returns what went wrong, if anything did."""
    while True:
        sweeps = run_once(runtime)
        trouble = next((sweep.trouble for sweep in sweeps if sweep.trouble), None)
        if trouble or not any(sweep.polled or sweep.performed for sweep in sweeps):
            return trouble


def results(runtime: Runtime, today: date) -> list[Result]:
    """What became of every message, in the order of receipt; of one that came back, what it became then."""
    found: list[Result] = []
    for mailbox in runtime.settings.mailboxes:
        samples = [sample for sample in sample_mail(last_week(today), today) if sample.mailbox == mailbox]
        with runtime.database.transaction() as session:
            rows = {row.id: row for row in ledger.of_mailbox(session, mailbox)}
            became = {earlier: later for later, earlier in returns_store.came_from(session, rows).items()}
            current = decisions.current_decisions(session, rows)
            first = [id_ for id_ in rows if id_ not in became.values()]
            for id_, sample in zip(first, samples, strict=True):
                newest = id_
                while newest in became:
                    newest = became[newest]
                decision = decisions.decision_of(current[newest])
                asked = {item.kind for one in {id_, newest} for item in joined_store.of_delivery(session, one)}
                outcome = ", ".join([_outcome(rows[newest], decision), *sorted(asked)])
                found.append(_result(ids.message_ref(id_), sample, outcome, decision))
    return sorted(found, key=lambda result: (result.sample.received, result.sample.mailbox))


def _result(ref: str, sample: SampleMessage, outcome: str, decision: Decision) -> Result:
    message = _read(sample.raw)
    return Result(
        ref=ref,
        sample=sample,
        sender=", ".join(address.addr_spec for address in message.from_),
        subject=message.subject,
        outcome=outcome,
        why=why(decision),
        author=_author(message),
    )


_read = cache(read)


def _author(message: Message) -> str:
    return next((author.display_name or author.addr_spec for author in message.from_), "nobody")


def _outcome(row: DeliveryRow, decision: Decision) -> str:
    if row.state == DeliveryState.SETTLED:
        return row.disposition or ""
    waits = any(isinstance(action, Hold) for action in decision.actions)
    return Outcome.WAITING if waits and row.state == DeliveryState.DECIDED else row.state


def save_mail(settings: Settings, servers: MailServers, folder: Path) -> None:
    """Write what the servers hold into the folder, to be looked at when they are gone."""
    sent = folder / "sent"
    sent.mkdir()
    for number, (recipients, letter) in enumerate(servers.sent, start=1):
        (sent / f"{number:02d}-to-{recipients[0]}.eml").write_bytes(letter)
    for mailbox, account in settings.mailboxes.items():
        with ImapSession(account, settings.imap, timeout_seconds=30) as imap:
            for name in imap.folders():
                _save_folder(imap, name, folder / "mail" / mailbox / name)


def _save_folder(imap: ImapSession, name: str, target: Path) -> None:
    target.mkdir(parents=True)
    imap.select(name, readonly=True)
    for uid in imap.uids_above(0):
        (target / f"{uid}.eml").write_bytes(imap.whole(uid) or b"")


def _configuration(folder: Path, servers: MailServers) -> str:
    council = _council()
    data: dict[str, Any] = {
        "council": {
            "name": council["name"],
            "domains": [council["domain"]],
            "protected": council["protected"],
            "authserv_id": council["border"],
            "wellbeing": "The staff counselling line is open day and night.",
            "policy": str((folder / _POLICY).resolve()),
            "signing_key": _SIGNING_KEY,
        },
        "database": {"url": f"sqlite:///{(folder / 'mailroom.db').resolve()}"},
        "imap": {"host": HOST, "port": servers.imap_port, "security": "plain"},
        "smtp": {
            "host": HOST,
            "port": servers.smtp_port,
            "security": "plain",
            "sender": f"mailroom@{council['domain']}",
        },
        "mailboxes": {
            mailbox["name"]: {"address": mailbox["address"], "service": mailbox["service"], "password": PASSWORD}
            for mailbox in council["mailboxes"]
        },
    }
    return "# Written by the demonstration; its mail servers live only as long as it runs.\n" + tomli_w.dumps(data)


def _council() -> dict[str, Any]:
    return tomllib.loads((council_folder() / "council.toml").read_text(encoding="utf-8"))
