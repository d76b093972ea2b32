"""What is remembered of a message: enough to count it, and nothing of anybody else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.message import Address, AuthenticationResult, Message, MessageKind
from routing.evidence.trace import reference_mark, title_mark, trace_of, writer_key
from tests.builders import ANN, OMBUDSMAN, STRANGER, a_message
from tests.evidence import KEY, LETTER, STAFF, traced


def test_a_writer_is_the_same_however_the_address_is_written() -> None:
    assert traced(sender="Ann.Vexing@MAIL.example").writer == traced(sender=ANN).writer == writer_key(ANN, KEY)
    assert traced(sender=STRANGER).writer != writer_key(ANN, KEY)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"authentication": AuthenticationResult.FAIL}, id="the border says it is not theirs"),
        pytest.param({"suspect": ("several-from",)}, id="it is ambiguous who wrote it"),
        pytest.param({"from_": (Address(addr_spec=ANN), Address(addr_spec=STRANGER))}, id="two authors"),
        pytest.param({"from_": ()}, id="no author"),
        pytest.param({"kind": MessageKind.AUTO_REPLY}, id="a machine"),
        pytest.param({"loop_tokens": ("x",)}, id="our own letter"),
        pytest.param({"from_": (Address(addr_spec=OMBUDSMAN),)}, id="the ombudsman"),
        pytest.param({"from_": (Address(addr_spec="clerk@council.example"),)}, id="a colleague, or a web form"),
        pytest.param({"from_": (Address(addr_spec="nobody"),)}, id="no address"),
    ],
)
def test_mail_is_counted_against_nobody_unless_it_is_certain_who_wrote_it(others: dict[str, Any]) -> None:
    assert trace_of(a_message(**others), staff=STAFF, key=KEY) is None


@pytest.mark.requirement("1.28")
def test_only_the_councils_own_recipients_are_remembered() -> None:
    to = ("planning@council.example", "Bob.Clerk@council.example", "editor@paper.example", "nobody")

    trace = traced(to=to, cc=(Address(addr_spec="head@council.example"), Address(addr_spec="friend@home.example")))

    assert trace.recipients == ("bob.clerk@council.example", "head@council.example", "planning@council.example")


@pytest.mark.parametrize(
    "text", ["It is about C-2025-0117.", "c/2025/0117 again", "(C 2025 0117)", "Ref. C\u20112025\u20110117, of course"]
)
def test_a_reference_leaves_its_mark_however_it_is_written(text: str) -> None:
    assert reference_mark("C-2025-0117", KEY) in traced(text).marks


@pytest.mark.parametrize("text", ["It is about C-2025-01171.", "XC-2025-0117", "2025", "The hedge"])
def test_a_longer_reference_is_another(text: str) -> None:
    assert reference_mark("C-2025-0117", KEY) not in traced(text).marks


def test_a_subject_is_known_again_as_a_title_replies_included() -> None:
    assert (
        title_mark("Noise from the bowls pavilion", KEY)
        in traced(subject="RE: Ymateb: noise from the BOWLS pavilion").marks
    )


def test_the_marks_and_the_writer_say_nothing_without_the_key() -> None:
    found = traced("It is about C-2025-0117.")

    other = trace_of(a_message(text="It is about C-2025-0117."), staff=STAFF, key=b"another key")

    assert other is not None
    assert found.writer != other.writer
    assert found.marks.isdisjoint(other.marks)


ADDRESSES = st.builds(Address, addr_spec=st.text(max_size=30) | st.sampled_from([ANN, "clerk@council.example"]))
MESSAGES = st.builds(
    Message,
    from_=st.lists(ADDRESSES, max_size=2).map(tuple),
    to=st.lists(ADDRESSES, max_size=3).map(tuple),
    subject=st.text(),
    own_text=st.text() | st.just(LETTER),
)


@given(MESSAGES)
def test_any_message_leaves_a_trace_or_none_and_names_nobody_outside_the_council(message: Message) -> None:
    trace = trace_of(message, staff=STAFF, key=KEY)

    assert trace is None or all(STAFF.employs(address) for address in trace.recipients)
