"""Every letter that the five policies name says what its policy wants it to say: the rows about letters."""

from dataclasses import replace

import pytest

from policies.vocabulary import COMPUTED_PARTS, Language, LetterKind, Part, RestrictionKind
from register.letters.letter import LetterRefusedError
from register.letters.sentences import name_of
from register.letters.wording import wording
from tests.unit.register.letters.builders import (
    LETTERS,
    POLICIES,
    WORDS,
    a_draft,
    a_measure,
    allowed_by,
    composed,
    draft_under,
    headings,
    in_force,
    letter_under,
    proposed,
    section,
    suited_to,
    text_of,
)

ENGLISH = wording(Language.ENGLISH)
OUTCOMES = (LetterKind.REVIEW_OUTCOME, LetterKind.APPEAL_OUTCOME)


@pytest.mark.parametrize(("number", "kind", "language"), LETTERS)
def test_a_letter_has_every_part_that_its_policy_asks_for(number: str, kind: LetterKind, language: Language) -> None:
    letter, words = letter_under(number, kind, language), wording(language)

    for part in POLICIES[number].letters[kind]:
        said = section(letter, words.heading(kind, part))
        assert said.strip()
        if part in WORDS and kind is not LetterKind.FIXED_CLOSING:
            assert said == WORDS[part]


@pytest.mark.parametrize(("number", "kind", "language"), LETTERS)
def test_a_letter_leaves_no_blank_unfilled(number: str, kind: LetterKind, language: Language) -> None:
    text = text_of(letter_under(number, kind, language))

    assert not {mark for mark in ("{", "}", "None", "TODO") if mark in text}


@pytest.mark.requirement("2.1")
@pytest.mark.parametrize(("number", "kind"), [(number, kind) for number, kind, language in LETTERS if language == "cy"])
def test_a_welsh_letter_has_nothing_of_the_english_wording(number: str, kind: LetterKind) -> None:
    text = text_of(letter_under(number, kind, Language.WELSH))
    letters = [line for each in ENGLISH.letters.values() for line in (each.title, *each.opening, *each.closing)]
    names = [restriction.name for restriction in ENGLISH.restrictions.values()]

    english = [*ENGLISH.sentences.values(), *ENGLISH.parts.values(), *ENGLISH.always, *letters, *names]

    assert not [line for line in english if "{" not in line and line in text]


@pytest.mark.parametrize(
    ("number", "kind", "part"),
    [
        (number, kind, part)
        for number, policy in POLICIES.items()
        for kind, parts in policy.letters.items()
        for part in parts
        if part not in COMPUTED_PARTS and kind is not LetterKind.FIXED_CLOSING
    ],
)
@pytest.mark.requirement("0.4")
@pytest.mark.requirement("1.41")
@pytest.mark.requirement("1.56")
@pytest.mark.requirement("2.30")
@pytest.mark.requirement("3.18")
@pytest.mark.requirement("3.22")
@pytest.mark.requirement("3.37")
def test_no_letter_is_written_without_a_part_that_an_officer_writes(number: str, kind: LetterKind, part: Part) -> None:
    written = {one: WORDS[one] for one in POLICIES[number].letters[kind] if one in WORDS and one is not part}

    with pytest.raises(
        LetterRefusedError, match=rf"{kind} letter of MC-7: parts\.{part} is missing: write it \[{number}"
    ):
        composed(a_draft(kind, written or {Part.ADJUSTMENTS: "..."}), suited_to(kind, POLICIES[number]), number)


@pytest.mark.requirement("0.5")
def test_the_explanation_carries_the_approach_as_it_was_written() -> None:
    assert section(letter_under("000", LetterKind.EXPLANATION), ENGLISH.parts[Part.APPROACH]) == WORDS[Part.APPROACH]


@pytest.mark.requirement("0.11")
@pytest.mark.parametrize("number", POLICIES)
@pytest.mark.parametrize("when", ["proposed", "in force"])
def test_a_decision_lists_every_restriction_and_when_it_is_reviewed(number: str, when: str) -> None:
    measures = allowed_by(POLICIES[number])
    of = proposed(*measures) if when == "proposed" else in_force(*measures)
    draft = a_draft(
        parts={part: WORDS[part] for part in POLICIES[number].letters[LetterKind.DECISION] if part in WORDS}
    )

    letter = composed(draft, of, number)

    listed = section(letter, ENGLISH.parts[Part.RESTRICTIONS])
    assert all(name_of(measure, ENGLISH) in listed for measure in measures)
    assert "3 September 2026" in section(letter, ENGLISH.parts[Part.REVIEW])


