"""What only reads like a right or a danger: it moves no mail, lets none be filed, and asks a person."""

from dataclasses import replace

import pytest

from classifier.assessment import Assessment, Concern
from ingest.message import Message
from register.entry import RegisterEntry, Snapshot
from routing.action import Keep, Notice, RaiseReview, Redirect, ReviewKind
from routing.cues import SafeguardKind
from routing.decide import decide
from routing.decision import Decision
from routing.teams import SAFETY
from tests.builders import POLICY, SPOC, STRANGER, a_message, a_receipt, a_restriction, an_entry

ON_READ_AND_FILE = an_entry(a_restriction("read-and-file"))
SAME_MATTER = a_message(subject="C-2025-0117", text="I still do not agree about C-2025-0117.")
PASSAGE = "What did the railings set you back?"


def _decide(message: Message, *kinds: str, entries: tuple[RegisterEntry, ...] = ()) -> Decision:
    concerns = tuple(Concern(kind=kind, passage=PASSAGE) for kind in kinds)
    assessment = Assessment(model_version="m1", score=0.0, flagged=False, concerns=concerns)
    return decide(message, a_receipt(), Snapshot(entries), assessment, POLICY)


@pytest.mark.requirement("1.35", "3.6")
@pytest.mark.parametrize("kind", SafeguardKind)
def test_it_is_never_filed_and_a_person_is_asked(kind: SafeguardKind) -> None:
    decision = _decide(SAME_MATTER, kind, entries=(ON_READ_AND_FILE,))

    assert decision.actions[0] == Keep()
    (ask,) = (ask for ask in decision.reviews if PASSAGE in ask.question)
    assert "reads like it" in ask.question


def test_it_tells_the_clock_that_the_law_sets() -> None:
    decision = _decide(SAME_MATTER, "foi", entries=(ON_READ_AND_FILE,))

    assert any("20 working days" in ask.question for ask in decision.reviews)
    assert {"safeguard:unnamed-foi", "clock:foi"} <= {reason.code for reason in decision.reasons}


def test_a_diverted_letter_goes_its_way_and_says_so_to_who_reads_it() -> None:
    decision = _decide(a_message(), "benefits", entries=(an_entry(a_restriction()),))

    assert decision.actions == (Redirect(SPOC),)
    assert "It may be about a benefit or a hardship payment." in [reason.words for reason in decision.reasons]


@pytest.mark.requirement("3.6")
@pytest.mark.parametrize("kind", sorted(SAFETY))
def test_danger_stays_where_a_person_sees_it_whoever_wrote(kind: SafeguardKind) -> None:
    for message, entries in ((a_message(), (an_entry(a_restriction()),)), (a_message(STRANGER), ())):
        decision = _decide(message, kind, entries=entries)

        assert decision.actions[0] == Keep()
        assert [ask.kind for ask in decision.reviews] == [ReviewKind.SAFETY]


def test_what_words_name_comes_before_what_only_reads_like_it() -> None:
    named = _decide(a_message(STRANGER, text="I am going to kill myself tonight."))
    unnamed = _decide(a_message(STRANGER), "risk-to-life")

    assert named.reviews[0].priority < unnamed.reviews[0].priority


def test_what_words_name_is_asked_once() -> None:
    decision = _decide(a_message(STRANGER, text="I am going to kill myself tonight."), "risk-to-life")

    (ask,) = decision.reviews
    assert "reads like it" not in ask.question


def test_the_mail_of_people_who_are_not_restricted_reaches_the_team_as_ever() -> None:
    assert _decide(a_message(STRANGER), "foi", "planning-representation").actions == (Keep(),)


def test_nobody_is_told_to_write_otherwise_whose_letter_may_claim_a_right() -> None:
    by_post = an_entry(a_restriction("single-channel"))

    told = [action for action in _decide(a_message(), entries=(by_post,)).actions if isinstance(action, Notice)]
    spared = [
        action for action in _decide(a_message(), "foi", entries=(by_post,)).actions if isinstance(action, Notice)
    ]

    assert (len(told), len(spared)) == (1, 0)


def test_a_kind_of_another_version_of_the_model_is_left_out() -> None:
    assert _decide(SAME_MATTER, "weights-and-measures", entries=(ON_READ_AND_FILE,)) == replace(
        _decide(SAME_MATTER, entries=(ON_READ_AND_FILE,))
    )


def test_it_is_asked_for_each_kind() -> None:
    decision = _decide(SAME_MATTER, "foi", "homelessness", entries=(ON_READ_AND_FILE,))

    asks = [action for action in decision.actions if isinstance(action, RaiseReview) and PASSAGE in action.question]
    assert len(asks) == 2
