"""What was put away comes back once: no other message is taken for it, and nothing is given up at the first look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from core import clock
from register import store as register
from register.entry import RegisterEntry, Restriction
from register.records import terms_from
from routing import review_store
from routing.action import RaiseReview, ReviewKind
from routing.effect import EffectKind
from routing.labels import Label
from routing.outbox_store import OutboxRow
from routing.review_store import Answer, ReviewRow
from tests.office import HOUSING, NORTH, Office, an_office, mail
from tests.simulation import Folder, Stored
from workers.answering import AnswerError, answer_item
from workers.sweeping import perform_mailbox

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=days, hours=2) for days in (1, 2))
LETTER = mail("dee@mail.example", 1)
SERVERS = {
    "modern": (True, True),
    "without-uidplus": (True, False),
    "without-move": (False, True),
    "legacy": (False, False),
}


@dataclass
class Waiting(Office):
    """An office whose clock the test sets; Dee may write on some day of the week."""

    now: datetime = MONDAY

    def registers(self, day: str, *terms: dict[str, Any]) -> None:
        """From now on Dee may write on this day, and these terms apply, too."""
        windows = [{"day": day, "start": "10:00", "until": "12:00"}]
        times = {"kind": "contact-times", "windows": windows, "channels": ["email"]}
        since = datetime(2026, 1, 1, tzinfo=UTC)
        restrictions = tuple(
            Restriction(ref=f"D1-{number}", commenced_at=since, ends_at=None, terms=terms_from(one))
            for number, one in enumerate([times, *terms], start=1)
        )
        entry = RegisterEntry(
            ref="D1", version=0, name="Dee", addresses=("dee@mail.example",), restrictions=restrictions
        )
        with self.database.transaction() as session:
            register.save(session, entry, now=self.now)

    def comes(self, *raws: bytes) -> None:
        """Mail of this moment, which is swept until it is where it has to be."""
        for raw in raws:
            self.world.deliver(HOUSING, raw, self.now)
        self.passes(sweeps=2)

    def passes(self, *, sweeps: int, until: datetime | None = None) -> None:
        """Sweep so often, each time a little later."""
        self.now = until or self.now
        for _ in range(sweeps):
            self.sweep()
            self.now += timedelta(seconds=1)

    def fails_at_the_first_attempt(self) -> None:
        """What is due to come back is begun, and the server does nothing of it."""
        self.world.refused["select", "Waiting"] = "NO [INUSE] not now"
        self.passes(sweeps=1)
        self.world.refused.clear()

    def folder(self, name: str) -> Folder:
        return self.world.account(HOUSING)[name]

    def items(self) -> list[ReviewRow]:
        """The open items, the oldest first."""
        with self.database.transaction() as session:
            return sorted(review_store.open_reviews(session), key=lambda item: item.id)

    def asks(self, delivery: int, kind: ReviewKind) -> int:
        """Somebody is asked about a delivery; the number of the item."""
        with self.database.transaction() as session:
            ask = RaiseReview(kind=kind, question="What about it?")
            review_store.raise_review(session, delivery, ask, now=self.now)
        return self.items()[-1].id

    def stories(self) -> list[str | None]:
        """What became of each delivery, in order."""
        with self.database.engine.connect() as connection:
            return list(connection.scalars(text("select disposition from delivery order by id")).all())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    with an_office(tmp_path) as plain:
        office = Waiting(plain.database, plain.data)
        monkeypatch.setattr(clock, "now", lambda: office.now)
        office.registers("tuesday")
        yield office


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, office: Waiting) -> str:
    """The office's server: with and without MOVE and UIDPLUS."""
    office.world.can_move, office.world.has_uidplus = SERVERS[request.param]
    return str(request.param)


# --- which message is which


@pytest.mark.usefixtures("server")
def test_a_message_that_is_held_a_second_time_comes_back_a_second_time(office: Waiting) -> None:
    office.comes(LETTER)
    office.registers("wednesday")
    office.passes(sweeps=3, until=TUESDAY)
    assert office.lying_in("Waiting") == [LETTER]

    office.passes(sweeps=3, until=WEDNESDAY)

    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER], [])
    assert office.stories() == ["put back", "put back", "kept"]
    assert office.items() == []


