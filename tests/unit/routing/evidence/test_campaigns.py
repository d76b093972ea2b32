"""Many people with one text are seen to be a campaign, and none of them is treated otherwise for it."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.assessment import NOT_ASSESSED
from register.entry import Snapshot
from routing.action import Keep
from routing.decide import decide
from routing.evidence.campaigns import Sent, campaigns
from routing.evidence.sketches import sketch
from tests.builders import NOON, POLICY, a_message, a_receipt, a_restriction, an_entry
from tests.evidence import LETTER


def _sent(number: int, text: str = LETTER, *, writer: str | None = None, mailbox: str = "planning") -> Sent:
    return Sent(
        delivery=number,
        writer=writer or f"writer {number}",
        mailbox=mailbox,
        received_at=NOON + timedelta(minutes=number),
        sketch=sketch(text),
    )


def _signed(number: int) -> str:
    return f"Dear councillor\n\n{LETTER}\n\nYours faithfully\nResident Number {number}, {number} Mill Street"


@pytest.mark.requirement("2.26")
def test_fifty_senders_of_one_text_are_one_campaign_though_each_signs_it() -> None:
    mails = [_sent(number, _signed(number), mailbox=("planning", "leisure")[number % 2]) for number in range(50)]

    (found,) = campaigns(mails, senders=20)

    assert (found.senders, len(found.deliveries)) == (50, 50)
    assert found.mailboxes == ("leisure", "planning")
    assert found.first == NOON


def test_one_sender_is_no_campaign_however_often_the_text_comes() -> None:
    assert campaigns([_sent(number, writer="one") for number in range(50)], senders=2) == ()


@given(st.lists(st.integers(0, 30), max_size=40), st.randoms(use_true_random=False))
def test_which_campaigns_there_are_does_not_depend_on_the_order_of_the_mail(
    numbers: list[int], chance: random.Random
) -> None:
    mails = [_sent(place, _signed(number), writer=f"writer {number % 7}") for place, number in enumerate(numbers)]

    assert campaigns(chance.sample(mails, len(mails)), senders=2) == campaigns(mails, senders=2)


REGISTERS = st.sampled_from([Snapshot(), Snapshot((an_entry(a_restriction()),))])


@pytest.mark.requirement("2.26")
@given(st.integers(1, 5), st.text(max_size=40), REGISTERS)
def test_being_in_a_campaign_never_changes_what_becomes_of_anybodys_mail(
    others: int, added: str, snapshot: Snapshot
) -> None:
    text = f"{LETTER}\n{added}"
    alone = decide(a_message("one@home.example", text=text), a_receipt(), snapshot, NOT_ASSESSED, POLICY)

    amid = [
        decide(a_message(f"more{number}@home.example", text=text), a_receipt(), snapshot, NOT_ASSESSED, POLICY)
        for number in range(others)
    ]
    again = decide(a_message("one@home.example", text=text), a_receipt(), snapshot, NOT_ASSESSED, POLICY)

    assert isinstance(alone.actions[0], Keep)
    assert all(decision.actions == alone.actions for decision in (*amid, again))
