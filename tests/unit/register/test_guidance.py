"""What staff are told under each kind of restriction, on each channel; silence where it has no bearing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.vocabulary import Channel, RestrictionKind
from register.guidance import guidance
from tests.builders import SPOC, some_terms

WEDNESDAY = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

WRITTEN = {Channel.EMAIL, Channel.LETTER}
DIRECT = {*WRITTEN, Channel.TELEPHONE, Channel.IN_PERSON, Channel.SOCIAL_MEDIA}

BEARING: dict[RestrictionKind, set[Channel]] = {
    RestrictionKind.SPOC_DIVERSION: DIRECT,
    RestrictionKind.READ_AND_FILE: DIRECT,
    RestrictionKind.NEW_INFORMATION_ONLY: DIRECT,
    RestrictionKind.UNRELATED_ONLY: DIRECT,
    RestrictionKind.LIMITED_TOPICS: DIRECT,
    RestrictionKind.FIXED_LETTER: WRITTEN,
    RestrictionKind.SINGLE_CHANNEL: DIRECT,
    RestrictionKind.POSTAL_REPLIES: {*WRITTEN, Channel.SOCIAL_MEDIA},
    RestrictionKind.ONE_RESPONSE_LINE: DIRECT,
    RestrictionKind.CONTACT_TIMES: {Channel.TELEPHONE},
    RestrictionKind.TIME_LIMIT: {Channel.TELEPHONE, Channel.IN_PERSON},
    RestrictionKind.REPRESENTATIVE_ONLY: DIRECT,
    RestrictionKind.TELEPHONE_LIMIT: {Channel.TELEPHONE},
    RestrictionKind.WITNESSED_CONTACT: {Channel.IN_PERSON},
    RestrictionKind.DESIGNATED_PREMISES: {Channel.IN_PERSON},
    RestrictionKind.AGREEMENT: set(Channel),
    RestrictionKind.SOCIAL_MEDIA_BLOCK: {Channel.SOCIAL_MEDIA},
    RestrictionKind.STATEMENTS_IN_WRITING: {Channel.MEETING},
    RestrictionKind.OTHER: set(Channel),
}


def _said(kind: str, channel: Channel, now: datetime = WEDNESDAY, **terms: Any) -> str:  # noqa: ANN401 - any field
    return " ".join(guidance(some_terms(kind, **terms), channel, now))


@pytest.mark.requirement("1.8")
@pytest.mark.parametrize("kind", list(RestrictionKind))
def test_every_kind_tells_staff_what_to_do_where_it_has_a_bearing_and_nothing_elsewhere(kind: RestrictionKind) -> None:
    telling = {channel for channel in Channel if guidance(some_terms(kind), channel, WEDNESDAY)}

    assert telling == BEARING[kind]


@given(
    kind=st.sampled_from(RestrictionKind), channel=st.sampled_from(Channel), now=st.datetimes(timezones=st.just(UTC))
)
def test_guidance_is_whole_sentences_at_any_moment(kind: RestrictionKind, channel: Channel, now: datetime) -> None:
    if datetime(1900, 1, 1, tzinfo=UTC) < now < datetime(2099, 1, 1, tzinfo=UTC):
        assert all(sentence[-1] in '."' for sentence in guidance(some_terms(kind), channel, now))


@pytest.mark.parametrize(
    ("kind", "channel", "words"),
    [
        pytest.param("spoc-diversion", Channel.EMAIL, f"Pass it on to {SPOC}.", id="SPOC, by e-mail"),
        pytest.param("spoc-diversion", Channel.TELEPHONE, f'Say: "Your single point of contact is {SPOC}.', id="SPOC"),
        pytest.param("read-and-file", Channel.LETTER, "is read, filed, and not answered.", id="read and file"),
        pytest.param(
            "read-and-file", Channel.TELEPHONE, "has given its final answer on C-2025-0117", id="on the phone"
        ),
        pytest.param("new-information-only", Channel.EMAIL, "only if it brings something", id="new information"),
        pytest.param("unrelated-only", Channel.EMAIL, "related to C-2025-0117 is not accepted", id="unrelated"),
        pytest.param("limited-topics", Channel.EMAIL, "does not enter into: the bowls pavilion.", id="topics"),
        pytest.param("fixed-letter", Channel.EMAIL, "at most once in 30 days", id="fixed letter"),
        pytest.param("single-channel", Channel.TELEPHONE, "asked you to contact us by letter", id="one channel"),
        pytest.param("single-channel", Channel.LETTER, "the one way of contact that is open", id="that channel"),
        pytest.param("postal-replies", Channel.EMAIL, "Answer by post only", id="post"),
        pytest.param("one-response-line", Channel.EMAIL, f"pass it on to {SPOC}, who answers once", id="one response"),
        pytest.param("representative-only", Channel.EMAIL, "Contact is through Advocacy Example", id="advocate"),
        pytest.param(
            "witnessed-contact", Channel.IN_PERSON, "third party: a second officer. Never alone", id="witness"
        ),
        pytest.param("designated-premises", Channel.IN_PERSON, "Meet only at: The Civic Example.", id="premises"),
        pytest.param("agreement", Channel.EMAIL, "not yet signed: One letter a month.", id="agreement"),
        pytest.param("social-media-block", Channel.SOCIAL_MEDIA, "may not comment on: the council's page", id="social"),
        pytest.param("statements-in-writing", Channel.MEETING, f"send it to {SPOC} at least 2 days", id="meetings"),
        pytest.param("other", Channel.IN_PERSON, "Never visit alone.", id="other"),
    ],
)
def test_staff_are_told_in_plain_words(kind: str, channel: Channel, words: str) -> None:
    assert words in _said(kind, channel)


@pytest.mark.requirement("4.5")
def test_a_time_limit_tells_the_minutes() -> None:
    assert _said("time-limit", Channel.TELEPHONE).startswith("At most 10 minutes.")


@pytest.mark.requirement("1.72", "3.28")
def test_calls_that_are_not_taken_are_ended_with_a_script_that_names_the_spoc() -> None:
    said = _said("telephone-limit", Channel.TELEPHONE, calls=0, per=None, instead=SPOC)

    assert 'Say: "I am not able to take your call.' in said
    assert f"Please contact {SPOC} instead." in said
    assert "Then end the call. An emergency, or a danger to anybody, is dealt with at once." in said


def test_a_number_of_calls_is_told_with_its_period() -> None:
    assert _said("telephone-limit", Channel.TELEPHONE).startswith("At most 1 call in 1 week: log each.")


@pytest.mark.requirement("4.4")
@pytest.mark.parametrize(
    ("now", "words"),
    [
        pytest.param((2026, 3, 4, 12, 0), "not taken now. Next slot: Tuesday 10 March 2026 10:00-12:00.", id="winter"),
        pytest.param((2026, 3, 10, 9, 59), "Next slot: Tuesday 10 March 2026 10:00-12:00.", id="a minute before"),
        pytest.param((2026, 3, 10, 10, 0), "Calls are taken now, until 12:00.", id="as it begins"),
        pytest.param((2026, 3, 10, 12, 0), "Next slot: Tuesday 17 March 2026", id="as it ends"),
        pytest.param((2026, 3, 28, 12, 0), "Next slot: Tuesday 31 March 2026 10:00-12:00.", id="over the clock change"),
        pytest.param((2026, 3, 31, 9, 30), "Calls are taken now, until 12:00.", id="half past ten in summer"),
        pytest.param((2026, 3, 31, 11, 30), "Next slot: Tuesday 7 April 2026", id="half past twelve in summer"),
        pytest.param((2026, 10, 27, 9, 30), "Next slot: Tuesday 27 October 2026", id="winter again"),
    ],
)
def test_the_next_slot_is_told_in_council_time(now: tuple[int, ...], words: str) -> None:
    year, month, day, hour, minute = now

    assert words in _said("contact-times", Channel.TELEPHONE, datetime(year, month, day, hour, minute, tzinfo=UTC))


def test_a_slot_that_the_clocks_jump_over_is_an_hour_later_by_the_clock() -> None:
    windows = [{"day": "sunday", "start": "01:10", "until": "01:50"}]
    saturday = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    said = _said("contact-times", Channel.TELEPHONE, saturday, windows=windows)

    assert "Next slot: Sunday 29 March 2026 02:10-02:50." in said