@pytest.mark.usefixtures("server")
def test_an_identical_letter_that_waits_as_well_is_no_proof_that_the_first_came_back(office: Waiting) -> None:
    office.comes(LETTER, LETTER)
    office.now = TUESDAY
    office.fails_at_the_first_attempt()

    office.passes(sweeps=4)

    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER, LETTER], [])
    assert office.stories() == ["put back", "put back", "kept", "kept"]


@pytest.mark.usefixtures("server")
def test_an_identical_letter_that_is_back_already_is_no_proof_for_one_that_is_not(office: Waiting) -> None:
    office.comes(LETTER, LETTER)
    _release(office, office.asks(1, ReviewKind.REGISTER))
    office.passes(sweeps=3)
    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER], [LETTER])
    office.now = TUESDAY
    office.fails_at_the_first_attempt()

    office.passes(sweeps=4)

    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER, LETTER], [])


@pytest.mark.usefixtures("server")
def test_a_letter_with_the_same_header_and_another_text_is_no_proof(office: Waiting) -> None:
    other = LETTER.replace(b"about the gate", b"about the roof")
    office.comes(LETTER)
    office.now = TUESDAY
    office.fails_at_the_first_attempt()
    office.world.deliver(HOUSING, other, office.now)

    office.passes(sweeps=4)

    assert sorted(office.lying_in("INBOX")) == [LETTER, other]
    assert office.stories() == ["put back", "kept", "kept"]


@pytest.mark.usefixtures("server")
def test_an_identical_letter_that_has_to_wait_itself_is_no_proof(office: Waiting) -> None:
    office.comes(LETTER)
    office.now = TUESDAY
    office.fails_at_the_first_attempt()
    office.now += timedelta(hours=2)  # the window has closed again

    office.comes(LETTER)
    office.passes(sweeps=4)

    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER], [LETTER])
    assert office.stories() == ["put back", None, "kept"]


@pytest.mark.usefixtures("server")
def test_a_copy_that_proves_one_restore_proves_no_other(office: Waiting) -> None:
    office.comes(LETTER, LETTER)
    office.now = TUESDAY
    office.fails_at_the_first_attempt()
    office.folder("INBOX").add(office.folder("Waiting").messages.pop(1))  # done, and nobody heard of it

    perform_mailbox(office.runtime(), "housing")
    office.passes(sweeps=4)

    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER, LETTER], [])


def test_a_letter_that_came_back_shows_nothing_of_another_that_is_gone(office: Waiting) -> None:
    office.comes(LETTER, LETTER)
    office.now = TUESDAY
    office.fails_at_the_first_attempt()
    office.folder("INBOX").add(office.folder("Waiting").messages.pop(1))
    office.folder("Waiting").messages.clear()

    office.passes(sweeps=6)

    assert office.stories() == ["put back", "taken by a person", "kept"]
    assert [(item.kind, item.delivery_id) for item in office.items()] == [(ReviewKind.MISSING, 2)]


def test_a_letter_that_is_back_already_takes_no_identical_one_with_it_before_its_time(office: Waiting) -> None:
    office.comes(LETTER, LETTER)
    with office.database.transaction() as session:
        second = (OutboxRow.kind == EffectKind.RESTORE) & (OutboxRow.delivery_id == 2)
        session.execute(update(OutboxRow).where(second).values(not_before=WEDNESDAY))
    office.world.answers_lost = {"move"}  # the first is moved, and nobody hears of it
    office.passes(sweeps=5, until=TUESDAY)

    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER], [LETTER])
    assert office.stories() == ["put back", None, "kept"]
    office.passes(sweeps=2, until=WEDNESDAY)
    assert (office.lying_in("INBOX"), office.lying_in("Waiting")) == ([LETTER, LETTER], [])
    assert office.items() == []


# --- what is not to be found


