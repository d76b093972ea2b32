from dataclasses import replace
from datetime import timedelta

import pytest

from classifier.assessment import NOT_ASSESSED, Assessment
from ingest.message import LONG_TEXT, Address, Attachment, AuthenticationResult, Message, MessageKind
from policies.vocabulary import RestrictionKind
from register.entry import RegisterEntry, Snapshot
from routing.action import Action, FileInto, FolderRole, Hold, Keep, Notice, RaiseReview, Redirect, ReviewKind
from routing.correspondence import Receipt
from routing.decide import MAX_RECEIVED, decide
from routing.decision import Decision
from routing.enforcing import PRECEDENCE
from tests.builders import (
    ANN,
    NOON,
    OMBUDSMAN,
    POLICY,
    SPOC,
    STRANGER,
    a_matter,
    a_message,
    a_receipt,
    a_restriction,
    an_entry,
)

SECOND = timedelta(seconds=1)
KEPT = ("keep",)
DIVERTED = (f"redirect to {SPOC}",)

ON_DIVERSION = an_entry(a_restriction())
ON_READ_AND_FILE = an_entry(a_restriction("read-and-file"))
ON_BOTH = an_entry(a_restriction(), a_restriction("read-and-file", ref="R2"))

SAME_MATTER = a_message(subject="C-2025-0117", text="I still do not agree about C-2025-0117.")
FOI = "Under the Freedom of Information Act 2000 please send me the minutes of the parks committee."
COMPLAINT = "I wish to make a formal complaint about the collection of bins."
CONTEST = "I want to appeal against your decision to restrict my contact."
SUICIDE = "I am going to kill myself tonight."
ABUSED_CHILD = "My neighbour is hitting his child, she is covered in bruises and terrified of him."


def _decide(
    message: Message | None = None,
    *entries: RegisterEntry,
    receipt: Receipt | None = None,
    assessment: Assessment = NOT_ASSESSED,
) -> Decision:
    return decide(message or a_message(), receipt or a_receipt(), Snapshot(entries), assessment, POLICY)


def _done(decision: Decision) -> tuple[str, ...]:
    return tuple(map(_in_words, decision.actions))


def _in_words(action: Action) -> str:
    match action:
        case Keep():
            return "keep"
        case Redirect(spoc):
            return f"redirect to {spoc}"
        case FileInto(folder):
            return f"file into {folder}"
        case Hold(until):
            return f"hold until {until:%a %H:%M}"
        case Notice(letter=letter):
            return f"tell {letter}"
        case RaiseReview(kind=kind):
            return f"ask {kind}"


def _proves(*rows: str) -> pytest.MarkDecorator:
    return pytest.mark.requirement(*rows)


