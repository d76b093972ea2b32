"""Letters of a case that the relay does not take: tried again, but not to whom they are no longer for."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from register.casework.facts import Identifier, IdentifierKind, IdentifierWithdrawn
from tests.desks import MONDAY, Register
from tests.office import Office, an_office
from tests.simulation import World
from tests.unit.workers.letter_builders import SAM, asked, failures, fates, has_notice, issued
from workers import mailing_store
from workers.mailing import send_letters
from workers.mailing_store import Fate

HOUR = timedelta(hours=1)

Passes = Callable[[timedelta], None]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        office.data["smtp"]["sender"] = "housing@council.example"
        yield office


@pytest.fixture(autouse=True)
def passes(monkeypatch: pytest.MonkeyPatch) -> Passes:
    """It is Monday, and lets so much more time pass."""
    now = MONDAY

    def passes(time: timedelta) -> None:
        nonlocal now
        now += time

    monkeypatch.setattr(clock, "now", lambda: now)
    return passes


def _everybody(office: Office, count: int = 3) -> list[str]:
    return [issued(office, address=f"p{number}@post.example", name=f"Person {number}") for number in range(count)]


def _withdrawn(office: Office, ref: str) -> None:
    gone = IdentifierWithdrawn(value=SAM, reason="It was never theirs.")
    Register(office.database).record(ref, gone, now=clock.now())


def _relay_is_out(world: World) -> None:
    world.relay_down = True


def _relay_lets_nobody_in(world: World) -> None:
    world.relay_lets_in = False


class _Broken(list[tuple[str, bytes]]):
    """A relay that fails, as nobody foresaw, on letters to one address."""

    def __init__(self, recipient: str) -> None:
        super().__init__()
        self.recipient = recipient

    def append(self, letter: tuple[str, bytes], /) -> None:
        if letter[0] == self.recipient:
            raise NotImplementedError
        super().append(letter)


class _Meanwhile(list[tuple[str, bytes]]):
    """A relay that takes so long that something else happens at each letter."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self.happens = happens

    def append(self, letter: tuple[str, bytes], /) -> None:
        super().append(letter)
        self.happens()


def test_a_letter_that_the_relay_could_not_take_goes_out_later(office: Office, passes: Passes) -> None:
    issued(office)
    office.world.relay_down = True

    assert send_letters(office.runtime()) == 0

    office.world.relay_down = False
    passes(HOUR)
    assert send_letters(office.runtime()) == 1
    assert len(office.world.letters) == 1


def test_a_letter_whose_address_was_withdrawn_meanwhile_is_not_sent_and_its_owner_knows(
    office: Office, passes: Passes
) -> None:
    ref = issued(office)
    office.world.relay_down = True
    send_letters(office.runtime())
    _withdrawn(office, ref)
    office.world.relay_down = False

    for _ in range(2):
        passes(HOUR)
        assert send_letters(office.runtime()) == 0

    assert office.world.letters == []
    assert fates(office, ref) == ["not sent"]
    assert [failure.letter for failure in failures(office, ref)] == [9]
    (question,) = asked(office)
    assert question == (
        f"Letter 9 of {ref} did not reach the person; send it another way. "
        "It was not sent: its address is no longer one of the case."
    )
    assert not has_notice(office, ref)


def test_an_address_that_was_withdrawn_and_recorded_again_is_the_persons(office: Office) -> None:
    ref = issued(office)
    _withdrawn(office, ref)
    again = Identifier(identifier=IdentifierKind.EMAIL, value="Sam@Post.example", source="a form", since=MONDAY.date())
    Register(office.database).record(ref, again)

    assert send_letters(office.runtime()) == 1


def test_what_a_withdrawn_address_may_have_got_already_is_asked_and_not_recorded(
    office: Office, passes: Passes
) -> None:
    ref = issued(office)
    office.world.answers_lost.add("letter")
    send_letters(office.runtime())
    _withdrawn(office, ref)
    passes(HOUR)

    assert send_letters(office.runtime()) == 0

    (question,) = asked(office)
    assert question.startswith(f"Letter 9 of {ref} may not have reached the person: of an earlier try it is not known")
    assert fates(office, ref) == ["perhaps sent"]
    assert failures(office, ref) == []


