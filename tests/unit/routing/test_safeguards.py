"""What no restriction touches is found, in English and Welsh, misspelt or buried; ordinary words next to it are not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.cues import read_table
from routing.safeguards import CUES, MAX_TEXT, SafeguardKind, in_letter, safeguards

Kind = SafeguardKind

CLAIMS = [
    pytest.param(Kind.FOI, "Under the Freedom of Information Act 2000, how many potholes did you fill?", id="foi-en"),
    pytest.param(Kind.FOI, "F.O.I. please: what did the new railings cost?", id="foi-dotted-en"),
    pytest.param(Kind.FOI, "Please send me copies of all minutes of the parks board since May.", id="foi-unnamed-en"),
    pytest.param(Kind.FOI, "Dyma gais Rhyddid Gwybodaeth am gost y bont.", id="foi-cy"),
    pytest.param(Kind.EIR, "Treat this under the Environmental Information Regulations 2004.", id="eir-en"),
    pytest.param(Kind.EIR, "Cais o dan y Rheoliadau Gwybodaeth Amgylcheddol yw hwn.", id="eir-cy"),
    pytest.param(Kind.SUBJECT_ACCESS, "I am making a subject access request.", id="sar-en"),
    pytest.param(Kind.SUBJECT_ACCESS, "Send everything the council holds about me.", id="sar-unnamed-en"),
    pytest.param(Kind.SUBJECT_ACCESS, "Hoffwn gopi o'r wybodaeth sydd gennych amdanaf.", id="sar-cy"),
    pytest.param(Kind.DATA_RIGHTS, "I use my right to erasure.", id="erasure-en"),
    pytest.param(Kind.DATA_RIGHTS, "Please correct my records: I never lived there.", id="rectification-en"),
    pytest.param(Kind.DATA_RIGHTS, "I object to you processing my personal data for this.", id="objection-en"),
    pytest.param(Kind.DATA_RIGHTS, "Rwyf am i chi ddileu fy nata.", id="erasure-cy"),
    pytest.param(Kind.SAFEGUARDING, "The little girl next door is bruised again.", id="child-en"),
    pytest.param(Kind.SAFEGUARDING, "Her carer steals from my mother and shouts at her.", id="adult-en"),
    pytest.param(Kind.SAFEGUARDING, "Mae plentyn drws nesaf mewn perygl.", id="child-cy"),
    pytest.param(Kind.SAFEGUARDING, "Rwy'n poeni bod oedolyn bregus yn cael ei gam-drin.", id="adult-cy"),
    pytest.param(Kind.HOMELESSNESS, "We will be homeless on Friday.", id="homeless-en"),
    pytest.param(Kind.HOMELESSNESS, "My landlord gave me a section 21 notice.", id="notice-en"),
    pytest.param(Kind.HOMELESSNESS, "I have been sleeping in my car with the dog.", id="car-en"),
    pytest.param(Kind.HOMELESSNESS, "Byddwn ni'n ddigartref ddydd Gwener.", id="homeless-cy"),
    pytest.param(Kind.SEND, "When will my son's EHCP be reviewed?", id="send-en"),
    pytest.param(Kind.SEND, "Mae gan fy mab anghenion dysgu ychwanegol.", id="send-cy"),
    pytest.param(Kind.ELECTIONS, "I never got my postal vote.", id="vote-en"),
    pytest.param(Kind.ELECTIONS, "Nid wyf ar y gofrestr etholiadol.", id="vote-cy"),
    pytest.param(Kind.PLANNING, "I object to planning application 25/01234/FUL.", id="planning-en"),
    pytest.param(Kind.PLANNING, "Rwy'n gwrthwynebu'r cais cynllunio hwn.", id="planning-cy"),
    pytest.param(Kind.BENEFITS, "You stopped my housing benefit without a letter.", id="benefit-en"),
    pytest.param(Kind.BENEFITS, "Mae fy mudd-dal, budd-dal tai, wedi stopio.", id="benefit-cy"),
    pytest.param(Kind.COUNCIL_TAX, "I am not liable for council tax, the flat was sold.", id="tax-en"),
    pytest.param(Kind.COUNCIL_TAX, "Nid wyf yn atebol am dreth y cyngor.", id="tax-cy"),
    pytest.param(Kind.ADMISSIONS, "She has no school place for September.", id="school-en"),
    pytest.param(Kind.ADMISSIONS, "Nid oes lle iddi mewn ysgol ym mis Medi.", id="school-cy"),
    pytest.param(Kind.LICENSING, "This is my representation on the premises licence.", id="licence-en"),
    pytest.param(Kind.LICENSING, "Hoffwn wneud cais am drwydded tacsi.", id="licence-cy"),
    pytest.param(Kind.NEW_COMPLAINT, "Please register this as a formal complaint.", id="complaint-en"),
    pytest.param(Kind.NEW_COMPLAINT, "I want to make a complaint about the library.", id="complaint-plain-en"),
    pytest.param(Kind.NEW_COMPLAINT, "Hoffwn wneud cwyn am y llyfrgell.", id="complaint-cy"),
    pytest.param(Kind.RISK_TO_LIFE, "I don't want to be here any more.", id="suicide-en"),
    pytest.param(Kind.RISK_TO_LIFE, "I will kill the lot of you.", id="threat-en"),
    pytest.param(Kind.RISK_TO_LIFE, "There is a strong smell of gas on the stairs.", id="gas-en"),
    pytest.param(Kind.RISK_TO_LIFE, "The fire exit has been locked for a week.", id="fire-en"),
    pytest.param(Kind.RISK_TO_LIFE, "Dydw i ddim eisiau byw rhagor.", id="suicide-cy"),
    pytest.param(Kind.RISK_TO_LIFE, "Mae arogl nwy cryf ar y grisiau.", id="gas-cy"),
]
DESPAIR = [
    "I cant go on. by friday i wont be here anymore",
    "I'm gonna do myself in",
    "i wanna die",
    "There is nothing left for me. Goodbye. Look after my dog.",
    "I want to k i l l m y s e l f",
    "I w4nt to k1ll mys3lf",
    "I want to kill my\u200bself",
    "I'm going to top mysen.",
    "i will kms if you evict me",
    "when you find me hanging in the stairwell you will know why",
    "I have cut my arms again because of you lot.",
    "Dwi isio marw",
    "Wna i grogi fy hun os collaf y ty",
    "Does dim pwynt byw rhagor",
    "Fydda i ddim yma erbyn dydd Gwener. Edrychwch ar ol y plant.",
]
CALM = [
    "The lorry does 5 kms to the gallon.",
    "I won't be here on Friday as we are moving house.",
    "There is nothing left for me to sign.",
    "Could you look after my dog while I am in hospital?",
    "I cut my hand on the railings in the park.",
    "Mae'r planhigion wedi marw.",
    "Fydda i ddim yma ddydd Gwener.",
]
STATEMENTS = [
    pytest.param(Kind.MEETING, "Please have my statement read at full council on Monday.", id="meeting-en"),
    pytest.param(Kind.MEETING, "Dyma fy natganiad, y datganiad i'r pwyllgor ddydd Llun.", id="meeting-cy"),
]
CONTESTS = [
    pytest.param(Kind.CONTEST, "I appeal against the restriction on my contact.", id="contest-en"),
    pytest.param(Kind.CONTEST, "Why have you labelled me vexatious?", id="contest-label-en"),
    pytest.param(Kind.CONTEST, "Rwyf am herio'r cyfyngiad ar fy nghyswllt.", id="contest-cy"),
]
ORDINARY = [
    pytest.param("My council tax went up and the bins were missed. What do I pay for?", id="council-tax-alone-en"),
    pytest.param("Mae treth y cyngor wedi codi eto ac mae'r biniau'n llawn.", id="council-tax-alone-cy"),
    pytest.param("council tax bins noise roof help reply council tax again help", id="words-at-random"),
    pytest.param("I complain again about the drain, see my old complaint. Any reply?", id="old-complaint-en"),
    pytest.param("Nid oes ateb i'm hen gwyn am y draen.", id="old-complaint-cy"),
    pytest.param("You never answered my formal complaint of last spring.", id="my-formal-complaint"),
    pytest.param("This e-mail may be disclosed under the Freedom of Information Act.", id="disclaimer"),
    pytest.param("Thank you for the information about the environmental health visit.", id="information-alone-en"),
    pytest.param("Diolch am y wybodaeth am yr ymweliad.", id="information-alone-cy"),
    pytest.param("The parking restrictions on my road are unfair, please review them.", id="parking-restriction"),
    pytest.param("Please send team leader Mr Sen the key to the school gate.", id="send-the-verb-en"),
    pytest.param("Mae angen cynllun newydd ar gyfer y parc.", id="plan-alone-cy"),
    pytest.param("Kids run about the play area and the swings are not safe.", id="play-area-en"),
    pytest.param("Mae'r plant yn chwarae yn y parc bob dydd.", id="children-playing-cy"),
    pytest.param("Come the next election I shall vote you all out.", id="vote-out-en"),
    pytest.param("Bydd etholiad cyn hir, cofiwch.", id="election-alone-cy"),
    pytest.param("Is there a shelter for the homeless that takes blankets?", id="the-homeless-en"),
    pytest.param("Mae elusen digartref yn chwilio am flancedi.", id="homeless-charity-cy"),
    pytest.param("Why haven't you evicted the noisy tenants upstairs?", id="evict-others-en"),
    pytest.param("Who looks after the planning of the summer fair?", id="planning-a-fair-en"),
    pytest.param("Diolch am gynllunio'r ffair.", id="planning-a-fair-cy"),
    pytest.param("The benefit of a new bench is plain; support local shops.", id="benefit-of-en"),
    pytest.param("Please renew my library card; I left my driving licence at home.", id="driving-licence-en"),
    pytest.param("Mae fy nhrwydded yrru yn y tŷ.", id="driving-licence-cy"),
    pytest.param("This heat is killing me and the noise could wake the dead.", id="idioms-en"),
    pytest.param("The weedkiller will kill the birds in the hedge.", id="kill-birds-en"),
    pytest.param("I cannot make the meeting about the allotments.", id="meeting-alone-en"),
    pytest.param("Ni allaf ddod i'r cyfarfod.", id="meeting-alone-cy"),
    pytest.param("The school run blocks my drive every morning.", id="school-run-en"),
    pytest.param("Mae'r ysgol yn cau am bedwar.", id="school-alone-cy"),
]
MISSPELT = [
    pytest.param(Kind.FOI, "freedom of infomation", id="infomation"),
    pytest.param(Kind.FOI, "fredom of informaton", id="fredom"),
    pytest.param(Kind.SUBJECT_ACCESS, "subject acess", id="acess"),
    pytest.param(Kind.SUBJECT_ACCESS, "subejct access", id="subejct"),
    pytest.param(Kind.SAFEGUARDING, "safegaurding concern", id="safegaurding"),
    pytest.param(Kind.HOMELESSNESS, "we are homless", id="homless"),
    pytest.param(Kind.NEW_COMPLAINT, "a formal complant", id="complant"),
    pytest.param(Kind.RISK_TO_LIFE, "i feel suicdal", id="suicdal"),
    pytest.param(Kind.FOI, "cais rhyddid gwybodath", id="gwybodath"),
]
ABUSE = "You useless lazy idiots, you could not run a bath! {claim} And do it today, you bunch of clowns. Useless!"
REPLY = "{claim}\n\nOn Monday the council wrote:\n> Thank you for your letter about the bins.\n> Customer Services"


def kinds(text: str, subject: str = "") -> frozenset[SafeguardKind]:
    return frozenset(safeguard.kind for safeguard in safeguards(subject, text))


@pytest.mark.requirement("1.35")
@pytest.mark.requirement("3.6")
@pytest.mark.parametrize(("kind", "claim"), CLAIMS)
def test_a_right_or_a_danger_is_found(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds(claim)


@pytest.mark.requirement("4.16")
@pytest.mark.parametrize(("kind", "claim"), STATEMENTS)
def test_a_statement_for_a_public_meeting_is_found(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds(claim)


@pytest.mark.parametrize(("kind", "claim"), CONTESTS)
def test_contesting_the_restriction_is_found(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds(claim)


@pytest.mark.requirement("3.6")
@pytest.mark.parametrize(("kind", "claim"), [*CLAIMS, *STATEMENTS, *CONTESTS])
def test_it_is_found_buried_in_abuse(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds(ABUSE.format(claim=claim))


@pytest.mark.parametrize(("kind", "claim"), [*CLAIMS, *STATEMENTS, *CONTESTS])
def test_it_is_found_above_a_quoted_letter(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds(REPLY.format(claim=claim), subject="RE: Missed bins")


@pytest.mark.parametrize(("kind", "claim"), [*CLAIMS, *STATEMENTS, *CONTESTS])
def test_it_is_found_in_the_subject_alone_and_in_capitals(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds("As above.", subject=claim.upper())


@pytest.mark.requirement("3.6")
@pytest.mark.parametrize(("kind", "claim"), MISSPELT)
def test_it_is_found_misspelt(kind: SafeguardKind, claim: str) -> None:
    assert kind in kinds(f"this is about {claim} ok")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert kinds(text) == frozenset()


def test_the_cue_is_what_was_written_not_what_was_understood() -> None:
    (found,) = safeguards("", "A Freedom  of\nInfomation matter, in MY formal view.")

    assert found.cue == "Freedom of Infomation"
    assert found.ref == "foi-named"
    assert found.words.endswith(".")


REAL_WORDS = [
    pytest.param("A normal planting scheme is fine for the flats.", id="normal, planting"),
    pytest.param("We are hosting a floral show, hosing and all.", id="hosting, floral, hosing"),
    pytest.param("That education class for mums was free; a small deduction applied.", id="education, deduction"),
    pytest.param("It will appear in the registry of trees.", id="appear, registry"),
]


@pytest.mark.parametrize("text", REAL_WORDS)
def test_a_real_word_is_not_taken_for_a_misspelt_one(text: str) -> None:
    assert kinds(text) == frozenset()


@pytest.mark.parametrize("text", DESPAIR)
def test_despair_is_seen_however_it_is_put(text: str) -> None:
    assert Kind.RISK_TO_LIFE in {item.kind for item in safeguards("", text)}


@pytest.mark.parametrize("text", CALM)
def test_ordinary_words_are_no_despair(text: str) -> None:
    assert safeguards("", text) == ()


def test_a_right_in_the_history_counts_and_is_told_from_the_writers_own_words() -> None:
    own, history = "This is a subject access request.", "> You asked under the Freedom of Information Act."

    found = in_letter("", own, f"{own}\n{history}")

    assert {item.kind: item.own_words for item in found} == {Kind.FOI: False, Kind.SUBJECT_ACCESS: True}


def test_a_contest_counts_in_the_writers_own_words_only() -> None:
    quoted = "> You may appeal against the restriction on your contact."

    assert in_letter("", "Thank you.", f"Thank you.\n{quoted}") == ()


def test_each_kind_is_told_once() -> None:
    found = safeguards("FOI", "foi foi freedom of information, whatdotheyknow")

    assert [safeguard.kind for safeguard in found] == [Kind.FOI]


def test_typographic_quotes_and_line_breaks_change_nothing() -> None:
    assert kinds("I don\u2019t want\r\nto live") == {Kind.RISK_TO_LIFE}


def test_every_cue_has_its_own_reference_and_needles_that_can_be_found() -> None:
    refs = [cue.ref for cue in CUES]

    assert len(set(refs)) == len(refs)
    assert all(cue.patterns and cue.needles for cue in CUES)
    assert all(len(needle) >= 3 for cue in CUES for needle in cue.needles)


def test_every_kind_has_a_cue_in_each_language() -> None:
    english = {cue.kind for cue in CUES if not cue.ref.startswith("cy-")}
    welsh = {cue.kind for cue in CUES if cue.ref.startswith("cy-")}

    assert english == welsh == set(SafeguardKind)


def test_a_line_that_makes_no_sense_in_a_table_is_named() -> None:
    with pytest.raises(ValueError, match="what is this"):
        read_table("[foi]\nwhat is this")


@given(subject=st.text(max_size=50), text=st.text())
def test_any_text_has_an_answer(subject: str, text: str) -> None:
    assert isinstance(safeguards(subject, text), tuple)


@given(
    st.lists(st.sampled_from([needle for cue in CUES for needle in cue.needles] + [" ", "\n", "about me", "\u0130"]))
)
def test_any_medley_of_needles_has_an_answer_made_of_its_own_words(words: list[str]) -> None:
    text = " ".join(words)

    for found in safeguards("", text):
        assert found.cue in " ".join(text.split()).replace("\u0130", "I")


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "freedom ",
        "copy of all ",
        "council tax ",
        "not want to ",
        "\n",
        "complaint. ",
        "kill ",
        "1/",
        "he hit ",
    ],
)
def test_no_text_makes_it_slower_than_linear(unit: str) -> None:
    short, long = (unit * MAX_TEXT)[: MAX_TEXT // 8], (unit * MAX_TEXT)[:MAX_TEXT]

    assert _seconds(long) < 8 * 4 * _seconds(short) + 0.05


def _seconds(text: str) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        safeguards("", text)
        times.append(time.perf_counter() - start)
    return min(times)
