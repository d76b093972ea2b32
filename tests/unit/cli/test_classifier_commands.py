"""`mailroom classifier score`: one answer for each line or letter, in the words other systems read."""

import json

import pytest
from typer.testing import CliRunner, Result

from cli.main import app


def _types(*words: str, said: str | bytes) -> Result:
    return CliRunner().invoke(app, ["classifier", *words], input=said)


def _scores(*texts: str) -> list[dict[str, object]]:
    result = _types("score", said="\n".join(json.dumps({"text": text}) for text in texts))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_answered_in_order() -> None:
    insult, thanks = _scores("You are a useless lazy bastard and so is your manager.", "Thank you for the new bins.")

    assert insult["flag"] is True
    assert 0 <= float(str(thanks["score"])) < float(str(insult["score"])) <= 1
    assert (thanks["flag"], thanks["statutory"], thanks["safety"], thanks["why"]) == (False, [], [], [])


def test_rights_and_dangers_are_told_apart_from_abuse_named_or_not() -> None:
    named, unnamed, danger = _scores(
        "Under the Freedom of Information Act please send me the minutes.",
        "There is black mould all over the baby's bedroom wall and the council still has not sent anybody.",
        "I am going to kill myself tonight.",
    )

    assert (named["statutory"], named["safety"], named["flag"]) == (["foi"], [], False)
    assert "hazard" in list(unnamed["statutory"])  # type: ignore[call-overload]
    assert danger["safety"] == ["risk-to-life"]


def test_welsh_says_which_language_it_is() -> None:
    (answer,) = _scores("Prynhawn da, hoffwn wybod pryd mae'r llyfrgell ar agor dros y Nadolig os gwelwch yn dda.")

    assert answer["language"] == "cy"
    assert answer["flag"] is False


def test_a_raw_message_is_read_to_the_end_of_its_own_words() -> None:
    raw = "From: ann@mail.example\r\nSubject: Bin\r\n\r\nPlease file this.\r\n\r\n> you are a useless bastard\r\n"

    result = _types("score", "--eml", said=raw)

    assert json.loads(result.stdout)["flag"] is False


def test_explains_a_letter_sentence_by_sentence() -> None:
    text = "Dear team, you are a pack of idiots. Please empty my bin on Monday."

    result = _types("explain", said=json.dumps({"text": text}))

    assert result.exit_code == 0
    assert "words that mattered: idiots" in result.output
    assert result.output.index("idiots.") < result.output.index("Monday")


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"words": "x"}', '{"text": 5}', "null", '{"text": 1' + "0" * 5_000 + "}", "[" * 200_000]
)
def test_a_line_that_is_no_text_is_named_and_the_others_are_answered(line: str) -> None:
    result = _types("score", said=f'\ufeff{{"text": "Thank you."}}\n\n{line}\n{{"text": "Thank you."}}\n')

    first, wrong, last = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 2
    assert first == last
    assert "line 3" in wrong["error"]


def test_bytes_that_are_no_text_are_answered() -> None:
    result = _types("score", said=b'{"text": "You fucking \\ud800 cunt, I will kill you \xff\xfe"}\n')

    assert result.exit_code == 0
    assert json.loads(result.stdout)["flag"]


@pytest.mark.parametrize(
    "text", ["", "?", "\u200b\ufeff", "A" * 5_000_000, "aGVsbG8gd29ybGQ=" * 5_000, "\ud800", "1\x002"]
)
def test_any_text_is_answered(text: str) -> None:
    (answer,) = _scores(text)

    assert set(answer) >= {"score", "flag", "kinds", "statutory", "safety", "language", "abstained", "why"}
