"""The feed as a calendar program reads it, and as bytes on the wire."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from policies.period import Period
from register.calendar_feed import feed
from register.casework.due import Due, DueKind

MADE_AT = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
REVIEW = Due(
    kind=DueKind.REVIEW,
    ref="MC-2026-0001",
    on=date(2026, 9, 1),
    words="Review the managed contact arrangements of MC-2026-0001.",
    clause='Review: "no later than every 6 months; in writing, always"',
    basis=date(2026, 9, 1),
    owner="hope",
)
LETTER = replace(REVIEW, kind=DueKind.OUTCOME_LETTER, basis=date(2026, 8, 20), period=Period.parse("7 working days"))
TRAINING = replace(REVIEW, kind=DueKind.TRAINING, ref="hope", words="Take the training.")


def made(*dues: Due, council: str = "Sample Council") -> bytes:
    return feed(dues, now=MADE_AT, council=council, domain="council.example")


def uid_of(due: Due) -> str:
    (event,) = Calendar.from_ical(made(due)).walk("VEVENT")
    return str(event["uid"])


def test_each_deadline_is_an_event_of_one_whole_day() -> None:
    (event,) = Calendar.from_ical(made(REVIEW)).walk("VEVENT")

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 9, 1), date(2026, 9, 2))
    assert event.decoded("dtstamp") == MADE_AT
    assert (str(event["summary"]), str(event["description"])) == (REVIEW.words, REVIEW.clause)
    assert b"DTSTART;VALUE=DATE:20260901\r\n" in made(REVIEW)


def test_warns_two_weeks_before_a_review_and_not_of_everything() -> None:
    (alarm,) = Calendar.from_ical(made(REVIEW, LETTER)).walk("VALARM")

    assert alarm.decoded("trigger") == timedelta(days=-14)
    assert str(alarm["action"]) == "DISPLAY"


def test_a_deadline_that_moves_stays_the_same_event() -> None:
    moved = replace(LETTER, on=date(2026, 9, 2), owner="dee")

    assert uid_of(moved) == uid_of(LETTER)
    assert uid_of(LETTER).endswith("@council.example")


def test_different_deadlines_are_different_events() -> None:
    others = [
        *(REVIEW, LETTER, TRAINING, replace(REVIEW, ref="MC-2026-0002")),
        replace(REVIEW, basis=date(2026, 3, 1)),
    ]

    assert len({uid_of(due) for due in others}) == len(others)


def test_names_nobody() -> None:
    assert b"hope" not in made(REVIEW, LETTER, TRAINING)


def test_an_empty_feed_is_a_calendar() -> None:
    calendar = Calendar.from_ical(made())

    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    assert not calendar.walk("VEVENT")


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200)


@given(council=texts, words=texts, clause=texts)
def test_whatever_the_words_lines_are_short_and_end_as_the_standard_says(council: str, words: str, clause: str) -> None:
    written = made(replace(REVIEW, words=words, clause=clause), council=council)

    lines = written.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert len(Calendar.from_ical(written).walk("VEVENT")) == 1


def test_words_cannot_smuggle_in_another_event() -> None:
    written = made(replace(REVIEW, words="A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:B"))

    assert len(Calendar.from_ical(written).walk("VEVENT")) == 1
