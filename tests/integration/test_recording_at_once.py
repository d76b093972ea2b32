"""Two at the same case at once, on both databases: nothing is overwritten, and what is projected is the newest."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

import migrations
from core.db import Database
from register import audit_store, case_store, recording, store
from register.audit import verify
from register.case_store import ConflictError
from register.casework.facts import Action, ActionKind
from register.casework.refusal import RefusedError
from register.recording import UnknownCaseError
from tests.builders import a_database
from tests.desks import GOVERNANCE, HEAD, MONDAY, Register, a_desk, the_way

SECONDS = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    postgres = request.param == "postgresql"
    database = Database(request.getfixturevalue("postgres_url") if postgres else a_database(tmp_path))
    migrations.upgrade(database)
    yield database
    database.dispose()


def _note(words: str) -> Action:
    return Action(action=ActionKind.NOTE, on=MONDAY.date(), words=words)


def _at_once(work: Callable[[int], bool], many: int) -> int:
    """How many of them came through."""
    ready = threading.Barrier(many)

    def one(number: int) -> bool:
        ready.wait(SECONDS)
        return work(number)

    with ThreadPoolExecutor(many) as pool:
        return sum(pool.map(one, range(many)))


@pytest.mark.parametrize("seen", [5, None], ids=["having seen version 5", "without having looked"])
def test_of_two_who_record_at_once_nobody_is_overwritten(database: Database, seen: int | None) -> None:
    register = Register.of(database)
    ref = register.open()

    def record(number: int) -> bool:
        try:
            with database.transaction() as session:
                recording.record(session, a_desk((HEAD, GOVERNANCE)[number % 2]), ref, _note(str(number)), seen=seen)
        except ConflictError:
            return False
        return True

    through = _at_once(record, 6)

    with database.transaction() as session:
        case, entry = case_store.case(session, ref), store.entry(session, ref)
    assert case is not None
    assert entry is not None
    assert [one.number for one in case.events] == list(range(1, 6 + through))
    assert entry.version == case.version
    assert through == 1 if seen else through >= 1
    assert verify(audit_store.trail(database)).findings == ()


def test_reading_anew_never_hides_what_was_recorded_meanwhile(database: Database) -> None:
    register = Register.of(database)
    ref = register.open()
    *before, (by, activation) = the_way()
    for officer, step in before:
        register.record(ref, step, officer)
    read, go_on = threading.Event(), threading.Event()
    refreshing = threading.local()

    @event.listens_for(database.engine, "after_cursor_execute")
    def pause(*given: object) -> None:
        if getattr(refreshing, "now", False) and "FROM register_case_event" in str(given[2]):
            read.set()
            go_on.wait(SECONDS)

    def refresh() -> None:
        refreshing.now = True
        with database.transaction() as session:
            recording.refresh(session, a_desk(), [ref])

    with ThreadPoolExecutor(2) as pool:
        refreshed = pool.submit(refresh)
        assert read.wait(SECONDS)
        recorded = pool.submit(register.record, ref, activation, by)
        threading.Event().wait(0.5)
        go_on.set()
        refreshed.result(SECONDS)
        recorded.result(SECONDS)

    with database.transaction() as session:
        entry = store.entry(session, ref)
    assert entry is not None
    assert [one.in_force_at(MONDAY) for one in entry.restrictions] == [True]


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        pytest.param("MC-00001", "there is a case of that reference already", id="taken"),
        pytest.param("R" * 41, "at most 40 characters", id="too long"),
        pytest.param("", "at most 40 characters", id="empty"),
        pytest.param("sam@post.example", "is no address", id="an address"),
        pytest.param("one\ntwo", "is one line", id="two lines"),
    ],
)
def test_a_case_is_opened_only_under_a_reference_of_its_own(database: Database, ref: str, words: str) -> None:
    register = Register.of(database)
    register.open()

    with pytest.raises(RefusedError, match=words):
        register.open(_note("The other."), ref=ref)


def test_the_longest_reference_holds_its_restrictions(database: Database) -> None:
    register = Register.of(database)
    ref = register.open(ref="R" * 40)

    register.restrict(ref)

    with database.transaction() as session, pytest.raises(UnknownCaseError):
        recording.read(session, a_desk(), "R" * 39, purpose="casework")
