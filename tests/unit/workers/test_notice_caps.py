"""However much somebody writes, to however many mailboxes: few automatic letters a day, and what exceeds them waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock
from policies.period import Period
from policies.vocabulary import Channel
from register import issuing
from register.addresses import same_mailbox
from register.casework.facts import Identifier, IdentifierKind, IdentifierWithdrawn
from register.casework.steps import Ended
from register.restrictions import SingleChannel
from tests.desks import HEAD, Register, a_desk, a_notice, facts, the_way
from tests.office import MARCH, Office, an_office, mail
from tests.unit.workers.notice_builders import restricted
from workers import mailing
from workers.mailing import send_letters
from workers.noticing import send_notices
from workers.telling import tell

PLACES = ("housing", "planning", "parking")
PEOPLE = ("Sam Specimen", "Jo Bloggs", "Ann Other")
DAILY = SingleChannel(channel=Channel.LETTER, notice_every=Period.parse("1 day"))
SPELLINGS = ("shared@gmail.com", "Shared+jo@googlemail.com", "s.hared@gmail.com")
DAY = timedelta(days=1)


class _Letters(list[tuple[str, bytes]]):
    """The letters that the relay took, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[datetime] = []

    def append(self, letter: tuple[str, bytes], /) -> None:
        self.times.append(clock.now())
        super().append(letter)


class Household:
    """Three people with cases of their own, who use one address after the other, each spelling it in their way."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = MARCH + timedelta(days=2)
        monkeypatch.setattr(clock, "now", lambda: self.time)
        office.data["council"]["policy"] = "001"
        office.data["mailboxes"] = {place: {"address": f"{place}@council.example", "password": "x"} for place in PLACES}
        office.data["pace"]["letters_a_day"] = 2
        self.office, self.letters = office, _Letters()
        office.world.letters = self.letters
        self.register = Register(office.database)
        self.refs = [restricted(office, DAILY, name=name, email=f"{name.split()[0]}@post.example") for name in PEOPLE]
        self.user: int | None = None
        self.written = 0

    def uses(self, person: int) -> None:
        """This person has the address from now on."""
        if self.user is not None:
            gone = IdentifierWithdrawn(value=SPELLINGS[self.user], reason="It is somebody else's now.")
            self.register.record(self.refs[self.user], gone, now=self.time)
        address = Identifier(
            identifier=IdentifierKind.EMAIL, value=SPELLINGS[person], source="a letter", since=MARCH.date()
        )
        self.register.record(self.refs[person], address, now=self.time)
        self.user = person

    def writes(self, place: str = "housing") -> None:
        """Who has the address writes, and it is dealt with."""
        self.written += 1
        sender = SPELLINGS[self.user or 0]
        self.office.world.deliver(f"{place}@council.example", mail(sender, self.written), self.time)
        self.office.sweep(place)
        self.tends()

    def tends(self, **later: float) -> None:
        """Time goes by, and what is due then is sent."""
        self.time += timedelta(**later)
        send_notices(self.office.runtime())
        send_letters(self.office.runtime())

    def story(self, delivery: int) -> str:
        """What is told of a message."""
        story = tell(self.office.runtime(), delivery)
        assert story is not None
        return "\n".join(event.words for event in story.events)


@pytest.fixture
def household(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Household]:
    with an_office(tmp_path) as office:
        yield Household(office, monkeypatch)


def _everybody_writes(household: Household) -> None:
    for person, place in enumerate(PLACES):
        household.uses(person)
        household.writes(place)


def test_a_third_letter_to_one_address_waits_for_its_day_to_pass_whoever_s_it_is(household: Household) -> None:
    _everybody_writes(household)
    assert len(household.letters) == 2
    assert "It waits: the writer's address has had 2 automatic letters within a day" in household.story(3)
    assert "not before 5 March 2026, 09:00" in household.story(3)

    household.tends(hours=23, minutes=59)
    assert len(household.letters) == 2
    household.tends(minutes=1)

    assert len(household.letters) == 3
    assert "The writer is told what applies" in household.story(3)


def test_what_waits_is_told_to_nobody_once_its_reason_is_gone(household: Household) -> None:
    _everybody_writes(household)
    household.register.record(household.refs[2], Ended(reason="Lifted."), HEAD, now=household.time)

    household.tends(days=1)

    assert len(household.letters) == 2
    assert "is no longer in force" in household.story(3)


def test_letters_that_wait_for_the_relay_count_as_well(household: Household) -> None:
    household.office.world.relay_down = True
    household.uses(0)
    for _ in range(3):
        household.writes()
        household.tends(days=1)
    household.office.world.relay_down = False

    household.tends(hours=1)

    assert len(household.letters) == 2


def test_letters_to_those_who_have_given_the_address_up_meanwhile_are_not_sent_and_do_not_count(
    household: Household,
) -> None:
    household.office.world.relay_down = True
    _everybody_writes(household)
    household.office.world.relay_down = False

    household.tends(hours=1)
    assert household.letters == []
    household.tends(hours=1)

    assert [recipient for recipient, _ in household.letters] == [SPELLINGS[2]]


def test_letters_that_officers_issue_are_not_capped(household: Household) -> None:
    _everybody_writes(household)
    register, office = household.register, household.office
    ref = register.open(*facts("Kim Example", "kim@post.example"))
    for by, step in the_way()[:3]:
        register.record(ref, step, by)
    household.register.record(
        ref,
        Identifier(
            identifier=IdentifierKind.EMAIL,
            value="sh.ared@gmail.com",
            source="a letter",
            since=MARCH.date(),
            shared_with="The household's.",
        ),
    )

    with office.database.transaction() as session:
        letter = issuing.composed(session, a_desk(HEAD), ref, a_notice(Channel.EMAIL), council="Test Council")
        documents = issuing.drawn_up(letter)
        done = issuing.issue(session, a_desk(HEAD), letter, documents)
        mailing.owe(session, office.runtime().settings, done, documents.pdf)
    household.tends()

    assert household.letters[-1][0] == "sh.ared@gmail.com"
    assert len(household.letters) == 3


HAPPENINGS = st.one_of(
    st.tuples(st.just("uses"), st.integers(0, 2)),
    st.tuples(st.just("writes"), st.sampled_from(PLACES)),
    st.tuples(st.just("passes"), st.sampled_from([1, 5, 14, 24])),
    st.tuples(st.just("relay"), st.booleans()),
)


@settings(  # a story that fails is told as it is: to make it shorter takes longer than to read it
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
@given(most=st.integers(1, 2), happenings=st.lists(HAPPENINGS, min_size=6, max_size=14))
def test_no_address_ever_gets_more_than_the_cap_in_any_24_hours(
    most: int, happenings: list[tuple[str, int | str | bool]]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, an_office(Path(folder)) as office:
        household = Household(office, patch)
        office.data["pace"]["letters_a_day"] = most
        household.uses(0)
        for what, value in happenings:
            _happens(household, what, value)
        office.world.relay_down = False
        for _ in range(8):
            household.tends(days=1)

        sent = list(zip(household.letters, household.letters.times, strict=True))
        for (address, _), start in sent:
            here = [time for (another, _), time in sent if same_mailbox(another, address)]
            assert sum(start <= time < start + DAY for time in here) <= most
        assert office.count("notice where state = 'waiting'") == 0


def _happens(household: Household, what: str, value: int | str | bool) -> None:  # noqa: FBT001 - one of each strategy
    match what, value:
        case "uses", int(person):
            household.uses(person)
        case "writes", str(place):
            household.writes(place)
        case "passes", int(hours):
            household.tends(hours=hours)
        case _:
            household.office.world.relay_down = not value
