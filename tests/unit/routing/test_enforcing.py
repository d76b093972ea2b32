"""Every kind of restriction on e-mail, and what becomes of a message when several are in force."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.assessment import NOT_ASSESSED
from ingest.message import Attachment, Message, MessageKind
from policies.vocabulary import LetterKind, RestrictionKind
from register.entry import Absence, RegisterEntry, Restriction, Snapshot
from routing.action import Action, FileInto, FolderRole, Hold, Keep, Notice, RaiseReview, Redirect, ReviewKind
from routing.decide import decide
from routing.decision import Decision
from routing.enforcing import PRECEDENCE
from tests.builders import ANN, POLICY, SPOC, STRANGER, a_matter, a_message, a_receipt, a_restriction, an_entry

MONDAY_NIGHT = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
DEPUTY, OWNER = "deputy@council.example", "one@council.example"

PLAIN = a_message(ANN, text="Please mend the street light.")
SAME = a_message(ANN, subject="C-2025-0117", text="I still do not agree about C-2025-0117.")
NEARLY = a_message(ANN, text="The noise from the bowls pavilion goes on.")
CONTEST = a_message(ANN, text="I want to appeal against your decision to restrict my contact.")
FOI = a_message(ANN, text="Under the Freedom of Information Act 2000 please send me the minutes.")
MACHINE = replace(PLAIN, kind=MessageKind.AUTO_REPLY)
UNREAD = replace(PLAIN, degraded=("undecodable",))

BY_EMAIL_TOO: dict[str, Any] = {
    "windows": [{"day": "tuesday", "start": "10:00", "until": "12:00"}],
    "channels": ["email"],
}


def _under(*restrictions: Restriction, care: bool = False) -> RegisterEntry:
    return an_entry(*restrictions, matters=(a_matter(),), care=care)


def _decide(message: Message, entry: RegisterEntry, *, address: str = "", at: datetime = MONDAY_NIGHT) -> Decision:
    receipt = a_receipt(received_at=at, address=address)
    return decide(message, receipt, Snapshot((entry,)), NOT_ASSESSED, POLICY)


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
            return f"hold until {until:%A %H:%M}"
        case Notice(letter=letter):
            return f"tell: {letter}"
        case RaiseReview(kind=kind):
            return f"ask: {kind}"


KEPT = ("keep",)
FILED = ("file into filed", "ask: read-and-file")
TOLD = "tell: wrong-channel"

# Kind, its terms, the message, and what becomes of it.
ALONE = [
    pytest.param("spoc-diversion", {}, PLAIN, (f"redirect to {SPOC}",), id="a point of contact"),
    pytest.param("spoc-diversion", {}, CONTEST, (f"redirect to {SPOC}", "ask: contest"), id="a contest goes there too"),
    pytest.param("spoc-diversion", {}, FOI, ("keep", "ask: statutory"), id="a right is not diverted"),
    pytest.param("contact-times", BY_EMAIL_TOO, PLAIN, ("hold until Tuesday 10:00",), id="waits for its time"),
    pytest.param("contact-times", {}, PLAIN, KEPT, id="times of calls do not hold mail"),
    pytest.param("contact-times", BY_EMAIL_TOO, CONTEST, ("keep", "ask: contest"), id="a contest does not wait"),
    pytest.param("contact-times", BY_EMAIL_TOO, FOI, ("keep", "ask: statutory"), id="a right does not wait"),
    pytest.param("contact-times", BY_EMAIL_TOO, UNREAD, KEPT, id="what could not be read does not wait"),
    pytest.param(
        "one-response-line", {"owner": OWNER}, PLAIN, (f"redirect to {OWNER}", "ask: answer"), id="one answers for all"
    ),
    pytest.param("single-channel", {}, PLAIN, (*FILED, TOLD), id="letters only"),
    pytest.param("single-channel", {"channel": "telephone"}, PLAIN, (*FILED, TOLD), id="calls only"),
    pytest.param("single-channel", {"channel": "email"}, PLAIN, KEPT, id="e-mail only"),
    pytest.param("single-channel", {}, FOI, ("keep", "ask: statutory"), id="a right needs no letter"),
    pytest.param("single-channel", {}, CONTEST, ("keep", "ask: contest"), id="a contest by e-mail is heard"),
    pytest.param("single-channel", {}, MACHINE, FILED, id="a machine is told nothing"),
    pytest.param("single-channel", {}, UNREAD, ("keep", "ask: matter", TOLD), id="what could not be read is not filed"),
    pytest.param("representative-only", {}, PLAIN, (*FILED, TOLD), id="through an advocate"),
    pytest.param("read-and-file", {}, SAME, FILED, id="the closed matter"),
    pytest.param("read-and-file", {}, PLAIN, ("keep", "ask: matter"), id="perhaps the closed matter"),
    pytest.param("unrelated-only", {}, SAME, FILED, id="a matter not taken up again"),
    pytest.param("unrelated-only", {}, NEARLY, ("keep", "ask: matter"), id="perhaps a matter not taken up again"),
    pytest.param("unrelated-only", {}, PLAIN, KEPT, id="another matter flows as anybody's"),
    pytest.param("new-information-only", {}, SAME, ("keep", "ask: new-information"), id="anything new?"),
    pytest.param("new-information-only", {}, PLAIN, KEPT, id="not about that at all"),
    pytest.param("limited-topics", {"topics": ["C-2025-0117"]}, SAME, FILED, id="a topic no longer written about"),
    pytest.param("limited-topics", {}, NEARLY, ("keep", "ask: matter"), id="words of such a topic"),
    pytest.param("limited-topics", {}, PLAIN, KEPT, id="another topic"),
    pytest.param("limited-topics", {"rule": "only"}, PLAIN, ("keep", "ask: matter"), id="perhaps none of the topics"),
    pytest.param(
        "limited-topics", {"rule": "only", "topics": ["C-2025-0117"]}, SAME, KEPT, id="a topic that is written about"
    ),
    pytest.param("fixed-letter", {}, PLAIN, ("keep", "ask: closing"), id="a fixed letter once a person says so"),
    pytest.param("fixed-letter", {}, MACHINE, KEPT, id="no fixed letter for a machine"),
    pytest.param("postal-replies", {}, PLAIN, ("keep", "ask: post"), id="answered by post"),
]


@pytest.mark.requirement("1.63", "1.75", "3.25", "3.26", "3.29", "3.35", "4.7")
@pytest.mark.parametrize(("kind", "terms", "message", "outcome"), ALONE)
def test_a_restriction_has_its_way(
    kind: str, terms: dict[str, Any], message: Message, outcome: tuple[str, ...]
) -> None:
    assert _done(_decide(message, _under(a_restriction(kind, **terms)))) == outcome


# Two in force at once: the first decides where it goes, both tell what they tell.
TOGETHER = [
    pytest.param(("contact-times", "spoc-diversion"), ("hold until Tuesday 10:00",), id="first it waits"),
    pytest.param(("spoc-diversion", "read-and-file"), (f"redirect to {SPOC}",), id="contact before filing"),
    pytest.param(("spoc-diversion", "single-channel"), (f"redirect to {SPOC}", TOLD), id="contact, and a notice"),
    pytest.param(("single-channel", "read-and-file"), (*FILED, TOLD), id="filed once, and a notice"),
    pytest.param(("single-channel", "fixed-letter"), (*FILED, TOLD), id="filed, and no second letter"),
    pytest.param(("unrelated-only", "postal-replies"), FILED, id="what is filed is not answered by post"),
    pytest.param(("time-limit", "agreement"), KEPT, id="for people to heed"),
]


@pytest.mark.parametrize(("kinds", "outcome"), TOGETHER)
def test_of_several_restrictions_one_decides_where_it_goes(kinds: tuple[str, ...], outcome: tuple[str, ...]) -> None:
    restrictions = [
        a_restriction(kind, ref=f"R{number}", **(BY_EMAIL_TOO if kind == "contact-times" else {}))
        for number, kind in enumerate(kinds, start=1)
    ]

    forwards, backwards = _decide(SAME, _under(*restrictions)), _decide(SAME, _under(*reversed(restrictions)))

    assert _done(forwards) == outcome
    assert _done(backwards) == outcome
    assert {f"R{number}" for number in (1, 2)} == {
        reason.code.split(":")[2] for reason in forwards.reasons if reason.code.startswith("restriction:")
    }


@pytest.mark.requirement("1.61")
def test_held_mail_takes_its_way_once_the_window_is_open() -> None:
    entry = _under(a_restriction("contact-times", **BY_EMAIL_TOO), a_restriction(ref="R2"))

    assert _done(_decide(PLAIN, entry, at=TUESDAY)) == (f"redirect to {SPOC}",)


@pytest.mark.requirement("1.2")
@pytest.mark.parametrize("kind", ["contact-times", "single-channel", "representative-only", "unrelated-only"])
def test_mail_of_somebody_with_a_need_is_neither_held_nor_filed(kind: str) -> None:
    terms = BY_EMAIL_TOO if kind == "contact-times" else {}

    decision = _decide(SAME, _under(a_restriction(kind, **terms), care=True))

    assert decision.actions[0] == Keep()


AWAY = Absence(address=SPOC, until=date(2026, 3, 9))


@pytest.mark.parametrize(
    ("terms", "away", "outcome"),
    [
        pytest.param({"deputy": DEPUTY}, (AWAY,), (f"redirect to {DEPUTY}",), id="to the deputy"),
        pytest.param({"others": [OWNER]}, (AWAY,), (f"redirect to {OWNER}",), id="to another named person"),
        pytest.param({}, (replace(AWAY, until=date(2026, 3, 2)),), (f"redirect to {SPOC}",), id="back since today"),
        pytest.param({}, (AWAY,), ("keep", "ask: register"), id="nobody stands in"),
        pytest.param({}, (Absence(address=SPOC),), ("keep", "ask: register"), id="the point of contact has left"),
        pytest.param(
            {"deputy": DEPUTY}, (AWAY, Absence(address=DEPUTY)), ("keep", "ask: register"), id="so has the deputy"
        ),
    ],
)
def test_mail_goes_to_who_is_there(terms: dict[str, Any], away: tuple[Absence, ...], outcome: tuple[str, ...]) -> None:
    restriction = replace(a_restriction(**terms), away=away)

    assert _done(_decide(PLAIN, _under(restriction))) == outcome


@pytest.mark.requirement("3.25")
@pytest.mark.parametrize("address", [SPOC, SPOC.upper(), OWNER, DEPUTY])
def test_what_a_named_person_receives_stays_with_them(address: str) -> None:
    entry = _under(a_restriction(others=[OWNER], deputy=DEPUTY))

    assert _done(_decide(PLAIN, entry, address=address)) == KEPT


@pytest.mark.requirement("1.75")
def test_mail_from_the_advocate_flows_as_anybodys() -> None:
    advocate = a_message(STRANGER, text="I write for my client.")

    assert _done(_decide(advocate, _under(a_restriction("representative-only")))) == KEPT


def test_a_notice_names_the_case_and_the_restriction_it_is_sent_under() -> None:
    decision = _decide(PLAIN, _under(a_restriction("single-channel", ref="R7")))

    (notice,) = [action for action in decision.actions if isinstance(action, Notice)]
    assert notice == Notice(letter=LetterKind.WRONG_CHANNEL, case="E1", restriction="R7")


def test_an_attachment_is_looked_at_before_a_matter_is_filed() -> None:
    attached = replace(SAME, attachments=(Attachment(filename="a.pdf", content_type="application/pdf"),))

    assert _done(_decide(attached, _under(a_restriction("unrelated-only")))) == ("keep", "ask: matter")


def test_a_contest_is_heard_although_the_register_is_at_odds_with_itself() -> None:
    entry = an_entry(a_restriction("read-and-file"), matters=(a_matter(state="open"),))

    assert _done(_decide(CONTEST, entry)) == ("keep", "ask: register", "ask: contest")


ENFORCED = st.lists(st.sampled_from([step.kind for step in PRECEDENCE]), min_size=1, max_size=6, unique=True)


@pytest.mark.requirement("1.10", "1.35")
@given(ENFORCED, st.sampled_from([FOI, replace(FOI, kind=MessageKind.AUTO_REPLY)]))
def test_no_restrictions_whatever_keep_a_right_from_its_team(kinds: list[RestrictionKind], message: Message) -> None:
    entry = _under(*(a_restriction(kind, ref=f"R{number}") for number, kind in enumerate(kinds)))

    decision = _decide(message, entry)

    assert decision.actions[0] == Keep()
    assert [ask.kind for ask in decision.reviews] == [ReviewKind.STATUTORY]


@given(ENFORCED, st.sampled_from([PLAIN, SAME, NEARLY, CONTEST, MACHINE, UNREAD]), st.sampled_from([True, False]))
def test_what_is_filed_was_read_whole_and_waits_for_somebody_to_read_it(
    kinds: list[RestrictionKind],
    message: Message,
    care: bool,  # noqa: FBT001 - drawn
) -> None:
    entry = _under(*(a_restriction(kind, ref=f"R{number}") for number, kind in enumerate(kinds)), care=care)

    decision = _decide(message, entry)

    if any(isinstance(action, FileInto) for action in decision.actions):
        assert FileInto(FolderRole.FILED) in decision.actions
        assert ReviewKind.READ_AND_FILE in {ask.kind for ask in decision.reviews}
        assert message not in {CONTEST, UNREAD}
        assert not care
