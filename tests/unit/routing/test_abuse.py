"""What a reviewer is asked of a letter that may be abusive: the kind, the sentence, the words, and the rest."""

import pytest

from classifier.assessment import Assessment
from routing.abuse import AT_ONCE, in_its_words, may_upset, possible_abuse
from routing.action import ReviewKind

KINDS = {"threat": 0.01, "insult": 0.02, "hate": 0.01, "harassment": 0.01}


def _flagged(kind: str, **more: object) -> Assessment:
    said = {"score": 0.9, "passage": "I will find you.", "why": ("find",), "without": 0.01, **more}
    return Assessment(model_version="m-1", flagged=True, kinds={**KINDS, kind: 0.8}, **said)  # type: ignore[arg-type]


def test_nothing_is_asked_of_a_letter_that_is_not_flagged() -> None:
    assert not list(possible_abuse(Assessment(model_version="m-1", score=0.05, flagged=False, kinds=KINDS)))


@pytest.mark.requirement("1.12")
def test_a_threat_is_asked_about_at_once_and_not_repeated() -> None:
    ((ask, reason),) = possible_abuse(_flagged("threat"))

    assert (ask.kind, ask.priority) == (ReviewKind.ABUSE, AT_ONCE)
    assert ask.question == "Possible threat (90%). Is it?"
    assert (reason.code, may_upset(reason)) == ("assessment:m-1", False)


@pytest.mark.requirement("1.9")
def test_its_words_are_a_reason_of_their_own_which_may_upset() -> None:
    (reason,) = in_its_words(_flagged("threat"))

    assert reason.words == "It says: “I will find you.” Words that mattered: find. The rest by itself: 1%."
    assert may_upset(reason)
    assert not list(in_its_words(_flagged("threat", passage="")))
    assert not list(in_its_words(Assessment(model_version="m-1", score=0.05, flagged=False, kinds=KINDS)))


@pytest.mark.requirement("1.12")
@pytest.mark.parametrize("doubtful", [False, True])
def test_a_threat_beside_a_likelier_insult_is_asked_about_at_once_even_in_doubt(*, doubtful: bool) -> None:
    ((ask, _),) = possible_abuse(_flagged("insult", found=("insult", "threat"), doubtful=doubtful))

    assert ask.priority == AT_ONCE
    assert ask.question.startswith("Possible verbal abuse and threat (90%")


def test_the_characteristics_of_possible_hate_are_named() -> None:
    ((ask, _),) = possible_abuse(_flagged("hate", characteristics=("race", "sex")))

    assert ask.question.startswith("Possible hate, naming race and sex (90%).")


def test_what_is_in_doubt_says_so_and_waits_behind_what_is_not() -> None:
    ((sure, _),), ((doubtful, _),) = (list(possible_abuse(_flagged("insult", doubtful=each))) for each in (False, True))

    assert "(90%, in doubt)" in doubtful.question
    assert doubtful.priority > sure.priority > AT_ONCE


def test_without_a_sentence_the_kind_and_the_score_are_told() -> None:
    ((ask, _),) = possible_abuse(_flagged("harassment", passage=""))

    assert ask.question == "Possible harassment or stalking (90%). Is it?"
