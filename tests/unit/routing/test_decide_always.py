"""What holds for every message, every register and every assessment: laws rather than cases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.assessment import NOT_ASSESSED, Assessment, Concern
from ingest.message import LONG_TEXT, Address, Attachment, AuthenticationResult, Message, MessageKind
from policies.vocabulary import RestrictionKind
from register.entry import RegisterEntry, Restriction, Snapshot
from routing.action import FileInto, FolderRole, Hold, Keep, Notice, RaiseReview, Redirect, ReviewKind
from routing.correspondence import Receipt
from routing.cues import SafeguardKind
from routing.decide import decide
from routing.decision import Decision
from routing.record import actions_as_data, actions_from_data
from tests.builders import ANN, NOON, OMBUDSMAN, POLICY, SPOC, STRANGER, a_matter, a_message, some_terms

MANY = settings(max_examples=150, deadline=timedelta(seconds=2))

# Addresses, names and words that often meet what the register says, besides any text at all.
ADDRESSES = st.sampled_from([ANN, "ann.vexing+x@mail.example", "bea@mail.example", STRANGER, OMBUDSMAN, SPOC, "@", ""])
NAMES = st.sampled_from(["Ann Vexing", "Bea Cross", "Cal Quiet", ""])
WORDS = st.text(max_size=60) | st.sampled_from([
    "C-2025-0117",
    "Freedom of Information request",
    "I want to appeal against your decision to restrict my contact.",
    "I am going to kill myself tonight.",
    "A new complaint, with new evidence.",
    "Yours faithfully\n\nAnn Vexing",
])  # fmt: skip
TEXTS = st.lists(WORDS, max_size=4).map("\n".join)
SPECS = st.builds(Address, addr_spec=ADDRESSES | st.text(max_size=20), display_name=NAMES | st.text(max_size=20))
LISTS = st.lists(SPECS, max_size=3).map(tuple)
ATTACHED = st.lists(st.just(Attachment(filename="a.pdf", content_type="application/pdf")), max_size=2).map(tuple)
MESSAGES = st.builds(
    Message,
    from_=LISTS | SPECS.map(lambda address: (address,)),
    sender=LISTS,
    reply_to=LISTS,
    resent_from=LISTS,
    return_path=st.none() | ADDRESSES,
    subject=WORDS,
    message_id=st.none() | st.text(max_size=20),
    date=st.none(),
    kind=st.sampled_from(MessageKind),
    loop_tokens=st.lists(st.text(max_size=10), max_size=2).map(tuple),
    received_count=st.integers(min_value=0, max_value=200),
    authentication=st.sampled_from(AuthenticationResult),
    text=TEXTS,
    own_text=TEXTS,
    attachments=ATTACHED,
    suspect=st.just(()) | st.just(("several-authors",)),
    degraded=st.just(()) | st.sampled_from([(LONG_TEXT,), ("undecodable",)]),
)
HOURS = st.integers(min_value=-2, max_value=2).map(lambda hours: NOON + timedelta(hours=hours))
PLACES = st.frozensets(st.sampled_from(["planning", "housing"]))
RESTRICTIONS = st.builds(
    Restriction,
    ref=st.sampled_from(["R1", "R2"]),
    terms=st.sampled_from([some_terms(kind) for kind in RestrictionKind]),
    commenced_at=HOURS,
    ends_at=st.none() | HOURS,
    mailboxes=PLACES,
    services=PLACES,
)
MATTERS = st.sampled_from(["open", "closed", "exhausted"]).map(lambda state: (a_matter(state=state),)) | st.just(())
ENTRIES = st.builds(
    RegisterEntry,
    ref=st.sampled_from(["E1", "E2"]),
    version=st.integers(min_value=1, max_value=9),
    name=NAMES,
    addresses=st.lists(ADDRESSES, max_size=2).map(tuple),
    restrictions=st.lists(RESTRICTIONS, max_size=3).map(tuple),
    matters=MATTERS,
)
SNAPSHOTS = st.builds(Snapshot, st.lists(ENTRIES, max_size=3).map(tuple))
RECEIPTS = st.builds(
    Receipt,
    mailbox=st.sampled_from(["planning", "housing", "leisure"]),
    service=st.sampled_from(["planning", "housing", "leisure"]),
    received_at=st.just(NOON),
    excluded=st.booleans(),
    own_letter=st.booleans(),
)
CONCERNS = st.builds(
    Concern, kind=st.sampled_from(SafeguardKind) | st.just("a kind of another version"), passage=st.text(max_size=20)
)
ASSESSMENTS = st.builds(
    Assessment,
    model_version=st.just("m1"),
    score=st.floats(allow_nan=True, allow_infinity=True),
    flagged=st.booleans(),
    abstained=st.booleans(),
    why=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    concerns=st.lists(CONCERNS, max_size=3).map(tuple),
)

_MAY_GO = frozenset(
    {ReviewKind.READ_AND_FILE, ReviewKind.CLOSING, ReviewKind.POST, ReviewKind.MATTER, ReviewKind.REGISTER}
    | {ReviewKind.ANSWER}
)
"""What a restriction asks of mail it touches; danger is beyond it."""


@pytest.mark.requirement("2.37", "1.36", "2.8")
@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS, ASSESSMENTS)
def test_every_message_is_decided_and_seen_by_somebody(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment
) -> None:
    decision = decide(message, receipt, snapshot, assessment, POLICY)

    assert decision.seen_by_somebody
    assert decision.reasons
    assert sum(isinstance(action, Keep | FileInto | Redirect | Hold) for action in decision.actions) == 1
    others = [action for action in decision.actions if not isinstance(action, Keep | FileInto | Redirect | Hold)]
    assert all(isinstance(action, RaiseReview | Notice) for action in others)


@pytest.mark.requirement("4.19")
@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS, ASSESSMENTS)
def test_possible_abuse_only_ever_adds_a_question(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment
) -> None:
    without = decide(message, receipt, snapshot, replace(assessment, flagged=False), POLICY)

    with_it = decide(message, receipt, snapshot, assessment, POLICY)

    added = with_it.actions[len(without.actions) :]
    assert with_it.actions[: len(without.actions)] == without.actions
    assert [ask.kind for ask in added if isinstance(ask, RaiseReview)] == [ReviewKind.ABUSE] * assessment.flagged
    assert len(added) == assessment.flagged


@pytest.mark.requirement("1.35", "3.6")
@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS, ASSESSMENTS)
def test_what_reads_like_a_right_or_a_danger_only_brings_a_message_before_more_eyes(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment
) -> None:
    without = decide(message, receipt, snapshot, replace(assessment, concerns=()), POLICY)

    with_it = decide(message, receipt, snapshot, assessment, POLICY)

    goes_before, goes = without.actions[0], with_it.actions[0]
    assert goes in (goes_before, Keep())
    assert {ask.kind for ask in without.reviews} - _MAY_GO <= {ask.kind for ask in with_it.reviews}
    if assessment.concerns and goes_before == FileInto(FolderRole.FILED) and goes == goes_before:
        assert all(concern.kind not in set(SafeguardKind) for concern in assessment.concerns)


@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS, ASSESSMENTS)
def test_the_same_is_always_decided_the_same_way(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment
) -> None:
    first, second = (decide(message, receipt, snapshot, assessment, POLICY) for _ in range(2))

    assert first == second


@pytest.mark.requirement("3.42")
@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS)
def test_restrictions_that_have_ended_have_no_effect_at_all(
    message: Message, receipt: Receipt, snapshot: Snapshot
) -> None:
    past = Snapshot(tuple(map(_ended, snapshot.entries)))

    assert decide(message, receipt, past, NOT_ASSESSED, POLICY).actions == _without_register(message, receipt).actions


def _ended(entry: RegisterEntry) -> RegisterEntry:
    restrictions = tuple(replace(restriction, ends_at=NOON) for restriction in entry.restrictions)
    return replace(entry, restrictions=restrictions)


def _without_register(message: Message, receipt: Receipt) -> Decision:
    return decide(message, receipt, Snapshot(), NOT_ASSESSED, POLICY)


@pytest.mark.requirement("0.16")
@MANY
@given(RECEIPTS, SNAPSHOTS)
def test_mail_of_somebody_the_register_does_not_know_is_kept(receipt: Receipt, snapshot: Snapshot) -> None:
    unknown = a_message("nobody.known@far.example")

    assert decide(unknown, receipt, snapshot, NOT_ASSESSED, POLICY).actions == (Keep(),)


@pytest.mark.requirement("2.5")
@MANY
@given(MESSAGES, SNAPSHOTS, ASSESSMENTS)
def test_nothing_is_ever_moved_out_of_an_excluded_mailbox(
    message: Message, snapshot: Snapshot, assessment: Assessment
) -> None:
    receipt = Receipt(mailbox="planning", service="planning", received_at=NOON, excluded=True)

    assert Keep() in decide(message, receipt, snapshot, assessment, POLICY).actions


@pytest.mark.requirement("0.14")
@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS)
def test_mail_from_the_ombudsman_is_never_restricted(message: Message, receipt: Receipt, snapshot: Snapshot) -> None:
    theirs = replace(message, from_=(Address(addr_spec=OMBUDSMAN),))

    assert Keep() in decide(theirs, receipt, snapshot, NOT_ASSESSED, POLICY).actions


@pytest.mark.requirement("0.7", "0.8")
@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS)
def test_nothing_is_filed_while_its_matter_is_open(message: Message, receipt: Receipt, snapshot: Snapshot) -> None:
    reopened = Snapshot(tuple(replace(entry, matters=(a_matter(state="open"),)) for entry in snapshot.entries))

    actions = decide(message, receipt, reopened, NOT_ASSESSED, POLICY).actions

    assert not any(isinstance(action, FileInto) for action in actions)


@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS)
def test_mail_is_diverted_or_filed_only_by_a_restriction_in_force_for_its_author(
    message: Message, receipt: Receipt, snapshot: Snapshot
) -> None:
    decision = decide(message, receipt, snapshot, NOT_ASSESSED, POLICY)

    if Keep() not in decision.actions:
        (author,) = {address.addr_spec.lower() for address in message.from_}
        theirs = [entry for entry in snapshot.entries if author in entry.addresses]
        assert any(
            restriction.in_force_at(NOON) and restriction.covers(mailbox=receipt.mailbox, service=receipt.service)
            for entry in theirs
            for restriction in entry.restrictions
        )


@MANY
@given(MESSAGES, RECEIPTS, SNAPSHOTS, ASSESSMENTS)
def test_every_decision_can_be_recorded_and_read_again(
    message: Message, receipt: Receipt, snapshot: Snapshot, assessment: Assessment
) -> None:
    decision = decide(message, receipt, snapshot, assessment, POLICY)

    again = actions_from_data(
        actions_as_data(decision.actions),
        [(reason.code, reason.words) for reason in decision.reasons],
        versions=(decision.policy_version, decision.register_versions, decision.model_version),
    )

    assert again == decision
