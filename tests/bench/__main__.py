"""`python -m tests.bench`: 2,000 waiting messages against a private Dovecot, by stage, beside a bare FETCH and MOVE.

The bare client does the least that moving mail can cost: one batched FETCH of the same prefixes, one MOVE of the same
messages. What the product adds is reading, looking up, assessing, deciding and keeping its ledger.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ingest.store
import migrations
import register.store
import workers.carrying
import workers.deciding
import workers.polling
import workers.relocating
from classifier.model import Model, shipped_model
from core import log
from core.settings import Settings
from ingest.imap import ImapSession
from register.entry import RegisterEntry, Restriction
from register.restrictions import SpocDiversion
from tests.servers import Certificate, Dovecot, SmtpSink
from workers.moving import Mover
from workers.runtime import Runtime
from workers.sweeping import sweep

ADDRESS = "housing@council.example"
SPOC_FOLDER = "For the SPOC"
HITS = 20  # one message in so many is from a person on the register
FEWEST_MOVED = 0.95  # of them; sentences drawn by lot may read like danger, and such a letter stays
_TEXT = """
I am writing about the hedge between the path and the car park.
The bins in our street were emptied on Thursday and not on Tuesday.
Thank you for your letter of last week, which came on Saturday.
My neighbour says that the library opens at ten on Mondays.
Could you tell me which form I have to fill in for the permit?
The street light outside number nine has been out since Sunday.
I enclose a copy of the plan with the new gate marked on it.
We have lived here for twenty years and like it very much.
Please let me know by the end of the month if you can.
The children use the crossing by the school every morning.
I have paid the rent by standing order since the spring.
There is a puddle by the bus stop whenever it rains.
The man who came to look at the window said that it needs a new hinge.
Is the garden waste collected over Christmas, and on which days?
I could not find the answer on your website.
With kind regards from all of us at the allotments.
"""
SENTENCES = _TEXT.strip().splitlines()


@dataclass
class Stages:
    """Seconds spent in each stage, without what a stage spends in another."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _running: list[list[float]] = field(default_factory=list)

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, its own time counted for `stage`."""

        def counted(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - stands in for any function
            inner = [0.0]
            self._running.append(inner)
            began = time.perf_counter()
            try:
                return work(*arguments, **options)
            finally:
                spent = time.perf_counter() - began
                self._running.pop()
                self.seconds[stage] += spent - inner[0]
                if self._running:
                    self._running[-1][0] += spent

        return counted


def main() -> None:
    """Measure, and print a table or JSON."""
    options = _options()
    log.configure(level="ERROR")
    mail = [_mail(number) for number in range(options.messages)]
    rounds = [_round(mail, options) for _ in range(options.rounds)]
    best = min(rounds, key=lambda result: result["ours"])
    best["ratio"] = sorted(result["bare"] / result["ours"] for result in rounds)[len(rounds) // 2]
    print(json.dumps(best, indent=1) if options.json else _table(best, options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--register", type=int, default=1000, help="entries in the register")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _round(mail: list[bytes], options: argparse.Namespace) -> dict[str, Any]:
    with _mailbox(mail) as (dovecot, folder, sink):
        settings = _settings(dovecot, folder / "bench.db", sink)
        bare = _bare(settings, len(mail))
    with _mailbox(mail) as (dovecot, folder, sink):
        runtime = Runtime.of(_settings(dovecot, folder / "bench.db", sink))
        _fill_register(runtime, options.register)
        shipped_model()
        stages = Stages()
        began = time.perf_counter()
        with _instrumented(stages):
            result = sweep(runtime, "housing")
        ours = time.perf_counter() - began
        runtime.close()
        left = len(dovecot.messages(ADDRESS, "INBOX"))
        assert (result.polled, left) == (len(mail), len(mail) - result.performed), (result, left)
        assert len(mail) // HITS * FEWEST_MOVED <= result.performed <= len(mail) // HITS, result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"messages": len(mail), "bare": bare, "ours": ours, "stages": dict(stages.seconds), "peak MB": round(peak)}


@contextmanager
def _mailbox(mail: list[bytes]) -> Iterator[tuple[Dovecot, Path, SmtpSink]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Dovecot(folder / "dovecot", Certificate.issued_in(folder / "tls")) as dovecot, SmtpSink() as sink:
            dovecot.append(ADDRESS, *mail, received=datetime(2026, 3, 2, tzinfo=UTC))
            dovecot.create_folders(ADDRESS, SPOC_FOLDER)
            yield dovecot, folder, sink


def _bare(settings: Settings, count: int) -> float:
    """The least that it can cost: FETCH every prefix in batches, MOVE the hits."""
    account = settings.mailboxes["housing"]
    with ImapSession(account, settings.imap, timeout_seconds=60) as imap:
        began = time.perf_counter()
        imap.select("INBOX")
        uids = imap.uids_above(0)
        fetched = sum(1 for _ in imap.prefixes(uids))
        imap.move(uids[::HITS], SPOC_FOLDER)
        spent = time.perf_counter() - began
    assert fetched == count
    return spent


@contextmanager
def _instrumented(stages: Stages) -> Iterator[None]:
    """Count time in the product's own functions, by stage; the rest is `other`."""
    places: list[tuple[Any, str, str]] = [
        (ImapSession, "select", "1 poll: select, search"),
        (ImapSession, "uids_above", "1 poll: select, search"),
        (workers.polling, "_fetch", "2 fetch prefixes"),
        (ingest.store, "record", "3 record in the ledger"),
        (workers.deciding, "read", "4 read the messages"),
        (workers.deciding, "_look_up", "5 look up the register"),
        (Model, "assess", "6 assess"),
        (workers.deciding, "decide", "7 decide"),
        (workers.deciding, "_write", "8 write decisions and outbox"),
        (workers.relocating, "_begin_moves", "9 perform: begin"),
        (Mover, "_move_now", "10 perform: move"),
        (Mover, "move", "10 perform: move"),
        (workers.carrying, "record", "11 record what was performed"),
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    for owner, name, stage in places:
        setattr(owner, name, stages.timed(stage, getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _table(result: dict[str, Any], options: argparse.Namespace) -> str:
    count, ours = result["messages"], result["ours"]
    lines = [f"{count} waiting messages, {options.register} register entries, one process, best of {options.rounds}:"]
    lines.append(f"  ours                        {count / ours:8.0f} msg/s   {ours / count * 1e6:7.0f} us a message")
    lines.append(f"  bare FETCH + MOVE           {count / result['bare']:8.0f} msg/s")
    lines.append(f"  ratio (median of rounds)    {result['ratio']:8.2f}     peak {result['peak MB']} MB")
    staged = sum(result["stages"].values())
    for stage, seconds in sorted(result["stages"].items(), key=lambda item: int(item[0].split()[0])):
        lines.append(f"    {stage:34} {seconds / count * 1e6:7.0f} us   {seconds / ours:5.1%}")
    lines.append(f"    {'other (commits, leases, our loop)':34} {(ours - staged) / count * 1e6:7.0f} us")
    return "\n".join(lines)


def _mail(number: int) -> bytes:
    chance = random.Random(number)  # noqa: S311 - the same mail on every run
    sender = f"person{number % 1000}@registered.example" if number % HITS == 0 else f"resident{number}@home.example"
    text = "\r\n".join(chance.choice(SENTENCES) for _ in range(chance.randrange(4, 45)))
    received = "".join(
        f"Received: from relay{hop}.example by mx{hop}.example id {number}-{hop}\r\n" for hop in range(3)
    )
    return (
        f"{received}Message-ID: <{number}@mail.example>\r\nFrom: Person {number} <{sender}>\r\nTo: {ADDRESS}\r\n"
        f"Subject: Letter {number}\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nDear council,\r\n{text}\r\nYours\r\n"
    ).encode()


def _fill_register(runtime: Runtime, size: int) -> None:
    migrations.upgrade(runtime.database)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with runtime.database.transaction() as session:
        for number in range(size):
            restriction = Restriction(
                ref=f"R{number}",
                commenced_at=now,
                ends_at=None,
                terms=SpocDiversion(spoc="spoc@council.example"),
            )
            entry = RegisterEntry(
                ref=f"E{number}",
                version=0,
                name=f"Person Number{number}",
                addresses=(f"person{number}@registered.example",),
                restrictions=(restriction,),
            )
            register.store.save(session, entry, now=now)


def _settings(dovecot: Dovecot, database: Path, sink: SmtpSink) -> Settings:
    return Settings.model_validate(
        {
            "council": {"name": "Council", "domains": ["council.example"], "signing_key": "a-key-for-the-bench"},
            "database": {"url": f"sqlite:///{database}"},
            "imap": {"port": dovecot.port, "security": "plain"},
            "smtp": {"host": "127.0.0.1", "port": sink.port, "security": "plain", "sender": "m@council.example"},
            "mailboxes": {"housing": {"address": ADDRESS, "password": dovecot.password}},
            "spocs": {"one": {"address": "spoc@council.example", "delivery": "folder", "folder": SPOC_FOLDER}},
        }
    )


if __name__ == "__main__":
    main()
