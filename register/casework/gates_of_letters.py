"""What a letter must say before it is issued, in whose name, and in which languages."""

from collections.abc import Callable
from typing import Any

from policies.policy import Stage
from policies.vocabulary import COMPUTED_PARTS, Language, LetterKind
from register.casework.gates_of_decisions import approved, decided_at
from register.casework.gates_of_proposals import in_order
from register.casework.refusal import Objection, Objections, Situation, against, by_role, not_later, plainly
from register.casework.standing import NOTICES, OpenProposal
from register.casework.steps import AppealDecided, Ended, LetterFailed, LetterIssued, Review
from register.dates import day_of

_ABOUT_A_RECORD: dict[LetterKind, tuple[type, ...]] = {
    LetterKind.REVIEW_OUTCOME: (Review, Ended),
    LetterKind.APPEAL_OUTCOME: (AppealDecided,),
}


def _issued(record: LetterIssued, situation: Situation) -> Objections:
    yield from not_later(record.on, situation, "on")
    yield from _parts(record, situation)
    yield from _languages(record, situation)
    yield from _cause(record, situation)
    for stage in situation.policy.stages.values():
        if stage.letter is not None and stage.letter.value is record.letter:
            yield from _of_stage(stage, situation)


def _parts(record: LetterIssued, situation: Situation) -> Objections:
    """Every part the policy asks for is there; what is computed is there by itself, and not overwritten."""
    wanted = situation.policy.letters.get(record.letter)
    if wanted is None:
        known = ", ".join(situation.policy.letters)
        yield plainly(f"{situation.policy.version} has no {record.letter} letter: it has {known}")
        return
    for part, clause in wanted.items():
        if part not in COMPUTED_PARTS and part not in record.parts:
            yield Objection(f"parts.{part} is missing", clause)
    for part in sorted(COMPUTED_PARTS & {*record.parts, *record.parts_cy}):
        yield plainly(f"parts.{part} is written from the register: leave it out")
    if set(record.languages) == {Language.ENGLISH, Language.WELSH}:
        for part in sorted(record.parts.keys() ^ record.parts_cy.keys()):
            side = "parts_cy" if part in record.parts else "parts"
            yield against(situation.policy.languages, f"{side}.{part} is missing: the letter is in both languages")


def _languages(record: LetterIssued, situation: Situation) -> Objections:
    """In the language the person chose; in every language of the council's until the choice is known (row 2.1)."""
    rule, person = situation.policy.languages, situation.case.person
    chosen = person.language if person is not None else None
    wanted = rule.value if chosen is None else (chosen,)
    for language in wanted:
        if language not in record.languages:
            yield against(rule, f"languages: the letter has to be in {language} as well")
    for language in record.languages:
        if language not in rule.value:
            yield against(rule, f"letters are not written in {language}")


def _cause(record: LetterIssued, situation: Situation) -> Objections:
    standing = situation.standing
    if record.letter in NOTICES and standing.proposal is None and not standing.active:
        yield plainly(f"a {record.letter} letter tells of restrictions, and none are decided")
    if record.letter in NOTICES and standing.proposal is not None:
        yield from _decided(record, standing.proposal, situation)
    causes = _ABOUT_A_RECORD.get(record.letter, ())
    if causes and not any(situation.case.of(cause) for cause in causes):
        yield plainly(f"there is nothing yet that a {record.letter} letter could tell of")


def _decided(record: LetterIssued, proposal: OpenProposal, situation: Situation) -> Objections:
    """Who is told of restrictions is told what was decided, by everybody who has to, and not before."""
    stage = situation.policy.stages.get(proposal.proposal.stage)
    if stage is not None:
        yield from approved(proposal, stage, situation)
    decided_on = day_of(decided_at(proposal, situation))
    if record.on < decided_on:
        yield plainly(f"on {record.on} nothing was decided that it could tell of: that was on {decided_on}")


def _of_stage(stage: Stage, situation: Situation) -> Objections:
    """A letter that is a stage of the process is signed by whom the policy names, and comes in its order."""
    deciders = [role for group in stage.approvers.value for role in group] if stage.approvers else []
    if not situation.officer.holds(deciders):
        yield from by_role(stage.takes, situation, f"signing the letter of {stage.name}")
    if not stage.restricts:
        yield from in_order(stage, situation)


def _failed(record: LetterFailed, situation: Situation) -> Objections:
    yield from not_later(record.on, situation, "on")
    if record.letter not in {event.number for event in situation.case.of(LetterIssued)}:
        yield plainly(f"record {record.letter} of the case is no letter")


GATES: dict[type, Callable[[Any, Situation], Objections]] = {LetterIssued: _issued, LetterFailed: _failed}
