"""The gates of publishing: the shipped model passes all; what fails one, or was not measured, is not published."""

from dataclasses import replace
from functools import cache

import pytest

from classifier.measuring.frozen import STATES, FrozenFigures, frozen_figures
from classifier.measuring.gates import gates
from classifier.measuring.judged import Group
from classifier.model import shipped_model
from classifier.own_letters import Part, only, read_corpus, read_gates


@cache
def figures() -> FrozenFigures:
    return frozen_figures(shipped_model())


@pytest.mark.requirement("1.89", "3.7", "2.1")
def test_the_shipped_model_passes_every_gate() -> None:
    assert [gate.row() for gate in gates(figures()) if not gate.passed] == []


@pytest.mark.parametrize("state", STATES)
def test_a_model_that_flags_a_state_of_mind_fails(state: str) -> None:
    worse = Group(name=state, texts=40, flagged=0.2)
    others = tuple(group for group in figures().innocent if group.name != state)

    failed = [gate.name for gate in gates(replace(figures(), innocent=(*others, worse))) if not gate.passed]

    assert failed == [f"flagged: {state}"]


def test_a_model_that_treats_one_characteristic_otherwise_fails() -> None:
    unfair = replace(figures(), identity_swapped=0.01)

    assert [gate.name for gate in gates(unfair) if not gate.passed] == ["judged otherwise: naming another"]


def test_what_was_not_measured_is_not_passed() -> None:
    unmeasured = replace(figures(), innocent=())

    assert not all(gate.passed for gate in gates(unmeasured))


def test_what_measures_never_teaches() -> None:
    taught = {example.text for example in only(read_corpus(), Part.TEACH)}
    kept = {example.text for example in (*only(read_corpus(), Part.TEST), *read_gates())}

    assert not {text for text in taught & kept if len(text.split()) > 1}
    assert len(read_gates()) >= 250


def test_figures_are_told_in_words() -> None:
    rows = dict(figures().rows())

    assert "own letters, English: texts, abusive" in rows
    assert all(isinstance(told, str) for told in rows.values())
