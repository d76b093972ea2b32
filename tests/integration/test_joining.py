"""A letter that joins an item while somebody answers it is either answered with it, or asked about anew."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.assessment import NOT_ASSESSED
from core.db import Database
from ingest import store as ledger
from ingest.delivery import Arrival
from routing import joined_store, review_store
from routing import store as decisions
from routing.action import Keep, RaiseReview, ReviewKind
from routing.answering import Outcome
from routing.decision import Decision, Reason
from routing.review_store import Answer
from tests.builders import a_database, declared_tables

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASK = RaiseReview(kind=ReviewKind.ANSWER, question="Answer once.", joins="D1-R1")
DECISION = Decision(
    actions=(Keep(),),
    reasons=(Reason(code="test", words="It is a test."),),
    policy_version="1",
    register_versions=(),
    model_version=NOT_ASSESSED.model_version,
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else a_database(tmp_path)
    database = Database(url)
    declared_tables().create_all(database.engine)
    yield database
    database.dispose()


def _decided(database: Database, uid: int) -> int:
    """A letter with a decision; returns its delivery."""
    raw = b"From: dee@mail.example\r\n\r\n%d" % uid
    arrival = Arrival(uid=uid, size=len(raw), received_at=NOW, prefix=raw)
    with database.transaction() as session:
        new = ledger.NewDelivery(arrival=arrival, message_id=None)
        (delivery,) = ledger.record(session, "housing", ("INBOX", 1), [new], now=NOW)
        decided = decisions.Decided(
            delivery_id=delivery.id, mailbox="housing", decision=DECISION, effects=(), assessment={}
        )
        decisions.commit_decisions(session, [decided], now=NOW)
        return delivery.id


def test_no_letter_joins_an_item_unseen_by_its_answer(database: Database) -> None:
    first, second = _decided(database, 1), _decided(database, 2)
    with database.transaction() as session:
        joined_store.ask(session, [(first, _decision_of(database, first), ASK)], now=NOW)
    seen: list[int] = []

    def answer() -> None:
        with database.transaction() as session:
            (item,) = review_store.open_reviews(session)
            assert review_store.answer(session, item.id, Answer(outcome=Outcome.RELEASE, by="jo"), now=NOW)
            seen.extend(joined_store.messages(session, item))

    meanwhile = threading.Thread(target=answer)
    with database.transaction() as poll:
        joined_store.ask(poll, [(second, _decision_of(database, second), ASK)], now=NOW)
        meanwhile.start()
        meanwhile.join(timeout=2)
    meanwhile.join()

    with database.transaction() as session:
        asked_still = [
            one for item in review_store.open_reviews(session) for one in joined_store.messages(session, item)
        ]
    assert sorted([*seen, *asked_still]) == [first, second]


def _decision_of(database: Database, delivery: int) -> int:
    with database.transaction() as session:
        return decisions.current_decisions(session, [delivery])[delivery].id
