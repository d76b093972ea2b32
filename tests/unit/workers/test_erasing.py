"""Retention: what is over is erased whole, what is not stays whole, and mail once erased is not taken in again."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from core import db
from ingest import content_store
from ingest import store as ledger
from register import audit_store, case_store, document_store, others_store, recording
from register.audit import AuditAction, verify
from register.casework.facts import LegalHold
from register.casework.refusal import RefusedError
from register.casework.steps import Closed
from register.dates import day_of
from routing import review_store
from routing import store as decisions
from routing.action import RaiseReview, ReviewKind
from tests.archive import (
    A_YEAR,
    ADDRESS,
    BEGINNING,
    CLOSED,
    NAME,
    Archive,
    a_need,
    an_archive,
    an_incident,
    filing,
    letter_of_anns,
)
from tests.office import HOUSING, NORTH, mail
from tests.simulation import ProcessDied
from workers import mailing_store
from workers.erasing import Erasable, erasable, foreseen
from workers.holding import holding
from workers.mailing_store import Mailing
from workers.telling import tell

TRACES = (NAME, ADDRESS, "Vexing", "ann@", "Hears voices")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A council under policy 001."""
    with an_archive(tmp_path) as archive:
        yield archive


@pytest.fixture
def closed(archive: Archive) -> str:
    """Ann's case, with two letters that went to her SPOC, closed."""
    ref = archive.opens(a_need())
    archive.receives(letter_of_anns(1), letter_of_anns(2))
    archive.closes(ref)
    return ref


def previewed(archive: Archive, after: timedelta = A_YEAR, by: str = "ada") -> list[Erasable]:
    with archive.database.transaction() as session:
        return erasable(session, archive.desk(by, CLOSED + after))


def test_mail_is_linked_to_the_cases_that_decisions_rested_on_and_other_mail_to_none(archive: Archive) -> None:
    ref = archive.opens()
    archive.receives(mail("resident@home.example", 1), letter_of_anns(2), mail(f"{NAME} <new@mail.example>", 3))

    with archive.database.transaction() as session:
        assert decisions.deliveries_of_case(session, ref) == (2, 3)  # one of them only asks who wrote it
        assert decisions.deliveries_of_case(session, "MC-77777") == ()
    assert archive.count("decision_case") == 2


@pytest.mark.requirement("1.83")
def test_before_anything_is_erased_one_sees_what_would_go_and_what_stays_for_a_person_to_delete(
    archive: Archive, closed: str
) -> None:
    (found,) = previewed(archive)

    assert (found.ref, found.version, found.records, found.letters, found.messages) == (closed, 7, 7, 0, 2)
    assert found.closed_on == day_of(CLOSED)
    assert "after 12 months" in found.clause
    assert found.kept_bytes == sum(len(letter_of_anns(n)) for n in (1, 2)) + sum(
        len(x) for _, x in archive.world.letters
    )
    assert found.remaining == (f"2 at {NORTH}", "2 in housing/Diverted")
    assert not found.obstacles


def test_a_preview_erases_nothing_and_is_noted(archive: Archive, closed: str) -> None:
    before = archive.tables()

    previewed(archive)

    assert archive.tables() == {**before, "audit_event": before["audit_event"] + 1}
    with archive.database.transaction() as session:
        (noted,) = audit_store.report(session, audit_store.Wanted(action=AuditAction.ERASURE_PREVIEWED))
    assert (noted.actor, noted.details) == ("ada", (("cases", "1"),))
    assert closed


@pytest.mark.requirement("1.83")
def test_after_erasure_no_column_of_any_table_has_a_trace_of_the_person(archive: Archive, closed: str) -> None:
    archive.records(closed, an_incident(message="M1"))
    document = document_store.DocumentRow(case_ref=closed, number=7, sha256="0" * 64, compressed=b"Dear Ann Vexing")
    with archive.database.transaction() as session:
        document_store.keep(session, document)
    assert archive.text_with(*TRACES)

    erased = archive.erases(closed)

    assert erased.messages == 2
    assert archive.text_with(*TRACES) == []
    assert archive.count("content") == 0


