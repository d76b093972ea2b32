"""The terms of each kind of restriction: what has to be said for it to be enforced, or shown to staff."""

from datetime import time
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from policies.policy import Lasting
from policies.vocabulary import Channel, RestrictionKind
from register.fields import Day, Email, Label, Remark, Words

_STRICT = ConfigDict(extra="forbid")

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Several = Annotated[tuple[Label, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class SpocDiversion:
    """Mail goes to `spoc`, an address of the council's: a person or a team; `others` may answer as well.

    `deputy` receives it while the SPOC is absent.
    """

    spoc: Email
    others: tuple[Email, ...] = ()
    deputy: Email | None = None
    kind: Literal[RestrictionKind.SPOC_DIVERSION] = RestrictionKind.SPOC_DIVERSION


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ReadAndFile:
    """Letters about a finished matter are read (by `reader`, where one is named), filed, and not answered."""

    matter: Label
    reader: Label | None = None
    kind: Literal[RestrictionKind.READ_AND_FILE] = RestrictionKind.READ_AND_FILE


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class NewInformationOnly:
    """Further letters on a matter are acknowledged only where they bring what has not been considered."""

    matter: Label
    kind: Literal[RestrictionKind.NEW_INFORMATION_ONLY] = RestrictionKind.NEW_INFORMATION_ONLY


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class UnrelatedOnly:
    """Only complaints unrelated to these matters are accepted."""

    matters: Several
    kind: Literal[RestrictionKind.UNRELATED_ONLY] = RestrictionKind.UNRELATED_ONLY


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LimitedTopics:
    """The matters or topics the council will write about (`only`), or those it will not (`never`)."""

    rule: Literal["only", "never"]
    topics: Several
    kind: Literal[RestrictionKind.LIMITED_TOPICS] = RestrictionKind.LIMITED_TOPICS


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class FixedLetter:
    """A contact that holds no new complaint is closed with the same stored letter, at most once in `every`."""

    letter: Words
    letter_cy: Remark = ""
    every: Lasting
    kind: Literal[RestrictionKind.FIXED_LETTER] = RestrictionKind.FIXED_LETTER


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class SingleChannel:
    """One way of contact; who uses another is told so, at most once in `notice_every`."""

    channel: Literal[Channel.EMAIL, Channel.LETTER, Channel.TELEPHONE]
    notice_every: Lasting
    kind: Literal[RestrictionKind.SINGLE_CHANNEL] = RestrictionKind.SINGLE_CHANNEL


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class PostalReplies:
    """The council answers by post, whatever way it was written to."""

    kind: Literal[RestrictionKind.POSTAL_REPLIES] = RestrictionKind.POSTAL_REPLIES


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class OneResponseLine:
    """Letters to several places are one contact, answered once by `owner`."""

    owner: Email
    kind: Literal[RestrictionKind.ONE_RESPONSE_LINE] = RestrictionKind.ONE_RESPONSE_LINE


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Window:
    """A part of one weekday, council time, up to but not including `until`."""

    day: Weekday
    start: time
    until: time

    def __post_init__(self) -> None:
        if self.until <= self.start:
            message = f"a window ends after it begins, not at {self.until:%H:%M} after {self.start:%H:%M}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ContactTimes:
    """Contact by these channels is taken in these windows; mail received outside them waits, and is never lost."""

    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.TELEPHONE,)
    kind: Literal[RestrictionKind.CONTACT_TIMES] = RestrictionKind.CONTACT_TIMES


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class TimeLimit:
    """A call or a meeting takes so many minutes at most."""

    minutes: Annotated[int, Field(ge=1, le=600)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.TELEPHONE, Channel.IN_PERSON)
    kind: Literal[RestrictionKind.TIME_LIMIT] = RestrictionKind.TIME_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class RepresentativeOnly:
    """The person is asked to write through an advocate or another third party, named in the case."""

    representative: Label
    notice_every: Lasting
    kind: Literal[RestrictionKind.REPRESENTATIVE_ONLY] = RestrictionKind.REPRESENTATIVE_ONLY


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class TelephoneLimit:
    """So many calls in each `per`; none at all where `calls` is 0: then staff give `instead`, and end the call."""

    calls: Annotated[int, Field(ge=0, le=1000)]
    per: Lasting | None = None
    instead: Label | None = None  # what the caller is asked to use: the SPOC's address
    kind: Literal[RestrictionKind.TELEPHONE_LIMIT] = RestrictionKind.TELEPHONE_LIMIT

    def __post_init__(self) -> None:
        if self.calls and self.per is None:
            message = "per: a number of calls needs the period it counts for"
            raise ValueError(message)
        if not self.calls and self.instead is None:
            message = "instead: who may not call must be told how else to reach the council"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class WitnessedContact:
    """Meetings take place in the presence of a third party."""

    witness: Label
    kind: Literal[RestrictionKind.WITNESSED_CONTACT] = RestrictionKind.WITNESSED_CONTACT


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class DesignatedPremises:
    """Meetings take place at these premises of the council's."""

    premises: Several
    kind: Literal[RestrictionKind.DESIGNATED_PREMISES] = RestrictionKind.DESIGNATED_PREMISES


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Agreement:
    """What the person has agreed to about future contact."""

    terms: Words
    signed_on: Day | None = None  # None: offered, not yet signed
    document: Label | None = None
    kind: Literal[RestrictionKind.AGREEMENT] = RestrictionKind.AGREEMENT


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class SocialMediaBlock:
    """The person may not leave comments on these accounts of the council's."""

    accounts: Several
    kind: Literal[RestrictionKind.SOCIAL_MEDIA_BLOCK] = RestrictionKind.SOCIAL_MEDIA_BLOCK


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class StatementsInWriting:
    """Instead of speaking at public meetings, a statement sent to `send_to` before is read out."""

    send_to: Email
    days_before: Annotated[int, Field(ge=0, le=30)]
    kind: Literal[RestrictionKind.STATEMENTS_IN_WRITING] = RestrictionKind.STATEMENTS_IN_WRITING


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class OtherMeasure:
    """A measure of the council's own; no software acts on it, staff are shown `guidance`."""

    measure: Words
    guidance: Words
    kind: Literal[RestrictionKind.OTHER] = RestrictionKind.OTHER


Terms = Annotated[
    SpocDiversion
    | ReadAndFile
    | NewInformationOnly
    | UnrelatedOnly
    | LimitedTopics
    | FixedLetter
    | SingleChannel
    | PostalReplies
    | OneResponseLine
    | ContactTimes
    | TimeLimit
    | RepresentativeOnly
    | TelephoneLimit
    | WitnessedContact
    | DesignatedPremises
    | Agreement
    | SocialMediaBlock
    | StatementsInWriting
    | OtherMeasure,
    Field(discriminator="kind"),
]
"""The terms of one restriction, told apart by `kind`."""


def contacts_of(terms: Terms) -> tuple[str, ...]:
    """The addresses of the points of contact that a restriction names, those first whose turn comes first."""
    match terms:
        case SpocDiversion(spoc=spoc, others=others, deputy=deputy):
            return (spoc, *((deputy,) if deputy else ()), *others)
        case OneResponseLine(owner=owner):
            return (owner,)
        case _:
            return ()


def matters_of(terms: Terms) -> tuple[str, ...]:
    """The references of the matters a restriction speaks of."""
    match terms:
        case ReadAndFile(matter=matter) | NewInformationOnly(matter=matter):
            return (matter,)
        case UnrelatedOnly(matters=matters):
            return matters
        case _:
            return ()
