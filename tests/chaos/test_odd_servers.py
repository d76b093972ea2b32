"""Servers that answer oddly: messages they do not give, folders they do not open, moves they refuse or never finish."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from routing import review_store
from routing.action import ReviewKind
from tests.office import HOUSING, LONG, NORTH, SOUTH, Office, an_office, ordinary, to_file, to_north, to_south
from tests.simulation import Folder


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


@pytest.mark.parametrize("refuses", [False, True], ids=["left out", "refused"])
def test_a_message_that_a_fetch_does_not_give_is_dealt_with_when_it_does(office: Office, *, refuses: bool) -> None:
    office.deliver(ordinary(1), to_north(2), ordinary(3))
    office.world.unfetchable, office.world.refuses_unfetchable = {2}, refuses

    office.sweep()
    neighbours = office.dispositions().get("kept")
    office.world.unfetchable = set()
    office.finish()

    assert neighbours == 2
    assert [recipient for recipient, _ in office.world.letters] == [NORTH]
    assert office.lying_in("Diverted") == [to_north(2)]
    assert office.dispositions() == {"kept": 2, "redirected": 1}


@pytest.mark.parametrize("refuses", [False, True], ids=["left out", "refused"])
def test_a_message_that_no_fetch_ever_gives_is_shown_to_a_person(office: Office, *, refuses: bool) -> None:
    office.deliver(to_north(1), ordinary(2))
    office.world.unfetchable, office.world.refuses_unfetchable = {1}, refuses

    office.sweep_until(lambda: office.asked() == 1)

    assert office.lying_in("INBOX") == [to_north(1), ordinary(2)]
    assert office.count("delivery where state = 'recorded'") == 1
    assert office.dispositions() == {None: 1, "kept": 1}


def test_a_message_whose_rest_the_server_refuses_is_shown_to_a_person(office: Office) -> None:
    office.deliver(to_north(1, size=LONG), to_north(2, size=LONG))
    office.world.refused["whole", "INBOX"] = "NO cannot be converted"

    office.sweep_until(lambda: office.asked() == 2)

    assert len(office.lying_in("INBOX")) == 2


def test_a_size_that_the_server_understates_cuts_nothing_off(office: Office) -> None:
    letter = to_north(1, size=LONG)
    office.deliver(letter)
    office.world.understated_bytes = 10_000

    office.finish()

    assert letter in office.world.letters[0][1]


@pytest.mark.parametrize("can_move", [True, False], ids=["move", "copy"])
def test_a_destination_that_cannot_be_opened_for_a_while_is_not_taken_for_missing(
    office: Office, *, can_move: bool
) -> None:
    office.world.can_move, office.world.has_uidplus = can_move, False
    office.deliver(to_file(1))
    office.world.accounts[HOUSING]["Read and file"] = Folder()
    office.world.answers_lost = {"move", "copy"}

    office.sweep()
    office.world.refused["select", "Read and file"] = "NO [INUSE] somebody is at it"
    for _ in range(3):
        office.sweep()
        time.sleep(0.02)
    office.world.refused.clear()
    office.finish()

    assert office.lying_in("Read and file") == [to_file(1)]
    assert office.lying_in("INBOX") == []
    assert office.dispositions() == {"filed": 1}


def test_one_message_that_cannot_be_moved_holds_up_no_other(office: Office) -> None:
    office.data["pace"] = {}
    office.deliver(*(to_file(number) for number in range(1, 6)))
    office.world.account(HOUSING)["Read and file"] = Folder()
    office.world.immovable = {3}

    office.sweep()

    assert office.lying_in("INBOX") == [to_file(3)]
    assert office.count("outbox where state = 'pending' and last_error is not null") == 1


def test_an_original_that_cannot_be_removed_is_shown_to_a_person(office: Office) -> None:
    office.world.can_move, office.world.has_uidplus = False, False
    office.deliver(ordinary(1), to_file(2))
    office.world.account(HOUSING)["INBOX"].messages[1].flags.add("deleted")  # by somebody who may think again

    office.sweep_until(lambda: office.asked() == 1)

    assert office.lying_in("INBOX") == [ordinary(1), to_file(2)]
    assert office.lying_in("Read and file") == [to_file(2)]


@pytest.mark.parametrize("can_move", [True, False], ids=["move", "copy"])
def test_a_folder_that_can_be_made_by_nobody_leaves_the_message_in_its_inbox_and_a_person_knows_why(
    office: Office, *, can_move: bool
) -> None:
    office.world.can_move = can_move
    office.deliver(to_file(1), to_north(2))
    for folder in ("Read and file", "Diverted"):
        office.world.refused["create", folder] = f"NO [NOPERM] {folder} may not be made"

    office.sweep_until(lambda: office.asked() == 2)
    lying, asked = office.lying_in("INBOX"), _questions(office)
    office.world.refused.clear()
    office.finish()

    assert lying == [to_file(1), to_north(2)]
    assert {question.partition("[NOPERM] ")[2] for question in asked} == {
        "Read and file may not be made",
        "Diverted may not be made",
    }
    assert (office.lying_in("Read and file"), office.lying_in("Diverted")) == ([to_file(1)], [to_north(2)])
    assert (len(office.world.letters), office.asked()) == (1, 0)


def test_a_point_of_contact_whose_account_is_full_is_asked_about_and_gets_its_mail_once_there_is_room(
    office: Office,
) -> None:
    office.deliver(to_south(1))
    office.world.refused["append", "INBOX"] = "NO [OVERQUOTA] the mailbox is full"

    office.sweep_until(lambda: office.asked() == 1)
    lying, asked = office.lying_in("INBOX"), _questions(office)
    office.world.refused.clear()
    office.finish()

    assert lying == [to_south(1)]
    assert asked[0].endswith("[OVERQUOTA] the mailbox is full")
    assert office.lying_in("INBOX", SOUTH) == office.lying_in("Diverted") == [to_south(1)]
    assert office.asked() == 0


def _questions(office: Office) -> list[str]:
    with office.database.transaction() as session:
        return [item.question for item in review_store.open_reviews(session, ReviewKind.SHUNTED)]


def test_verifying_many_moves_never_outlasts_the_lease_for_ever(office: Office) -> None:
    office.data["pace"] |= {"network_seconds": 0.3, "lease_seconds": 0.9}
    office.deliver(*(to_file(number) for number in range(1, 151)))
    office.world.account(HOUSING)["Read and file"] = Folder()
    office.world.refused["move", "INBOX"] = "NO later"
    office.sweep()
    office.world.refused.clear()
    office.world.search_seconds = 0.01

    office.finish()

    assert len(office.lying_in("Read and file")) == 150
    assert office.dispositions() == {"filed": 150}
