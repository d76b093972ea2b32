"""What is new in a letter is shown beside what was seen before, and in which letter: people decide what it means."""

from datetime import UTC, datetime

import pytest

from routing.history import PastLetter
from routing.likeness import imprint
from routing.whats_new import WhatsNew, whats_new

FIRST = "The panel leans over my path. I told you so on 3 June 2025."
SECOND = "The panel leans over my path. Your Mrs Hughes promised to come."


def _past(number: int, day: int, text: str, *attachments: str) -> PastLetter:
    return PastLetter(
        case="E1",
        matter="REF-2024-77",
        ref=f"M{number}",
        received_at=datetime(2026, 3, day, 9, tzinfo=UTC),
        imprint=imprint("The panel", text, attachments),
    )


EARLIER = (_past(15, 10, SECOND), _past(12, 3, FIRST, "panel.jpg"))


def _compared(text: str, *attachments: str) -> WhatsNew:
    return whats_new("The panel", text, attachments, EARLIER, "REF-2024-77")


@pytest.mark.requirement("2.22", "4.12")
def test_each_sentence_is_marked_as_new_or_with_the_first_letter_that_had_it() -> None:
    found = _compared("The panel leans over my path. Your Mrs Hughes promised to come. It fell.")

    assert [(line.words, line.seen) for line in found.sentences] == [
        ("The panel", "M12 of 3 March 2026"),
        ("The panel leans over my path.", "M12 of 3 March 2026"),
        ("Your Mrs Hughes promised to come.", "M15 of 10 March 2026"),
        ("It fell.", None),
    ]


@pytest.mark.requirement("4.12")
def test_dates_sums_references_names_and_attachments_that_are_new_are_told() -> None:
    text = "It fell on 9 June 2025, not on 3/6/2025, it cost £250, see ENV-2025-113 and ask Mr Bevan about REF-2024-77."

    found = _compared(text, "panel.jpg", "invoice.pdf")

    assert [(line.kind, line.words) for line in found.new_mentions] == [
        ("date", "9 June 2025"),
        ("sum", "£250"),
        ("reference", "ENV-2025-113"),
        ("name", "Mr Bevan"),
        ("attachment", "invoice.pdf"),
    ]


def test_the_nearest_letter_is_the_one_that_has_most_of_it() -> None:
    found = _compared("Your Mrs Hughes promised to come.")

    assert (found.compared, found.nearest, found.share) == (2, "M15 of 10 March 2026", 1.0)


def test_without_earlier_letters_everything_is_new() -> None:
    found = whats_new("The panel", FIRST, (), ())

    assert (found.compared, found.nearest) == (0, None)
    assert all(line.seen is None for line in (*found.sentences, *found.mentions))


def test_the_comparison_is_plain_data_for_machines() -> None:
    data = _compared("It fell.").as_data

    assert (data["compared with"], data["sentences"][-1]) == (
        2,
        {"kind": "sentence", "words": "It fell.", "new": True, "seen in": None},
    )