@pytest.mark.requirement("0.13")
@pytest.mark.requirement("1.86")
@pytest.mark.requirement("2.7")
@pytest.mark.parametrize(
    ("number", "kind"),
    [(number, kind) for number, policy in POLICIES.items() for kind in OUTCOMES if kind in policy.letters],
)
def test_the_letter_of_an_outcome_ends_with_the_ombudsman_of_the_country(number: str, kind: LetterKind) -> None:
    ombudsman = POLICIES[number].ombudsman.value

    block = section(letter_under(number, kind), ENGLISH.parts[Part.OMBUDSMAN])

    known = (ombudsman.name[Language.ENGLISH], *ombudsman.address, ombudsman.telephone, ombudsman.website)
    assert all(line in block for line in known)
    assert ombudsman.email is None or ombudsman.email in block


@pytest.mark.requirement("0.13")
def test_the_english_ombudsman_is_named_with_address_telephone_and_website() -> None:
    block = section(letter_under("000", LetterKind.OMBUDSMAN_SIGNPOST), ENGLISH.parts[Part.OMBUDSMAN])

    assert "PO Box 4771\nCoventry\nCV4 0EH\nTelephone: 0300 061 0614\nWebsite: www.lgo.org.uk" in block


@pytest.mark.requirement("2.7")
@pytest.mark.parametrize("number", ["002", "003"])
def test_the_ombudsman_for_wales_is_named_in_welsh(number: str) -> None:
    letter = letter_under(number, LetterKind.OMBUDSMAN_SIGNPOST, Language.WELSH)

    assert "Ombwdsmon Gwasanaethau Cyhoeddus Cymru" in section(letter, wording(Language.WELSH).parts[Part.OMBUDSMAN])


@pytest.mark.requirement("1.37")
@pytest.mark.parametrize("kind", [LetterKind.STAGE_1, LetterKind.DECISION, LetterKind.HOW_TO_REQUEST_SERVICES])
def test_the_restricted_are_told_how_to_ask_for_services(kind: LetterKind) -> None:
    said = section(letter_under("001", kind), ENGLISH.parts[Part.SERVICES])

    assert "To ask for any council service, write to spoc@council.example." in said
    assert "make a new complaint" in said


@pytest.mark.requirement("1.41")
@pytest.mark.parametrize("kind", [LetterKind.STAGE_1, LetterKind.DECISION])
def test_a_decision_says_why_what_and_for_how_long(kind: LetterKind) -> None:
    letter = letter_under("001", kind)

    assert section(letter, "Why we consider your contact unreasonable") == WORDS[Part.REASONS]
    assert "Single point of contact" in section(letter, ENGLISH.parts[Part.RESTRICTIONS])
    assert "until 4 September 2026" in section(letter, ENGLISH.parts[Part.DURATION])


@pytest.mark.requirement("1.56")
def test_stage_1_says_why_what_and_how_long_it_is_monitored() -> None:
    letter = letter_under("001", LetterKind.STAGE_1)

    assert section(letter, "Why we consider your contact unreasonable") == WORDS[Part.REASONS]
    assert "One way to contact us" in section(letter, ENGLISH.parts[Part.RESTRICTIONS])
    assert "until 5 September 2026" in section(letter, ENGLISH.parts[Part.MONITORING])


@pytest.mark.requirement("1.58")
def test_stage_1_sets_out_what_each_side_may_expect() -> None:
    heading = "What we expect of you, and what you can expect of us"

    assert section(letter_under("001", LetterKind.STAGE_1), heading) == WORDS[Part.EXPECTATIONS]


@pytest.mark.requirement("1.84")
@pytest.mark.parametrize("kind", [LetterKind.STAGE_1, LetterKind.DECISION])
def test_letters_under_policy_001_say_that_there_is_no_right_of_appeal(kind: LetterKind) -> None:
    said = section(letter_under("001", kind), ENGLISH.parts[Part.APPEAL])

    assert said.startswith("There is no right of appeal at either stage of this policy.")


@pytest.mark.requirement("1.87")
def test_the_definitions_of_the_policy_are_quoted() -> None:
    said = section(letter_under("001", LetterKind.DECISION), ENGLISH.parts[Part.POLICY])

    assert POLICIES["001"].definitions.value in said
    assert "We have adopted the Local Government and Social Care Ombudsman's definitions" in said


@pytest.mark.requirement("2.30")
def test_the_officer_is_told_why_behaviour_is_not_unreasonable_or_the_person_why_it_is() -> None:
    advice = letter_under("002", LetterKind.ADVICE_TO_OFFICER)
    warning = letter_under("002", LetterKind.WARNING)

    assert section(advice, "Why the behaviour is not unreasonable") == WORDS[Part.REASONS]
    assert headings(warning) == [
        "Why we consider your contact unreasonable",
        "What we would consider reasonable",
        "What may happen if this continues",
    ]


@pytest.mark.requirement("2.34")
def test_the_complainant_is_advised_to_contact_the_ombudsman_for_wales() -> None:
    assert "Public Services Ombudsman for Wales" in text_of(letter_under("002", LetterKind.OMBUDSMAN_SIGNPOST))


