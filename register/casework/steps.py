"""The steps of the process, from a referral to the end: each is recorded once, by somebody, and never edited."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from policies.vocabulary import Channel, Language, LetterKind, Part, Statement
from register.fields import Day, Label, Moment, Remark, Words
from register.restrictions import Terms

_STRICT = ConfigDict(extra="forbid")


class Verdict(StrEnum):
    """What an approver decides about a proposal."""

    APPROVE = "approve"
    AMEND = "amend"
    REJECT = "reject"


class ReviewOutcome(StrEnum):
    """What a review comes to."""

    EXTEND = "extend"
    AMEND = "amend"
    REMOVE = "remove"


class AppealOutcome(StrEnum):
    """What an appeal or a contest comes to."""

    UPHOLD = "uphold"
    VARY = "vary"
    OVERTURN = "overturn"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Measure:
    """One restriction as proposed or decided, and its scope; no scope means the whole council."""

    terms: Terms
    services: tuple[Label, ...] = ()
    mailboxes: tuple[Label, ...] = ()
    subject_matter: Remark = ""


Measures = Annotated[tuple[Measure, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Referral:
    """An officer raises the matter; nothing is restricted by it."""

    account: Words
    view_of_person: Remark = ""  # what the person says about it, where asked
    message: Label | None = None
    original: Remark = ""  # the header fields of the mail it is about
    kind: Literal["referral"] = "referral"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ReferralDeclined:
    """The behaviour is not unreasonable: the officer is told why."""

    advice: Words
    kind: Literal["referral-declined"] = "referral-declined"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class StageTaken:
    """A stage that restricts nothing was taken: a talk, an explanation, an escalation. Letters count by themselves."""

    stage: Label
    channel: Channel
    words: Words
    outcome: Remark = ""
    kind: Literal["stage"] = "stage"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class EqualityCheck:
    """The person's needs under the Equality Act 2010 were considered; signed by whoever records it."""

    on: Day
    considered: Words
    adjustments: Words
    kind: Literal["equality-check"] = "equality-check"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Proposal:
    """Restrictions proposed at a stage, and everything the policy wants stated about them.

    `isolated` tells why one incident is enough; `bypass` why earlier stages are skipped; `complaint` is the formal
    complaint it is about, or `other_policy` the policy that applies instead.
    """

    stage: Label
    grounds: Annotated[tuple[Label, ...], Field(min_length=1)]
    measures: Measures
    statements: Mapping[Statement, Words]
    provisional_end: Day
    review_on: Day
    monitoring_until: Day | None = None
    isolated: Remark = ""
    bypass: Remark = ""
    extreme: bool = False
    complaint: Label | None = None
    basis: Label | None = None  # what it is about, of the policy's list
    other_policy: Label | None = None
    kind: Literal["proposal"] = "proposal"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Consultation:
    """Somebody in this role was asked about the proposal, and what they said."""

    role: Label
    consulted: Label
    response: Words
    kind: Literal["consultation"] = "consultation"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Decision:
    """One approver's decision about the open proposal; amended measures replace the proposed ones."""

    verdict: Verdict
    reasons: Words
    measures: tuple[Measure, ...] = ()
    kind: Literal["decision"] = "decision"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LetterIssued:
    """A letter went out; `parts` hold what an officer wrote, the rest is computed from the case.

    A letter in English and Welsh has the Welsh of every part in `parts_cy`: neither is treated less favourably.
    `sha256` is that of the document as issued. A letter that could not be delivered is recorded by `LetterFailed`.
    """

    letter: LetterKind
    on: Day
    channel: Channel
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    parts: Mapping[Part, Words]
    parts_cy: Mapping[Part, Words] = Field(default_factory=dict)
    sha256: Label | None = None
    message: Label | None = None  # the reference of the mail it answers
    policy_enclosed: bool = False
    kind: Literal["letter"] = "letter"

    def written(self, language: Language) -> Mapping[Part, str]:
        """What the officer wrote, in this language."""
        return self.parts_cy if language is Language.WELSH and Language.ENGLISH in self.languages else self.parts


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LetterFailed:
    """A letter came back; `letter` is the number of the record that issued it."""

    letter: Annotated[int, Field(ge=1)]
    on: Day
    reason: Words
    kind: Literal["letter-failed"] = "letter-failed"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class NoticeWaived:
    """The person is not warned before, because the behaviour is extreme."""

    reason: Words
    kind: Literal["notice-waived"] = "notice-waived"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Activation:
    """What was approved takes effect, at the moment of recording or later."""

    commences_at: Moment
    kind: Literal["activation"] = "activation"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Adoption:
    """A decision taken before this register was kept, as the officer who brings it in attests it."""

    stage: Label
    measures: Measures
    decided_by: Label
    decided_by_title: Label
    decided_on: Day
    advised_on: Day
    commenced_at: Moment
    reasons: Words
    review_on: Day
    provisional_end: Day | None = None
    source: Label  # the file it stood in
    kind: Literal["adoption"] = "adoption"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class AdoptionConfirmed:
    """A second officer has held an adoption against the file; `adoption` is the number of its record."""

    adoption: Annotated[int, Field(ge=1)]
    seen: Words  # what it was held against, such as the letter to the person
    kind: Literal["adoption-confirmed"] = "adoption-confirmed"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class MonitoringExtended:
    """The person's contact is watched for longer."""

    until: Day
    reason: Words
    kind: Literal["monitoring-extended"] = "monitoring-extended"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Review:
    """What was considered, what came of it, and until when the restrictions now last."""

    on: Day
    considerations: Words
    outcome: ReviewOutcome
    subject_matter: Words
    ends_on: Day | None = None  # the new provisional end; none where the restrictions are removed
    review_on: Day | None = None
    measures: tuple[Measure, ...] = ()  # in place of the present ones, where they are amended
    kind: Literal["review"] = "review"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class AppealReceived:
    """The person asks for the decision to be looked at again."""

    on: Day
    account: Words
    channel: Channel
    assigned_to: Label
    message: Label | None = None
    kind: Literal["appeal"] = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class AppealDecided:
    """What came of it, decided by somebody other than who decided first."""

    outcome: AppealOutcome
    reasons: Words
    measures: tuple[Measure, ...] = ()
    kind: Literal["appeal-decision"] = "appeal-decision"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Ended:
    """Restrictions stop having effect, at once: those named, or all."""

    reason: Words
    restrictions: tuple[Label, ...] = ()
    kind: Literal["end"] = "end"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Closed:
    """The case is closed; the clock of its retention starts."""

    reason: Words
    kind: Literal["closure"] = "closure"


Step = (
    Referral
    | ReferralDeclined
    | StageTaken
    | EqualityCheck
    | Proposal
    | Consultation
    | Decision
    | LetterIssued
    | LetterFailed
    | NoticeWaived
    | Activation
    | Adoption
    | AdoptionConfirmed
    | MonitoringExtended
    | Review
    | AppealReceived
    | AppealDecided
    | Ended
    | Closed
)
