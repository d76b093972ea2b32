import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core import clock
from core.db import Database
from tests.builders import a_database, declared_tables
from workers.store import Lease, LeaseLostError, LeaseRow, acquire, has_ended, leased, release, this_process

NAME = "poll:planning"
HERE = this_process().rpartition("|")[0]
ELSEWHERE = "another-machine|pid:[1]|17"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(a_database(tmp_path))
    declared_tables().create_all(database.engine)
    yield database
    database.dispose()


def _acquired(database: Database, *, owner: str | None = None, seconds: float = 90) -> Lease:
    lease = acquire(database, NAME, seconds=seconds, owner=owner)
    assert lease is not None
    return lease


def _run_out(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(LeaseRow).values(expires_at=clock.now() - timedelta(seconds=1)))


def _confirm(database: Database, lease: Lease) -> None:
    with database.transaction() as session:
        lease.confirm(session, now=clock.now())


@pytest.fixture
def ended() -> str:
    """A process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{HERE}|{process.pid}"


def test_a_free_lease_is_taken(database: Database) -> None:
    lease = _acquired(database)

    assert (lease.name, lease.token) == (NAME, 1)


def test_a_lease_that_is_held_is_not_given_to_anybody_else(database: Database) -> None:
    _acquired(database)

    assert acquire(database, NAME, seconds=90, owner=ELSEWHERE) is None


def test_not_even_its_holder_takes_a_lease_twice(database: Database) -> None:
    _acquired(database)

    assert acquire(database, NAME, seconds=90) is None


def test_leases_of_different_names_do_not_meet(database: Database) -> None:
    _acquired(database)

    assert acquire(database, "poll:housing", seconds=90) is not None


def test_a_lease_given_back_is_free_at_once(database: Database) -> None:
    release(database, _acquired(database))

    assert _acquired(database, owner=ELSEWHERE).token == 2


def test_a_lease_that_has_run_out_is_free(database: Database) -> None:
    _acquired(database, owner=ELSEWHERE)
    _run_out(database)

    assert _acquired(database).token == 2


def test_whoever_was_taken_over_from_can_neither_record_nor_act(database: Database) -> None:
    frozen = _acquired(database, owner=ELSEWHERE)
    _run_out(database)
    _acquired(database)

    with pytest.raises(LeaseLostError, match="passed to another worker"):
        _confirm(database, frozen)


def test_what_a_fenced_off_worker_writes_is_undone(database: Database) -> None:
    frozen = _acquired(database, owner=ELSEWHERE)
    _run_out(database)
    _acquired(database)

    def record() -> None:
        with database.transaction() as session:
            session.add(LeaseRow(name="written by the dead", token=1, owner=None, expires_at=clock.now()))
            frozen.confirm(session, now=clock.now())

    with pytest.raises(LeaseLostError):
        record()

    with database.transaction() as session:
        assert session.get(LeaseRow, "written by the dead") is None


def test_whoever_was_taken_over_from_does_not_give_back_what_is_not_theirs(database: Database) -> None:
    frozen = _acquired(database, owner=ELSEWHERE)
    _run_out(database)
    _acquired(database)

    release(database, frozen)

    assert acquire(database, NAME, seconds=90, owner=ELSEWHERE) is None


def test_confirming_renews_the_lease(database: Database) -> None:
    lease = _acquired(database)
    _run_out(database)

    _confirm(database, lease)

    assert acquire(database, NAME, seconds=90, owner=ELSEWHERE) is None


def test_an_act_that_might_outlast_the_lease_is_not_begun(database: Database) -> None:
    lease = _acquired(database, seconds=60)

    lease.require(20)
    with pytest.raises(LeaseLostError):
        lease.require(61)


def test_a_lease_that_was_never_acquired_allows_nothing() -> None:
    with pytest.raises(LeaseLostError):
        Lease("rehearsal:planning", 0, 0).require(0.001)


def test_the_lease_of_a_process_that_has_ended_is_taken_at_once(database: Database, ended: str) -> None:
    dead = _acquired(database, owner=ended)

    taken = _acquired(database)

    assert taken.token == dead.token + 1


def test_the_lease_of_a_living_process_is_left_alone(database: Database) -> None:
    _acquired(database, owner=f"{HERE}|{os.getppid()}")

    assert acquire(database, NAME, seconds=90) is None


def test_a_process_of_another_machine_is_never_known_to_have_ended(ended: str) -> None:
    pid = ended.rpartition("|")[2]

    assert has_ended(ended)
    assert not has_ended(f"another-machine|pid:[1]|{pid}")
    assert not has_ended(f"{this_process().split('|')[0]}|pid:[another container]|{pid}")


@pytest.mark.parametrize(
    "owner",
    ["", "|", f"{HERE}|", f"{HERE}|none", f"{HERE}|-1", f"{HERE}|1", this_process()],
    ids=["nobody", "no place", "no process", "no number", "no process number", "the first process", "ourselves"],
)
def test_who_cannot_be_told_to_have_ended_has_not(owner: str) -> None:
    assert not has_ended(owner)


def test_of_many_that_ask_at_once_one_gets_it(database: Database) -> None:
    start, won = threading.Barrier(8), list[Lease]()

    def ask(number: int) -> None:
        start.wait(timeout=10)
        lease = acquire(database, NAME, seconds=90, owner=f"another-machine|pid:[1]|{number}")
        if lease is not None:
            won.append(lease)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [lease.token for lease in won] == [1]


@pytest.mark.parametrize("trouble", [None, ValueError, SystemExit], ids=["all well", "an error", "told to end"])
def test_a_lease_is_held_for_a_block_and_given_back_however_that_ends(
    database: Database, trouble: type[BaseException] | None
) -> None:
    with contextlib.suppress(ValueError, SystemExit), leased(database, NAME, seconds=90) as lease:
        assert lease is not None
        with leased(database, NAME, seconds=90) as another:
            assert another is None
        if trouble is not None:
            raise trouble

    assert _acquired(database).token == 2


def test_what_took_long_to_prepare_is_done_under_a_lease_that_lasts(database: Database) -> None:
    lease = acquire(database, NAME, seconds=0.05)
    assert lease is not None
    clock_before = lease.until

    lease.extend(database, 10)

    assert lease.until >= clock_before
    assert acquire(database, NAME, seconds=90) is None


def test_what_passed_to_somebody_else_is_not_extended(database: Database) -> None:
    lease = acquire(database, NAME, seconds=0.01)
    assert lease is not None
    time.sleep(0.05)
    assert acquire(database, NAME, seconds=90, owner="another|x|1") is not None

    with pytest.raises(LeaseLostError):
        lease.extend(database, 10)
