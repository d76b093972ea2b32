"""The columns of a register file: what each holds, what other headings mean it, and what each kind needs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from policies.vocabulary import RestrictionKind


class Reads(StrEnum):
    """How a cell of the column is read."""

    TEXT = "text"
    WORD = "a word of a list"  # in any case, with spaces or hyphens
    NUMBER = "a whole number"
    YES = "yes or no"
    DAY = "a date"
    MOMENT = "a date, or date and time"
    LIST = "a list"  # separated by semicolons
    WORDS = "a list of words"
    TELEPHONES = "a list of telephone numbers"
    WINDOWS = "times of the week"


class Part(StrEnum):
    """What a column speaks of: the entry as a whole, or one of what it has several of."""

    ENTRY = "entry"
    NEED = "need"
    MATTER = "matter"
    REPRESENTATIVE = "representative"
    RESTRICTION = "restriction"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `known_as` are headings that mean it, beside its own name."""

    name: str
    part: Part
    reads: Reads = Reads.TEXT
    known_as: tuple[str, ...] = ()


def _columns(part: Part, *told: tuple[str, Reads, str]) -> tuple[Column, ...]:
    return tuple(
        Column(name, part, reads, tuple(filter(None, map(str.strip, known.split(","))))) for name, reads, known in told
    )


