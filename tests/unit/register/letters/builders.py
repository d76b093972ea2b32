"""Cases for letters to be written about: Ann Vexing's, with incidents, and restrictions proposed or in force."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from policies.period import Period, Unit
from policies.policy import Policy
from policies.reading import read_policy
from policies.vocabulary import (
    COMPUTED_PARTS,
    Channel,
    Language,
    LetterKind,
    MatterState,
    Part,
    RestrictionKind,
    Statement,
)
from register.casework.case import Case, CaseEvent
from register.casework.facts import Fact, Identifier, IdentifierKind, Incident, Matter, Person
from register.casework.standing import Standing, standing
from register.casework.steps import (
    Activation,
    Decision,
    LetterIssued,
    Measure,
    Proposal,
    Referral,
    Step,
    Verdict,
)
from register.letters.composing import compose
from register.letters.letter import Bullets, Heading, Letter, Paragraph
from register.officers import Signature
from register.restrictions import (
    Agreement,
    ContactTimes,
    DesignatedPremises,
    FixedLetter,
    LimitedTopics,
    NewInformationOnly,
    OneResponseLine,
    OtherMeasure,
    PostalReplies,
    ReadAndFile,
    RepresentativeOnly,
    SingleChannel,
    SocialMediaBlock,
    SpocDiversion,
    StatementsInWriting,
    TelephoneLimit,
    Terms,
    TimeLimit,
    UnrelatedOnly,
    Window,
    WitnessedContact,
)
from tests.builders import ROOT

COUNCIL = "Test Council"
TODAY = date(2026, 3, 4)
REVIEW_ON = date(2026, 9, 3)
ENDS_ON = date(2026, 9, 4)
MONITORED_UNTIL = date(2026, 9, 5)
SPOC = "spoc@council.example"

POLICIES: dict[str, Policy] = {
    path.parent.name[:3]: read_policy(path).newest for path in sorted((ROOT / "policies").glob("*/policy.yaml"))
}

LETTERS = [
    (number, kind, language)
    for number, policy in POLICIES.items()
    for kind in policy.letters
    for language in policy.languages.value
]
"""Every letter of every policy in every language of its council."""

HEAD = Signature(
    officer="head", name="Hal Headley", job_title="Head of Planning", service="planning", roles=frozenset()
)
OFFICER = Signature(
    officer="olive", name="Olive Office", job_title="Planning Officer", service="planning", roles=frozenset()
)

CLOSED = Matter(reference="C-2025-0117", title="Noise from the bowls pavilion", state=MatterState.CLOSED)

_WEEK = Period(1, Unit.WEEKS)

FIXED = FixedLetter(letter="Thank you. We have noted it.", letter_cy="Diolch. Rydym wedi ei nodi.", every=_WEEK)

TERMS: dict[RestrictionKind, Terms] = {
    terms.kind: terms
    for terms in (
        SpocDiversion(spoc=SPOC, others=("team@council.example",)),
        ReadAndFile(matter=CLOSED.reference),
        NewInformationOnly(matter=CLOSED.reference),
        UnrelatedOnly(matters=(CLOSED.reference,)),
        LimitedTopics(rule="never", topics=("the bowls pavilion", "its fence")),
        FIXED,
        SingleChannel(channel=Channel.LETTER, notice_every=_WEEK),
        PostalReplies(),
        OneResponseLine(owner="owner@council.example"),
        ContactTimes(windows=(Window(day="tuesday", start=time(10), until=time(12, 30)),)),
        TimeLimit(minutes=15),
        RepresentativeOnly(representative="Ada Advocate", notice_every=_WEEK),
        TelephoneLimit(calls=2, per=_WEEK),
        WitnessedContact(witness="a second officer"),
        DesignatedPremises(premises=("County Hall",)),
        Agreement(terms="One email in a week."),
        SocialMediaBlock(accounts=("the council's page",)),
        StatementsInWriting(send_to="clerk@council.example", days_before=2),
        OtherMeasure(measure="We will meet you once a month.", guidance="For staff only."),
    )
}
"""Terms of every kind of restriction."""

WORDS = {part: f"What the officer wrote about {part}." for part in Part if part not in COMPUTED_PARTS}
"""A text for every part that an officer writes."""


def an_incident(day: int = 2, **others: Any) -> Incident:  # noqa: ANN401 - any field
    """One e-mail on a day of February 2026."""
    usual: dict[str, Any] = {"channel": Channel.EMAIL, "categories": ("rudeness",), "account": "An e-mail."}
    return Incident(**{**usual, "at": datetime(2026, 2, day, 9, tzinfo=UTC), **others})


def a_measure(kind: RestrictionKind = RestrictionKind.SPOC_DIVERSION, **scope: Any) -> Measure:  # noqa: ANN401 - any field
    """One restriction, for the whole council unless a scope is given."""
    return Measure(terms=TERMS[kind], **scope)


def a_proposal(*measures: Measure, **others: Any) -> Proposal:  # noqa: ANN401 - any field
    """These measures proposed, or a diversion to the SPOC."""
    usual: dict[str, Any] = {
        "stage": "any",
        "grounds": ("abusive",),
        "statements": {Statement.IMPACT: "It takes time."},
        "provisional_end": ENDS_ON,
        "review_on": REVIEW_ON,
        "monitoring_until": MONITORED_UNTIL,
    }
    return Proposal(measures=measures or (a_measure(),), **{**usual, **others})


def a_case(*records: Fact | Step, ref: str = "MC-7", person: Person | None = None) -> Case:
    """Ann's case, and what else was recorded about it, each a minute after the other by Olive Office."""
    known = (
        person or Person(name="Ann Vexing"),
        Identifier(
            identifier=IdentifierKind.POST, value="1 High Street\nTestham", source="her letter", since=date(2025, 1, 1)
        ),
        CLOSED,
    )
    events: tuple[CaseEvent[Any], ...] = tuple(
        CaseEvent(number=number, at=datetime(2026, 3, 1, 9, number, tzinfo=UTC), by=OFFICER, policy="test", record=one)
        for number, one in enumerate((*known, *records), start=1)
    )
    return Case(ref, events)


