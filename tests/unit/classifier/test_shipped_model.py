"""What the shipped model promises of any text, and of the plain cases that it must never get wrong."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.lexicon import CLASS_OF_WORD, WordClass
from classifier.model import SHIPPED, shipped_model
from routing.cues import SafeguardKind
from routing.safeguards import safeguards

ABUSE = {
    "explicit threat": "I am coming to the depot tonight and I will stab the first one of you I see.",
    "conditional threat": "If you send that bailiff again I'll break his legs with a crowbar.",
    "direct insult": "You are a useless lazy bastard and so is your manager.",
    "insult among business": "Bin not emptied at 9 Elm Rise again. Collect it today you brainless pack of morons.",
    "leetspeak": "You are all d1ckh3ads and m0r0ns, the lot of you.",
    "stars": "F*ck you, you stupid b*tch.",
    "spaced letters": "you are a bunch of w a n k e r s",
    "zero-width letters": "you are all id\u200biots and m\u200boro\u200bns, fu\u200bck off",
    "look-alike letters": "you are all w\u0430nk\u0435rs and id\u0456\u043ets, fuck off",
    "capitals": "YOU ARE PATHETIC SCUM AND I HOPE YOU ROT",
    "hate": "Those immigrants are vermin, deport them all and burn their houses down.",
    "sexual": "Send me a picture of your breasts, darling, you look so sexy in that uniform.",
}

NOT_ABUSE = {
    "fair and forceful": "I am appalled. Four letters, no reply, and now a final demand. Put this right by Friday.",
    "swearing at a thing": "This bloody machine has swallowed my money again. Please refund it.",
    "distress": "I have not slept for days and I do not know where to turn. Please can somebody ring me?",
    "reported in quotation marks": 'A man at the bus stop shouted "you filthy scum, I will kill you" at my son.',
    "reported without": "The caretaker called me a silly bitch and I would like to make a complaint.",
    "identity": "I am a disabled Muslim woman and I need a parking bay near my house.",
    "identity and anger": "It is wrong that Jewish families were turned away from the hall.",
    "apology": "I am sorry for swearing at your colleague yesterday, I was upset about my mother.",
    "legal": "If you do not reply I will take the council to court and ask for my costs.",
    "violent words": "The old beech was hit by lightning. Please cut it down before it kills someone.",
    "quoted reply": "Please see below, I have not answered it.\n\n> you are a useless bitch\n> I will kill you",
    "forwarded": "For your file.\n\n-----Original Message-----\nFrom: somebody\n\nyou are scum, I will kill you",
}


@pytest.mark.parametrize("text", ABUSE.values(), ids=ABUSE.keys())
def test_flags_plain_abuse(text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert assessment.flagged


@pytest.mark.parametrize("text", NOT_ABUSE.values(), ids=NOT_ABUSE.keys())
def test_spares(text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert not assessment.flagged
    assert assessment.why == ()


@pytest.mark.requirement("2.1")
@pytest.mark.parametrize(
    "text",
    [
        "Hoffwn i wybod pryd bydd y ganolfan hamdden yn agor eto, os gwelwch yn dda.",
        "Mae'r ffordd ger ein tŷ ni yn beryglus iawn ac does neb wedi gwneud dim byd.",
        "Dw i wedi cael llond bol ar y cyngor yma. Tair gwaith dw i wedi ffonio, a does neb byth yn ateb!",
    ],
)
def test_spares_ordinary_and_angry_welsh(text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert (assessment.language, assessment.abstained, assessment.flagged) == ("cy", False, False)


@pytest.mark.parametrize(
    "text", ["Rwyt ti'n hollol ddiwerth, y twpsyn hyll.", "Cer i grafu, y cachgwn diog, a'ch rheolwr twp hefyd."]
)
def test_flags_abuse_in_welsh(text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert (assessment.language, assessment.flagged) == ("cy", True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Dzień dobry, proszę o informację kiedy będzie odbiór śmieci z naszej ulicy."),
        ("fr", "Bonjour, les poubelles de notre rue n'ont pas été vidées depuis trois semaines et personne ne répond."),
        ("ro", "Bună ziua, vă rog să îmi spuneți când se ridică gunoiul de pe strada noastră."),
        ("und", "Здравствуйте, скажите пожалуйста, когда вывозят мусор \u0441 нашей улицы?"),
        ("und", "آپ کب کوڑا اٹھائیں گے؟ ہم نے تین بار فون کیا ہے"),
    ],
)
def test_is_silent_about_a_language_it_was_not_taught(language: str, text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert (assessment.language, assessment.abstained, assessment.flagged) == (language, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Mr Nowakowski of Łódź Road asked for a new bin in Ystradgynlais.",
        "Dinnae be daft, the bin's no been taen fae oor close in three weeks.",
        "Wah gwaan, mi waan fi know when di bin dem a come.",
        "pls can u tel me wen bin day is thx",
    ],
)
def test_english_of_every_kind_is_english(text: str) -> None:
    assert shipped_model().assess_one(text).language == "en"


@pytest.mark.parametrize(
    "text", ["I am going to kill myself if nobody answers.", "I want to end my life, I cannot go on like this."]
)
def test_despair_is_a_danger_and_no_abuse(text: str) -> None:
    assert not shipped_model().assess_one(text).flagged
    assert [item.kind for item in safeguards("", text)] == [SafeguardKind.RISK_TO_LIFE]


@pytest.mark.parametrize("text", ["", "  \n ", "Hello", "Any news?", "...", "12345"])
def test_abstains_where_there_are_too_few_words(text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert assessment.abstained
    assert not assessment.flagged


def test_judges_one_word_that_is_an_insult_in_itself() -> None:
    assessment = shipped_model().assess_one("Wankers!")

    assert assessment.flagged
    assert assessment.why == ("wankers",)


def test_a_reason_is_found_in_two_words_as_well() -> None:
    assert shipped_model().assess_one("fuck you.").why == ("fuck",)


def test_shows_the_sentence_and_the_words_that_mattered_and_what_the_rest_would_score() -> None:
    assessment = shipped_model().assess_one("Dear team, you are a pack of idiots. Please empty my bin on Monday.")

    assert assessment.passage == "Dear team, you are a pack of idiots."
    assert assessment.why[0] == "idiots"
    assert "monday" not in assessment.why
    assert assessment.without < shipped_model().threshold < assessment.score


@pytest.mark.requirement("1.12", "1.13", "1.14", "1.15", "2.25", "3.4", "3.8")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("threat", "I am coming to the depot tonight and I will stab the first one of you I see."),
        ("threat", "If you send that bailiff again I'll break his legs with a crowbar."),
        ("insult", "You are a useless lazy bastard and so is your manager."),
        ("insult", "you are all w a n k e r s and m0r0ns"),
        ("hate", "Go back to your own country, you filthy Polish scum, we do not want your sort in our housing."),
        (
            "harassment",
            "I followed your housing officer home, I know which house is hers and when her kids go to school.",
        ),
        ("harassment", "Send me a picture of your breasts, darling, you look so sexy in that uniform."),
    ],
)
def test_tells_the_kinds_of_abuse_apart(kind: str, text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert assessment.flagged
    assert assessment.likeliest_kind == kind


def test_what_is_shown_is_what_the_kind_rests_on() -> None:
    insult = "You useless lazy bastards have lied to me since March."
    threat = "I am coming to the depot tonight and I will stab the first one of you I see."

    assessment = shipped_model().assess_one(f"{insult} {threat}")

    assert assessment.likeliest_kind == "threat"
    assert "stab" in assessment.why
    assert assessment.passage == threat


def test_names_the_characteristic_of_possible_hate_and_of_nothing_else() -> None:
    hate, insult, neutral = shipped_model().assess(
        [
            "Go back to your own country, you filthy Polish scum, we do not want your sort in our housing.",
            "You are a useless lazy bastard and so is your manager.",
            "I am a disabled Polish mother and I need a bigger flat.",
        ]
    )

    assert hate.characteristics == ("race",)
    assert insult.characteristics == ()
    assert neutral.characteristics == ()


@pytest.mark.requirement("1.19")
def test_capitals_alone_are_no_abuse() -> None:
    shouted, said = shipped_model().assess(
        [
            "WHY HAS NOBODY MENDED THE LAMP ON MILL LANE? I HAVE RUNG FIVE TIMES!",
            "Why has nobody mended the lamp on Mill Lane? I have rung five times!",
        ]
    )

    assert not shouted.flagged
    assert shouted.score == said.score


@pytest.mark.requirement("1.16")
def test_rudeness_alone_is_not_flagged_or_asked_about_last() -> None:
    rude = shipped_model().assess_one("What a stupid answer. Do your job and send somebody who can read a map.")

    assert not rude.flagged or rude.likeliest_kind == "insult"


@pytest.mark.parametrize(
    "term", ["black", "queer", "Muslim", "gypsy", "disabled", "Jewish", "trans", "elderly", "women"]
)
def test_never_shows_an_identity_term(term: str) -> None:
    assessment = shipped_model().assess_one(f"You {term} idiot, you stupid {term}-loving moron, fuck the {term}'s lot")

    assert assessment.flagged
    assert assessment.why
    assert not any(term.lower() in word for word in assessment.why)


def test_scores_all_identity_terms_alike() -> None:
    terms = [word for word, kind in CLASS_OF_WORD.items() if kind is WordClass.IDENTITY]

    scores = {one.score for one in shipped_model().assess([f"Is there a {term} club in the town?" for term in terms])}

    assert max(scores) - min(scores) < 1e-9


@given(texts=st.lists(st.text(max_size=600), max_size=5))
@settings(deadline=None)
def test_assesses_any_text(texts: list[str]) -> None:
    assessments = shipped_model().assess(texts)

    assert len(assessments) == len(texts)
    assert all(0.0 <= one.score <= 1.0 for one in assessments)
    assert all(not (one.abstained and one.flagged) for one in assessments)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\0" * 50, id="NUL"),
        pytest.param("\ud800 lone surrogate \udfff", id="surrogates"),
        pytest.param("a" * 3_000_000, id="one huge word"),
        pytest.param("fuck you " * 400_000, id="huge and abusive"),
        pytest.param("< a " * 500_000, id="brackets"),
        pytest.param("a b " * 500_000, id="single letters"),
        pytest.param("'a" * 500_000, id="apostrophes"),
        pytest.param("f*" * 500_000, id="stars"),
        pytest.param('"' * 500_000, id="quotation marks"),
        pytest.param("a@" * 500_000, id="at signs"),
    ],
)
@pytest.mark.timeout(5)
def test_takes_hostile_text_in_bounded_time(text: str) -> None:
    assessment = shipped_model().assess_one(text)

    assert 0.0 <= assessment.score <= 1.0


def test_reads_head_and_tail_of_a_long_letter() -> None:
    middle = "The bus shelter by the school wants a new pane of glass. " * 400

    calm, head, tail = shipped_model().assess([middle, f"Fuck off, wankers. {middle}", f"{middle} Fuck off, wankers."])

    assert head.score > 2 * calm.score
    assert tail.score > 2 * calm.score


def test_says_the_same_whatever_the_batch() -> None:
    texts = [*ABUSE.values(), *NOT_ABUSE.values(), ""] * 20

    together = shipped_model().assess(texts)
    alone = [shipped_model().assess_one(text) for text in texts]

    assert together == alone


def test_names_its_version() -> None:
    assessment = shipped_model().assess_one("Please mend the gate.")

    assert assessment.model_version.startswith("abuse-2026.11-")


def test_is_small() -> None:
    assert SHIPPED.stat().st_size <= 10_000_000


def test_scores_without_the_training_libraries() -> None:
    code = (
        "import sys; from classifier.model import shipped_model; shipped_model().assess(['You are an idiot.']);"
        "print(sorted({'sklearn', 'scipy', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
