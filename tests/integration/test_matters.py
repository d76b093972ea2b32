"""What is remembered of letters about a matter, through real sweeps: filed, confirmed, put back, and held against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Session
from ingest import erasure_store as ledger
from register.entry import Snapshot
from routing import history_store, review_store
from routing.action import ReviewKind
from routing.review_store import Answer
from tests.builders import NOON, STRANGER, a_database, a_matter, a_restriction, an_entry, raw_mail
from tests.council import PLANNING, Council
from tests.servers import Dovecot, SmtpSink
from workers.answering import answer_item
from workers.entombing import entomb
from workers.remembering import News, earlier_letters, news

HOUSING = "housing@council.example"
STORY = """\
The players shout until midnight under my bedroom window, and the roller is dragged over the gravel at six.
Your officer promised on the telephone that the gate would be locked after the last match.
"""
CYMRAEG = """\
Mae'r chwaraewyr yn gweiddi tan hanner nos o dan fy ffenestr, ac mae'r rholer yn cael ei lusgo dros y graean am chwech.
Addawodd eich swyddog dros y ffôn y byddai'r giât yn cael ei chloi ar ôl y gêm olaf.
"""
ONE_MORE = "Somebody climbed over our fence and broke the greenhouse.\n"


def _letter(number: int, text: str = STORY, subject: str = "The shouting", **others: object) -> bytes:
    return raw_mail(subject=subject, body=text, message_id=f"<{number}@mail.example>", **others)  # type: ignore[arg-type]


@pytest.fixture
def council(any_dovecot: Dovecot, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Council]:
    """Two shared mailboxes; Ann's letters about a closed matter are read and filed."""
    council = Council(any_dovecot, smtp_sink, a_database(tmp_path))
    council.adds_mailbox("housing")
    council.registers(an_entry(a_restriction("read-and-file")))
    yield council
    council.close()


def _item(council: Council, kind: ReviewKind) -> review_store.ReviewRow:
    with council.runtime.database.transaction() as session:
        return review_store.open_reviews(session, kind)[0]


def _answers(council: Council, kind: ReviewKind, outcome: str) -> None:
    answer_item(council.runtime, _item(council, kind).id, Answer(outcome=outcome, by="jo"))


def _confirmed(council: Council, raw: bytes) -> None:
    """A letter that names nothing; somebody says that it is about the closed matter."""
    council.receives(raw)
    council.sweeps(times=2)
    _answers(council, ReviewKind.MATTER, "confirm")
    council.sweeps(times=2)


def _news(council: Council, kind: ReviewKind) -> News:
    found = news(council.runtime, _item(council, kind))
    assert found is not None
    return found


@pytest.mark.requirement("2.22", "2.24")
@pytest.mark.parametrize("story", [STORY, CYMRAEG], ids=["english", "welsh"])
def test_a_letter_like_one_that_was_confirmed_is_read_and_filed(council: Council, story: str) -> None:
    _confirmed(council, _letter(1, story))

    council.receives(_letter(2, story, "Ateb: Unwaith eto"), _letter(3, story + ONE_MORE))
    council.sweeps(times=3)

    assert len(council.folder("Read and file")) == 2
    assert council.folder() == [_letter(3, story + ONE_MORE)]
    assert sorted(council.asks()) == ["matter", "read-and-file"]


@pytest.mark.requirement("2.22")
def test_the_same_complaint_to_two_mailboxes_is_recognised_in_both(council: Council) -> None:
    _confirmed(council, _letter(1))

    for user, mailbox in ((PLANNING, "planning"), (HOUSING, "housing")):
        council.receives(_letter(2), user=user)
        council.sweeps(mailbox, times=2)

    assert (len(council.folder("Read and file")), len(council.folder("Read and file", user=HOUSING))) == (2, 1)


def test_what_somebody_said_is_something_new_teaches_nothing(council: Council) -> None:
    council.receives(_letter(1))
    council.sweeps(times=2)
    _answers(council, ReviewKind.MATTER, "overturn")

    council.receives(_letter(2))
    council.sweeps(times=2)

    assert len(council.folder()) == 2
    assert council.asks() == ["matter"]


