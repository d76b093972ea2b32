"""Erasure on PostgreSQL and on SQLite, with the guards that keep everything else from being deleted."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import migrations
from core.db import Database
from ingest import content_store
from ingest import store as ledger
from register import audit_store, case_store, recording
from register.audit import verify
from register.casework.refusal import RefusedError
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from tests.archive import A_YEAR, ADDRESS, CLOSED, NAME, Archive, a_need, an_archive, an_incident, letter_of_anns
from tests.builders import a_database
from tests.office import HOUSING, mail
from workers import lapsing
from workers.erasing import erase

TRACES = (NAME, ADDRESS, "Vexing", "ann@", "Hears voices")
A_CRY = mail("stranger@home.example", 1) + b"I want to end my life.\r\n"
LATE = CLOSED + A_YEAR - timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """A council whose database was made by the migrations, guards and all."""
    sqlite = request.param == "sqlite"
    yield from _an_archive(tmp_path, a_database(tmp_path) if sqlite else request.getfixturevalue("postgres_url"))


@pytest.fixture
def on_postgresql(tmp_path: Path, postgres_url: str) -> Iterator[Archive]:
    """The same, where several may write at once."""
    yield from _an_archive(tmp_path, postgres_url)


def _an_archive(folder: Path, url: str) -> Iterator[Archive]:
    database = Database(url)
    migrations.upgrade(database)
    database.dispose()
    with an_archive(folder, url=url) as archive:
        yield archive


def _closed(archive: Archive) -> str:
    ref = archive.opens(a_need())
    archive.receives(letter_of_anns(1), letter_of_anns(2))
    archive.closes(ref)
    return ref


@pytest.mark.requirement("1.83")
def test_a_case_and_its_mail_are_erased_and_the_mail_is_not_taken_in_again(archive: Archive) -> None:
    ref = _closed(archive)

    erased = archive.erases(ref)

    assert erased.messages == 2
    assert archive.text_with(*TRACES) == []
    before, sent = archive.tables(), len(archive.world.letters)
    archive.world.change_uidvalidity(HOUSING)
    archive.sweep()
    assert (archive.tables(), len(archive.world.letters)) == (before, sent)
    with archive.database.transaction() as session:
        assert verify(audit_store.events(session)).findings == ()


def test_kept_mail_of_no_case_is_erased_and_is_not_taken_in_again(archive: Archive) -> None:
    _answered(archive)

    (erased,) = _lapses(archive)

    assert (erased.messages, archive.count("content")) == (1, 0)
    assert archive.text_with("stranger@home.example", "end my life") == []
    before = archive.tables()
    archive.world.change_uidvalidity(HOUSING)
    archive.sweep()
    assert archive.tables() == before


def test_what_somebody_asks_about_while_it_is_being_erased_stays(on_postgresql: Archive) -> None:
    archive = on_postgresql
    _answered(archive)
    ask = RaiseReview(kind=ReviewKind.ABUSE, question="Is it?")

    with ThreadPoolExecutor(1) as other:
        with archive.database.transaction() as session:
            review_store.raise_review(session, 1, ask, now=CLOSED)
            waiting = other.submit(_lapses, archive)
            with pytest.raises(TimeoutError):
                waiting.result(1)
        assert waiting.result(20) == []

    assert archive.count("content") == 1


def test_bytes_that_another_message_comes_to_need_during_an_erasure_stay(on_postgresql: Archive) -> None:
    archive = on_postgresql
    _answered(archive)
    archive.receives(mail("resident@home.example", 3))  # ordinary: nothing of it is kept

    with ThreadPoolExecutor(1) as other:
        with archive.database.transaction() as session:
            digest = content_store.keep(session, A_CRY, now=CLOSED)
            waiting = other.submit(_lapses, archive)
            with pytest.raises(TimeoutError):
                waiting.result(1)
            ledger.attach_content(session, 2, digest)
        assert waiting.result(20)

    with archive.database.transaction() as session:
        assert content_store.get(session, digest) == A_CRY


def _answered(archive: Archive) -> None:
    """A letter of somebody on no register, about which people have answered."""
    archive.receives(A_CRY)
    with archive.database.transaction() as session:
        for item in review_store.open_reviews(session):
            item.closed_at, item.closed_by, item.outcome = CLOSED, "hope", "confirm"


def _lapses(archive: Archive) -> list[lapsing.Lapsed]:
    with archive.database.transaction() as session:
        return lapsing.erase(session, archive.desk("ada", CLOSED + A_YEAR), archive.runtime().settings, [1])


def test_no_record_goes_before_its_case_is_noted_as_erased(archive: Archive) -> None:
    ref = _closed(archive)

    with pytest.raises(Exception, match="append-only"), archive.database.transaction() as session:
        session.execute(text("delete from register_case_event"))

    assert archive.erases(ref).records == 7


def test_what_somebody_records_while_it_is_being_erased_is_refused_not_lost(on_postgresql: Archive) -> None:
    archive, ref = on_postgresql, _closed(on_postgresql)
    erased, begun = threading.Event(), threading.Event()

    def records() -> None:
        with archive.database.transaction() as session:
            case = case_store.case(session, ref)
            assert case is not None
            begun.set()
            erased.wait(10)
            recording.record(session, archive.desk("hope", LATE), ref, an_incident(at=LATE), seen=case.version)

    with ThreadPoolExecutor(1) as other:
        late = other.submit(records)
        begun.wait(10)
        archive.erases(ref)
        erased.set()
        with pytest.raises((case_store.ConflictError, recording.UnknownCaseError)):
            late.result(20)

    assert archive.count("register_case_event") == 0


def test_an_erasure_waits_for_what_is_being_recorded_and_heeds_it(on_postgresql: Archive) -> None:
    archive, ref = on_postgresql, _closed(on_postgresql)
    recorded, erasing = threading.Event(), threading.Event()

    def erases() -> None:
        with archive.database.transaction() as session:
            erasing.set()
            erase(session, archive.desk("ada", CLOSED + A_YEAR), ref)

    with ThreadPoolExecutor(1) as other:
        with archive.database.transaction() as session:
            recording.record(session, archive.desk("hope", LATE), ref, an_incident(at=LATE))
            recorded.set()
            waiting = other.submit(erases)
            erasing.wait(10)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        with pytest.raises(RefusedError, match="it may be erased from 09 March 2028"):
            waiting.result(20)

    assert archive.count("register_case") == 1