@pytest.mark.usefixtures("server")
def test_a_message_that_is_hidden_for_a_while_comes_back_after_it(office: Waiting) -> None:
    office.comes(LETTER)
    hidden = dict(office.folder("Waiting").messages)
    office.folder("Waiting").messages.clear()
    office.passes(sweeps=3, until=TUESDAY)
    assert office.stories() == [None]

    office.folder("Waiting").messages.update(hidden)
    office.passes(sweeps=3)

    assert office.lying_in("INBOX") == [LETTER]
    assert office.stories() == ["put back", "kept"]
    assert office.items() == []


def test_a_message_that_stays_away_is_asked_about_with_where_and_when_it_was_to_be(office: Waiting) -> None:
    office.comes(LETTER)
    office.folder("Waiting").messages.clear()
    office.passes(sweeps=4, until=TUESDAY)
    assert office.stories() == [None]

    office.passes(sweeps=1)

    assert office.stories() == ["taken by a person"]
    (item,) = office.items()
    assert item.kind == ReviewKind.MISSING
    assert "from 'Waiting' on 03 March 2026 at 10:00 and is not there" in item.question


def test_only_people_close_the_item_about_a_message_that_stays_away(office: Waiting) -> None:
    office.comes(LETTER)
    office.folder("Waiting").messages.clear()
    office.passes(sweeps=5, until=TUESDAY)

    office.passes(sweeps=1, until=TUESDAY + timedelta(hours=2))  # every mailbox is reconciled meanwhile

    assert [item.kind for item in office.items()] == [ReviewKind.MISSING]


def test_a_folder_that_could_not_be_opened_for_long_is_looked_into_more_than_once(office: Waiting) -> None:
    office.comes(LETTER)
    hidden = dict(office.folder("Waiting").messages)
    office.folder("Waiting").messages.clear()
    office.world.refused["select", "Waiting"] = "NO [SERVERBUG] it is being built anew"
    office.passes(sweeps=6, until=TUESDAY)
    office.world.refused.clear()
    office.passes(sweeps=2)

    office.folder("Waiting").messages.update(hidden)
    office.passes(sweeps=2)

    assert office.lying_in("INBOX") == [LETTER]
    assert office.items() == []


@pytest.mark.usefixtures("server")
def test_what_a_person_has_put_back_before_its_time_is_asked_about_once(office: Waiting) -> None:
    office.comes(LETTER)
    (stored,) = office.folder("Waiting").messages.values()
    office.folder("Waiting").messages.clear()
    office.folder("INBOX").add(Stored(stored.raw, stored.received_at))
    office.passes(sweeps=2)

    office.passes(sweeps=6, until=TUESDAY)

    assert office.lying_in("INBOX") == [LETTER]
    assert office.stories() == ["taken by a person", "kept"]
    assert [item.kind for item in office.items()] == [ReviewKind.RETURNED]


def test_what_cannot_be_brought_back_to_be_released_is_not_called_kept(office: Waiting) -> None:
    office.registers("tuesday", {"kind": "spoc-diversion", "spoc": NORTH})
    office.now = TUESDAY
    office.comes(LETTER)
    office.folder("Diverted").messages.clear()
    _release(office, office.asks(1, ReviewKind.REGISTER))

    office.passes(sweeps=6)

    assert office.stories() == ["taken by a person"]
    assert [item.kind for item in office.items()] == [ReviewKind.MISSING]
    assert "after a person's answer" in office.items()[0].question


def test_what_is_found_where_it_waited_after_all_is_put_back_by_a_release(office: Waiting) -> None:
    office.comes(LETTER)
    hidden = dict(office.folder("Waiting").messages)
    office.folder("Waiting").messages.clear()
    office.passes(sweeps=6, until=TUESDAY)
    (asked,) = office.items()

    office.folder("Waiting").messages.update(hidden)
    _release(office, asked.id)
    office.passes(sweeps=4)

    assert office.lying_in("INBOX") == [LETTER]
    assert office.stories() == ["put back", "kept"]
    assert office.items() == []


