"""How results are laid out: no word is broken, nothing is wider than the terminal, days are as people write them."""

import json

import pytest

from cli.printing import Item, counted, written
from cli.session import Session

COLUMNS = ("username", "job title", "words")
ROWS: list[dict[str, str | None]] = [
    {
        "username": "head.of.customer.relations",
        "job title": "Head of Customer Relations and Complaints",
        "words": "Keeps the register of people under managed contact arrangements, and reads it every week.",
    },
    {"username": "clerk", "job title": None, "words": "Reads\x1b[2J the mail."},
]


@pytest.fixture(params=[80, 100, 160])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A terminal that is so many columns wide."""
    width = int(request.param)
    monkeypatch.setenv("COLUMNS", str(width))
    return width


def test_a_table_fits_the_terminal_and_breaks_no_word(terminal: int, capsys: pytest.CaptureFixture[str]) -> None:
    Session().print(ROWS, title="Officers", columns=COLUMNS)

    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= terminal
    for word in " ".join(str(cell) for row in ROWS for cell in row.values() if cell).replace("\x1b", "\ufffd").split():
        assert word in printed
    assert "None" not in printed


def test_what_would_have_to_break_words_to_fit_is_printed_row_by_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    Session().print(ROWS, title="Officers", columns=COLUMNS)

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:4] == ["Officers", "", "head.of.customer.relations", "    job title: Head of Customer"]
    assert lines[-2:] == ["clerk", "    words: Reads\ufffd[2J the mail."]


def test_a_digest_may_be_broken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    Session().print([{"no.": 1, "digest": "0123456789abcdef" * 4}], title="Files", columns=("no.", "digest"))

    assert "no." in capsys.readouterr().out


def test_a_table_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Session().print([], title="Letters", columns=("no.", "letter"))

    assert capsys.readouterr().out == "Letters: none.\n"


def test_a_list_has_each_thing_by_itself_with_its_words_below(
    terminal: int, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [Item(head="today"), Item(head="E1: review", lines=("Review it. " * 20,), level=1)]

    Session().print_items([], summary="1 due.", items=items)

    lines = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in lines[:4]] == ["1 due.", "", "today", "  E1: review"]
    assert all(line.startswith(("      Review it.", "      it.")) for line in lines[4:])
    assert max(map(len, lines)) <= min(terminal, 110)


def test_as_json_a_list_is_its_data(capsys: pytest.CaptureFixture[str]) -> None:
    Session(as_json=True).print_items([{"item": 1}], summary="1 question", items=[Item(head="1")])

    assert json.loads(capsys.readouterr().out) == [{"item": 1}]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("2026-03-02", "2 March 2026", id="a day"),
        pytest.param("2026-11-22T14:05+00:00", "22 November 2026, 14:05", id="a moment"),
        pytest.param("2026-04-26T23:00:00Z", "27 April 2026", id="a day of summer, as it is kept"),
        pytest.param("2026-07-01T08:30:00Z", "1 July 2026, 09:30", id="a moment of summer"),
        pytest.param("2026-13-45", "2026-13-45", id="no day"),
        pytest.param("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59-01:00", id="a moment past the last"),
        pytest.param(True, "yes", id="yes"),
        pytest.param(0, "0", id="a number"),
    ],
)
def test_days_and_moments_are_as_people_write_them(value: object, words: str) -> None:
    assert written(value) == words


def test_one_thing_is_counted_as_one() -> None:
    assert (counted(1, "question"), counted(2, "question")) == ("1 question", "2 questions")