def proposed(*measures: Measure, **others: Any) -> Standing:  # noqa: ANN401 - any field of a proposal
    """The standing of Ann's case once these measures are approved."""
    decision = Decision(verdict=Verdict.APPROVE, reasons="Proportionate.")
    return standing(a_case(an_incident(), a_proposal(*measures, **others), decision))


def in_force(*measures: Measure, after: Iterable[Fact | Step] = (), **others: Any) -> Standing:  # noqa: ANN401 - any field
    """The standing of Ann's case once these measures took effect, on 2 March 2026, and `after` was recorded."""
    decision = Decision(verdict=Verdict.APPROVE, reasons="Proportionate.")
    active = Activation(commences_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    return standing(a_case(an_incident(), a_proposal(*measures, **others), decision, active, *after))


def allowed_by(policy: Policy) -> tuple[Measure, ...]:
    """One measure of every kind that some stage of the policy allows."""
    kinds = {kind for stage in policy.stages.values() if stage.kinds for kind in stage.kinds.value}
    return tuple(a_measure(kind) for kind in RestrictionKind if kind in kinds)


def suited_to(kind: LetterKind, policy: Policy) -> Standing:
    """A standing in which this letter is written, with every kind of restriction that the policy allows."""
    if kind in {LetterKind.DECISION, LetterKind.STAGE_1}:
        return proposed(*allowed_by(policy))
    if kind is LetterKind.ADVICE_TO_OFFICER:
        return standing(a_case(Referral(account="She writes every day.")))
    return in_force(*allowed_by(policy))


def a_draft(
    kind: LetterKind = LetterKind.DECISION,
    parts: dict[Part, str] | None = None,
    **others: Any,  # noqa: ANN401 - any field
) -> LetterIssued:
    """A letter of today that gives reasons, and nothing else that officers write unless it is given."""
    usual: dict[str, Any] = {"on": TODAY, "channel": Channel.LETTER, "languages": (Language.ENGLISH,)}
    return LetterIssued(letter=kind, parts=parts or {Part.REASONS: WORDS[Part.REASONS]}, **{**usual, **others})


def draft_under(policy: Policy, kind: LetterKind) -> LetterIssued:
    """A letter with everything that the policy wants an officer to write."""
    parts = {part: WORDS[part] for part in policy.letters[kind] if part in WORDS}
    if kind is LetterKind.FIXED_CLOSING:
        parts[Part.ANSWER] = FIXED.letter
    languages = policy.languages.value
    return replace(a_draft(kind), parts=parts, languages=languages, parts_cy=parts if len(languages) > 1 else {})


def composed(draft: LetterIssued, of: Standing, under: str = "001", *, language: Language = Language.ENGLISH) -> Letter:
    """The letter as the head of service signs it, under the policy with this number."""
    return compose(draft, of, POLICIES[under], language=language, council=COUNCIL, signed_by=HEAD)


def letter_under(number: str, kind: LetterKind, language: Language = Language.ENGLISH) -> Letter:
    """A letter of a policy, about a case that it suits."""
    policy = POLICIES[number]
    return composed(draft_under(policy, kind), suited_to(kind, policy), number, language=language)


def a_letter(*texts: str, language: Language = Language.ENGLISH, title: str = "A letter") -> Letter:
    """A letter with these paragraphs."""
    return Letter(
        kind=LetterKind.DECISION,
        language=language,
        council=COUNCIL,
        title=title,
        reference="MC-7",
        date=TODAY,
        addressee=("Ann Vexing",),
        particulars=("Our reference: MC-7",),
        blocks=tuple(Paragraph(text) for text in texts or ("Good morning.",)),
        signature=("Hal Headley",),
        footer=("The policy, version 2",),
    )


def section(letter: Letter, heading: str) -> str:
    """What stands below this heading."""
    found = [number for number, block in enumerate(letter.blocks) if block == Heading(heading)]
    assert len(found) == 1, f"{heading!r} stands {len(found)} times in {text_of(letter)}"
    below: list[str] = []
    for block in letter.blocks[found[0] + 1 :]:
        if isinstance(block, Heading):
            break
        below.append("\n".join(_texts([block])))
    return "\n".join(below)


def headings(letter: Letter) -> list[str]:
    """What stands above the parts of the letter, without the last, which every letter has."""
    return [block.text for block in letter.blocks if isinstance(block, Heading)][:-1]


def text_of(letter: Letter) -> str:
    """Everything the letter says."""
    above = (letter.title, *letter.addressee, *letter.particulars)
    return "\n".join((*above, *_texts(letter.blocks), *letter.signature, *letter.footer))


def _texts(blocks: Sequence[Heading | Paragraph | Bullets]) -> list[str]:
    return [text for block in blocks for text in (block.items if isinstance(block, Bullets) else (block.text,))]
