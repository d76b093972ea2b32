"""How a letter is read: line by line, whoever its neighbours in a batch are, and with no word for who somebody is."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.model import shipped_model
from classifier.normalise import READ_AT_MOST, fold, normalise
from classifier.passages import Passages, sentences_of
from classifier.tokens import tokenise

THREAT = "I will come to your house and slit your throat, Tina."
BINS = "I am writing about the bins in our street, which were not emptied on Tuesday as the calendar says."
CROSSING = "Our road was promised a new crossing in March and nothing has been done since."

EDGES = ("Muslim", "Gay", "Women", "he", "said", "disabled", "useless", "you", "kill", "")


@pytest.mark.parametrize(
    "text", [f"{BINS} {THREAT}", f"{THREAT} {BINS}", f"{BINS} {THREAT} {CROSSING}", f"{BINS} {CROSSING} {THREAT}"]
)
def test_a_threat_is_found_between_ordinary_sentences(text: str) -> None:
    found = shipped_model().assess_one(text)

    assert found.flagged
    assert "threat" in found.found
    assert "throat" in found.passage


def test_what_says_little_belongs_to_its_neighbour() -> None:
    letter = "Dear council,\n\nThe lamp is out. Why? It was lit on Monday.\n\nYours\nA tenant"

    assert sentences_of(letter) == ["Dear council, The lamp is out. Why?", "It was lit on Monday. Yours A tenant"]
    assert sentences_of("The lamp is out. Cunt.") == ["The lamp is out.", "Cunt."]


@given(
    st.lists(
        st.sampled_from((BINS, CROSSING, THREAT, "Nobody came, again!", "I have written twice already, and rung.")),
        min_size=1,
    )
)
def test_where_a_mail_program_breaks_lines_says_nothing(said: list[str]) -> None:
    letter = " ".join(said)

    assert sentences_of(textwrap.fill(letter, 72, break_on_hyphens=False)) == sentences_of(letter)


def test_lines_that_somebody_broke_are_read_apart() -> None:
    items = ["the lamp by the gate", "the gate by the lamp", f"- {BINS[:-1]}", f"\u2022 {CROSSING[:-1]}"]

    assert sentences_of("\n".join(items)) == items


@given(st.lists(st.sampled_from(["a", "Yours", "cunt", "one two three", "", "why?", "Hello,"])))
def test_no_word_is_lost_in_cutting(lines: list[str]) -> None:
    assert set(" ".join(sentences_of("\n".join(lines))).split()) == set(" ".join(lines).split())


def test_a_threat_in_the_middle_of_many_pages_is_read() -> None:
    pages = " ".join(f"{BINS} {CROSSING}" for _ in range(30))

    assert "slit your throat" in normalise(f"{pages} {THREAT} {pages}")
    assert len(normalise("no end " * READ_AT_MOST)) <= READ_AT_MOST + 1


@given(
    st.lists(
        st.tuples(st.sampled_from(EDGES), st.sampled_from((BINS[:-1], "came round")), st.sampled_from(EDGES)),
        min_size=2,
        max_size=6,
    )
)
@settings(deadline=None)
def test_no_letter_is_judged_by_its_neighbours(letters: list[tuple[str, str, str]]) -> None:
    texts = [" ".join(parts) for parts in letters]
    model = shipped_model()

    together, alone = model.scores(texts), [model.scores([text])[0] for text in texts]

    assert together == pytest.approx(alone, rel=1e-4, abs=1e-7)


def test_a_line_reads_alike_wherever_it_stands() -> None:
    heads = shipped_model().judgement.heads
    alone, among = (heads.read(Passages.of([text])) for text in (THREAT, f"{BINS} {CROSSING} {THREAT} {BINS[:40]}."))

    assert (among.line >= alone.line - 1e-3).all()
    assert (among.line >= among.best - 1e-3).all()


@pytest.mark.parametrize(
    ("naming", "without"),
    [
        ("I am {} and I will be at your office on Monday.", "I will be at your office on Monday."),
        ("My {} neighbours are fed up with your lies.", "My neighbours are fed up with your lies."),
        ("As a {} resident I want an answer by Friday.", "I want an answer by Friday."),
    ],
)
@pytest.mark.parametrize("term", ["Muslim", "gay", "disabled", "Polish", "trans"])
def test_who_somebody_is_adds_nothing(naming: str, without: str, term: str) -> None:
    named, plain = shipped_model().scores([naming.format(term), without])

    assert named <= plain + 0.01


@pytest.mark.parametrize(
    "text",
    [
        "I'm going to top mysen",
        "i will kms if you evict me",
        "I'm going to slit my wrists",
        "I will set fire to myself outside your office",
        "I'm gonna do myself in",
        "i wanna die",
        "I want to k i l l m y s e l f",
        "Dwi isio marw",
        "Mi wna i grogi fy hun",
        "Dwi am roi diwedd ar fy mywyd... rhoi diwedd ar y cyfan",
        *(
            f"I could hurt {oneself}"
            for oneself in ("my selve", "mysel", "meself", "mysen", "my own throat", "my arms")
        ),
        *(f"I will end {all_of_it}" for all_of_it in ("it all", "my life", "my own life", "myself")),
    ],
)
def test_harm_to_oneself_is_read_as_despair_however_it_is_said(text: str) -> None:
    assert "despair" in fold(text)


def test_a_sentence_without_end_is_explained_by_its_worst_words() -> None:
    rambling = "i rang your office in march and then again in april and may and nobody ever came to me at all "
    abuse = "so fuck you you useless fucking cunts i hope you all die you cunts"

    found = shipped_model().assess_one(f"{rambling}{rambling}{abuse}")

    assert found.flagged
    assert {"fucking", "cunts", "useless", "fuck"} & set(found.why)
    assert "fuck" in found.passage
    assert not {"the", "and", "you", "all"} & set(found.why)


@pytest.mark.parametrize(
    "own",
    [
        'I say to you, Tina: "{}"',
        '"{}" That is what I say to you, Tina.',
        '"{}"',
        'So here is my answer to you: "{}"',
        'The pipe is 5" wide. {} The other is 6" wide.',
    ],
)
def test_quotation_marks_do_not_silence_what_somebody_says_himself(own: str) -> None:
    assert shipped_model().assess_one(own.format(THREAT)).flagged


@pytest.mark.parametrize(
    "told", ['He shouted "{}" at me.', 'I told the officer that he said "{}"', 'The word "{}" was daubed on my door.']
)
def test_what_somebody_tells_of_others_is_told(told: str) -> None:
    tokens = tokenise([normalise(told.format("you filthy cow"))])

    assert tokens.quoted.sum() == len(["you", "filthy", "cow"])


@pytest.mark.parametrize(
    "between",
    ["\u2066", "\u061c", "\ufe0f", "\u034f", "\u2062", "\u180e", "\U000e0061", "😀", "|", "·", "/", ","],
)
def test_what_stands_between_the_letters_hides_no_insult(between: str) -> None:
    apart = " ".join(between.join(word) for word in ("fuck", "yourself", "wanker"))

    assert shipped_model().assess_one(f"Go and {apart}.").flagged
    assert shipped_model().assess_one("Listen, a c u n t like you.").flagged