@pytest.mark.parametrize(
    ("language", "text"),
    [(Language.ENGLISH, "Thank you. We have noted it."), (Language.WELSH, "Diolch. Rydym wedi ei nodi.")],
)
def test_the_fixed_letter_is_the_stored_one_in_both_languages(language: Language, text: str) -> None:
    letter = letter_under("002", LetterKind.FIXED_CLOSING, language)

    assert section(letter, wording(language).parts[Part.ANSWER]) == text


@pytest.mark.requirement("3.18")
def test_a_reply_answers_in_full_and_then_speaks_of_the_conduct() -> None:
    letter = letter_under("003", LetterKind.REPLY_AND_CONDUCT)

    assert headings(letter) == [
        "Our answer",
        "The way you have written to us",
    ]
    assert "Please do not write to us in this way again." in text_of(letter)


@pytest.mark.requirement("3.22")
def test_the_warning_of_003_has_its_four_parts() -> None:
    letter = letter_under("003", LetterKind.WARNING)

    assert headings(letter) == [
        "What happened, and when",
        "Why we consider your contact unreasonable",
        "The effect on the council and its staff",
        "What may happen if this continues",
    ]


def test_the_reminder_says_that_contact_will_be_restricted() -> None:
    text = text_of(letter_under("003", LetterKind.REMINDER))

    assert "If you continue to act unreasonably, we will restrict your contact with us." in text


@pytest.mark.requirement("3.22")
def test_the_warning_of_003_says_where_a_copy_of_the_policy_is_enclosed() -> None:
    draft = replace(draft_under(POLICIES["003"], LetterKind.WARNING), policy_enclosed=True)

    letter = composed(draft, suited_to(LetterKind.WARNING, POLICIES["003"]), "003")

    assert "We are enclosing a copy of the policy with this letter." in text_of(letter)


@pytest.mark.requirement("3.32")
def test_the_decision_of_003_says_why_what_how_and_when_it_is_reviewed_and_on_what_subject() -> None:
    letter = letter_under("003", LetterKind.DECISION)
    review = section(letter, ENGLISH.parts[Part.REVIEW])

    assert section(letter, "Why we consider your contact unreasonable") == WORDS[Part.REASONS]
    assert "Single point of contact" in section(letter, ENGLISH.parts[Part.RESTRICTIONS])
    assert "We will review the arrangements on 3 September 2026." in review
    assert "decide whether to extend, change or remove the arrangements, and which subjects they apply to" in review
    assert section(letter, ENGLISH.parts[Part.SUBJECT_MATTER]) == WORDS[Part.SUBJECT_MATTER]


@pytest.mark.requirement("3.34")
def test_the_outcome_of_a_review_under_003_restates_the_subject_matter() -> None:
    letter = letter_under("003", LetterKind.REVIEW_OUTCOME)

    assert section(letter, ENGLISH.parts[Part.SUBJECT_MATTER]) == WORDS[Part.SUBJECT_MATTER]


@pytest.mark.requirement("3.37")
def test_the_outcome_of_a_review_under_003_says_what_was_decided_and_why() -> None:
    letter = letter_under("003", LetterKind.REVIEW_OUTCOME)

    assert section(letter, ENGLISH.parts[Part.DECISION]) == WORDS[Part.DECISION]
    assert section(letter, ENGLISH.parts[Part.REASONS]) == WORDS[Part.REASONS]


@pytest.mark.requirement("3.43")
@pytest.mark.parametrize("kind", POLICIES["003"].letters)
def test_every_letter_of_003_bears_the_identifier_and_revision_of_the_policy(kind: LetterKind) -> None:
    letter = letter_under("003", kind)

    assert letter.footer == ("Managing Customer Contact Policy, Identifier: 11831, Revised: 4 November 2024",)


@pytest.mark.requirement("4.28")
@pytest.mark.parametrize("kind", POLICIES["004"].letters)
def test_every_letter_of_004_names_whom_to_ask_about_the_policy(kind: LetterKind) -> None:
    letter = letter_under("004", kind)

    contact = "Claire Foale, Chief Strategy Officer, West Offices, Station Rise, York, YO1 6GA, Telephone: 01904 552057"
    assert letter.footer[-1] == f"Contact about this policy: {contact}"


def test_the_person_is_made_aware_that_legal_representatives_are_involved() -> None:
    text = text_of(letter_under("004", LetterKind.LEGAL_REFERRAL))

    assert "passed your correspondence to our legal representatives, or are likely to do so" in text


def test_who_used_a_closed_way_is_told_of_the_open_one() -> None:
    of = in_force(a_measure(RestrictionKind.SINGLE_CHANNEL))

    text = text_of(composed(a_draft(LetterKind.WRONG_CHANNEL), of, "003"))

    assert "Please contact us only by letter." in text
