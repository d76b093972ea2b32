"""`python -m tests.bench.evidence`: the figures of somebody with 5,000 mails, the daily cards at 100,000 deliveries.

A hundredth of the deliveries are of one campaign, one person in 500 writes enough for a card, and 1,000 people are on
the register.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import migrations
from core import log
from core.db import Session, in_parts
from ingest import store as ledger
from ingest.delivery import Arrival
from ingest.store import NewDelivery
from register.casework.facts import Identifier, IdentifierKind, Matter, Person
from routing import trace_store
from routing.evidence.telling import sentences
from routing.trace_store import Remembered
from tests.builders import NOON, a_database, a_settings, declared_tables, raw_mail, settings_data
from tests.desks import MONDAY, Register, a_desk
from tests.evidence import LETTER, traced
from workers.carding import raise_cards
from workers.evidence import evidence_of
from workers.runtime import Runtime

AT_ONCE = 2_000
CAMPAIGN = 101  # one delivery in so many has the campaign's text
BUSY = 40  # mails of one who writes enough for a card
PERSON = "sam@post.example"
WORDS = (LETTER + " " + LETTER.replace("hedge", "gutter")).split()


def main() -> None:
    """Measure both, and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.evidence", description=__doc__)
    parser.add_argument("--mails", type=int, default=5_000, help="of the one person")
    parser.add_argument("--deliveries", type=int, default=100_000, help="of the council, within the days of a card")
    options = parser.parse_args()
    log.configure(level="ERROR")
    declared_tables()  # every table that another refers to
    with _office() as runtime:
        ref = _registered(runtime)
        traced_us = _fill(runtime, options.mails, options.deliveries)
        figures, said = _timed(lambda: _evidence(runtime, ref))
        cards, raised = _timed(lambda: raise_cards(runtime, now=NOON + timedelta(days=7)))
        result = {
            "mails of the person": options.mails,
            "evidence, ms": round(1e3 * figures),
            "sentences": said,
            "deliveries": options.deliveries,
            "cards, ms": round(1e3 * cards),
            "cards raised": raised,
            "to leave a trace, us a message": traced_us,
            "most memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    print(json.dumps(result))


@contextmanager
def _office() -> Iterator[Runtime]:
    with tempfile.TemporaryDirectory(prefix="mailroom-bench-") as folder:
        data = settings_data(database=a_database(Path(folder)))
        data["council"]["policy"] = "001"
        runtime = Runtime.of(a_settings(data))
        migrations.upgrade(runtime.database)
        yield runtime
        runtime.close()


def _registered(runtime: Runtime) -> str:
    """The one person, with a matter that is late, and a thousand others."""
    register = Register.of(runtime.database)
    matter = Matter(reference="C-2026-0001", title="The gate", answer_by=MONDAY.date(), on=MONDAY.date())
    ref = register.open(Person(name="Sam Specimen"), _address(PERSON), matter)
    for number in range(1_000):
        register.open(Person(name=f"Person {_letters(number)}"), _address(f"person{number}@registered.example"))
    return ref


def _letters(number: int) -> str:
    """A name for each, of letters as names are."""
    return "Ap" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def _address(value: str) -> Identifier:
    return Identifier(identifier=IdentifierKind.EMAIL, value=value, source="a letter", since=MONDAY.date())


def _fill(runtime: Runtime, mails: int, deliveries: int) -> float:
    """Mail of the one person over half a year, then everybody's within a week; the time a trace takes of a message."""
    spent = 0.0
    for part in in_parts(range(mails + deliveries), AT_ONCE):
        began = time.perf_counter()
        found = [_mail(number, mails, deliveries) for number in part]
        spent += time.perf_counter() - began
        with runtime.database.transaction() as session:
            _remember(session, part[0], found)
    return round(1e6 * spent / (mails + deliveries))


def _mail(number: int, mails: int, deliveries: int) -> tuple[datetime, str, Remembered]:
    chance = random.Random(number)  # noqa: S311 - the same mail on every run
    mailbox = f"mailbox{chance.randrange(20)}"
    if number < mails:
        at, sender = NOON - timedelta(days=180) + timedelta(days=180) * number / mails, PERSON
    else:
        at, sender = NOON + timedelta(days=6) * (number - mails) / deliveries, _sender(number, chance)
    text = f"{LETTER} Resident {number}" if number % CAMPAIGN == 0 else " ".join(chance.choices(WORDS, k=120))
    trace = traced(
        f"{text} About C-2026-0001: reply within 2 hours.", sender=sender, to=(f"{mailbox}@council.example",)
    )
    return at, mailbox, Remembered(delivery=0, mailbox=mailbox, received_at=at, trace=trace)


def _sender(number: int, chance: random.Random) -> str:
    if number % 5 == 0:
        return f"busy{number // (5 * BUSY * 10)}@home.example"
    return f"resident{chance.randrange(10**9)}@home.example"


def _remember(session: Session, first: int, found: list[tuple[datetime, str, Remembered]]) -> None:
    arrivals: dict[str, list[tuple[NewDelivery, Remembered]]] = {}
    for uid, (at, mailbox, trace) in enumerate(found, start=first + 1):
        raw, name = raw_mail(message_id=f"<{uid}@mail.example>", body=str(uid)), f"<{uid}@mail.example>"
        arrival = Arrival(uid=uid, size=len(raw), received_at=at, prefix=raw)
        arrivals.setdefault(mailbox, []).append((NewDelivery(arrival=arrival, message_id=name), trace))
    for mailbox, pairs in arrivals.items():
        recorded = ledger.record(session, mailbox, ("INBOX", 1), [new for new, _ in pairs], now=NOON)
        traces = [replace(trace, delivery=new.id) for new, (_, trace) in zip(recorded, pairs, strict=True)]
        trace_store.remember(session, traces)


def _evidence(runtime: Runtime, ref: str) -> int:
    with runtime.database.transaction() as session:
        found = evidence_of(session, a_desk(), runtime.settings, ref, (None, None))
    return len(sentences(found))


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


if __name__ == "__main__":
    main()