def test_a_release_of_what_is_missing_and_stays_so_is_asked_about_again(office: Waiting) -> None:
    office.registers("tuesday", {"kind": "spoc-diversion", "spoc": NORTH})
    office.now = TUESDAY
    office.passes(sweeps=1)  # this hour's reconciliation
    office.comes(LETTER)
    office.folder("Diverted").messages.clear()
    office.passes(sweeps=1, until=TUESDAY + timedelta(hours=1, minutes=10))
    (asked,) = office.items()

    _release(office, asked.id)
    office.passes(sweeps=6)

    (again,) = office.items()
    assert (again.kind, again.id != asked.id) == (ReviewKind.MISSING, True)


# --- answers about what has come back meanwhile


@pytest.mark.usefixtures("server")
def test_a_release_follows_the_message_to_what_it_became(office: Waiting) -> None:
    office.registers("tuesday", {"kind": "spoc-diversion", "spoc": NORTH})
    office.comes(LETTER)
    item = office.asks(1, ReviewKind.REGISTER)
    office.passes(sweeps=3, until=TUESDAY)
    assert office.lying_in("Diverted") == [LETTER]

    done = answer_item(office.runtime(), item, Answer(outcome="release", by="jo"))
    office.passes(sweeps=3)

    assert done.message_ref == "M2"
    assert (office.lying_in("INBOX"), office.lying_in("Diverted")) == ([LETTER], [])
    assert office.stories() == ["put back", "put back", "kept"]
    assert len(office.world.letters) == 1


def test_a_release_of_what_somebody_took_after_it_came_back_is_refused_by_the_name_it_has(office: Waiting) -> None:
    office.comes(LETTER)
    item = office.asks(1, ReviewKind.REGISTER)
    office.registers("tuesday", {"kind": "spoc-diversion", "spoc": NORTH})
    office.passes(sweeps=1, until=TUESDAY)
    office.world.relay_down = True
    office.passes(sweeps=1)
    office.folder("INBOX").messages.clear()
    with office.database.engine.begin() as connection:
        connection.execute(text("update outbox set state = 'cancelled' where kind = 'send'"))
        connection.execute(text("update outbox set after = null"))
    office.passes(sweeps=2)
    assert office.stories()[1] == "taken by a person"

    with pytest.raises(AnswerError, match=r"M1 came back into its inbox as M2, and somebody has taken it"):
        _release(office, item)

    assert item in [one.id for one in office.items()]


def test_a_release_that_comes_before_the_next_poll_holds_for_what_the_message_becomes(office: Waiting) -> None:
    office.registers("tuesday", {"kind": "spoc-diversion", "spoc": NORTH})
    office.comes(LETTER)
    item = office.asks(1, ReviewKind.REGISTER)
    office.passes(sweeps=1, until=TUESDAY)
    assert office.stories() == ["put back"]

    _release(office, item)
    office.passes(sweeps=3)

    assert office.lying_in("INBOX") == [LETTER]
    assert office.stories() == ["put back", "kept"]
    assert office.world.letters == []


VILE = mail("dee@mail.example", 5).replace(
    b"Letter number 5 about the gate.", b"You are a fucking useless stupid cunt."
)


def test_what_is_pointed_out_again_is_one_item(office: Waiting) -> None:
    office.comes(VILE)
    (first,) = office.items()
    assert first.kind == ReviewKind.ABUSE

    office.passes(sweeps=3, until=TUESDAY)

    assert [(item.kind, item.delivery_id) for item in office.items()] == [(ReviewKind.ABUSE, 2)]
    assert office.count("review_item where outcome = 'superseded' and closed_by is null") == 1


def test_what_a_person_answered_while_the_message_waited_is_not_asked_again(office: Waiting) -> None:
    office.comes(VILE)
    (first,) = office.items()
    answer_item(office.runtime(), first.id, Answer(outcome="confirm", by="jo", label=Label.VERBAL_ABUSE))

    office.passes(sweeps=3, until=TUESDAY)

    assert office.lying_in("INBOX") == [VILE]
    assert office.items() == []


def _release(office: Waiting, item: int) -> None:
    answer_item(office.runtime(), item, Answer(outcome="release", by="jo"))