# What a message from the person on the register, or somebody else, comes to: message, entry, outcome.
SITUATIONS = [
    pytest.param(a_message(STRANGER), ON_DIVERSION, KEPT, id="somebody else", marks=_proves("0.16", "3.2")),
    pytest.param(a_message(), an_entry(), KEPT, id="on the register without a restriction"),
    pytest.param(a_message(), ON_DIVERSION, DIVERTED, id="diversion", marks=_proves("1.65", "2.31")),
    pytest.param(a_message(ANN.upper()), ON_DIVERSION, DIVERTED, id="diversion, in capitals"),
    pytest.param(SAME_MATTER, ON_DIVERSION, DIVERTED, id="diversion, whatever the matter"),
    pytest.param(
        SAME_MATTER,
        ON_READ_AND_FILE,
        ("file into filed", "ask read-and-file"),
        id="closed matter again",
    ),
    pytest.param(SAME_MATTER, ON_BOTH, DIVERTED, id="diversion is stronger than filing"),
    pytest.param(
        a_message(), ON_READ_AND_FILE, ("keep", "ask matter"), id="another matter", marks=_proves("3.35", "1.36")
    ),
    pytest.param(
        replace(SAME_MATTER, subject="C-2025-0117 and another matter"),
        ON_READ_AND_FILE,
        ("keep", "ask matter"),
        id="closed matter, and something new",
    ),
    pytest.param(
        replace(SAME_MATTER, attachments=(Attachment(filename="a.jpg", content_type="image/jpeg"),)),
        ON_READ_AND_FILE,
        ("keep", "ask matter"),
        id="closed matter, with new evidence",
    ),
    pytest.param(
        replace(SAME_MATTER, degraded=("undecodable",)), ON_READ_AND_FILE, ("keep", "ask matter"), id="not read whole"
    ),
    pytest.param(
        replace(SAME_MATTER, degraded=(LONG_TEXT,)),
        ON_READ_AND_FILE,
        ("file into filed", "ask read-and-file"),
        id="closed matter, a very long letter",
    ),
    pytest.param(
        a_message(subject="", text=""), ON_READ_AND_FILE, ("keep", "ask matter"), id="no words to tell the matter by"
    ),
    pytest.param(
        SAME_MATTER,
        replace(ON_READ_AND_FILE, matters=(a_matter(state="open"),)),
        ("keep", "ask register"),
        id="matter reopened",
        marks=_proves("0.7"),
    ),
    pytest.param(
        SAME_MATTER,
        replace(ON_READ_AND_FILE, matters=()),
        ("keep", "ask register"),
        id="matter not on the register",
        marks=_proves("0.8"),
    ),
    pytest.param(
        SAME_MATTER,
        replace(ON_READ_AND_FILE, matters=(a_matter(state="exhausted"),)),
        ("file into filed", "ask read-and-file"),
        id="exhausted matter",
    ),
    pytest.param(
        a_message(text=FOI),
        ON_DIVERSION,
        ("keep", "ask statutory"),
        id="freedom of information",
    ),
    pytest.param(
        replace(SAME_MATTER, text=FOI, own_text=FOI),
        ON_READ_AND_FILE,
        ("keep", "ask statutory"),
        id="freedom of information about a closed matter",
    ),
    pytest.param(a_message(STRANGER, text=FOI), ON_DIVERSION, KEPT, id="rights of others reach the team as ever"),
    pytest.param(a_message(text=SUICIDE), ON_DIVERSION, ("keep", "ask safety"), id="risk to life"),
    pytest.param(a_message(STRANGER, text=SUICIDE), ON_DIVERSION, ("keep", "ask safety"), id="anybody's risk to life"),
    pytest.param(a_message(text=ABUSED_CHILD), ON_READ_AND_FILE, ("keep", "ask safety"), id="safeguarding"),
    pytest.param(
        a_message(STRANGER, text=ABUSED_CHILD), ON_DIVERSION, ("keep", "ask safety"), id="anybody's safeguarding"
    ),
    pytest.param(a_message(text=CONTEST), ON_DIVERSION, (*DIVERTED, "ask contest"), id="contest"),
    pytest.param(
        replace(SAME_MATTER, text=CONTEST, own_text=CONTEST),
        ON_READ_AND_FILE,
        ("keep", "ask contest"),
        id="contest instead of filing",
    ),
    pytest.param(
        replace(SAME_MATTER, text=f"{SAME_MATTER.own_text}\n> {CONTEST}"),
        ON_READ_AND_FILE,
        ("file into filed", "ask read-and-file"),
        id="only the council's letter, quoted, speaks of an appeal",
    ),
    pytest.param(a_message(text=COMPLAINT), ON_DIVERSION, DIVERTED, id="formal complaints go to the SPOC too"),
    pytest.param(
        replace(SAME_MATTER, text=COMPLAINT, own_text=COMPLAINT),
        ON_READ_AND_FILE,
        ("keep", "ask complaint"),
        id="a formal complaint is not filed",
    ),
    pytest.param(
        a_message(suspect=("several-authors",)), ON_DIVERSION, ("keep", "ask identity"), id="ambiguous author"
    ),
    pytest.param(
        a_message(STRANGER, suspect=("folded-name",)),
        ON_DIVERSION,
        ("keep", "ask identity"),
        id="ambiguous, whoever it is",
    ),
    pytest.param(
        a_message(None, suspect=("no-author",)), ON_DIVERSION, ("keep", "ask identity"), id="no author at all"
    ),
    pytest.param(
        a_message(authentication=AuthenticationResult.FAIL), ON_DIVERSION, ("keep", "ask identity"), id="forged author"
    ),
    pytest.param(
        a_message(STRANGER, authentication=AuthenticationResult.FAIL), ON_DIVERSION, KEPT, id="forged, but nobody known"
    ),
    pytest.param(a_message(authentication=AuthenticationResult.PASS), ON_DIVERSION, DIVERTED, id="proven author"),
    pytest.param(
        a_message(from_=(Address(addr_spec=STRANGER, display_name="Ann Vexing"),)),
        ON_DIVERSION,
        ("keep", "ask identity"),
        id="a namesake is only asked about",
    ),
    pytest.param(
        a_message(STRANGER, suspect=("folded-name",), text=SUICIDE),
        ON_DIVERSION,
        ("keep", "ask identity", "ask safety"),
        id="safety, whoever wrote it",
    ),
    pytest.param(a_message("clerk@council.example"), ON_DIVERSION, KEPT, id="a colleague"),
    pytest.param(
        a_message("clerk@council.example", text="> I am Ann Vexing.\n\nSee below\n\nAnn Vexing"),
        ON_DIVERSION,
        KEPT,
        id="a colleague forwards",
    ),
    pytest.param(
        a_message(OMBUDSMAN, text=f"We are looking at the complaint of Ann Vexing <{ANN}>.\n\nAnn Vexing"),
        ON_DIVERSION,
        KEPT,
        id="the ombudsman",
        marks=_proves("0.14"),
    ),
    pytest.param(
        a_message(OMBUDSMAN),
        an_entry(a_restriction(), addresses=(OMBUDSMAN,)),
        KEPT,
        id="the ombudsman, entered by mistake",
        marks=_proves("0.14"),
    ),
    pytest.param(
        a_message(kind=MessageKind.BOUNCE), ON_DIVERSION, ("keep", "ask identity"), id="a bounce in a person's name"
    ),
    pytest.param(a_message(kind=MessageKind.AUTO_REPLY), ON_DIVERSION, DIVERTED, id="an out-of-office reply"),
    pytest.param(a_message(received_count=MAX_RECEIVED), ON_DIVERSION, DIVERTED, id="as many hops as are allowed"),
    pytest.param(a_message(received_count=MAX_RECEIVED + 1), ON_DIVERSION, KEPT, id="going round in circles"),
]


