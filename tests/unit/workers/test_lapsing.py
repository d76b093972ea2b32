"""Kept mail that belongs to no case: once all is answered and the council's time is over it goes, else it stays."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ingest import content_store
from ingest import store as ledger
from register import audit_store, case_store
from register.audit import AuditAction, verify
from register.casework.facts import Identifier, IdentifierKind, LegalHold
from register.casework.refusal import RefusedError
from register.dates import day_of
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from routing.outbox_store import PENDING
from tests.archive import A_YEAR, BEGINNING, Archive, an_archive, an_incident, letter_of_anns
from tests.office import HOUSING, NORTH, mail
from tests.simulation import ProcessDied
from workers import lapsing
from workers.lapsing import Lapsed
from workers.telling import tell

JO = "Jo Stranger <jo@home.example>"
TRACES = ("Stranger", "jo@home.example", "end my life")
ANSWERED = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
OVER = ANSWERED + A_YEAR


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path) as archive:
        yield archive


def a_cry(number: int) -> bytes:
    """A letter of somebody on no register, about which a person is asked."""
    return mail(JO, number) + b"I want to end my life.\r\n"


def answers(archive: Archive, *numbers: int, at: datetime = ANSWERED) -> None:
    """People answer every question about these messages."""
    with archive.database.transaction() as session:
        for row in review_store.open_reviews(session):
            if row.delivery_id in numbers:
                row.closed_at, row.closed_by, row.outcome, row.note = at, "hope", "confirm", "Jo Stranger was rung."


def previewed(archive: Archive, now: datetime = OVER, by: str = "ada") -> list[Lapsed]:
    with archive.database.transaction() as session:
        return lapsing.lapsed(session, archive.desk(by, now), archive.runtime().settings)


def erased(
    archive: Archive, now: datetime = OVER, *, by: str = "ada", ids: Sequence[int] | None = None
) -> list[Lapsed]:
    """Erase what is over, or those of `ids` that are."""
    with archive.database.transaction() as session:
        desk, told = archive.desk(by, now), archive.runtime().settings
        return lapsing.erase(session, desk, told, lapsing.lapsed_ids(session, desk, told) if ids is None else ids)


def tombstones(archive: Archive) -> set[int]:
    with archive.database.transaction() as session:
        return {row.id for row in ledger.of_mailbox(session, "housing") if row.erased_at is not None}


@pytest.fixture
def answered(archive: Archive) -> Archive:
    """Two letters about which everything was answered on one day."""
    archive.receives(a_cry(1), a_cry(2))
    answers(archive, 1, 2)
    return archive


def test_what_is_over_goes_to_the_last_word_and_a_tombstone_stays(answered: Archive) -> None:
    assert answered.text_with(*TRACES)

    erased(answered)

    assert answered.text_with(*TRACES) == []
    assert answered.count("content") == 0
    assert tombstones(answered) == {1, 2}
    story = tell(answered.runtime(), 1)
    assert story is not None
    assert story.message is None
    assert "Erased: it belonged to no case, and its time was over. [erased]" in str(story)


def test_one_sees_before_what_will_go_and_where_a_person_has_to_delete(answered: Archive) -> None:
    before = answered.tables()

    foreseen = previewed(answered)

    size = len(a_cry(1)) + len(a_cry(2))
    assert foreseen == [Lapsed(mailbox="housing", messages=2, kept_bytes=size, remaining=("2 in housing/INBOX",))]
    assert answered.tables() == {**before, "audit_event": before["audit_event"] + 1}
    assert erased(answered) == foreseen
    assert previewed(answered) == []


def test_erased_part_by_part_it_is_what_was_previewed(archive: Archive) -> None:
    archive.receives(*(a_cry(number) for number in range(1, 6)))
    archive.receives(a_cry(1))  # the same letter, put into the inbox again
    answers(archive, *range(1, 7))
    (foreseen,) = previewed(archive)

    parts = [item for ids in ((1, 2), (3, 4), (5, 6)) for item in erased(archive, ids=ids)]

    assert sum(item.messages for item in parts) == foreseen.messages == 6
    assert sum(item.kept_bytes for item in parts) == foreseen.kept_bytes
    assert archive.count("content") == 0


def test_it_is_kept_until_the_last_day_of_the_council_s_time(answered: Archive) -> None:
    assert previewed(answered, OVER - timedelta(days=1)) == []
    assert erased(answered, OVER - timedelta(days=1), ids=[1, 2]) == []

    answered.data["retention"] = {"kept_mail": "30 days"}

    assert previewed(answered, ANSWERED + timedelta(days=29)) == []
    assert erased(answered, ANSWERED + timedelta(days=30))


def test_the_time_counts_from_the_last_answer(answered: Archive) -> None:
    again = RaiseReview(kind=ReviewKind.ABUSE, question="Is it?")
    with answered.database.transaction() as session:
        review_store.raise_review(session, 1, again, now=ANSWERED)
    answers(answered, 1, at=ANSWERED + timedelta(days=60))

    erased(answered)
    assert tombstones(answered) == {2}

    erased(answered, OVER + timedelta(days=60))
    assert tombstones(answered) == {1, 2}


def test_what_somebody_is_still_asked_about_stays_however_old(answered: Archive) -> None:
    again = RaiseReview(kind=ReviewKind.SHUNTED, question="Please look at Jo Stranger's letter.")
    with answered.database.transaction() as session:
        review_store.raise_review(session, 1, again, now=OVER)

    erased(answered, ANSWERED + 9 * A_YEAR, ids=[1, 2])

    assert tombstones(answered) == {2}
    with answered.database.transaction() as session:
        (kept,) = (row.content for row in ledger.of_mailbox(session, "housing") if row.content)
        assert content_store.get(session, kept) == a_cry(1)


@pytest.mark.parametrize(
    "cited", ["M1", " m1 ", "M2 and M1", "<1@mail.example>", "1@mail.example", "<9@x.example>, <1@mail.example>"]
)
def test_what_a_case_cites_stays_while_there_is_that_case(answered: Archive, cited: str) -> None:
    ref = answered.opens()
    answered.records(ref, an_incident(message=cited))

    erased(answered, ANSWERED + 9 * A_YEAR)
    assert 1 not in tombstones(answered)

    answered.closes(ref)
    answered.erases(ref)
    erased(answered, ANSWERED + 9 * A_YEAR)
    assert tombstones(answered) == {1, 2}


def test_the_mail_of_a_case_is_erased_with_the_case_and_not_before(archive: Archive) -> None:
    ref = archive.opens()
    archive.receives(letter_of_anns(1) + b"I want to end my life.\r\n")
    answers(archive, 1)

    assert previewed(archive, ANSWERED + 9 * A_YEAR) == []
    archive.closes(ref)
    assert previewed(archive, ANSWERED + 9 * A_YEAR) == []
    assert archive.erases(ref).messages == 1


def test_mail_whose_case_went_without_it_goes_in_its_own_time(archive: Archive) -> None:
    ref = archive.opens()
    archive.receives(letter_of_anns(1))
    _without_its_mail(archive, ref)
    now = datetime.now(UTC)  # when it was settled, for nobody was asked

    assert previewed(archive, now + timedelta(days=300)) == []
    (found,) = erased(archive, now + timedelta(days=370))

    assert found.remaining == (f"1 at {NORTH}", "1 in housing/Diverted")
    assert archive.count("content") == 0


def test_what_is_still_to_be_sent_stays(archive: Archive) -> None:
    ref = archive.opens()
    archive.world.relay_down = True
    archive.deliver(letter_of_anns(1))
    archive.sweep()
    _without_its_mail(archive, ref)

    assert erased(archive, datetime.now(UTC) + 9 * A_YEAR, ids=[1]) == []

    archive.world.relay_down = False
    archive.finish()
    assert archive.world.letters
    with archive.database.transaction() as session:  # something is owed again to what was settled
        session.execute(text("update outbox set state = :state where id = 1"), {"state": PENDING})
    assert erased(archive, datetime.now(UTC) + 9 * A_YEAR, ids=[1]) == []


def _without_its_mail(archive: Archive, ref: str) -> None:
    gone = case_store.ErasureRow(case_ref=ref, erased_at=BEGINNING, erased_by="ada", policy="001", events=1, messages=0)
    with archive.database.transaction() as session:
        case_store.erase(session, gone)


@pytest.mark.requirement("4.21")
def test_mail_of_somebody_whose_case_is_under_a_legal_hold_stays_until_it_is_lifted(answered: Archive) -> None:
    answered.receives(mail("who@else.example", 3) + b"I want to end my life.\r\n")
    answers(answered, 3)
    address = Identifier(
        identifier=IdentifierKind.EMAIL, value="JO@home.example", source="a letter", since=day_of(BEGINNING)
    )
    ref = answered.opens(address)  # nobody has cited the letters yet
    answered.records(ref, LegalHold(held=True, reason="A claim is before the court."))

    erased(answered)
    assert tombstones(answered) == {3}

    answered.records(ref, LegalHold(held=False, reason="The claim was settled."))
    erased(answered)
    assert tombstones(answered) == {1, 2, 3}


@pytest.mark.parametrize("rebuilt", [False, True], ids=["as it was", "UIDs given out anew"])
def test_mail_that_was_erased_does_not_come_in_again(answered: Archive, *, rebuilt: bool) -> None:
    erased(answered)
    before = answered.tables()
    if rebuilt:
        answered.world.change_uidvalidity(HOUSING)

    answered.sweep()
    answered.sweep()

    assert answered.tables() == before
    assert answered.text_with(*TRACES) == []
    assert answered.lying_in("INBOX") == [a_cry(1), a_cry(2)]  # nothing is deleted from mailboxes


def test_bytes_that_another_message_needs_stay(answered: Archive) -> None:
    answered.receives(a_cry(1))  # put into the inbox again: the same bytes, and its own questions

    erased(answered)

    with answered.database.transaction() as session:
        row = ledger.delivery(session, 3)
        assert row is not None
        assert content_store.get(session, row.content or "") == a_cry(1)


@pytest.mark.parametrize("step", [1, 2], ids=["before the commit", "after it"])
def test_killed_at_any_point_a_part_is_gone_or_all_there_and_the_rest_can_go(answered: Archive, step: int) -> None:
    before = answered.tables()
    answered.world.die_at = answered.world.steps + step

    with pytest.raises(ProcessDied):
        erased(answered, ids=[1])

    answered.world.restart()
    assert tombstones(answered) == ({1} if step == 2 else set())
    assert (answered.tables() == before) == (step == 1)
    erased(answered)
    assert answered.text_with(*TRACES) == []


def test_the_trail_tells_how_much_went_and_by_which_schedule_and_nobody_s_name(answered: Archive) -> None:
    erased(answered)

    with answered.database.transaction() as session:
        (noted,) = audit_store.report(session, audit_store.Wanted(action=AuditAction.ERASED))
        verification = verify(audit_store.events(session))
    size = str(len(a_cry(1)) + len(a_cry(2)))
    assert (noted.actor, noted.subject) == ("ada", "")
    assert noted.details == (("messages", "2"), ("bytes", size), ("kept_mail", "12-months"))
    assert verification.findings == ()


@pytest.mark.requirement("1.53")
@pytest.mark.parametrize("username", ["hope", "dee", "sam"])
def test_only_the_information_asset_owner_may_look_or_erase(answered: Archive, username: str) -> None:
    before = answered.tables()

    with pytest.raises(RefusedError, match="Head of Audit and Risk is the Information Asset Owner"):
        previewed(answered, by=username)
    with pytest.raises(RefusedError, match="Head of Audit and Risk is the Information Asset Owner"):
        erased(answered, by=username)

    assert answered.tables() == before


@dataclass(frozen=True)
class Fate:
    """What became of one letter: answered so many days after the first, or not; and whether a case cites it."""

    answered: int | None
    cited: str | None

    def is_over(self, days: int) -> bool:
        return self.answered is not None and self.answered + 365 <= days and self.cited is None


FATES = st.builds(
    Fate,
    answered=st.none() | st.integers(0, 400),
    cited=st.none() | st.sampled_from(["M{}", "m{}", "{}", "<{}@mail.example>", "{}@mail.example", "see M{}."]),
)


@settings(max_examples=20, deadline=None)
@given(fates=st.lists(FATES, min_size=1, max_size=5), days=st.integers(0, 900))
def test_it_never_erases_what_is_open_or_cited_and_always_what_is_over(fates: list[Fate], days: int) -> None:
    with tempfile.TemporaryDirectory() as folder, an_archive(Path(folder)) as archive:
        archive.receives(*(a_cry(number) for number, _ in enumerate(fates, start=1)))
        ref = archive.opens()
        for number, fate in enumerate(fates, start=1):
            if fate.answered is not None:
                answers(archive, number, at=ANSWERED + timedelta(days=fate.answered))
            if fate.cited is not None:
                archive.records(ref, an_incident(message=fate.cited.format(number)))
        now = ANSWERED + timedelta(days=days)

        foreseen, done = previewed(archive, now), erased(archive, now)

        assert foreseen == done
        over = {number for number, fate in enumerate(fates, start=1) if fate.is_over(days)}
        assert tombstones(archive) == over
        assert archive.count("content") == len(fates) - len(over)
