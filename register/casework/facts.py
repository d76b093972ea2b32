"""What is known about a person or a property: each fact is recorded once, by somebody, and never edited."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from policies.vocabulary import Channel, Language, MatterState
from register.fields import Contact, Day, Email, Label, Moment, Postcode, Remark, Uprn, Words

_STRICT = ConfigDict(extra="forbid")


class IdentifierKind(StrEnum):
    """What a person can be known by, beside the name."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    POST = "post"


class Capacity(StrEnum):
    """What somebody who speaks for a person is."""

    ADVOCATE = "advocate"
    SOLICITOR = "solicitor"
    FAMILY = "family"
    COUNCILLOR = "councillor"
    MP = "member-of-parliament"
    OTHER = "other"


class ActionKind(StrEnum):
    """What has been done about a case; recorded, shown and put into bundles, enforced by nobody's software."""

    NOTE = "note"
    ATTEMPT_TO_DEFUSE = "attempt-to-defuse"
    DISCUSSION = "discussion"
    MEETING = "meeting"
    ADJUSTMENT_OFFERED = "adjustment-offered"
    OMBUDSMAN_ADVISED = "ombudsman-advised"
    POLICE_REPORT = "police-report"
    POLICE_NOT_TOLD = "police-not-told"  # with the reason, where the policy asks for a report
    LEGAL_ACTION = "legal-action"
    REFERRED_TO_LEGAL = "referred-to-legal"
    SUPPORT_OFFERED = "support-offered"
    AGREEMENT_BREACH = "agreement-breach"
    EXTERNAL_REGISTER = "external-register"  # such as B-Safe: that it knows the person, and under which reference
    HATE_CRIME_REPORT = "hate-crime-report"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Person:
    """Who the case is about; a later one replaces an earlier. `internal`: a member of staff (row 1.3).

    `shared_with` tells why this is not the same person as another entry that looks alike.
    """

    name: Label
    aliases: tuple[Label, ...] = ()
    language: Language | None = None  # None: not known, so written to in every language of the council
    internal: bool = False
    shared_with: Remark = ""
    kind: Literal["person"] = "person"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Property:
    """A place where unreasonable behaviour is likely; with no person it restricts nobody's mail (row 1.51)."""

    address: Words
    postcode: Postcode
    uprn: Uprn | None = None
    kind: Literal["property"] = "property"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Identifier:
    """An address or number the person uses, how the council knows, and since when."""

    identifier: IdentifierKind
    value: Contact
    source: Label
    since: Day
    shared_with: Remark = ""  # why another entry may have the same
    kind: Literal["identifier"] = "identifier"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class IdentifierWithdrawn:
    """An address or number is no longer the person's, or never was."""

    value: Contact
    reason: Words
    kind: Literal["identifier-withdrawn"] = "identifier-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Need:
    """A need, and the adjustment made for it; the need itself is shown only to those who must know (row 1.2)."""

    need: Words
    adjustment: Words
    agency: Label | None = None  # the agency worked with, where there is one
    may_be_filed: bool = False  # whether mail may be filed although somebody is vulnerable
    kind: Literal["need"] = "need"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Representative:
    """Somebody who speaks for the person, with consent; their own mail is never restricted."""

    name: Label
    capacity: Capacity
    addresses: tuple[Email, ...] = ()
    consent_on: Day | None = None
    kind: Literal["representative"] = "representative"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Incident:
    """One contact thought unreasonable, on any channel; `categories` are of the policy's list.

    `message` is the reference of the mail it was, `affected` who it was directed at. A call that was ended needs
    `warned`, `ended` and `reason` (row 3.17).
    """

    at: Moment
    channel: Channel
    categories: Annotated[tuple[Label, ...], Field(min_length=1)]
    account: Words
    effect: Remark = ""
    message: Label | None = None
    matter: Label | None = None  # reference of the matter it was about
    affected: tuple[Label, ...] = ()
    warned: bool | None = None
    ended: bool | None = None
    reason: Remark = ""
    characteristic: Label | None = None  # the protected characteristic of a hate incident
    legal_basis: Label | None = None
    routes_offered_on: Day | None = None  # when the person was told of the routes still open (row 3.15)
    hours: Annotated[float, Field(ge=0, le=10_000)] = 0  # of officers' time
    threat: bool = False  # confirmed by a person as a threat
    kind: Literal["incident"] = "incident"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Matter:
    """A complaint or issue as it now stands; a later record with the same reference replaces an earlier.

    `procedure` is the one complaints procedure that governs it; `response` the final answer of an exhausted one;
    `answer_by` the day by which the council has promised an answer.
    """

    reference: Label
    title: Label
    state: MatterState = MatterState.OPEN
    service: Label | None = None
    procedure: Label | None = None
    on: Day | None = None  # when it came to this state
    answer_by: Day | None = None
    reason: Remark = ""
    final_position: Remark = ""
    response: Label | None = None
    kind: Literal["matter"] = "matter"

    @property
    def finished(self) -> bool:
        """Whether the council has given its final answer; only then may letters about it be filed (row 0.8)."""
        return self.state in {MatterState.CLOSED, MatterState.EXHAUSTED}


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Action:
    """Something done about the case, with the reference others know it by; `message`: the mail it was, such as M12."""

    action: ActionKind
    on: Day
    words: Words
    reference: Label | None = None
    document: Label | None = None
    message: Label | None = None
    kind: Literal["action"] = "action"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class JointReferral:
    """Both sides ask the ombudsman to look at it before the complaints procedure has ended (row 3.39)."""

    person_asked_on: Day
    council_asked_on: Day
    words: Words
    kind: Literal["joint-referral"] = "joint-referral"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class RiskAssessment:
    """What was found before anybody attends a property (row 1.52)."""

    on: Day
    by: Label
    outcome: Words
    kind: Literal["risk-assessment"] = "risk-assessment"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LegalHold:
    """While it holds, nothing of the case is erased."""

    held: bool
    reason: Words
    kind: Literal["legal-hold"] = "legal-hold"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Owner:
    """The officer responsible for the case from now on, and the service it belongs to."""

    officer: Label
    service: Label
    kind: Literal["owner"] = "owner"


Fact = (
    Person
    | Property
    | Identifier
    | IdentifierWithdrawn
    | Need
    | Representative
    | Incident
    | Matter
    | Action
    | JointReferral
    | RiskAssessment
    | LegalHold
    | Owner
)
