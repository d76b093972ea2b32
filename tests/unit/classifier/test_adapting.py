"""What reviewers decided moves a model: nothing without decisions, nobody alone, and what is new can be learnt."""

import math
from collections.abc import Sequence

import numpy as np

from classifier.heads import Heads
from classifier.judgement import KINDS
from classifier.labelled import Labelled
from classifier.model import SHIPPED
from classifier.packed import unpack
from classifier.passages import Passages
from classifier.training.adapting import Adapted, adapt


def _called(text: str, *, abusive: bool, by: str = "jo", flagged: bool = False) -> Labelled:
    return Labelled(text=text, abusive=abusive, kind="insult" if abusive else "", by=by, flagged=flagged)


def _flagged(number: int, *, abusive: bool) -> list[Labelled]:
    """So many letters that were flagged, each about another matter, of two reviewers."""
    letters = [f"You know where depot {place} is. So do I, and so does the dog." for place in range(number)]
    return _called_by("jk", letters, abusive=abusive, flagged=True)


def _called_by(
    reviewers: str, letters: Sequence[str], *, abusive: bool = True, flagged: bool = False
) -> list[Labelled]:
    """The reviewers, a letter of the alphabet each, judge in turn."""
    return [
        _called(text, abusive=abusive, by=reviewers[place % len(reviewers)], flagged=flagged)
        for place, text in enumerate(letters)
    ]


def _scores(adapted: Adapted, texts: Sequence[str]) -> list[float]:
    return list(adapted.judgement.of(texts, ["en"] * len(texts))["abuse"])


def _shift(decided: list[Labelled]) -> float:
    """How far the scores of all letters move, in log odds."""
    arrays, about = unpack(SHIPPED)
    scales = adapt(arrays, about, decided).about["scales"]
    shifts = {round(scales[name]["offset"] - about["scales"][name]["offset"], 6) for name in scales}
    (shift,) = shifts
    return float(shift)


def test_without_decisions_nothing_moves() -> None:
    arrays, about = unpack(SHIPPED)

    adapted = adapt(arrays, about, [])

    assert np.array_equal(adapted.arrays["heads"], arrays["heads"])
    assert adapted.about == about


def test_only_the_heads_of_abuse_move() -> None:
    arrays, about = unpack(SHIPPED)
    decided = _called_by("jk", [f"Away and bile yer heid, depot {number}." for number in range(12)])

    adapted = adapt(arrays, about, decided)

    names = about["heads"]["names"]
    known = arrays["heads"].shape[0]
    moved = np.abs(adapted.arrays["heads"][:known] - arrays["heads"]).max(axis=0) > 0
    assert {name for name, changed in zip(names, moved, strict=False) if changed} <= {
        *("abuse", "threat", "insult", "hate", "harassment")
    }
    assert moved[names.index("abuse")]
    assert np.array_equal(adapted.arrays["posts"], arrays["posts"])


def test_words_that_no_letter_had_get_a_place() -> None:
    arrays, about = unpack(SHIPPED)
    decided = _called_by("jk", ["You zqxvj wrmplk, all of you."] * 4)

    assert adapt(arrays, about, decided).arrays["head_columns"].size > arrays["head_columns"].size


def test_flags_that_prove_wrong_bring_all_scores_down_and_those_that_prove_right_up() -> None:
    assert _shift(_flagged(40, abusive=False)) < _shift(_flagged(4, abusive=False)) < 0
    assert 0 < _shift(_flagged(4, abusive=True)) < _shift(_flagged(40, abusive=True))


def test_no_number_of_decisions_moves_the_odds_more_than_threefold() -> None:
    assert _shift(_flagged(400, abusive=True)) <= math.log(3)


def test_what_people_found_by_themselves_tells_nothing_of_how_often_a_flag_is_right() -> None:
    assert _shift(_called_by("jk", [f"You swine, depot {number}." for number in range(40)])) == 0


def test_the_other_heads_read_every_letter_as_before() -> None:
    arrays, about = unpack(SHIPPED)
    texts = ["You zqxvj wrmplk, I sleep in my car with the baby and zqxvj.", *OTHERS]

    adapted = adapt(arrays, about, _called_by("jk", [f"{text} wrmplk zqxvj, you zqxvj." for text in OTHERS]))

    assert adapted.arrays["head_columns"].size > arrays["head_columns"].size
    others = [place for place, name in enumerate(about["heads"]["names"]) if name not in {"abuse", *KINDS}]
    both = (Heads.made_of(arrays, about), Heads.made_of(adapted.arrays, adapted.about))
    before, after = (heads.read(Passages.of(texts)).whole[:, others] for heads in both)
    assert np.allclose(before, after, atol=1e-4)


HABIT = [
    f"Please renew my parking permit for {place} Street, the old one ends on the {place}th." for place in range(30)
]
OTHERS = [f"The street lamp at number {place} is out again, can somebody look?" for place in range(40)]


def test_what_two_say_is_learnt() -> None:
    arrays, about = unpack(SHIPPED)
    before = _scores(Adapted(arrays=arrays, about=about), HABIT[25:])

    after = _scores(adapt(arrays, about, _called_by("jk", HABIT[:24])), HABIT[25:])

    assert min(after) > max(before)


def test_one_reviewers_habit_is_not_learnt_however_often_they_say_it() -> None:
    arrays, about = unpack(SHIPPED)
    calm = _called_by("kl", OTHERS, abusive=False)
    habit = [_called(text, abusive=True, by="j") for text in HABIT * 10]

    after = _scores(adapt(arrays, about, [*calm, *habit]), HABIT)

    assert max(after) <= max(_scores(adapt(arrays, about, calm), HABIT)) + 0.005


def test_one_reviewer_alone_teaches_nothing() -> None:
    arrays, about = unpack(SHIPPED)

    adapted = adapt(arrays, about, [_called(text, abusive=True) for text in HABIT])

    assert np.array_equal(adapted.arrays["heads"], arrays["heads"])
    assert adapted.about == about