def test_a_letter_that_came_back_meanwhile_is_left_alone(office: Office) -> None:
    issued(office)
    issued(office, address="jo@post.example", name="Jo Bloggs")

    def comes_back() -> None:
        with office.database.transaction() as session:
            for mailing in mailing_store.waiting(session, now=clock.now() + 24 * HOUR):
                mailing_store.settle(session, mailing.key, Fate.FAILED, now=clock.now())

    office.world.letters = _Meanwhile(comes_back)

    send_letters(office.runtime())

    assert len(office.world.letters) == 1


def test_a_refusal_after_a_try_that_got_no_answer_voids_nothing(office: Office, passes: Passes) -> None:
    ref = issued(office)
    office.world.answers_lost.add("letter")
    assert send_letters(office.runtime()) == 0
    office.world.nobody.add(SAM)

    for _ in range(2):
        passes(HOUR)
        assert send_letters(office.runtime()) == 0

    (question,) = asked(office)
    assert question == (
        f"Letter 9 of {ref} may not have reached the person: of an earlier try it is not known whether the mail server"
        " took it, and it is not tried again (550 5.1.1 no such user). Find out. If it has not, send it another way,"
        f" and record that it failed: `mailroom case record {ref} kind=letter-failed letter=9 on=DAY reason='...'`."
    )
    assert fates(office, ref) == ["perhaps sent"]
    assert failures(office, ref) == []
    assert has_notice(office, ref)


def test_a_refusal_after_tries_that_certainly_brought_nothing_is_recorded(office: Office, passes: Passes) -> None:
    ref = issued(office)
    office.world.relay_down = True
    send_letters(office.runtime())
    office.world.relay_down = False
    office.world.nobody.add(SAM)
    passes(HOUR)

    send_letters(office.runtime())

    assert fates(office, ref) == ["came back"]
    assert len(failures(office, ref)) == 1


@pytest.mark.parametrize("trouble", [_relay_is_out, _relay_lets_nobody_in])
def test_a_relay_that_takes_no_letter_is_tried_once_in_a_round(
    office: Office, passes: Passes, trouble: Callable[[World], None]
) -> None:
    _everybody(office)
    trouble(office.world)

    assert send_letters(office.runtime()) == 0
    assert send_letters(office.runtime()) == 0  # what was not tried waits as well
    assert office.count("mailing where attempts = 1") == 1
    assert office.count("mailing where attempts = 0") == 2

    office.world.relay_down, office.world.relay_lets_in = False, True
    passes(HOUR)
    assert send_letters(office.runtime()) == 3


def test_a_letter_that_is_refused_for_itself_ends_no_round(office: Office) -> None:
    _everybody(office)
    office.world.nobody.add("p0@post.example")

    assert send_letters(office.runtime()) == 2


def test_after_an_error_that_nobody_foresaw_a_letter_goes_out_all_the_same(office: Office, passes: Passes) -> None:
    issued(office)
    office.world.letters = _Broken(SAM)
    assert send_letters(office.runtime()) == 0
    office.world.letters = []
    passes(HOUR)

    assert send_letters(office.runtime()) == 1


def test_a_letter_on_which_the_software_fails_holds_up_no_other_and_its_owner_is_asked(
    office: Office, passes: Passes
) -> None:
    ref = issued(office)
    issued(office, address="jo@post.example", name="Jo Bloggs")
    office.world.letters = _Broken(SAM)
    office.data["pace"]["shunt_after"] = 3

    for _ in range(5):
        send_letters(office.runtime())
        passes(HOUR / 4)

    assert [recipient for recipient, _ in office.world.letters] == ["jo@post.example"]
    (question,) = asked(office)
    assert question.startswith(
        f"Letter 9 of {ref} has not gone out in 3 tries (the software failed: NotImplementedError)."
    )


def test_owners_of_letters_that_have_not_gone_out_for_hours_are_told_once(office: Office, passes: Passes) -> None:
    refs = _everybody(office)
    office.world.relay_down = True

    for _ in range(12):
        send_letters(office.runtime())
        assert len(asked(office)) == (3 if clock.now() - MONDAY >= 3 * HOUR else 0)
        passes(HOUR / 2)

    assert all(f"Letter 9 of {ref} has not gone out for 3 hours." in " ".join(asked(office)) for ref in refs)
    assert [failures(office, ref) for ref in refs] == [[], [], []]