@pytest.mark.parametrize(("message", "entry", "outcome"), SITUATIONS)
def test_what_becomes_of_a_message(message: Message, entry: RegisterEntry, outcome: tuple[str, ...]) -> None:
    decision = _decide(message, entry)

    assert _done(decision) == outcome
    assert decision.reasons


# One letter for each right that no restriction touches.
STATUTORY = [
    pytest.param(FOI, id="freedom of information"),
    pytest.param("I ask for the air quality readings under the Environmental Information Regulations.", id="EIR"),
    pytest.param("This is a subject access request. Send me what you hold.", id="access", marks=_proves("1.10")),
    pytest.param("Please delete my data: I claim my right to erasure.", id="data protection"),
    pytest.param("I am homeless from Friday, the landlord is evicting us.", id="homelessness"),
    pytest.param("My son's EHCP annual review is overdue.", id="special educational needs"),
    pytest.param("I want to register to vote before the election.", id="elections"),
    pytest.param("I object to planning application 24/01234/FUL.", id="planning"),
    pytest.param("My housing benefit has been stopped.", id="benefits"),
    pytest.param("I dispute that I am liable for council tax on that flat.", id="council tax"),
    pytest.param("I wish to appeal against the refusal of a school place for my daughter.", id="school admissions"),
    pytest.param("I object to the premises licence of the club.", id="licensing"),
    pytest.param("I want to put a question to the full council meeting.", id="public meetings"),
]


@pytest.mark.requirement("1.35")
@pytest.mark.parametrize("text", STATUTORY)
@pytest.mark.parametrize("entry", [ON_DIVERSION, ON_READ_AND_FILE], ids=["diversion", "read-and-file"])
def test_a_statutory_right_reaches_its_team_whatever_the_restriction(text: str, entry: RegisterEntry) -> None:
    decision = _decide(replace(SAME_MATTER, text=text, own_text=text), entry)

    assert decision.actions[0] == Keep()
    assert {ask.kind for ask in decision.reviews} == {ReviewKind.STATUTORY}