def test_after_scrubbing_not_even_the_bytes_of_the_file_have_one(tmp_path: Path, archive: Archive, closed: str) -> None:
    archive.erases(closed)

    content_store.scrub(archive.database)

    files = b"".join(file.read_bytes() for file in tmp_path.glob("mailroom.db*"))
    assert [word for word in TRACES if word.encode() in files] == []


def test_a_file_that_somebody_uses_is_not_said_to_be_scrubbed(
    tmp_path: Path, archive: Archive, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "SQLITE_BUSY_SECONDS", 0)
    own = db.Database(f"sqlite:///{tmp_path / 'mailroom.db'}")
    reader = sqlite3.connect(tmp_path / "mailroom.db", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from content").fetchone()
    archive.erases(closed)

    with pytest.raises(content_store.ScrubError):
        content_store.scrub(own)

    reader.close()
    content_store.scrub(own)
    own.dispose()


@pytest.mark.requirement("1.83")
def test_a_tombstone_of_each_delivery_the_erasure_and_the_trail_are_what_is_left(archive: Archive, closed: str) -> None:
    archive.erases(closed)

    with archive.database.transaction() as session:
        row = ledger.delivery(session, 1)
        erasure = case_store.erasure(session, closed)
        (noted,) = audit_store.report(session, audit_store.Wanted(action=AuditAction.ERASED))
        verification = verify(audit_store.events(session))
    assert row is not None
    assert erasure is not None
    assert (row.uid, row.disposition, row.message_id, row.content) == (1, "redirected", None, None)
    assert (len(row.fingerprint), row.erased_at) == (64, CLOSED + A_YEAR)
    assert (erasure.erased_by, erasure.events, erasure.messages) == ("ada", 7, 2)
    assert {"records": "7", "messages": "2"}.items() <= dict(noted.details).items()
    assert verification.findings == ()


def test_who_reads_an_erased_case_is_told_when_it_was_erased(archive: Archive, closed: str) -> None:
    archive.erases(closed)

    with (
        pytest.raises(recording.UnknownCaseError, match="it was erased on 10 March 2027"),
        archive.database.transaction() as session,
    ):
        recording.read(session, archive.desk("ada", CLOSED), closed, purpose="casework")


def test_the_story_of_an_erased_message_can_still_be_told_without_its_words(archive: Archive, closed: str) -> None:
    archive.erases(closed)

    story = tell(archive.runtime(), 1)

    assert story is not None
    assert (story.outcome, story.message) == ("redirected", None)
    assert story.events[-1].words == "All that was kept of this message was erased."
    assert "Erased with its case. [erased]" in str(story)
    assert not any(word in str(story) for word in TRACES)


@pytest.mark.requirement("1.83")
@pytest.mark.parametrize("rebuilt", [False, True], ids=["as it was", "UIDs given out anew"])
def test_mail_that_was_erased_is_not_taken_in_again(archive: Archive, *, rebuilt: bool) -> None:
    ref = archive.opens(terms=None)
    archive.receives(letter_of_anns(1), mail(f"{NAME} <new@mail.example>", 2))  # the second: who wrote it?
    archive.answers_everything()
    archive.closes(ref)
    assert archive.erases(ref).remaining == (f"1 at {NORTH}", "1 in housing/Diverted", "1 in housing/INBOX")
    before, sent = archive.tables(), len(archive.world.letters)
    if rebuilt:
        archive.world.change_uidvalidity(HOUSING)

    archive.sweep()
    archive.sweep()

    assert archive.tables() == before
    assert len(archive.world.letters) == sent
    assert archive.text_with(*TRACES) == []


def test_an_erased_message_put_back_by_a_person_stays_and_nothing_of_it_is_kept(archive: Archive, closed: str) -> None:
    archive.erases(closed)
    before, sent = archive.tables(), len(archive.world.letters)
    moved = archive.world.account(HOUSING)["Diverted"].messages.pop(1)

    archive.receives(moved.raw)

    after = archive.tables()
    assert {name for name in after if after[name] != before[name]} == {"delivery", "decision"}  # that it was seen
    assert len(archive.world.letters) == sent
    assert archive.lying_in("INBOX") == [moved.raw]


@pytest.mark.requirement("1.53")
@pytest.mark.parametrize("username", ["hope", "dee", "sam"])
def test_only_the_information_asset_owner_may_look_or_erase(archive: Archive, closed: str, username: str) -> None:
    before = archive.tables()

    with pytest.raises(RefusedError, match="Head of Audit and Risk is the Information Asset Owner"):
        previewed(archive, by=username)
    with pytest.raises(RefusedError, match="Head of Audit and Risk is the Information Asset Owner"):
        archive.erases(closed, by=username)

    assert archive.tables() == before


@pytest.mark.requirement("1.83")
def test_a_day_too_early_is_refused_with_the_day_and_the_clause(archive: Archive, closed: str) -> None:
    with pytest.raises(RefusedError, match=r"it may be erased from 10 March 2027 \[Review: .*after 12 months"):
        archive.erases(closed, after=A_YEAR - timedelta(days=1))

    assert previewed(archive, A_YEAR - timedelta(days=1)) == []


def test_an_open_case_is_never_erased(archive: Archive) -> None:
    ref = archive.opens()

    with pytest.raises(RefusedError, match="it is not closed"):
        archive.erases(ref, after=10 * A_YEAR)


@settings(max_examples=15, deadline=None)
@given(active=st.integers(0, 800), asked=st.integers(0, 2_000))
@pytest.mark.parametrize(
    ("policy", "restarts"),
    [
        pytest.param("001", True, id="001", marks=pytest.mark.requirement("1.83")),
        pytest.param("002", False, id="002", marks=pytest.mark.requirement("2.39")),
    ],
)
def test_activity_starts_the_year_again_under_001_and_does_not_under_002(
    policy: str, active: int, asked: int, *, restarts: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, an_archive(Path(folder), policy) as archive:
        ref = archive.opens()
        archive.closes(ref)
        happened = CLOSED + timedelta(days=active)
        category = "swearing" if policy == "001" else "repetition"
        archive.records(ref, an_incident(at=happened, categories=(category,)), now=happened)
        now = CLOSED + timedelta(days=asked)

        with archive.database.transaction() as session:
            found = foreseen(session, archive.desk("ada", now), holding(session, ref))

    begins = day_of(happened if restarts else CLOSED)
    assert found.due_on == begins + relativedelta(years=1)
    assert bool(found.obstacles) == (day_of(now) < found.due_on)


@pytest.mark.requirement("4.21")
def test_a_legal_hold_stops_it_until_it_is_lifted(archive: Archive, closed: str) -> None:
    archive.records(closed, LegalHold(held=True, reason="A claim is before the court."))

    with pytest.raises(RefusedError, match="a legal hold keeps it"):
        archive.erases(closed, after=5 * A_YEAR)
    assert previewed(archive, 5 * A_YEAR) == []

    archive.records(closed, LegalHold(held=False, reason="The claim was settled."))
    assert archive.erases(closed).ref == closed


def test_what_was_recorded_after_somebody_looked_is_not_erased_unseen(archive: Archive, closed: str) -> None:
    (found,) = previewed(archive)
    archive.records(closed, LegalHold(held=False, reason="Looked at: there is no claim."))

    with pytest.raises(case_store.ConflictError, match="changed meanwhile"):
        archive.erases(closed, seen=found.version)

    assert archive.erases(closed, seen=found.version + 1).records == found.records + 1


def test_mail_that_is_still_owed_to_somebody_is_not_erased(archive: Archive) -> None:
    ref = archive.opens()
    archive.world.relay_down = True
    archive.deliver(letter_of_anns(1))
    archive.sweep()
    archive.closes(ref)

    with pytest.raises(RefusedError, match="1 of its messages are still being dealt with"):
        archive.erases(ref)

    archive.world.relay_down = False
    archive.finish()
    assert archive.world.letters
    assert archive.erases(ref).messages == 1


def test_a_question_nobody_has_answered_is_answered_first(archive: Archive) -> None:
    matter, terms = filing()
    ref = archive.opens(matter, terms=terms)
    archive.receives(mail(f"{NAME} <{ADDRESS}>", 1, subject="Re: REF-2024-77"))
    archive.closes(ref)

    with pytest.raises(RefusedError, match="have not answered: decide items 1 first"):
        archive.erases(ref)

    archive.answers_everything()
    assert archive.erases(ref).remaining == ("1 in housing/Read and file",)
    assert archive.text_with(*TRACES) == []


def test_a_letter_that_waits_to_be_sent_goes_out_first_and_its_address_goes_with_the_case(
    archive: Archive, closed: str
) -> None:
    letter = Mailing(key="k" * 40, case_ref=closed, number=7, recipient=ADDRESS, rendered=b"Dear Ann Vexing")
    with archive.database.transaction() as session:
        mailing_store.owe(session, letter, now=CLOSED)
    with pytest.raises(RefusedError, match="letters 7 wait to be sent"):
        archive.erases(closed)

    with archive.database.transaction() as session:
        mailing_store.settle(session, letter.key, mailing_store.Fate.SENT, now=CLOSED)
    archive.erases(closed)

    assert archive.text_with(*TRACES) == []


def test_questions_about_the_case_itself_go_with_it(archive: Archive, closed: str) -> None:
    item = RaiseReview(kind=ReviewKind.DUE, question="Ann Vexing is to be erased.")
    with archive.database.transaction() as session:
        review_store.raise_about_case(session, closed, item, now=CLOSED)

    archive.erases(closed)

    assert archive.count("review_item") == 0


def test_what_was_said_of_other_peoples_addresses_goes_with_it(archive: Archive, closed: str) -> None:
    with archive.database.transaction() as session:
        others_store.note(session, closed, "a digest", by="head", now=CLOSED)

    archive.erases(closed)

    assert archive.count("register_other") == 0


def test_a_message_that_another_case_needs_stays_until_that_one_goes(archive: Archive) -> None:
    ann = archive.opens()
    other = archive.opens(an_incident(at=BEGINNING, message="M1"), name="Bob Vexing", address="bob@mail.example")
    archive.receives(letter_of_anns(1))
    archive.closes(ann)
    archive.closes(other)

    first = archive.erases(ann)

    assert (first.messages, first.shared, archive.count("content")) == (0, 1, 2)
    assert archive.erases(other).messages == 1
    assert archive.count("content") == 0


def test_bytes_that_are_another_message_s_too_stay(archive: Archive, closed: str) -> None:
    archive.receives(mail("resident@home.example", 3))
    with archive.database.transaction() as session:
        row = ledger.delivery(session, 1)
        assert row is not None
        assert row.content is not None
        ledger.attach_content(session, 3, row.content)

    archive.erases(closed)

    with archive.database.transaction() as session:
        assert content_store.get(session, row.content) == letter_of_anns(1)


def test_a_message_that_only_a_record_cites_is_erased_as_well(archive: Archive) -> None:
    ref = archive.opens()
    archive.receives(mail("who@else.example", 1))
    archive.records(ref, an_incident(message=" m1 "), an_incident(message="her third letter"))
    archive.closes(ref)

    assert archive.erases(ref).messages == 1

    with archive.database.transaction() as session:
        row = ledger.delivery(session, 1)
    assert row is not None
    assert (row.message_id, row.erased_at) == (None, CLOSED + A_YEAR)


@pytest.mark.parametrize("step", [1, 2], ids=["before the commit", "after it"])
def test_killed_at_any_point_all_of_it_is_erased_or_nothing(archive: Archive, closed: str, step: int) -> None:
    before = archive.tables()
    archive.world.die_at = archive.world.steps + step

    with pytest.raises(ProcessDied):
        archive.erases(closed)

    archive.world.restart()
    if step == 1:
        assert archive.tables() == before
        assert archive.text_with(NAME)
    else:
        assert archive.text_with(*TRACES) == []


def test_the_reference_of_an_erased_case_is_not_given_to_another(archive: Archive, closed: str) -> None:
    archive.erases(closed)

    assert archive.opens() != closed


def test_a_case_closed_again_later_counts_from_then(archive: Archive, closed: str) -> None:
    with archive.database.transaction() as session:
        found = foreseen(session, archive.desk("ada", CLOSED), holding(session, closed))
    assert found.due_on == day_of(CLOSED + A_YEAR)
    with pytest.raises(RefusedError, match="the case is closed"):
        archive.records(closed, Closed(reason="Twice."))


def test_an_archive_that_is_erased_is_still_a_database(tmp_path: Path, archive: Archive, closed: str) -> None:
    archive.erases(closed)
    content_store.scrub(archive.database)

    with closing(sqlite3.connect(tmp_path / "mailroom.db")) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
