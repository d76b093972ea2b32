"""A notice that came back has told nobody anything; the address that did not take it is left alone for a week."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from policies.period import Period
from policies.vocabulary import Channel
from register.casework.facts import Identifier, IdentifierKind
from register.restrictions import SingleChannel
from routing.action import ReviewKind
from tests.desks import Register
from tests.office import MARCH, Office, an_office, mail
from tests.unit.workers.notice_builders import (
    answers,
    closes_with_a_letter,
    questions,
    restricted,
    sent,
    told,
    writes,
)
from workers.mailing import send_letters
from workers.noticing import send_notices
from workers.telling import tell

SAM = "sam@post.example"
DAILY = SingleChannel(channel=Channel.LETTER, notice_every=Period.parse("1 day"))
BEGINNING = MARCH + timedelta(days=2)

Passes = Callable[[timedelta], None]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office whose relay does not take letters to Sam."""
    monkeypatch.setattr(clock, "now", lambda: BEGINNING)
    with an_office(tmp_path) as office:
        office.data["council"]["policy"] = "001"
        office.world.nobody.add(SAM)
        yield office


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Passes:
    """Lets it be so much later than at the beginning."""
    return lambda time: monkeypatch.setattr(clock, "now", lambda: BEGINNING + time)


def _tends(office: Office) -> None:
    send_notices(office.runtime())
    send_letters(office.runtime())


def _why_not(office: Office, delivery: int) -> str:
    story = tell(office.runtime(), delivery)
    assert story is not None
    return next(event.words for event in story.events if event.words.startswith("The writer is not told"))


@pytest.mark.requirement("1.63")
def test_who_could_not_be_reached_is_told_when_they_write_again(office: Office, passes: Passes) -> None:
    ref = restricted(office)
    writes(office, 1)
    _tends(office)
    office.world.nobody.clear()
    passes(timedelta(days=7))

    writes(office, 2)
    _tends(office)

    assert len(sent(office)) == 1
    assert [notice.message for notice in told(office, ref)] == ["M1", "M2"]


def test_an_address_that_did_not_take_a_letter_is_not_tried_at_each_mail(office: Office, passes: Passes) -> None:
    ref = restricted(office)
    for day in range(8):
        passes(timedelta(days=day))
        writes(office, day)
        _tends(office)

    assert [notice.message for notice in told(office, ref)] == ["M1", "M8"]
    assert "came back on 2026-03-04, and it is not tried again before 2026-03-11" in _why_not(office, 2)


def test_it_is_tried_as_often_as_the_person_would_be_told(office: Office, passes: Passes) -> None:
    ref = restricted(office, DAILY)
    for day in range(3):
        passes(timedelta(days=day))
        writes(office, day)
        _tends(office)

    assert len(told(office, ref)) == 3


def test_another_address_of_the_person_is_told_at_once(office: Office) -> None:
    ref = restricted(office)
    other = Identifier(
        identifier=IdentifierKind.EMAIL, value="sam@other.example", source="a letter", since=MARCH.date()
    )
    Register(office.database).record(ref, other)
    writes(office, 1)
    _tends(office)

    writes(office, 2, sender="sam@other.example")
    _tends(office)

    assert [letter["To"] for letter in sent(office)] == ["sam@other.example"]


def test_the_same_message_elsewhere_is_answered_where_the_first_answer_came_back(
    office: Office, passes: Passes
) -> None:
    office.data["mailboxes"]["planning"] = {"address": "planning@council.example", "password": "x"}
    ref = restricted(office, DAILY)
    office.deliver(mail(SAM, 1))
    office.sweep()
    _tends(office)
    office.world.nobody.clear()

    for day in (7, 14):
        passes(timedelta(days=day))
        office.deliver(mail(SAM, 1), address="planning@council.example")
        office.sweep("planning")
        _tends(office)

    assert [notice.message for notice in told(office, ref)] == ["M1", "M2"]
    assert "told because of M2 already" in _why_not(office, 3)


@pytest.mark.requirement("2.35")
def test_who_closes_a_message_with_a_letter_hears_that_it_does_not_go_out(office: Office) -> None:
    closes_with_a_letter(office)
    writes(office, 1, 2)
    for _ in range(2):
        answers(office, "confirm")
        _tends(office)

    (asked,) = (words for words in questions(office, ReviewKind.DUE) if "did not go out" in words)

    assert "that was to close M2 did not go out" in asked
    assert "the letter to this address came back on 2026-03-04" in asked