# Where and when mail to a restricted person's SPOC is received: restriction, receipt, whether it is diverted.
SCOPES = [
    pytest.param({}, {}, True, id="council-wide"),
    pytest.param({"mailboxes": frozenset({"planning"})}, {}, True, id="this mailbox"),
    pytest.param({"mailboxes": frozenset({"housing"})}, {}, False, id="another mailbox", marks=_proves("4.13")),
    pytest.param({"services": frozenset({"planning"})}, {}, True, id="this service", marks=_proves("4.13")),
    pytest.param({"services": frozenset({"housing"})}, {}, False, id="another service", marks=_proves("4.13")),
    pytest.param(
        {"services": frozenset({"housing"}), "mailboxes": frozenset({"planning"})}, {}, True, id="one or the other"
    ),
    pytest.param({}, {"excluded": True}, False, id="excluded mailbox", marks=_proves("2.5", "1.10")),
    pytest.param({}, {"own_letter": True}, False, id="our own letter come back"),
    pytest.param({"start": NOON}, {}, True, id="at the very moment it commences"),
    pytest.param({"start": NOON + SECOND}, {}, False, id="before it commences"),
    pytest.param({"end": NOON + SECOND}, {}, True, id="just before it ends"),
    pytest.param({"end": NOON}, {}, False, id="at the very moment it ends", marks=_proves("3.42")),
    pytest.param({"end": NOON - SECOND}, {}, False, id="after it has ended", marks=_proves("3.42")),
]


@pytest.mark.parametrize(("restriction", "receipt", "diverted"), SCOPES)
def test_a_restriction_holds_within_its_scope_and_its_time(
    restriction: dict[str, object],
    receipt: dict[str, object],
    diverted: bool,  # noqa: FBT001 - a table
) -> None:
    entry = an_entry(a_restriction(**restriction))  # type: ignore[arg-type]  # a table of any fields
    decision = _decide(a_message(), entry, receipt=a_receipt(**receipt))  # type: ignore[arg-type]

    assert _done(decision) == (DIVERTED if diverted else KEPT)


def test_an_excluded_mailbox_files_nothing_either() -> None:
    assert _done(_decide(SAME_MATTER, ON_READ_AND_FILE, receipt=a_receipt(excluded=True))) == KEPT


def test_two_entries_with_one_address_are_a_question_about_the_register() -> None:
    other = an_entry(a_restriction(), ref="E2", name="Bea Cross")

    decision = _decide(a_message(), ON_DIVERSION, other)

    assert _done(decision) == ("keep", "ask register")
    assert "E1, E2 have the same address" in decision.reviews[0].question


# Somebody who was on the register, or is in another service's, is not asked about: message.
FORMER = [
    pytest.param(a_message(), id="from the address"),
    pytest.param(a_message("ann.vexing+x@mail.example"), id="a variant of the address"),
    pytest.param(a_message(from_=(Address(addr_spec=STRANGER, display_name="Ann Vexing"),)), id="a namesake"),
    pytest.param(a_message(STRANGER, text="Yours faithfully\n\nAnn Vexing"), id="signed with the name"),
    pytest.param(a_message(authentication=AuthenticationResult.FAIL), id="a forged author"),
    pytest.param(SAME_MATTER, id="about the matter"),
]


@pytest.mark.requirement("3.42")
@pytest.mark.parametrize("message", FORMER)
def test_a_restriction_that_has_ended_leaves_no_trace(message: Message) -> None:
    former = an_entry(a_restriction(end=NOON), a_restriction("read-and-file", ref="R2", end=NOON))

    assert _decide(message, former).actions == _decide(message).actions


def test_a_former_entry_with_the_same_address_does_not_hold_up_the_one_in_force() -> None:
    former = an_entry(a_restriction(end=NOON), ref="E0", name="Ann Former")

    assert _done(_decide(a_message(), former, ON_DIVERSION)) == DIVERTED


def test_a_decision_cites_what_it_rests_on() -> None:
    decision = _decide(a_message(), an_entry(a_restriction(), ref="E7", version=3))

    assert decision.policy_version == "test"
    assert decision.register_versions == ("E7@3",)
    assert decision.model_version == "none"
    assert [reason.code for reason in decision.reasons] == ["match:author", "restriction:E7v3:R1:spoc-diversion"]