COLUMNS: tuple[Column, ...] = (
    *_columns(
        Part.ENTRY,
        (
            "ref",
            Reads.TEXT,
            "reference, ref no, reference number, case ref, case reference, case number, id, cyfeirnod",
        ),
        ("name", Reads.TEXT, "customer name, customer, full name, name of customer, resident name, complainant, enw"),
        ("aliases", Reads.LIST, "alias, also known as, aka, other names, known as, enwau eraill"),
        ("language", Reads.WORD, "preferred language, language preference, iaith, dewis iaith"),
        ("internal", Reads.YES, "member of staff, staff member, employee"),
        (
            "email",
            Reads.LIST,
            "addresses, e-mail, emails, e-mail address, email address, email addresses, ebost, e-bost",
        ),
        (
            "telephone",
            Reads.TELEPHONES,
            "phone, phone number, telephone number, tel, mobile, contact number, ffon, ffôn",
        ),
        ("postal_address", Reads.LIST, "address, home address, postal addresses, correspondence address, cyfeiriad"),
        ("known_since", Reads.DAY, "contact details known since"),
        ("shared_with", Reads.TEXT, "shared with, not the same as, why not the same person"),
        ("property_address", Reads.TEXT, "property, property details, address of property, cyfeiriad yr eiddo"),
        ("postcode", Reads.TEXT, "post code, property postcode, cod post"),
        ("uprn", Reads.TEXT, "property reference, unique property reference number"),
        ("risk_assessed_on", Reads.DAY, "risk assessment, risk assessment date, date of risk assessment"),
        ("risk_assessed_by", Reads.TEXT, "risk assessor, risk assessment by"),
        ("risk_outcome", Reads.TEXT, "risk assessment outcome, outcome of risk assessment"),
        ("external_register", Reads.TEXT, "b-safe, b-safe reference, cautionary contact reference, external register"),
        ("external_register_on", Reads.DAY, "b-safe date, external register date"),
        ("owner", Reads.TEXT, "case owner, responsible officer, owning officer, perchennog"),
        ("service", Reads.TEXT, "owning service, department, service area, gwasanaeth"),
    ),
    *_columns(
        Part.NEED,
        ("need", Reads.TEXT, "vulnerability, needs, anghenion"),
        ("adjustment", Reads.TEXT, "reasonable adjustment, reasonable adjustments, adjustments, addasiadau"),
        ("agency", Reads.TEXT, "support agency, agency involved"),
        ("may_be_filed", Reads.YES, "mail may be filed"),
    ),
    *_columns(
        Part.MATTER,
        ("matter", Reads.TEXT, "matter reference, complaint reference, complaint number, mater"),
        ("matter_title", Reads.TEXT, "complaint, subject of complaint, title of matter"),
        ("matter_state", Reads.WORD, "complaint status, status of complaint"),
        ("matter_on", Reads.DAY, "complaint closed on, date closed, date of final response"),
        ("matter_reason", Reads.TEXT, "reason for closure"),
        ("matter_response", Reads.TEXT, "final response, final response reference"),
        ("matter_final_position", Reads.TEXT, "final position"),
        ("matter_service", Reads.TEXT, "service complained about"),
        ("matter_procedure", Reads.TEXT, "complaints procedure, procedure"),
    ),
    *_columns(
        Part.REPRESENTATIVE,
        ("representative", Reads.TEXT, "advocate, third party, representative name, cynrychiolydd"),
        ("representative_capacity", Reads.WORD, "capacity, representative type"),
        ("representative_email", Reads.LIST, "advocate email, representative e-mail"),
        ("representative_consent_on", Reads.DAY, "consent date, date of consent"),
    ),
    *_columns(
        Part.RESTRICTION,
        ("kind", Reads.WORD, "restriction, type, restriction type, type of restriction, arrangement, math"),
        ("services", Reads.LIST, "applies to services"),
        ("mailboxes", Reads.LIST, "mailbox, applies to mailboxes"),
        ("subject_matter", Reads.TEXT, "scope in words, subject matter of restriction"),
        ("spoc", Reads.TEXT, "spoc email, spoc e-mail, spoc address, single point of contact, point of contact"),
        ("deputy", Reads.TEXT, "deputy spoc, spoc deputy"),
        ("others", Reads.LIST, "other points of contact, may also reply"),
        ("reader", Reads.TEXT, "read by"),
        ("matters", Reads.LIST, "complaints already considered"),
        ("rule", Reads.WORD, "only or never"),
        ("topics", Reads.LIST, "topic, issues"),
        ("letter", Reads.TEXT, "closing letter, text of letter"),
        ("letter_cy", Reads.TEXT, "closing letter in welsh, testun y llythyr"),
        ("every", Reads.TEXT, "letter at most once in"),
        ("notice_every", Reads.TEXT, "notice at most once in"),
        ("channel", Reads.WORD, "only channel, permitted channel, contact method, sianel"),
        ("channels", Reads.WORDS, "channels it applies to"),
        ("answered_by", Reads.TEXT, "one response by"),
        ("times", Reads.WINDOWS, "days and times, contact times, permitted times, amserau"),
        ("minutes", Reads.NUMBER, "time limit, minutes per call, munudau"),
        ("calls", Reads.NUMBER, "number of calls, calls allowed"),
        ("per", Reads.TEXT, "calls per, period"),
        ("instead", Reads.TEXT, "instead of calling, told to use"),
        ("witness", Reads.TEXT, "in the presence of, third party present"),
        ("premises", Reads.LIST, "designated premises, meeting place"),
        ("agreement", Reads.TEXT, "terms, terms of agreement"),
        ("signed_on", Reads.DAY, "agreement signed, date signed"),
        ("document", Reads.TEXT, "agreement document"),
        ("accounts", Reads.LIST, "social media accounts"),
        ("send_to", Reads.TEXT, "statements to, send statements to"),
        ("days_before", Reads.NUMBER, "days before meeting"),
        ("measure", Reads.TEXT, "other measure, description"),
        ("guidance", Reads.TEXT, "guidance for staff, staff guidance"),
    ),
    *_columns(
        Part.DECISION,
        ("stage", Reads.WORD, "policy stage, cam"),
        ("decided_by", Reads.TEXT, "decision by, decision maker, approved by, authorised by"),
        ("decided_by_title", Reads.TEXT, "decision maker job title, approver job title, job title of decision maker"),
        ("decided_on", Reads.DAY, "decision date, date of decision, approved on, dyddiad y penderfyniad"),
        ("advised_on", Reads.DAY, "date advised, customer advised, date customer advised, letter sent, date of letter"),
        ("commenced", Reads.MOMENT, "date of restriction, start date, commencement date, start, dyddiad cychwyn"),
        ("reasons", Reads.TEXT, "reason, reason for restriction, justification, rheswm"),
        ("review_on", Reads.DAY, "review due, review date, next review, date of review, dyddiad adolygu"),
        ("provisional_end", Reads.DAY, "ends, end date, expiry date, provisional end date, dyddiad gorffen"),
    ),
)

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What columns a kind of restriction cannot do without, and which it may have; each with the field it fills."""

    needs: Mapping[str, str]
    may: Mapping[str, str]


def _wants(needs: str = "", may: str = "") -> Wanted:
    return Wanted(_fields(needs), _fields(may))


def _fields(told: str) -> Mapping[str, str]:
    pairs = (word.partition(":") for word in told.split())
    return {column: field or column for column, _, field in pairs}


WANTED: Mapping[RestrictionKind, Wanted] = {
    RestrictionKind.SPOC_DIVERSION: _wants("spoc", "deputy others"),
    RestrictionKind.READ_AND_FILE: _wants("matter", "reader"),
    RestrictionKind.NEW_INFORMATION_ONLY: _wants("matter"),
    RestrictionKind.UNRELATED_ONLY: _wants("matters"),
    RestrictionKind.LIMITED_TOPICS: _wants("rule topics"),
    RestrictionKind.FIXED_LETTER: _wants("letter every", "letter_cy"),
    RestrictionKind.SINGLE_CHANNEL: _wants("channel notice_every"),
    RestrictionKind.POSTAL_REPLIES: _wants(),
    RestrictionKind.ONE_RESPONSE_LINE: _wants("answered_by:owner"),
    RestrictionKind.CONTACT_TIMES: _wants("times:windows", "channels"),
    RestrictionKind.TIME_LIMIT: _wants("minutes", "channels"),
    RestrictionKind.REPRESENTATIVE_ONLY: _wants("representative notice_every"),
    RestrictionKind.TELEPHONE_LIMIT: _wants("calls", "per instead"),
    RestrictionKind.WITNESSED_CONTACT: _wants("witness"),
    RestrictionKind.DESIGNATED_PREMISES: _wants("premises"),
    RestrictionKind.AGREEMENT: _wants("agreement:terms", "signed_on document"),
    RestrictionKind.SOCIAL_MEDIA_BLOCK: _wants("accounts"),
    RestrictionKind.STATEMENTS_IN_WRITING: _wants("send_to days_before"),
    RestrictionKind.OTHER: _wants("measure guidance"),
}

SCOPE = ("services", "mailboxes", "subject_matter")


class HeadingsError(Exception):
    """Headings that are not understood, or say the same twice; the message tells each, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """How the headings of somebody's file are to be read, where they are not known by themselves."""

    mapped: Mapping[str, str]
    ignored: frozenset[str] = frozenset()

    @classmethod
    def told(cls, mapped: Sequence[str] = (), ignored: Sequence[str] = ()) -> "Headings":
        """From words such as "Their heading=column". Raises HeadingsError for a column that there is not."""
        pairs = [word.rpartition("=") for word in mapped]
        wrong = [f"{heading}={name}" for heading, _, name in pairs if not heading or name.strip() not in BY_NAME]
        if wrong:
            message = f'{", ".join(wrong)}: write "Their heading=column"; the columns are {", ".join(BY_NAME)}'
            raise HeadingsError(message)
        return cls(
            mapped={_key(heading): name.strip() for heading, _, name in pairs},
            ignored=frozenset(map(_key, ignored)),
        )


