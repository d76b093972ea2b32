"""Every kind of restriction that moves mail is shown, with what people answer, and comes to what the sample says."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from classifier.model import shipped_model
from demo.sample import BEGAN, Outcome, SampleMessage, last_week, sample_mail
from ingest.parse import read
from policies.vocabulary import RestrictionKind
from register.dates import start_of
from register.entry import Snapshot
from routing.action import Action, FileInto, Hold, Keep, Notice, RaiseReview, Redirect
from routing.answering import Outcome as Said
from routing.answering import answered
from routing.decide import decide
from routing.decision import Decision
from routing.enforcing import PRECEDENCE
from tests.builders import POLICY, a_receipt
from tests.unit.demo.test_sample import COUNCIL, SHOWN_ON, the_register_on

KINDS = [step.kind for step in PRECEDENCE]
CAME_BACK = "contact-times-came-back"  # a run of all shows what it became after that
EXAMPLES = [message for message in sample_mail() if message.example is not None and message.label != CAME_BACK]
EVERY = pytest.mark.parametrize("message", EXAMPLES, ids=[message.label for message in EXAMPLES])
LIES = {Keep: Outcome.KEPT, FileInto: Outcome.FILED, Redirect: Outcome.REDIRECTED, Hold: Outcome.WAITING}
SERVICES = {mailbox["name"]: mailbox["service"] for mailbox in COUNCIL["mailboxes"]}


def decided(message: SampleMessage, register: Snapshot, began: datetime = BEGAN) -> Decision:
    """What is decided as the message came, but for possible abuse, which moves nothing."""
    receipt = a_receipt(
        message.mailbox, service=SERVICES[message.mailbox], address=f"{message.mailbox}@{COUNCIL['domain']}"
    )
    letter = read(message.raw, trusted_authserv_id=COUNCIL["border"])
    assessment = replace(shipped_model().assess_one(letter.own_text), flagged=False)
    return decide(letter, replace(receipt, received_at=began + message.received), register, assessment, POLICY)


def told_of(actions: Sequence[Action]) -> str:
    """The same words as those in which the sample says what should happen."""
    asked = {action.kind for action in actions if isinstance(action, RaiseReview)}
    return ", ".join((LIES[type(actions[0])], *sorted(asked)))


def waits_until(decision: Decision) -> datetime:
    """Until when a message is held."""
    (until,) = [action.until for action in decision.actions if isinstance(action, Hold)]
    return until


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return Snapshot(the_register_on(date(2026, 3, 9), tmp_path_factory.mktemp("register")).entries)


def test_every_kind_that_moves_mail_has_an_example() -> None:
    assert {message.example for message in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_an_officer_answers_a_question(kind: RestrictionKind) -> None:
    (first, *_) = [message for message in EXAMPLES if message.example is kind and message.answer is not None]

    assert first.then is not None
    assert first.answer is not None
    assert first.answer.question in first.reviews
    assert first.answer.by in {officer["username"] for officer in COUNCIL["officers"]}


def test_all_three_answers_are_given() -> None:
    assert {message.answer.outcome for message in EXAMPLES if message.answer} == set(Said)


@EVERY
def test_an_example_is_decided_as_the_sample_says_under_its_kind(message: SampleMessage, register: Snapshot) -> None:
    decision = decided(message, register)

    assert told_of(decision.actions) == message.expected
    assert any(re.fullmatch(rf"restriction:.*:{message.example}", reason.code) for reason in decision.reasons)


@EVERY
def test_after_its_answer_an_example_lies_where_the_sample_says(message: SampleMessage, register: Snapshot) -> None:
    if message.answer is None:
        return
    before = decided(message, register)

    after = answered(before, message.answer.question, message.answer.outcome, message.answer.by) or before

    assert LIES[type(after.actions[0])] is message.then
    assert message.told in {None, *(one.letter for one in (*before.actions, *after.actions) if isinstance(one, Notice))}


@EVERY
def test_nothing_is_dropped(message: SampleMessage, register: Snapshot) -> None:
    first, *others = decided(message, register).actions

    assert isinstance(first, Keep | FileInto | Redirect | Hold)
    assert all(isinstance(action, RaiseReview | Notice) for action in others)


@pytest.mark.parametrize("today", SHOWN_ON)
def test_on_any_day_some_mail_still_waits_and_some_has_come_back(today: date, tmp_path: Path) -> None:
    register, began = Snapshot(the_register_on(today, tmp_path).entries), last_week(today)
    mail = {message.label: message for message in sample_mail(began, today)}

    until = {label: waits_until(decided(mail[label], register, began)) for label in mail if "contact-times" in label}

    assert (until["contact-times-waits"] - start_of(today)).days == 3
    assert until["contact-times-released"] == until["contact-times-waits"]
    assert until[CAME_BACK] < start_of(today)