def test_a_letter_that_was_filed_wrongly_is_forgotten(council: Council) -> None:
    council.receives(_letter(1, subject="C-2025-0117"))
    council.sweeps(times=2)
    _answers(council, ReviewKind.READ_AND_FILE, "overturn")
    council.sweeps(times=3)

    council.receives(_letter(2))
    council.sweeps(times=2)

    assert council.folder("Read and file") == []
    assert _news(council, ReviewKind.MATTER).compared.compared == 0


@pytest.mark.requirement("3.14", "4.12")
def test_under_the_reference_too_a_new_story_is_for_a_person(council: Council) -> None:
    council.receives(_letter(1, subject="C-2025-0117"))
    council.sweeps(times=2)

    council.receives(_letter(2, STORY + ONE_MORE, "C-2025-0117"), _letter(3, "Well? I am waiting.\n", "C-2025-0117"))
    council.sweeps(times=2)

    assert council.folder() == [_letter(2, STORY + ONE_MORE, "C-2025-0117")]
    assert len(council.folder("Read and file")) == 2


@pytest.mark.requirement("3.27", "4.12")
def test_who_decides_is_shown_what_is_new_in_a_letter(council: Council) -> None:
    council.registers(an_entry(a_restriction("new-information-only"), version=2, matters=(a_matter(),)))
    council.receives(_letter(1, subject="C-2025-0117"))
    council.sweeps(times=2)
    _answers(council, ReviewKind.NEW_INFORMATION, "confirm")
    council.receives(_letter(2, STORY + ONE_MORE, "Re: The bowls", headers=[("In-Reply-To", "<1@mail.example>")]))
    council.sweeps(times=3)

    shown = _news(council, ReviewKind.NEW_INFORMATION)

    assert shown.matter == "C-2025-0117"
    assert "the thread of M1 of 4 March 2026" in shown.evidence
    assert shown.compared.nearest == "M1 of 4 March 2026"
    assert [line.words for line in shown.compared.sentences if line.seen is None] == ["The bowls", ONE_MORE.strip()]


def test_an_item_that_is_not_about_a_matter_has_no_comparison(council: Council) -> None:
    council.registers(an_entry(a_restriction("single-channel"), version=2))
    council.receives(_letter(1))
    council.sweeps(times=2)

    assert news(council.runtime, _item(council, ReviewKind.READ_AND_FILE)) is None


def test_of_mail_of_nobody_on_the_register_nothing_is_looked_up_or_remembered(council: Council) -> None:
    _confirmed(council, _letter(1))
    council.receives(_letter(2, sender=STRANGER))
    council.sweeps(times=2)

    assert council.folder() == [_letter(2, sender=STRANGER)]
    assert _remembered(council) == 1
    assert earlier_letters(Session(), Snapshot((an_entry(a_restriction()),))) == ()  # of no database at all


@pytest.mark.requirement("1.83")
def test_what_is_remembered_is_erased_with_the_message(council: Council) -> None:
    _confirmed(council, _letter(1))

    with council.runtime.database.transaction() as session:
        entomb(session, ledger.rows(session, [1]), "Erased.", now=NOON)

    assert _remembered(council) == 0


@pytest.mark.requirement("1.83")
def test_what_is_remembered_is_erased_with_the_case(council: Council) -> None:
    _confirmed(council, _letter(1))

    with council.runtime.database.transaction() as session:
        history_store.forget_case(session, "E1")

    assert _remembered(council) == 0


def test_what_somebody_puts_back_by_hand_is_forgotten(council: Council) -> None:
    _confirmed(council, _letter(1))
    with council.server.login(PLANNING) as session:
        session.select('"Read and file"')
        session.uid("MOVE", "1", "INBOX")

    council.sweeps(times=2)

    assert council.asks() == ["returned"]
    assert _remembered(council) == 0


def test_no_more_than_the_newest_letters_of_a_matter_are_looked_at(council: Council) -> None:
    for number in (1, 2, 3):
        council.receives(_letter(number, f"Number {number}.\n", "C-2025-0117"))
        council.sweeps(times=2)

    with council.runtime.database.transaction() as session:
        newest = history_store.of_cases(session, ["E1"], most=2)
        earlier = history_store.of_cases(session, ["E1"], before=3)

    assert [letter.ref for letter in newest] == ["M3", "M2"]
    assert [letter.ref for letter in earlier] == ["M2", "M1"]


def _remembered(council: Council) -> int:
    with council.runtime.database.transaction() as session:
        return len(history_store.of_cases(session, ["E1"]))
