"""The words of the councils' policies, what each is worth, and what the classifier may learn of it."""

import pytest

from classifier.judgement import KINDS
from routing.labels import ACCEPTABLE, UNACCEPTABLE, Label


@pytest.mark.requirement("3.8", "1.14", "1.15", "1.17")
@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("foul", Label.VERBAL_ABUSE),
        ("offensive, hurtful or obscene", Label.OFFENSIVE),
        ("demeaning", Label.DEMEANING),
        ("inappropriate", Label.INAPPROPRIATE),
        ("racist, sexist or homophobic", Label.HATE),
        ("threats of physical violence", Label.THREAT),
        ("derogatory remarks", Label.DEROGATORY),
        ("rudeness", Label.RUDENESS),
        ("harassment", Label.HARASSMENT),
        ("inflammatory or provocative statements", Label.PROVOCATION),
        ("unsubstantiated allegations", Label.ALLEGATION),
    ],
)
def test_every_behaviour_of_the_policies_has_a_label_with_its_severity(said: str, label: Label) -> None:
    assert said
    assert label in UNACCEPTABLE
    assert 1 <= label.severity <= 4


@pytest.mark.requirement("3.7", "1.89")
def test_the_four_states_are_no_abuse_and_teach_that_they_are_none() -> None:
    states = {Label.DISTRESS, Label.FRUSTRATION, Label.FORCEFULNESS, Label.DETERMINATION}

    assert states <= set(ACCEPTABLE)
    assert all(label.teaches and label.head == "" for label in states)


@pytest.mark.requirement("1.18")
def test_whether_an_allegation_is_supported_only_people_say() -> None:
    assert not Label.ALLEGATION.teaches
    assert Label.ALLEGATION.head == ""


@pytest.mark.requirement("1.16")
def test_rudeness_is_of_low_severity_and_is_not_hunted() -> None:
    assert Label.RUDENESS.severity == 1
    assert not Label.RUDENESS.teaches


def test_every_kind_that_the_classifier_tells_is_taught_by_some_label() -> None:
    assert {label.head for label in Label} - {""} == set(KINDS)


def test_threats_and_hate_weigh_most() -> None:
    assert max(Label, key=lambda label: label.severity) is Label.THREAT
    assert Label.HATE.severity == Label.THREAT.severity