USUAL = Headings(mapped={})
"""Nothing mapped, nothing ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A heading of the file and what it was taken for: a column, or nothing because it is ignored or not known."""

    heading: str
    column: Column | None
    ignored: bool = False


def understood(headings: Sequence[str], told: Headings = USUAL) -> tuple[Taken, ...]:
    """What each heading is taken for; an empty one, above a column of nothing, is ignored."""
    return tuple(
        Taken(heading=heading, column=_column(_key(heading), told), ignored=_key(heading) in {"", *told.ignored})
        for heading in headings
    )


def check(taken: Sequence[Taken]) -> None:
    """Raise HeadingsError unless every heading is a column's or ignored, none twice, and an entry can be told."""
    words = [f"{one.heading!r} is no column known here" for one in taken if one.column is None and not one.ignored]
    names = [one.column.name for one in taken if one.column is not None]
    for name in sorted({name for name in names if names.count(name) > 1}):
        both = [one.heading for one in taken if one.column is not None and one.column.name == name]
        told_apart = len({_key(heading) for heading in both}) == len(both)  # else --ignore would ignore both
        remedy = "ignore one" if told_apart else "rename one in the file"
        words.append(f"{', '.join(map(repr, both))} are both taken for {name}: {remedy}")
    if "ref" not in names:
        words.append("no column is ref: every entry needs a reference of its own")
    if not {"name", "property_address"} & set(names):
        words.append("no column is name, and none property_address: whom is it about?")
    if words:
        message = "; ".join(words) + ' (--map "Their heading=column" or --ignore "Heading"; --preview shows them all)'
        raise HeadingsError(message)


def _column(key: str, told: Headings) -> Column | None:
    if key in told.ignored:
        return None
    return BY_NAME.get(told.mapped.get(key, "")) or _KNOWN.get(key)


def _key(heading: str) -> str:
    """Headings are the same whatever their case, spaces, hyphens and full stops."""
    return re.sub(r"[\W_]+", "", heading.casefold())


_KNOWN: Mapping[str, Column] = {_key(name): column for column in COLUMNS for name in (column.name, *column.known_as)}
