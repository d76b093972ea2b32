"""The demonstration's summary: every message is accounted for once, under what people have to know first."""

from dataclasses import replace
from datetime import timedelta

from demo.outcomes import grouped
from demo.sample import Outcome, SampleMessage
from demo.show import Result

SAMPLE = SampleMessage(
    label="any",
    mailbox="housing",
    raw=b"",
    received=timedelta(),
    outcome=Outcome.KEPT,
    reviews=frozenset(),
    why="Any.",
)


def a_result(ref: str, outcome: str, *, shown: bool = False) -> Result:
    sample = replace(SAMPLE, shown=shown)
    return Result(ref=ref, sample=sample, sender="a@mail.example", subject="Any", outcome=outcome, why="Any.")


def test_each_message_stands_under_exactly_one_outcome() -> None:
    outcomes = ("kept", "redirected", "redirected, contest", "filed, read-and-file", "kept, identity", "kept, property")
    results = [a_result(f"M{number}", outcome) for number, outcome in enumerate(outcomes)]

    told = [result for group in grouped(results) for result in group.results]

    assert sorted(told, key=results.index) == results


def test_danger_comes_before_a_right_and_possible_abuse_after_everything() -> None:
    results = [a_result("M1", "kept, abuse, safety, statutory"), a_result("M2", "kept, abuse, statutory")]

    first, second = grouped(results)

    assert "danger" in first.words
    assert first.results == (results[0],)
    assert "right" in second.words


def test_what_has_not_settled_is_told_as_it_is() -> None:
    (group,) = grouped([a_result("M1", "shunted, shunted")])

    assert group.words == "shunted, shunted"


def test_a_question_it_has_no_words_for_is_told_all_the_same() -> None:
    (group,) = grouped([a_result("M1", "kept, returned")])

    assert group.results[0].ref == "M1"
    assert "returned" in group.words


def test_the_examples_are_the_samples_own_or_else_the_first() -> None:
    results = [
        a_result("M1", "kept"),
        a_result("M2", "kept", shown=True),
        a_result("M3", "filed"),
        a_result("M4", "filed"),
    ]

    filed, kept = grouped(results)

    assert [one.ref for one in filed.examples] == ["M3"]
    assert [one.ref for one in kept.examples] == ["M2"]