@pytest.mark.parametrize("message", [a_message(), a_message(STRANGER), a_message(suspect=("no-author",))])
def test_reasons_and_questions_name_nobody(message: Message) -> None:
    decision = _decide(message, ON_DIVERSION)

    said = " ".join([*(reason.words for reason in decision.reasons), *(ask.question for ask in decision.reviews)])
    for name in (ANN, STRANGER, "Vexing"):
        assert name not in said


@pytest.mark.parametrize(
    ("text", "priority"), [pytest.param(SUICIDE, 0, id="life"), pytest.param(ABUSED_CHILD, 1, id="safeguarding")]
)
def test_danger_comes_before_everything_else_in_the_queue(text: str, priority: int) -> None:
    (ask,) = _decide(a_message(STRANGER, text=text)).reviews

    assert (ask.kind, ask.priority) == (ReviewKind.SAFETY, priority)


FLAGGED = Assessment(model_version="m1", score=0.97, flagged=True, why=("useless",))


@pytest.mark.parametrize(("message", "entry", "outcome"), SITUATIONS)
def test_possible_abuse_only_adds_a_question(message: Message, entry: RegisterEntry, outcome: tuple[str, ...]) -> None:
    decision = _decide(message, entry, assessment=FLAGGED)

    assert _done(decision) == (*outcome, "ask abuse")
    assert decision.model_version == "m1"


@pytest.mark.requirement("4.19")
@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_score_that_flags_nothing_changes_nothing(score: float) -> None:
    unflagged = Assessment(model_version="m1", score=score, flagged=False)

    assert _decide(a_message(STRANGER), assessment=unflagged).actions == (Keep(),)


def test_what_is_filed_stays_for_somebody_to_read() -> None:
    decision = _decide(SAME_MATTER, ON_READ_AND_FILE)

    assert decision.actions[0] == FileInto(FolderRole.FILED)
    assert "tick that you did" in decision.reviews[0].question


def test_a_decision_that_nobody_would_see_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="must leave the message with a person"):
        Decision(actions=(FileInto(FolderRole.FILED),), reasons=(), policy_version="test")


PROPERTY = an_entry(ref="MC-7", name="7 Specimen Close", addresses=(), postcode="YO1 6GA")


@pytest.mark.requirement("1.51")
@pytest.mark.parametrize("text", ["My neighbour at 7 Specimen Close, YO1 6GA.", "about yo16ga please"])
def test_mail_that_names_a_property_on_the_register_is_kept_and_pointed_out(text: str) -> None:
    decision = decide(a_message(STRANGER, text=text), a_receipt(), Snapshot((PROPERTY,)), NOT_ASSESSED, POLICY)

    assert decision.actions[0] == Keep()
    (ask,) = decision.reviews
    assert (ask.kind, ask.priority) == (ReviewKind.PROPERTY, 6)
    assert "see its risk assessment" in ask.question


def test_mail_that_names_another_place_is_pointed_out_to_nobody() -> None:
    decision = decide(
        a_message(STRANGER, text="9 High Street, YO1 7AA"), a_receipt(), Snapshot((PROPERTY,)), NOT_ASSESSED, POLICY
    )

    assert decision.reviews == ()


@pytest.mark.requirement("1.2")
def test_mail_of_somebody_with_a_recorded_need_is_read_before_it_is_filed() -> None:
    entry = replace(ON_READ_AND_FILE, care=True)

    decision = decide(SAME_MATTER, a_receipt(), Snapshot((entry,)), NOT_ASSESSED, POLICY)

    assert decision.actions[0] == Keep()
    assert [ask.kind for ask in decision.reviews] == [ReviewKind.MATTER]


@pytest.mark.parametrize("kind", sorted(set(RestrictionKind) - {step.kind for step in PRECEDENCE}))
def test_what_is_for_people_to_heed_moves_no_mail(kind: RestrictionKind) -> None:
    entry = an_entry(a_restriction(kind))

    decision = decide(a_message(), a_receipt(), Snapshot((entry,)), NOT_ASSESSED, POLICY)

    assert decision.actions == (Keep(),)
    assert any(kind in reason.code for reason in decision.reasons)
