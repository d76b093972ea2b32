"""Answers to what is not decided yet, is being decided, or came to a mailbox that is no longer tended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from register import store as register
from routing import outbox_store, review_store
from routing.action import ReviewKind
from routing.answering import Outcome
from routing.effect import EffectKind
from routing.review_store import Answer
from tests.office import HOUSING, MARCH, Office, an_office, mail, to_file, to_north
from tests.unit.workers.test_one_answer import DEE, DEES, PLACES
from workers import answering, deciding
from workers.answering import AnswerError, answer_item
from workers.sweeping import poll_mailbox

RELEASE = Answer(outcome=Outcome.RELEASE, by="jo")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


def _open(office: Office) -> list[tuple[int, str]]:
    with office.database.transaction() as session:
        return [(item.id, item.kind) for item in review_store.open_reviews(session)]


def test_what_is_released_before_it_could_be_decided_stays_where_it_is(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.unfetchable = {1}
    office.sweep_until(lambda: office.asked() == 1)
    ((item, kind),) = _open(office)

    done = answer_item(office.runtime(), item, RELEASE)
    office.world.unfetchable = set()
    office.finish()

    assert kind == ReviewKind.SHUNTED
    assert done.message_ref == "M1"
    assert office.lying_in("INBOX") == [to_north(1)]
    assert (office.dispositions(), office.world.letters) == ({"kept": 1}, [])


def test_an_answer_waits_for_a_poll_that_may_have_read_what_it_is_about(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(to_file(1))
    office.finish()
    ((item, _),) = _open(office)
    office.deliver(to_file(2))
    monkeypatch.setattr(answering, "_TRIES", 2)
    commit, said = deciding._commit, []  # noqa: SLF001 - the moment between judging and committing

    def answered_meanwhile(batch: deciding.Batch, page: list[deciding.Judged]) -> None:
        with pytest.raises(AnswerError, match="being worked on") as refusal:
            answer_item(office.runtime(), item, RELEASE)
        said.append(refusal)
        commit(batch, page)

    monkeypatch.setattr(deciding, "_commit", answered_meanwhile)
    office.sweep()
    monkeypatch.setattr(deciding, "_commit", commit)

    answer_item(office.runtime(), item, RELEASE)
    office.finish()

    assert len(said) == 1
    assert office.lying_in("INBOX") == [to_file(1)]


def test_an_answer_about_a_mailbox_that_is_not_tended_says_which(office: Office) -> None:
    office.deliver(to_file(1))
    office.finish()
    ((item, _),) = _open(office)
    office.data["mailboxes"] = {"planning": {"address": "planning@council.example", "password": "x"}}

    with pytest.raises(AnswerError, match="'housing', which the settings do not name"):
        answer_item(office.runtime(), item, RELEASE)

    assert _open(office) == [(item, ReviewKind.READ_AND_FILE)]


def test_one_mailbox_that_is_gone_keeps_no_other_letter_from_its_team(office: Office) -> None:
    with office.database.transaction() as session:
        register.save(session, DEES, now=MARCH)
    office.data["mailboxes"] = {place: {"address": f"{place}@council.example", "password": "x"} for place in PLACES}
    for number, place in enumerate(PLACES):
        office.deliver(mail(DEE, number), address=f"{place}@council.example")
        office.sweep(place)
    ((item, _),) = _open(office)
    del office.data["mailboxes"]["streets"]

    answer_item(office.runtime(), item, RELEASE)
    for place in PLACES[:3]:
        office.sweep(place)

    assert [len(office.lying_in("INBOX", f"{place}@council.example")) for place in PLACES] == [1, 1, 1, 0]


def test_an_effect_that_was_taken_back_is_not_begun(office: Office) -> None:
    office.deliver(to_file(1))
    poll_mailbox(office.runtime(), "housing")
    with office.database.transaction() as session:
        (due,) = outbox_store.due_effects(session, "housing", EffectKind.MOVE, now=MARCH.replace(year=2100), limit=9)
        outbox_store.cancel_effects(session, due.delivery_id)

        assert outbox_store.begin_effects(session, [due.id], due_again=MARCH) == frozenset()


def test_a_letter_that_cannot_be_read_from_the_store_holds_up_nothing_else(office: Office) -> None:
    office.world.relay_down = True
    office.deliver(to_north(1), to_file(2))
    poll_mailbox(office.runtime(), "housing")
    with office.database.transaction() as session:
        session.execute(text("UPDATE content SET compressed = x'00' WHERE sha256 IN (SELECT content FROM outbox)"))
    office.world.relay_down = False

    office.sweep_until(lambda: (1, ReviewKind.SHUNTED) in [(one, kind) for one, kind in _shunted(office)])

    assert office.lying_in("Read and file") == [to_file(2)]
    assert office.lying_in("INBOX") == [to_north(1)]
    assert office.world.account(HOUSING)["INBOX"].messages


def _shunted(office: Office) -> list[tuple[int, str]]:
    with office.database.transaction() as session:
        return [(item.delivery_id or 0, item.kind) for item in review_store.open_reviews(session)]
