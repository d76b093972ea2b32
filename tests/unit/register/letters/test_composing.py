"""How a letter is put together, whatever the policy; what each policy asks for is in test_letters_of_the_policies."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from policies.vocabulary import Language, LetterKind, MatterState, Part, RestrictionKind
from register.casework.facts import Identifier, IdentifierKind, Matter, Person, Property
from register.casework.standing import Standing, standing
from register.casework.steps import (
    Adoption,
    Decision,
    Ended,
    MonitoringExtended,
    Referral,
    Review,
    ReviewOutcome,
    Verdict,
)
from register.letters.letter import Bullets, LetterRefusedError, Paragraph, paragraphs
from register.letters.wording import wording
from tests.unit.register.letters.builders import (
    COUNCIL,
    ENDS_ON,
    FIXED,
    POLICIES,
    TODAY,
    WORDS,
    a_case,
    a_draft,
    a_measure,
    a_proposal,
    allowed_by,
    an_incident,
    composed,
    draft_under,
    in_force,
    proposed,
    section,
    text_of,
)

ENGLISH = wording(Language.ENGLISH)
WELSH = wording(Language.WELSH)
RESTRICTIONS, DURATION, REVIEW = (ENGLISH.parts[part] for part in (Part.RESTRICTIONS, Part.DURATION, Part.REVIEW))
NOTHING = standing(a_case())


def test_a_letter_is_addressed_dated_and_signed() -> None:
    letter = composed(a_draft(), proposed())

    assert letter.addressee == ("Ann Vexing", "1 High Street", "Testham")
    assert letter.particulars == ("Our reference: MC-7", "Date: 4 March 2026")
    assert letter.blocks[0] == Paragraph("Dear Ann Vexing")
    assert letter.signature == ("Hal Headley", "Head of Planning", "planning", COUNCIL)


def test_the_newest_postal_address_is_written_to() -> None:
    moved = Identifier(identifier=IdentifierKind.POST, value="2 New Road", source="a call", since=date(2026, 2, 1))
    case = a_case(moved, a_proposal())

    assert composed(a_draft(), standing(case)).addressee == ("Ann Vexing", "2 New Road")


def test_where_nobody_is_known_the_occupier_is_written_to() -> None:
    case = a_case(Property(address="3 Low Street\nTestham", postcode="TE1 1ST"), a_proposal())
    unknown = replace(case, events=tuple(event for event in case.events if not isinstance(event.record, Person)))
    placed = replace(unknown, events=tuple(e for e in unknown.events if not isinstance(e.record, Identifier)))

    letter = composed(a_draft(), standing(placed))

    assert letter.addressee == ("The occupier", "3 Low Street", "Testham", "TE1 1ST")
    assert letter.blocks[0] == Paragraph("Dear occupier")


def test_what_an_officer_wrote_stands_verbatim_and_is_never_read_as_a_template() -> None:
    words = "She wrote {name} *twice*.\nOn one day.\n\n# {0} <b>&amp;"

    letter = composed(a_draft(parts={Part.REASONS: words}), proposed())

    assert Paragraph("She wrote {name} *twice*.\nOn one day.") in letter.blocks
    assert Paragraph("# {0} <b>&amp;") in letter.blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One.\n\nTwo.", ("One.", "Two."), id="a blank line"),
        pytest.param("One.\nStill one.", ("One.\nStill one.",), id="a line break"),
        pytest.param("\n\nOne.\r\n \t \r\n\r\nTwo.\n", ("One.", "Two."), id="several, with spaces"),
        pytest.param(" \n ", (), id="nothing"),
    ],
)
def test_a_blank_line_begins_a_paragraph(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(paragraph.text for paragraph in paragraphs(text)) == expected


def test_what_the_policy_did_not_ask_for_is_not_left_out() -> None:
    letter = composed(a_draft(parts={part: WORDS[part] for part in (Part.REASONS, Part.ADJUSTMENTS)}), proposed())

    assert section(letter, ENGLISH.parts[Part.ADJUSTMENTS]) == WORDS[Part.ADJUSTMENTS]


def test_a_part_that_is_missing_is_refused_with_its_clause() -> None:
    with pytest.raises(LetterRefusedError, match=r'decision letter of MC-7: parts.reasons is missing.*"why we believe'):
        composed(a_draft(parts={Part.ADJUSTMENTS: "Large print."}), proposed())


@pytest.mark.parametrize(
    ("kind", "under", "of", "words"),
    [
        pytest.param(LetterKind.WARNING, "004", proposed(), "has no such letter: it has decision", id="unknown letter"),
        pytest.param(
            LetterKind.DECISION, "001", NOTHING, "no restriction is proposed or in force", id="no restriction"
        ),
        pytest.param(LetterKind.WRONG_CHANNEL, "001", proposed(), "no restriction is", id="only proposed"),
        pytest.param(
            LetterKind.WRONG_CHANNEL,
            "001",
            in_force(provisional_end=TODAY),
            "no restriction is proposed or in force",
            id="expired, under a policy where that ends it",
        ),
        pytest.param(
            LetterKind.STAGE_1, "001", proposed(monitoring_until=None), "monitoring_until", id="no monitoring period"
        ),
        pytest.param(
            LetterKind.STAGE_1, "001", standing(a_case(a_proposal())), "record the incidents first", id="no incident"
        ),
        pytest.param(LetterKind.ADVICE_TO_OFFICER, "002", NOTHING, "record the referral first", id="nobody to advise"),
        pytest.param(LetterKind.FIXED_CLOSING, "002", in_force(), "there are 0", id="no fixed letter in force"),
    ],
)
def test_what_cannot_be_told_is_refused(kind: LetterKind, under: str, of: Standing, words: str) -> None:
    parts = {part: WORDS[part] for part in POLICIES[under].letters.get(kind, {}) if part in WORDS}

    with pytest.raises(LetterRefusedError, match=words):
        composed(a_draft(kind, parts or {Part.REASONS: "..."}), of, under)


def test_a_language_that_the_policy_does_not_write_is_refused() -> None:
    with pytest.raises(LetterRefusedError, match=r"appeals in cy: add them to appeals\.words"):
        composed(a_draft(languages=(Language.WELSH,)), proposed(), "001", language=Language.WELSH)


def test_a_decision_lists_what_it_adds_and_what_already_applies() -> None:
    of = in_force(a_measure(), after=(a_proposal(a_measure(RestrictionKind.AGREEMENT)),))

    listed = section(composed(a_draft(), of), RESTRICTIONS)

    new, _, old = listed.partition(ENGLISH.sentences["arrangements-besides"])
    assert "Agreement on future contact" in new
    assert "Single point of contact" in old
    assert "new arrangements start once" in section(composed(a_draft(), of), DURATION)


def test_restrictions_that_differ_are_each_told_with_their_dates() -> None:
    later = a_proposal(
        a_measure(RestrictionKind.AGREEMENT), review_on=date(2026, 8, 1), provisional_end=date(2026, 8, 2)
    )

    letter = composed(a_draft(), in_force(a_measure(), after=(later,)))

    assert "Agreement on future contact: 1 August 2026" in section(letter, REVIEW)
    assert "Single point of contact: 3 September 2026" in section(letter, REVIEW)
    assert "Agreement on future contact: 2 August 2026" in section(letter, DURATION)


def test_what_was_adopted_without_an_end_lasts_until_it_is_reviewed() -> None:
    adopted = Adoption(
        stage="any",
        measures=(a_measure(),),
        decided_by="Somebody",
        decided_by_title="Director",
        decided_on=date(2025, 12, 1),
        advised_on=date(2025, 12, 2),
        commenced_at=datetime(2025, 12, 3, 12, tzinfo=UTC),
        reasons="As recorded.",
        review_on=date(2026, 6, 1),
        source="register.xlsx",
    )

    told = section(composed(a_draft(), standing(a_case(adopted))), DURATION)

    assert told.splitlines() == [
        "The arrangements have applied since 3 December 2025.",
        "No end date has been set. The arrangements stay in place until we have reviewed them.",
    ]


@pytest.mark.parametrize(
    ("under", "expected"),
    [
        pytest.param("001", ENGLISH.sentences["then-lapse"], id="lapses"),
        pytest.param("004", None, id="as the policy says"),
    ],
)
def test_what_happens_at_the_end_is_told(under: str, expected: str | None) -> None:
    wanted = expected or ENGLISH.sentences[f"then-{POLICIES[under].at_expiry.value}"]

    assert section(composed(a_draft(), proposed(), under), DURATION).endswith(wanted)


def test_the_outcome_that_nothing_applies_any_longer_is_told() -> None:
    removed = in_force(after=(Ended(reason="She has changed."),))
    draft = draft_under(POLICIES["001"], LetterKind.REVIEW_OUTCOME)

    assert section(composed(draft, removed), RESTRICTIONS) == ENGLISH.sentences["arrangements-none"]


def test_the_outcome_of_a_review_leaves_a_new_proposal_aside() -> None:
    of = in_force(a_measure(), after=(a_proposal(a_measure(RestrictionKind.AGREEMENT)),))

    letter = composed(draft_under(POLICIES["001"], LetterKind.REVIEW_OUTCOME), of)

    assert "Agreement" not in section(letter, RESTRICTIONS)


def test_an_extension_is_told_with_its_new_dates() -> None:
    review = Review(
        on=date(2026, 3, 3),
        considerations="No change.",
        outcome=ReviewOutcome.EXTEND,
        subject_matter="All of it",
        ends_on=date(2027, 1, 1),
        review_on=date(2026, 12, 1),
    )

    letter = composed(a_draft(), in_force(after=(review,)))

    assert "until 1 January 2027" in section(letter, DURATION)
    assert "no later than 1 December 2026" in section(letter, REVIEW)


def test_longer_monitoring_is_told() -> None:
    extended = MonitoringExtended(until=date(2026, 12, 24), reason="It went on.")
    draft = draft_under(POLICIES["001"], LetterKind.STAGE_1)

    letter = composed(draft, in_force(after=(extended,)))

    assert "until 24 December 2026" in section(letter, ENGLISH.parts[Part.MONITORING])


def test_services_are_asked_for_at_the_single_point_of_contact_only_where_it_reaches() -> None:
    services = ENGLISH.parts[Part.SERVICES]
    everywhere = section(composed(a_draft(), proposed(a_measure())), services)
    scoped = section(composed(a_draft(), proposed(a_measure(services=("planning",)))), services)

    assert "To ask for any council service, write to spoc@council.example." in everywhere
    assert "Contact every other service in the usual way." in scoped


def test_who_is_not_restricted_asks_for_services_in_the_usual_way() -> None:
    draft = a_draft(LetterKind.HOW_TO_REQUEST_SERVICES)

    assert ENGLISH.sentences["services-usual"] in text_of(composed(draft, NOTHING))


def test_a_copy_of_the_policy_is_named_where_it_is_enclosed() -> None:
    letter = composed(a_draft(policy_enclosed=True), proposed())

    assert ENGLISH.sentences["policy-enclosed"] in text_of(letter)
    assert ENGLISH.sentences["policy-on-request"] not in text_of(letter)


def test_only_wales_welcomes_welsh_and_asks_for_the_choice_until_it_is_known() -> None:
    known = standing(a_case(a_proposal(), person=Person(name="Ann Vexing", language=Language.ENGLISH)))
    welcome, offer = ENGLISH.sentences["welsh-welcome"], ENGLISH.sentences["language-offer"]

    asked, not_asked, england = (
        text_of(composed(draft_under(POLICIES[number], LetterKind.DECISION), of, number))
        for number, of in (("002", proposed()), ("002", known), ("001", proposed()))
    )

    assert (welcome in asked, offer in asked) == (True, True)
    assert (welcome in not_asked, offer in not_asked) == (True, False)
    assert (welcome in england, offer in england) == (False, False)


def test_advice_goes_to_the_officer_who_referred() -> None:
    of = standing(a_case(Referral(account="She writes every day.")))

    letter = composed(a_draft(LetterKind.ADVICE_TO_OFFICER), of, "002")

    assert letter.addressee == ("Olive Office", "Planning Officer", "planning")
    assert letter.blocks[0] == Paragraph("Dear Olive Office")
    assert ENGLISH.sentences["formats"] not in text_of(letter)


def test_a_fixed_letter_that_would_say_something_else_this_time_is_refused() -> None:
    of = in_force(a_measure(RestrictionKind.FIXED_LETTER))

    with pytest.raises(LetterRefusedError, match=r"parts\.answer differs from the stored letter"):
        composed(a_draft(LetterKind.FIXED_CLOSING, {Part.ANSWER: "Not again!"}), of, "002")


def test_a_fixed_letter_without_welsh_is_refused_in_welsh() -> None:
    of = in_force(replace(a_measure(), terms=replace(FIXED, letter_cy="")))

    with pytest.raises(LetterRefusedError, match="add letter_cy"):
        composed(draft_under(POLICIES["002"], LetterKind.FIXED_CLOSING), of, "002", language=Language.WELSH)


def test_every_kind_of_restriction_is_one_item_of_the_list() -> None:
    measures = allowed_by(POLICIES["004"])

    letter = composed(a_draft(), proposed(*measures), "004")

    (listed, *_others) = (block for block in letter.blocks if isinstance(block, Bullets))
    assert len(listed.items) == len(measures)
    assert ENDS_ON.strftime("%Y") in text_of(letter)


def test_a_letter_in_two_languages_says_in_each_what_was_written_in_it() -> None:
    usual = draft_under(POLICIES["003"], LetterKind.DECISION)
    both = replace(usual, parts_cy={**usual.parts_cy, Part.REASONS: "Rydych wedi bygwth swyddog."})
    of = proposed(a_measure())

    welsh = composed(both, of, "003", language=Language.WELSH)
    english = composed(both, of, "003")

    assert section(welsh, WELSH.heading(LetterKind.DECISION, Part.REASONS)) == "Rydych wedi bygwth swyddog."
    assert section(english, ENGLISH.heading(LetterKind.DECISION, Part.REASONS)) == WORDS[Part.REASONS]


def test_a_letter_without_its_welsh_is_refused() -> None:
    english_only = a_draft(languages=(Language.WELSH, Language.ENGLISH))

    with pytest.raises(LetterRefusedError, match=r"parts_cy\.reasons is missing"):
        composed(english_only, proposed(a_measure()), "003", language=Language.WELSH)


@pytest.mark.requirement("1.59")
def test_the_councils_final_position_on_a_matter_is_quoted() -> None:
    closed = Matter(
        reference="C-1",
        title="The hedge",
        state=MatterState.CLOSED,
        reason="Nothing further can be done.",
        final_position="The hedge is not the council's.",
    )
    case = a_case(
        closed, an_incident(), a_proposal(a_measure()), Decision(verdict=Verdict.APPROVE, reasons="Proportionate.")
    )

    letter = composed(draft_under(POLICIES["001"], LetterKind.STAGE_1), standing(case))

    assert section(letter, ENGLISH.parts[Part.FINAL_POSITION]) == "C-1, The hedge: The hedge is not the council's."
