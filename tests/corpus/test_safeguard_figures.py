"""The safety net finds no less, and cries wolf no more often, than `docs/safety-net.md` says."""

from pathlib import Path

import pytest

from routing.safeguards import SafeguardKind
from routing.teams import SAFETY
from tests.corpus.safeguard_figures import (
    claims,
    council_examples,
    examples_figures,
    false_alarms,
    figures,
    found_by_both,
    look_alikes,
    oblique,
    oblique_look_alikes,
    recall,
)

LEAST, LEAST_OF_A_KIND, LEAST_UNSEEN, LEAST_FITTED, MOST_FALSE = 0.83, 0.5, 0.5, 0.98, 0.03


@pytest.mark.requirement("3.6")
def test_letters_kept_for_evaluation_are_found_in_both_languages() -> None:
    assert recall(claims(kept=True)).rate >= LEAST
    for lang in ("en", "cy"):
        assert recall(text for text in claims(kept=True) if text.lang == lang).rate >= LEAST - 0.03


@pytest.mark.parametrize("kind", sorted(set(SafeguardKind) - {SafeguardKind.ADJUSTMENT, SafeguardKind.HAZARD}))
def test_no_kind_falls_behind(kind: SafeguardKind) -> None:
    kept = figures(kind, claims(kept=True), look_alikes(kept=True))

    assert kept.recall.of >= 8
    assert kept.recall.rate >= LEAST_OF_A_KIND


def test_letters_written_once_the_cues_were_finished_are_found() -> None:
    assert recall(text for text in claims(kept=True) if text.late).rate >= LEAST_UNSEEN


@pytest.mark.requirement("1.35", "3.6")
@pytest.mark.parametrize(("lang", "least"), [("en", 0.7), ("cy", 0.6)])
def test_most_letters_that_name_no_right_raise_a_question_all_the_same(lang: str, least: float) -> None:
    anything, kinds = found_by_both([text for text in oblique() if text.lang == lang])

    assert anything.rate >= least
    assert kinds.rate >= least - 0.15


def test_letters_in_danger_that_do_not_name_it_come_before_somebody() -> None:
    anything, _ = found_by_both([text for text in oblique() if text.kind in SAFETY])

    assert anything.rate >= 0.7


def test_look_alikes_of_oblique_letters_raise_few_questions() -> None:
    assert false_alarms(oblique_look_alikes()).rate <= MOST_FALSE
    anything, _ = found_by_both(oblique_look_alikes())
    assert anything.rate <= 0.2


def test_the_letters_that_cues_were_written_for_are_found() -> None:
    assert recall(claims(kept=False)).rate >= LEAST_FITTED


@pytest.mark.parametrize("kept", [True, False])
def test_innocent_look_alikes_raise_nothing(kept: bool) -> None:  # noqa: FBT001 - a table
    assert false_alarms(look_alikes(kept=kept)).rate <= MOST_FALSE


@pytest.mark.requirement("3.6")
@pytest.mark.parametrize("form", ["abuse", "misspelt", "reply", "long"])
def test_abuse_spelling_quotation_and_length_hide_little(form: str) -> None:
    assert recall(text for text in claims(kept=True) if text.form == form).rate >= 0.7


def test_the_shared_examples_are_read_as_before(shared: Path) -> None:
    marked, others = examples_figures(council_examples(shared))

    assert marked.hits >= 12
    assert others.hits <= 8
