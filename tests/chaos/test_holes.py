"""Holes that were found by looking for them: one bad part that holds up the rest, settings that change under way.

Each test tells one story in which mail could have been lost, acted on twice, or left lying with nobody told.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from classifier.assessment import Assessment
from core import clock
from core.settings import Settings
from ingest import store as ledger
from routing import outbox_store, review_store
from tests.office import HOUSING, MARCH, NORTH, SOUTH, Office, an_office, ordinary, to_file, to_north, to_south
from tests.simulation import Folder, ProcessDied, SimulatedRuntime, Stored
from workers.embedded import run_for_ever, run_once
from workers.models import Models
from workers.reconciling import strays
from workers.sweeping import sweep


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


# --- one bad part, and everything else


def test_letters_that_wait_for_the_relay_hold_up_nothing_else(office: Office) -> None:
    office.data["pace"] = {}
    office.deliver(*(to_north(number) for number in range(1, 510)), to_south(600), to_file(601))
    office.world.relay_down = True

    office.sweep()

    assert office.lying_in("INBOX", SOUTH) == [to_south(600)]
    assert office.lying_in("Read and file") == [to_file(601)]


def test_a_spoc_server_that_does_not_answer_is_asked_once_in_a_sweep(office: Office) -> None:
    office.data["pace"] = {}
    office.deliver(*(to_south(number) for number in range(1, 6)), to_north(6))
    office.world.unreachable = {SOUTH}

    office.sweep()

    assert office.world.connections_tried == [SOUTH]
    assert len(office.world.letters) == 1


def test_a_mailbox_whose_password_file_is_gone_holds_up_no_other(office: Office, tmp_path: Path) -> None:
    names = [f"team{number}" for number in range(8)]
    office.data["mailboxes"] = {
        name: {"address": f"{name}@council.example", "password_file": str(tmp_path / "gone")}
        if name == "team0"
        else {"address": f"{name}@council.example", "password": "x"}
        for name in names
    }
    for name in names:
        office.deliver(to_north(1), address=f"{name}@council.example")

    sweeps = {result.mailbox: result for result in run_once(office.runtime())}

    assert "gone" in (sweeps["team0"].trouble or "")
    assert len(office.world.letters) == 7
    assert all(sweeps[name].trouble is None for name in names[1:])


def test_a_spoc_taken_out_of_the_settings_is_asked_about_and_holds_up_nothing(office: Office) -> None:
    office.deliver(to_south(1))
    office.world.unreachable = {SOUTH}
    office.sweep()
    office.world.unreachable = set()
    office.data["spocs"] = {}
    office.deliver(to_north(2))

    office.sweep_until(lambda: office.asked() == 1)

    assert [recipient for recipient, _ in office.world.letters] == [NORTH]
    assert office.lying_in("INBOX") == [to_south(1)]


def test_a_stored_letter_that_is_gone_is_shown_to_a_person(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.relay_down = True
    office.sweep()
    office.world.relay_down = False
    with office.database.engine.begin() as connection:
        connection.execute(text("delete from content"))

    office.sweep_until(lambda: office.asked() == 1)

    assert office.lying_in("INBOX") == [to_north(1)]


def test_a_message_that_kills_its_worker_is_shown_to_a_person_and_its_neighbours_go_on(office: Office) -> None:
    office.data["pace"] = {"retry_seconds": 0.02, "retry_cap_seconds": 0.1}
    office.deliver(to_north(1), ordinary(2), to_north(3))

    def done() -> bool:
        try:
            sweep(_Fragile(Settings.model_validate(office.data), office.database), "housing")
        except ProcessDied:
            office.world.restart()
        return office.asked() == 1 and office.count("delivery where state = 'settled'") == 2

    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)

    assert len(office.world.letters) == 1
    assert office.lying_in("INBOX") == [to_north(1), ordinary(2)]


class _Deadly(Models):
    """Models that a certain text kills, and the process with them."""

    def assess(self, texts: Sequence[str]) -> list[tuple[Assessment, Assessment | None]]:
        if any("number 1 " in text for text in texts):
            raise ProcessDied
        return super().assess(texts)


class _Fragile(SimulatedRuntime):
    @cached_property
    def models(self) -> Models:
        return _Deadly(self.database)


def test_people_are_no_longer_asked_about_a_letter_that_went_out_in_the_end(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.relay_down = True
    office.sweep_until(lambda: office.asked() == 1)

    office.world.relay_down = False
    office.finish()

    assert office.asked() == 0


def test_a_person_who_has_answered_is_not_asked_the_same_again_at_every_try(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.relay_down = True
    office.sweep_until(lambda: office.asked() == 1)
    with office.database.transaction() as session:
        answer = review_store.Answer(outcome="confirm", by="pat", note="I rang the SPOC.")
        review_store.answer(session, review_store.open_reviews(session)[0].id, answer, now=clock.now())

    for _ in range(5):
        office.sweep()
        time.sleep(0.02)

    assert office.asked() == 0


def test_mail_that_a_person_took_before_it_reached_its_spocs_folder_is_not_called_redirected(office: Office) -> None:
    office.data["spocs"]["north"] = {"address": NORTH, "delivery": "folder", "folder": "North"}
    office.deliver(to_north(1))
    office.world.refused["move", "INBOX"] = "NO later"
    office.sweep()
    office.world.refused.clear()
    office.world.account(HOUSING)["INBOX"].messages.clear()

    office.finish()

    assert office.dispositions() == {"taken by a person": 1}


# --- settings that change, and settings that cannot be meant


@pytest.mark.parametrize(
    "change",
    [
        {"mailboxes": {"housing": {"address": HOUSING, "password": "x", "folders": {"diverted": "inbox"}}}},
        {"mailboxes": {"housing": {"address": HOUSING, "password": "x", "inbox": "In", "folders": {"filed": "In"}}}},
        {"spocs": {"north": {"address": NORTH, "delivery": "folder"}}},
    ],
    ids=["diverted", "filed", "spoc"],
)
def test_moving_mail_into_the_inbox_it_lies_in_cannot_be_set(office: Office, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="inbox"):
        Settings.model_validate(office.data | change)


@pytest.mark.parametrize("can_move", [True, False], ids=["move", "copy"])
def test_another_inbox_in_the_settings_moves_nothing_that_was_not_decided(office: Office, *, can_move: bool) -> None:
    office.world.can_move, office.world.has_uidplus = can_move, can_move
    office.deliver(to_north(1), to_north(2))
    office.world.account(HOUSING)["Diverted"] = Folder()
    office.world.refused["move", "INBOX"] = "NO later"
    office.world.hang_up_at = None
    office.world.relay_down = True
    office.sweep()  # decided, but nothing is carried out
    office.world.relay_down = False
    office.world.refused.clear()
    team = office.world.account(HOUSING)["Team"] = Folder()
    team.add(Stored(ordinary(3), MARCH))
    team.add(Stored(ordinary(4), MARCH))
    office.data["mailboxes"]["housing"]["inbox"] = "Team"

    office.sweep_until(lambda: office.asked() == 2)

    assert office.lying_in("Team") == [ordinary(3), ordinary(4)]
    assert office.lying_in("INBOX") == [to_north(1), to_north(2)]
    assert office.lying_in("Diverted") == []


@pytest.mark.parametrize("can_move", [True, False], ids=["move", "copy"])
def test_what_waits_to_be_moved_into_the_new_inbox_is_never_expunged(office: Office, *, can_move: bool) -> None:
    office.world.can_move, office.world.has_uidplus = can_move, can_move
    office.deliver(to_file(1))
    office.world.account(HOUSING)["Read and file"] = Folder()
    office.world.refused["select", "Read and file"] = "NO later"
    office.world.refused["move", "INBOX"] = "NO later"
    office.world.steps = 0
    office.sweep()
    office.data["mailboxes"]["housing"] |= {"inbox": "Read and file", "folders": {"filed": "Elsewhere"}}
    office.world.refused.clear()

    for _ in range(5):
        office.sweep()
        time.sleep(0.01)

    everywhere = [raw for folder in office.world.account(HOUSING) for raw in office.lying_in(folder)]
    assert to_file(1) in everywhere


def test_a_spoc_whose_own_mailbox_is_tended_keeps_what_was_diverted_to_it(office: Office) -> None:
    office.data["mailboxes"]["south"] = {"address": SOUTH, "password": "x"}
    office.deliver(to_south(1))
    office.deliver(to_south(2), address=SOUTH)

    for _ in range(3):
        office.sweep()
        office.sweep("south")

    assert office.lying_in("INBOX", SOUTH) == [to_south(2), to_south(1)]


def test_a_mailbox_taken_out_of_the_settings_is_not_forgotten_with_work_undone(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.relay_down = True
    office.sweep()
    office.data["mailboxes"] = {"planning": {"address": "planning@council.example", "password": "x"}}

    found = strays(office.runtime())

    assert [finding.mailbox for finding in found] == ["housing"]


# --- the outbox


@pytest.mark.parametrize("overturned", [1, 2])
def test_a_twin_is_not_moved_before_its_letter_has_gone_out(office: Office, overturned: int) -> None:
    office.deliver(to_north(1), to_north(1))
    office.world.relay_down = True
    office.sweep()
    with office.database.transaction() as session:
        outbox_store.cancel_effects(session, overturned)  # a person overturned one of the two decisions
    office.world.relay_down = False

    for _ in range(3):
        office.sweep()
        time.sleep(0.01)

    assert [recipient for recipient, _ in office.world.letters] == [NORTH]
    assert office.lying_in("Diverted") == office.lying_in("INBOX") == [to_north(1)]


def test_a_cancelled_letter_goes_out_if_a_later_decision_owes_it(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.relay_down = True
    office.sweep()
    with office.database.transaction() as session:
        outbox_store.cancel_effects(session, 1)
    office.world.relay_down = False

    office.deliver(to_north(1))
    office.sweep()
    office.sweep()

    assert [recipient for recipient, _ in office.world.letters] == [NORTH]
    assert office.lying_in("Diverted") == [to_north(1)]


def test_any_number_of_deliveries_can_be_asked_for(office: Office) -> None:
    office.deliver(ordinary(1))
    office.finish()

    with office.database.transaction() as session:
        found = ledger.deliveries(session, range(1, 300_000))

    assert list(found) == [1]


# --- a clock that was wrong, and stopping


def test_what_was_put_off_while_the_clock_was_years_ahead_is_done_now(office: Office) -> None:
    office.deliver(to_north(1))
    office.world.relay_down = True
    office.sweep()
    office.world.relay_down = False
    with office.database.engine.begin() as connection:
        connection.execute(text("update outbox set due_at = '2099-01-01 00:00:00.000000'"))
        connection.execute(
            text(
                "update lease set owner = 'elsewhere||1', expires_at = '2099-01-01 00:00:00.000000', token = token + 1"
            )
        )

    office.sweep()

    assert [recipient for recipient, _ in office.world.letters] == [NORTH]


def test_a_long_sweep_ends_soon_after_it_is_told_to_and_is_taken_up_again(office: Office) -> None:
    office.data["pace"] |= {"batch": 10}
    office.deliver(*(ordinary(number) for number in range(1, 201)))
    stop = threading.Event()
    runtime = _Stopping(Settings.model_validate(office.data), office.database)
    runtime.stop_after_assessing = stop

    run_for_ever(runtime, stop, lambda _sweep: None)
    seen = office.count("delivery")
    office.finish()

    assert seen <= 20
    assert office.dispositions() == {"kept": 200}


class _Stopping(SimulatedRuntime):
    stop_after_assessing: threading.Event

    @cached_property
    def models(self) -> Models:
        self.stop_after_assessing.set()
        return super().models
