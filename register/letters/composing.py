"""Composes a letter: the parts the policy asks for, in its order and in one language; or refuses, and says why."""

from collections.abc import Iterator

from policies.policy import Policy
from policies.vocabulary import COMPUTED_PARTS, Jurisdiction, Language, LetterKind, Part
from register.casework.facts import IdentifierKind
from register.casework.standing import Standing
from register.casework.steps import LetterIssued, Referral
from register.letters.letter import Block, Heading, Letter, Paragraph, paragraphs
from register.letters.occasion import OUTCOMES, Occasion
from register.letters.parts import computed, control_lines
from register.officers import Signature
from register.restrictions import FixedLetter


def compose(  # noqa: PLR0913 - what a letter is made of: the draft, the case, the policy, and how it goes out
    draft: LetterIssued,
    standing: Standing,
    policy: Policy,
    *,
    language: Language,
    council: str,
    signed_by: Signature,
) -> Letter:
    """The letter in this language; whoever writes to somebody in two languages composes it twice.

    What an officer wrote stands in it verbatim. Raises LetterRefusedError where a part that the policy asks for is
    missing or cannot be written from the register.
    """
    occasion = Occasion(draft=draft, standing=standing, policy=policy, language=language)
    wording = occasion.wording
    return Letter(
        kind=draft.letter,
        language=language,
        council=council,
        title=wording.letters[draft.letter].title,
        reference=standing.case.ref,
        date=draft.on,
        addressee=_addressee(occasion),
        particulars=(
            wording.say("reference", reference=standing.case.ref),
            wording.say("date", date=wording.day(draft.on)),
        ),
        blocks=tuple(_blocks(occasion)),
        signature=(signed_by.name, signed_by.job_title, signed_by.service, council),
        footer=tuple(_footer(occasion)),
    )


def _blocks(occasion: Occasion) -> Iterator[Block]:
    letter, wording = occasion.wording.letters[occasion.draft.letter], occasion.wording
    yield Paragraph(_salutation(occasion))
    yield from map(Paragraph, letter.opening)
    for part in _order(occasion):
        yield Heading(wording.heading(occasion.draft.letter, part))
        yield from _part(part, occasion)
    yield Heading(wording.say("besides"))
    yield from map(Paragraph, letter.closing)
    yield from map(Paragraph, _to_every_person(occasion))
    yield Paragraph(wording.say("sign-off"))


def _order(occasion: Occasion) -> tuple[Part, ...]:
    """The policy's parts in its order; what an officer wrote besides stands before what is computed.

    The letter that tells of an outcome names the ombudsman under every policy (rows 0.13, 1.86).
    """
    listed = occasion.policy.letters.get(occasion.draft.letter)
    if listed is None:
        known = ", ".join(occasion.policy.letters)
        message = f"{occasion.policy.version} has no such letter: it has {known}"
        raise occasion.refused(message)
    besides = [part for part in Part if part in occasion.written and part not in listed]
    first = next((place for place, part in enumerate(listed) if part in COMPUTED_PARTS), len(listed))
    order = [*list(listed)[:first], *besides, *list(listed)[first:]]
    if occasion.draft.letter in OUTCOMES and Part.OMBUDSMAN not in order:
        order.append(Part.OMBUDSMAN)
    return tuple(order)


def _part(part: Part, occasion: Occasion) -> tuple[Block, ...]:
    if part in COMPUTED_PARTS:
        return computed(part, occasion)
    if part is Part.ANSWER and occasion.draft.letter is LetterKind.FIXED_CLOSING:
        return paragraphs(_fixed_letter(occasion))
    written = paragraphs(occasion.written.get(part, ""))
    if not written:
        clause = occasion.policy.cite(occasion.policy.letters[occasion.draft.letter][part])
        where = "parts" if occasion.draft.written(occasion.language) is occasion.draft.parts else "parts_cy"
        message = f"{where}.{part} is missing: write it [{clause}]"
        raise occasion.refused(message)
    return written


def _fixed_letter(occasion: Occasion) -> str:
    """The stored text: a fixed letter says the same each time (row 2.35)."""
    found = {one.measure.terms for one in occasion.in_force if isinstance(one.measure.terms, FixedLetter)}
    if len(found) != 1:
        message = f"one fixed letter has to be in force, and there are {len(found)}: end or propose what is needed"
        raise occasion.refused(message)
    (terms,) = found
    if occasion.draft.parts.get(Part.ANSWER, terms.letter) not in {terms.letter, terms.letter_cy}:
        message = (
            "parts.answer differs from the stored letter: write that there, a fixed letter says the same each time"
        )
        raise occasion.refused(message)
    text = terms.letter_cy if occasion.language is Language.WELSH else terms.letter
    if not text:
        message = f"the restriction holds no {occasion.language} text for it: amend the restriction and add letter_cy"
        raise occasion.refused(message)
    return text


def _addressee(occasion: Occasion) -> tuple[str, ...]:
    case = occasion.standing.case
    if occasion.draft.letter is LetterKind.ADVICE_TO_OFFICER:
        officer = _referred_by(occasion)
        return (officer.name, officer.job_title, officer.service)
    posts = [one for one in case.identifiers if one.identifier is IdentifierKind.POST]
    post = max(posts, key=lambda one: one.since).value.splitlines() if posts else []
    if case.person is not None:
        return (case.person.name, *post)
    if case.place is not None:
        return (occasion.wording.say("occupier"), *case.place.address.splitlines(), case.place.postcode)
    message = "the case names neither a person nor a property to write to: record that first"
    raise occasion.refused(message)


def _referred_by(occasion: Occasion) -> Signature:
    referral = occasion.standing.case.last(Referral)
    if referral is None:
        message = "nobody has referred the case who could be advised: record the referral first"
        raise occasion.refused(message)
    return referral.by


def _salutation(occasion: Occasion) -> str:
    wording, person = occasion.wording, occasion.standing.case.person
    if occasion.draft.letter is LetterKind.ADVICE_TO_OFFICER:
        return wording.say("salutation", name=_referred_by(occasion).name)
    if person is None:
        return wording.say("salutation-occupier")
    return wording.say("salutation", name=person.name)


def _to_every_person(occasion: Occasion) -> Iterator[str]:
    """What every letter to a member of the public says about adjustments and, in Wales, about language."""
    if occasion.draft.letter is LetterKind.ADVICE_TO_OFFICER:
        return
    say, policy, person = occasion.wording.say, occasion.policy, occasion.standing.case.person
    if occasion.draft.policy_enclosed and Part.POLICY not in policy.letters[occasion.draft.letter]:
        yield say("policy-enclosed")
    yield say("formats")
    if policy.jurisdiction.value is Jurisdiction.WALES:
        yield say("welsh-welcome")
    if {Language.ENGLISH, Language.WELSH} <= set(policy.languages.value) and (person is None or not person.language):
        yield say("language-offer")


def _footer(occasion: Occasion) -> Iterator[str]:
    """The policy with its identifier, version and revision (row 3.43), and whom to ask about it (row 4.28)."""
    document = occasion.policy.document
    yield ", ".join((document.title, *control_lines(occasion)))
    if document.contact:
        yield occasion.wording.say("footer-contact", contact=", ".join(document.contact))
