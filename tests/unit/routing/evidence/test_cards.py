"""A card is shown when a threshold of the policy is passed: figures, the council's side, and that nothing follows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import shelf
from routing.action import ReviewKind
from routing.evidence.campaigns import Campaign
from routing.evidence.cards import CAMPAIGN, Threshold, Thresholds, campaign_card, card, passed, thresholds
from routing.evidence.telling import NOTHING_FOLLOWS
from tests.builders import NOON
from tests.evidence import a_life, a_mail, counted, knowing, turned

LOW = Thresholds(mails=Threshold(value=2), mailboxes=Threshold(value=3, clause='"three mailboxes"'))


@pytest.mark.requirement("1.25", "2.12")
def test_a_card_tells_the_figures_then_what_the_council_owes_then_that_nothing_follows() -> None:
    known = knowing(a_life(turned(-30, answer_in=-20)))
    figures = counted(a_mail("One"), a_mail("Two", mailbox="housing"), known=known, days=0)

    asked = card(figures, passed(figures, LOW), "MC-00042")

    assert asked.kind is ReviewKind.EVIDENCE
    assert asked.priority == 8
    assert asked.question.startswith(
        "Figures of MC-00042: 2 contacts in 7 days (a card from 2), the product's number, the policy states none."
    )
    assert asked.question.index("2 contacts") < asked.question.index("THE COUNCIL'S OWN REPLY IS OVERDUE")
    assert asked.question.endswith(NOTHING_FOLLOWS)


@pytest.mark.requirement("1.28")
def test_mailboxes_written_to_are_a_threshold_of_their_own_and_a_clause_of_the_policy_is_named() -> None:
    figures = counted(*(a_mail(letter="one", mailbox=name) for name in ("planning", "housing", "leisure")))

    ((words, limit),) = passed(figures, LOW)

    assert words == "3 mailboxes written to in 7 days (a card from 3)"
    assert limit.clause == '"three mailboxes"'
    assert "as the policy says" in card(figures, ((words, limit),), "MC-00042").question


def test_below_the_thresholds_there_is_nothing_to_show() -> None:
    assert passed(counted(a_mail()), LOW) == ()


@pytest.mark.requirement("4.19")
@pytest.mark.parametrize("name", shelf.shipped())
def test_each_policy_says_that_it_names_no_number_and_the_product_takes_its_own(name: str) -> None:
    limits = thresholds(shelf.find(name).newest)

    given_ = (limits.mails, limits.days, limits.mailboxes, limits.senders)
    assert [limit.value for limit in given_] == [30, 7, 5, 20]
    assert all(limit.clause.startswith("not stated: ") for limit in given_)


def test_a_campaign_is_said_to_change_nothing_for_anybody() -> None:
    campaign = Campaign(
        senders=50, deliveries=tuple(range(60)), mailboxes=("planning",), first=NOON, last=NOON + timedelta(days=2)
    )

    asked = campaign_card(campaign, Threshold(value=20))

    assert asked.question.startswith(f"{CAMPAIGN}50 senders have sent the same or nearly the same text (60 messages, ")
    assert "It changes nothing for any of them" in asked.question
    assert asked.question.endswith(NOTHING_FOLLOWS)


@given(st.lists(st.text(min_size=1, max_size=300), max_size=30, unique=True))
def test_however_much_there_is_to_tell_a_card_holds_the_councils_side_and_its_last_words(refs: list[str]) -> None:
    lives = (a_life(turned(-30, answer_in=-20), reference=ref) for ref in refs)
    figures = counted(a_mail("One"), a_mail("Two"), known=knowing(*lives), days=0)

    asked = card(figures, passed(figures, LOW), "MC-00042")

    assert len(asked.question) <= 1000
    assert asked.question.endswith(NOTHING_FOLLOWS)
    assert ("OVERDUE" in asked.question) == bool(refs)
