"""What a letter is written from: the draft, the case, the policy; and the restrictions it has to tell of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from policies.policy import Policy
from policies.vocabulary import AtExpiry, Language, LetterKind, Part
from register.casework.standing import Standing
from register.casework.steps import LetterIssued, Measure
from register.letters.letter import LetterRefusedError
from register.letters.wording import Wording, wording

OUTCOMES = frozenset({LetterKind.REVIEW_OUTCOME, LetterKind.APPEAL_OUTCOME})
"""Letters that may have to tell that nothing applies any longer."""

_TELLS_FINAL_POSITIONS = frozenset({LetterKind.STAGE_1, LetterKind.DECISION})  # row 1.59

_OF_WHAT_IS_IN_FORCE = OUTCOMES | {
    LetterKind.WRONG_CHANNEL,
    LetterKind.HOW_TO_REQUEST_SERVICES,
    LetterKind.FIXED_CLOSING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One restriction as the letter tells of it; `commenced_at` is None for one that this letter announces."""

    measure: Measure
    review_on: date
    provisional_end: date | None
    monitoring_until: date | None
    commenced_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """The letter that is to be written."""

    draft: LetterIssued
    standing: Standing
    policy: Policy
    language: Language

    @property
    def wording(self) -> Wording:
        """What letters say in its language."""
        return wording(self.language)

    @cached_property
    def written(self) -> Mapping[Part, str]:
        """What the officer wrote in its language; the council's final positions stand in where none is written."""
        written = self.draft.written(self.language)
        positions = [
            f"{matter.reference}, {matter.title}: {matter.final_position}"
            for matter in self.standing.case.matters
            if matter.final_position
        ]
        if positions and Part.FINAL_POSITION not in written and self.draft.letter in _TELLS_FINAL_POSITIONS:
            return {**written, Part.FINAL_POSITION: "\n\n".join(positions)}
        return written

    @cached_property
    def announced(self) -> tuple[Applied, ...]:
        """Each measure of the open proposal, where the letter is of a kind that tells of one."""
        found = self.standing.proposal
        if found is None or self.draft.letter in _OF_WHAT_IS_IN_FORCE:
            return ()
        terms = found.proposal
        return tuple(
            Applied(
                measure=measure,
                review_on=terms.review_on,
                provisional_end=terms.provisional_end,
                monitoring_until=terms.monitoring_until,
            )
            for measure in found.measures
        )

    @cached_property
    def in_force(self) -> tuple[Applied, ...]:
        """Each arrangement that applies on the day of the letter, or is to."""
        return tuple(self._in_force())

    def _in_force(self) -> Iterator[Applied]:
        lapses = self.policy.at_expiry.value is AtExpiry.LAPSE
        for one in self.standing.active:
            if lapses and one.provisional_end is not None and one.provisional_end <= self.draft.on:
                continue
            yield Applied(
                measure=one.measure,
                review_on=one.review_on,
                provisional_end=one.provisional_end,
                monitoring_until=one.monitoring_until,
                commenced_at=one.commenced_at,
            )

    @cached_property
    def told(self) -> tuple[Applied, ...]:
        """Everything that applies or is announced; empty only where an outcome is that nothing applies any longer.

        Raises LetterRefusedError where there is nothing to tell of.
        """
        found = (*self.announced, *self.in_force)
        ended = self.draft.letter in OUTCOMES and self.standing.arrangements
        if not found and not ended:
            message = "no restriction is proposed or in force that it could tell of: record a proposal first"
            raise self.refused(message)
        return found

    def refused(self, words: str) -> LetterRefusedError:
        """The refusal of this letter."""
        return LetterRefusedError(self.draft.letter, self.standing.case.ref, words)
