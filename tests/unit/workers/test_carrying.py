"""A server that refuses several moves at once, and takes them one by one: nothing is lost, and nothing made twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from routing import review_store
from routing.review_store import Answer
from tests.office import HOUSING, Office, an_office, to_file
from workers.answering import answer_item

FILED = "Read and file"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


def _lying_anywhere(office: Office) -> int:
    return sum(len(folder.messages) for folder in office.world.account(HOUSING).values())


def _open_items(office: Office) -> list[int]:
    with office.database.transaction() as session:
        return [item.id for item in review_store.open_reviews(session)]


def test_of_identical_messages_the_copy_of_one_proves_no_other(office: Office) -> None:
    office.deliver(to_file(1), to_file(1), to_file(2))
    office.world.immovable = {3}
    office.world.requests_lost = {"move"}

    office.sweep_until(lambda: len(office.lying_in(FILED)) == 2)

    assert (len(office.lying_in("INBOX")), _lying_anywhere(office)) == (1, 3)


def test_of_identical_messages_the_copy_of_one_proves_no_other_without_move(office: Office) -> None:
    office.world.can_move = False
    office.deliver(to_file(1), to_file(1))
    office.world.refused["copy", "INBOX"] = "NO not now"
    office.sweep()

    office.world.refused.clear()
    office.world.only_alone = {"copy"}
    office.finish()

    assert office.lying_in(FILED) == [to_file(1), to_file(1)]
    assert _lying_anywhere(office) == 2


@pytest.mark.parametrize("messages", [1, 2, 3])
def test_what_was_copied_and_could_not_be_removed_is_not_copied_again(office: Office, messages: int) -> None:
    office.world.can_move = False
    office.deliver(*map(to_file, range(messages)))
    office.world.refused["store", "INBOX"] = "NO [NOPERM] no right to delete"
    office.sweep()

    office.world.refused.clear()
    office.finish()

    assert (len(office.lying_in(FILED)), _lying_anywhere(office)) == (messages, messages)


def test_what_was_copied_back_and_could_not_be_removed_comes_back_once(office: Office) -> None:
    office.deliver(to_file(1), to_file(2))
    office.finish()
    office.world.can_move = False
    office.world.refused["store", FILED] = "NO [NOPERM] no right to delete"
    for item in _open_items(office):
        answer_item(office.runtime(), item, Answer(outcome="release", by="jo"))
    office.sweep()

    office.world.refused.clear()
    office.finish()
    office.finish()

    assert sorted(office.lying_in("INBOX")) == [to_file(1), to_file(2)]
    assert _lying_anywhere(office) == 2
