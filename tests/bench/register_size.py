"""`python -m tests.bench.register_size`: a register of 100,000 cases, on SQLite or PostgreSQL, beside one of 1,000.

Measured: reading every case anew (entries, keys, deadlines), the snapshot of one batch of 500 senders of whom 25 are
registered, the list of what is due in 30 days, and one look-up; with the most memory the process held.
"""

import argparse
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

import migrations
from core import log
from core.db import Database, in_parts
from register import due_store, officer_store, recording, store
from register.case_store import CaseEventRow, CaseRow, rows_of
from register.casework.case import Case, CaseEvent
from register.casework.facts import Fact, Identifier, IdentifierKind, Owner, Person
from register.casework.steps import Adoption, Measure, Step
from register.claims import Claims
from register.matching import lookup_keys
from register.projection import word_keys
from register.restrictions import SpocDiversion
from tests.desks import EVERYBODY, HEAD, MONDAY, POLICIES, SPOC, a_desk
from tests.servers import Postgres

BATCH = 500
HITS = 20  # one sender in so many is registered
_NAMES = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Holly", "Larch", "Maple", "Oak", "Pine", "Rowan", "Yew")


def main() -> None:
    """Measure both sizes, and print one line of JSON for each."""
    options = _options()
    log.configure(level="ERROR")
    with _database(options.database) as make:
        for size in (options.small, options.entries):
            print(json.dumps(_measured(make, size, options.rounds)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.register_size", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=1_000, help="the register to compare with")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> Iterator[Callable[[str], Database]]:
    with tempfile.TemporaryDirectory(prefix="mailroom-bench-") as folder:
        if kind == "sqlite":
            yield lambda name: Database(f"sqlite:///{Path(folder) / name}.db")
            return
        Path(folder).chmod(0o755)
        with Postgres(Path(folder) / "postgres", durable=True) as server:
            yield lambda name: _made(server, name)


def _made(server: Postgres, name: str) -> Database:
    server.create(name)
    return Database(server.url(name))


def _measured(make: Callable[[str], Database], size: int, rounds: int) -> dict[str, object]:
    database = make(f"register{size}")
    migrations.upgrade(database)
    filled = _timed(lambda: _fill(database, size))
    senders = [[_sender(random.Random(round_), number, size) for number in range(BATCH)] for round_ in range(rounds)]  # noqa: S311
    figures: dict[str, object] = {
        "database": database.engine.dialect.name,
        "cases": size,
        "read anew, us a case": round(1e6 * filled / size),
        "snapshot of 500 senders, ms": _median(lambda round_: _snapshot(database, senders[round_]), rounds),
        "due in 30 days, ms": _median(lambda _: _due(database, 30), rounds),
        "due in 30 days": _due(database, 30),
        "everything due, ms": _median(lambda _: _due(database, 3660), rounds),
        "everything due": _due(database, 3660),
        "look-up by name, ms": _median(lambda _: _look_up(database), rounds),
        "most memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    database.dispose()
    return figures


def _median(work: Callable[[int], object], rounds: int) -> float:
    return round(1e3 * statistics.median(_timed(lambda r=r: work(r)) for r in range(rounds)), 1)  # type: ignore[misc]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _fill(database: Database, size: int) -> None:
    """Cases as they would have been brought in; then everything is read off them, which is what is measured most."""
    with database.transaction() as session:
        for officer in EVERYBODY:
            officer_store.save(session, officer)
    desk = replace(a_desk(), now=MONDAY)
    for part in in_parts(range(size), BATCH):
        cases = [_case(number) for number in part]
        with database.transaction() as session:
            session.execute(
                insert(CaseRow), [{"ref": case.ref, "salt": bytes(32), "opened_at": MONDAY} for case in cases]
            )
            session.execute(insert(CaseEventRow), [row for case in cases for row in rows_of(case)])
            recording.refresh(session, desk, [case.ref for case in cases])


def _case(number: int) -> Case:
    """Somebody with three addresses, a telephone and a postal address, under one diversion."""
    chance = random.Random(number)  # noqa: S311 - the same register every time
    decided = date(2025, 9, 1) + timedelta(days=chance.randrange(150))
    review = decided + timedelta(days=180)
    name = f"{chance.choice(_NAMES)} {chance.choice(_NAMES)}{number}"
    records: Sequence[Fact | Step] = (
        Person(name=name),
        Owner(officer=HEAD.username, service=HEAD.service),
        *(_identifier(IdentifierKind.EMAIL, f"person{number}.{other}@registered.example") for other in range(3)),
        _identifier(IdentifierKind.TELEPHONE, f"01632 {number:06d}"),
        _identifier(IdentifierKind.POST, f"{number} High Street\nTestham\nYO{number % 30 + 1} {number % 9 + 1}GA"),
        Adoption(
            stage="stage-2",
            measures=(Measure(terms=SpocDiversion(spoc=SPOC)),),
            decided_by="The Director",
            decided_by_title="Director of Governance",
            decided_on=decided,
            advised_on=decided,
            commenced_at=datetime(decided.year, decided.month, decided.day, tzinfo=UTC),
            reasons="As the file says.",
            review_on=review,
            provisional_end=review + timedelta(days=1),
            source="register.xlsx",
        ),
    )
    version = POLICIES.newest.version
    events = (
        CaseEvent(number=place, at=MONDAY, by=HEAD.signature(), policy=version, record=record)
        for place, record in enumerate(records, start=1)
    )
    return Case(f"MC-{number:06d}", tuple(events))


def _identifier(kind: IdentifierKind, value: str) -> Identifier:
    return Identifier(identifier=kind, value=value, source="register.xlsx", since=date(2025, 1, 1))


def _sender(chance: random.Random, number: int, size: int) -> str:
    if number % HITS:
        return f"resident{chance.randrange(10**9)}@home.example"
    return f"person{chance.randrange(size)}.{chance.randrange(3)}@registered.example"


def _snapshot(database: Database, senders: Sequence[str]) -> None:
    keys = {key for sender in senders for key in lookup_keys(Claims(author_addresses=(sender,)))}
    with database.transaction() as session:
        found = store.snapshot(session, keys)
    assert found.entries


def _due(database: Database, days: int) -> int:
    desk = a_desk()
    with database.transaction() as session:
        return sum(1 for _ in due_store.due(session, MONDAY.date() + timedelta(days=days), desk.calendar))


def _look_up(database: Database) -> None:
    with database.transaction() as session:
        store.refs_with(session, {*word_keys("oak77 yew"), *word_keys("high street")})


if __name__ == "__main__":
    main()
