"""What no restriction touches reaches the one team it is for, with its clock; in any doubt it stays for a person."""

from dataclasses import replace

import pytest

from classifier.assessment import NOT_ASSESSED
from core.settings import Teams
from ingest.message import Message
from policies.vocabulary import Jurisdiction
from register.calendars import council_calendar, foi_calendar
from register.entry import RegisterEntry, Snapshot
from routing.action import Keep, RaiseReview, Redirect, ReviewKind
from routing.clocks import Calendars
from routing.correspondence import Receipt
from routing.cues import SafeguardKind
from routing.decide import decide
from routing.decision import Decision
from routing.teams import FAMILIES, teams_of
from tests.builders import POLICY, SPOC, STRANGER, a_message, a_receipt, a_restriction, an_entry

IG, PLANNERS, COMPLAINTS, MASH = (f"{name}@council.example" for name in ("ig", "planners", "complaints", "mash"))
TEAMS = replace(
    POLICY,
    calendars=Calendars(council=council_calendar(Jurisdiction.ENGLAND), information=foi_calendar()),
    teams=teams_of({"information": IG, "planning": PLANNERS, "complaints": COMPLAINTS, "safeguarding": MASH}),
)

ON_DIVERSION = an_entry(a_restriction())
ON_READ_AND_FILE = an_entry(a_restriction("read-and-file"))

FOI = "Under the Freedom of Information Act 2000 please send me the minutes of the parks committee."
SAR = "This is a subject access request."
OBJECTION = "I object to planning application 24/01234/FUL."
VOTE = "I want a postal vote."
CONTEST = "I want to appeal against your decision to restrict my contact."
COMPLAINT = "I wish to make a formal complaint about the collection of bins."
ABUSED_CHILD = "My neighbour is hitting his child, she is covered in bruises."
SUICIDE = "I am going to kill myself tonight."


def _decide(message: Message, entry: RegisterEntry = ON_DIVERSION, receipt: Receipt | None = None) -> Decision:
    return decide(message, receipt or a_receipt(), Snapshot((entry,)), NOT_ASSESSED, TEAMS)


def _asked(decision: Decision) -> set[ReviewKind]:
    return {ask.kind for ask in decision.reviews}


@pytest.mark.requirement("1.10")
@pytest.mark.requirement("3.6")
@pytest.mark.parametrize("entry", [ON_DIVERSION, ON_READ_AND_FILE], ids=["diversion", "read-and-file"])
@pytest.mark.parametrize(
    ("text", "team"),
    [
        pytest.param(FOI, IG, id="freedom of information"),
        pytest.param(SAR, IG, id="subject access"),
        pytest.param(f"{FOI} {SAR}", IG, id="two rights of one team"),
        pytest.param(f"You useless lot. {OBJECTION} Idiots.", PLANNERS, id="an objection buried in abuse"),
    ],
)
def test_a_right_is_brought_to_its_team_whatever_the_restriction(entry: RegisterEntry, text: str, team: str) -> None:
    decision = _decide(a_message(text=text), entry)

    assert decision.actions[0] == Redirect(team, "team")
    assert _asked(decision) == {ReviewKind.STATUTORY}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param(f"{FOI} {OBJECTION}", {ReviewKind.STATUTORY}, id="rights of two teams"),
        pytest.param(f"{FOI} {VOTE}", {ReviewKind.STATUTORY}, id="one of the rights has no team"),
        pytest.param(VOTE, {ReviewKind.STATUTORY}, id="no team is named"),
        pytest.param(f"{FOI} {COMPLAINT}", {ReviewKind.STATUTORY, ReviewKind.COMPLAINT}, id="a complaint as well"),
        pytest.param(f"{FOI} {CONTEST}", {ReviewKind.STATUTORY, ReviewKind.CONTEST}, id="a contest as well"),
        pytest.param(ABUSED_CHILD, {ReviewKind.SAFETY}, id="safeguarding"),
        pytest.param(f"{SUICIDE} {FOI}", {ReviewKind.SAFETY, ReviewKind.STATUTORY}, id="danger beside a right"),
    ],
)
def test_in_any_doubt_it_stays_and_people_are_asked(text: str, asked: set[ReviewKind]) -> None:
    decision = _decide(a_message(text=text))

    assert decision.actions[0] == Keep()
    assert _asked(decision) == asked


def test_what_lies_before_its_team_already_stays_there() -> None:
    decision = _decide(a_message(text=FOI), receipt=a_receipt(address=IG.upper()))

    assert decision.actions[0] == Keep()
    assert _asked(decision) == {ReviewKind.STATUTORY}


def test_a_right_named_in_the_history_only_is_a_persons_question() -> None:
    reply = a_message(text=f"I still wait.\n\n> You wrote: {FOI}", own_text="I still wait.")

    decision = _decide(reply)

    assert decision.actions[0] == Keep()
    assert "The history below the letter says" in decision.reviews[0].question


def test_a_right_above_quoted_text_reaches_its_team() -> None:
    reply = a_message(text=f"{SAR}\n\n> Thank you for your letter about the bins.", own_text=SAR)

    assert _decide(reply).actions[0] == Redirect(IG, "team")


@pytest.mark.parametrize("text", [CONTEST, COMPLAINT], ids=["contest", "complaint"])
def test_a_challenge_and_a_complaint_go_to_the_point_of_contact_or_else_to_their_team(text: str) -> None:
    diverted, unfiled = _decide(a_message(text=text)), _decide(a_message(text=text), ON_READ_AND_FILE)

    assert diverted.actions[0] == Redirect(SPOC)
    assert unfiled.actions[0] == Redirect(COMPLAINTS, "team")
    assert _asked(unfiled) & {ReviewKind.CONTEST, ReviewKind.COMPLAINT}


def test_a_challenge_before_its_point_of_contact_stays_there() -> None:
    decision = _decide(a_message(text=CONTEST), receipt=a_receipt(address=SPOC))

    assert decision.actions[0] == Keep()


def test_the_rights_of_others_stay_in_their_mailbox() -> None:
    assert _decide(a_message(STRANGER, text=FOI)).actions == (Keep(),)


def test_the_question_and_the_reasons_tell_the_legal_clock() -> None:
    clock = "Answer by 2 April 2026: 20 working days, Freedom of Information Act 2000 s.10."

    decision = _decide(a_message(text=FOI))

    assert decision.reviews[0].question.endswith(clock)
    assert clock in [reason.words for reason in decision.reasons]


@pytest.mark.parametrize("sender", [STRANGER, None])
def test_whoever_reads_of_danger_is_told_whom_to_tell(sender: str | None) -> None:
    decision = _decide(a_message(sender, text=ABUSED_CHILD))
    (ask,) = (ask for ask in decision.reviews if ask.kind is ReviewKind.SAFETY)

    assert isinstance(ask, RaiseReview)
    assert "Act at once" in ask.question
    assert ask.question.endswith(f"Tell {MASH}.")


def test_every_kind_belongs_to_one_team_that_the_settings_can_name() -> None:
    families = [kind for family in FAMILIES.values() for kind in family]

    assert sorted(families) == sorted(SafeguardKind)
    assert set(FAMILIES) == set(Teams.model_fields)
