"""A council's policy as it stands on one day: frozen values, each beside the clause it comes from."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from policies.period import Period
from policies.vocabulary import (
    AppealRule,
    AtExpiry,
    BypassNeed,
    IncidentField,
    Jurisdiction,
    Language,
    LetterKind,
    Part,
    RestrictionKind,
    Statement,
)

T = TypeVar("T")
STRICT = ConfigDict(extra="forbid")


def _period(given: object) -> Period:
    return given if isinstance(given, Period) else Period.parse(str(given))


Lasting = Annotated[Period, BeforeValidator(_period), PlainSerializer(str)]
"""A period, read from words such as "6 months"."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words that are never empty."""

Role = str
"""The id of a role the policy names, such as `head-of-service`."""

StageId = str
"""The id of a stage of the policy, such as `stage-2`."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Rule(Generic[T]):
    """One value the policy lays down, since when, and the words it rests on.

    A clause that begins with `not stated:` tells why the product takes this value where the policy is silent.
    """

    value: T
    clause: Text
    since: date


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Document:
    """The policy document's own control block (rows 2.2, 3.43); what it does not state is None."""

    title: Text
    source: Text
    owner: str | None = None
    approved_by: str | None = None
    dated: str | None = None
    version: str | None = None
    status: str | None = None
    review_frequency: Lasting | None = None
    review_date: date | None = None
    consultation: str | None = None
    identifier: str | None = None
    revised: date | None = None
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Category:
    """One behaviour of the policy's list (row 1.32: the list is data). `model`: whether a score may suggest it."""

    name: Text
    clause: Text
    heading: str = ""
    severity: Annotated[int, Field(ge=1, le=3)] = 1  # 1 low, 2 serious, 3 urgent
    needs: tuple[IncidentField, ...] = ()  # what this behaviour cannot be recorded without
    model: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Stage:
    """One stage of the policy's process. It restricts only where `kinds` says which restrictions may be proposed.

    `approvers` are groups: each group must approve, and any role within a group speaks for it.
    """

    name: Text
    takes: Rule[tuple[Role, ...]]  # who may take or propose it
    after: tuple[StageId, ...] = ()
    letter: Rule[LetterKind] | None = None
    bypass: Rule[tuple[BypassNeed, ...]] | None = None
    continued: Rule[bool] | None = None  # whether an incident since the stage before is needed
    kinds: Rule[tuple[RestrictionKind, ...]] | None = None
    approvers: Rule[tuple[tuple[Role, ...], ...]] | None = None
    consulted: Rule[tuple[Role, ...]] | None = None
    monitoring: Rule[Lasting] | None = None  # the least

    @property
    def restricts(self) -> bool:
        """Whether this stage can end in restrictions."""
        return self.kinds is not None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Reviews:
    """How restrictions are looked at again."""

    interval: Rule[Lasting]
    fixed: Rule[bool]  # whether letters say "on" the day or "by" it; nobody has to wait for the day
    raised_by: Rule[tuple[Role, ...]]
    decided_by: Rule[tuple[Role, ...]]
    letter_within: Rule[Lasting] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Appeals:
    """Whether and how the person may have the decision looked at again."""

    rule: Rule[AppealRule]
    paused: Rule[bool]  # whether the restriction rests meanwhile
    words: Mapping[Language, Text]  # what letters say about it
    decided_by: Rule[tuple[Role, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Ombudsman:
    """Who looks at it outside the council: the block that letters end with."""

    name: Mapping[Language, Text]
    address: tuple[str, ...]
    telephone: str
    website: str
    email: str | None = None
    domains: tuple[str, ...] = ()  # mail from here is never restricted


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Retention:
    """For how long a closed case stays."""

    period: Rule[Lasting]
    restarts_with_activity: Rule[bool]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Training:
    """Who must be trained, and for how long it counts."""

    needed: Rule[bool]  # before somebody may be a SPOC
    lasts: Rule[Lasting] | None = None


Least = Annotated[int, Field(ge=2, le=100_000)]
"""From how many on."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class EvidenceCards:
    """From when on people are shown how much somebody writes: a card, and never anything else (rows 1.25, 4.19).

    Contacts (`mails`), or mailboxes written to, within so many days; `senders` of the same text.
    """

    mails: Rule[Least] | None = None
    days: Rule[Annotated[int, Field(ge=1, le=366)]] | None = None
    mailboxes: Rule[Least] | None = None
    senders: Rule[Least] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Named:
    """Something the policy lists by name."""

    name: Text
    clause: Text
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Policy:
    """Everything one council has laid down, on one day. `version` is what entries and decisions cite."""

    id: str
    version: str
    council: Text
    jurisdiction: Rule[Jurisdiction]
    languages: Rule[tuple[Language, ...]]
    document: Document
    roles: Mapping[Role, Text]  # the policy's own words for each
    keepers: Rule[tuple[Role, ...]]  # who may write in every entry, beside the owning service
    asset_owner: Rule[tuple[Role, ...]]
    service_roles: Rule[tuple[Role, ...]] | None = None  # roles that speak only for the service of their holder
    referrers: Rule[tuple[Role, ...]]  # empty: any officer
    definitions: Rule[str]
    grounds: Rule[tuple[str, ...]]
    bases: Rule[tuple[str, ...]]  # empty: anybody; else what has to be named, such as a formal complaint
    complaint_needed: Rule[bool]
    subjects_may_be_staff: Rule[bool]
    members_in_scope: Rule[bool]
    excluded_services: tuple[Named, ...]
    procedures: tuple[Named, ...]  # exactly one governs a matter; empty: not distinguished
    categories: Mapping[str, Category]
    benign: tuple[Named, ...] = ()  # what is told apart from these, such as distress (rows 1.33, 1.34, 1.89, 3.7)
    stages: Mapping[StageId, Stage]
    statements: Mapping[Statement, Text]  # what a proposal must state, and the clause that asks for it
    four_eyes: Rule[bool]
    equality_check: Rule[bool]
    notice_first: Rule[bool]
    notice_waivable: Rule[bool]  # in extreme cases
    final_position: Rule[bool]  # whether closing a matter without one is remarked on
    reviews: Reviews
    at_expiry: Rule[AtExpiry]
    appeals: Appeals
    retention: Retention
    risk_assessment_lasts: Rule[Lasting] | None = None
    training: Training
    evidence: EvidenceCards | None = None  # None: the product's own numbers, marked as such
    police_reference: Rule[bool]  # whether a confirmed threat cannot be closed without one
    letters: Mapping[LetterKind, Mapping[Part, Text]]  # mandatory parts, and the clause that asks for each
    ombudsman: Rule[Ombudsman]
    protected: tuple[Named, ...]
    statutory: tuple[Named, ...]
    legal_bases: tuple[Named, ...] = ()
    characteristics: tuple[Named, ...] = ()  # protected ones that a hate incident can be about; empty: not listed
    reporting: tuple[Named, ...] = ()  # where a hate crime is reported
    external_registers: tuple[Named, ...] = ()  # such as B-Safe

    def cite(self, clause: str) -> str:
        """The clause as a refusal or a letter quotes it, with the version it belongs to."""
        return f"{self.version}, {clause}"


def as_data(policy: Policy) -> dict[str, Any]:
    """The whole policy as JSON has it."""
    data: dict[str, Any] = _ADAPTER.dump_python(policy, mode="json")
    return data


_ADAPTER = TypeAdapter(Policy)
