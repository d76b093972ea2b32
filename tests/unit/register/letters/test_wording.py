import string
from collections.abc import Iterator

import pytest

from policies.period import Period, Unit
from policies.vocabulary import Channel, Language, LetterKind, Part, RestrictionKind
from register.letters.wording import Wording, wording
from register.restrictions import DAYS
from tests.unit.register.letters.builders import TODAY

ENGLISH, WELSH = wording(Language.ENGLISH), wording(Language.WELSH)


def _texts(words: Wording) -> dict[str, str]:
    return dict(_named(words))


def _named(words: Wording) -> Iterator[tuple[str, str]]:
    yield from ((f"sentences.{key}", text) for key, text in words.sentences.items())
    yield from ((f"parts.{key}", text) for key, text in words.parts.items())
    yield from ((f"weekdays.{key}", text) for key, text in words.weekdays.items())
    yield from ((f"always.{number}", text) for number, text in enumerate(words.always))
    for channel, said in words.channels.items():
        yield from ((f"channels.{channel}.by", said.by), (f"channels.{channel}.counted", said.counted))
    for kind, letter in words.letters.items():
        yield f"letters.{kind}.title", letter.title
        yield from ((f"letters.{kind}.opening.{number}", text) for number, text in enumerate(letter.opening))
        yield from ((f"letters.{kind}.closing.{number}", text) for number, text in enumerate(letter.closing))
        yield from ((f"letters.{kind}.headings.{part}", text) for part, text in letter.headings.items())
    for restriction, explained in words.restrictions.items():
        yield f"restrictions.{restriction}.name", explained.name
        yield from ((f"restrictions.{restriction}.says.{case}", text) for case, text in explained.says.items())


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _without_blanks(text: str) -> str:
    return "".join(literal for literal, *_ in string.Formatter().parse(text))


def test_english_and_welsh_have_the_same_keys() -> None:
    assert _texts(ENGLISH).keys() == _texts(WELSH).keys()


@pytest.mark.parametrize("key", _texts(ENGLISH))
def test_english_and_welsh_fill_in_the_same(key: str) -> None:
    assert _blanks(_texts(ENGLISH)[key]) == _blanks(_texts(WELSH)[key])


@pytest.mark.parametrize(
    "key", [key for key, text in _texts(ENGLISH).items() if any(map(str.isalpha, _without_blanks(text)))]
)
def test_what_has_words_is_translated(key: str) -> None:
    assert _texts(ENGLISH)[key] != _texts(WELSH)[key]


@pytest.mark.parametrize("words", [ENGLISH, WELSH], ids=["en", "cy"])
def test_every_letter_part_restriction_channel_and_day_has_words(words: Wording) -> None:
    assert set(words.letters) == set(LetterKind)
    assert set(words.parts) == set(Part)
    assert set(words.restrictions) == set(RestrictionKind)
    assert set(words.channels) == set(Channel)
    assert set(words.periods) == set(Unit)
    assert tuple(words.weekdays) == DAYS
    assert all(text.strip() for text in _texts(words).values())


def test_a_welsh_date_has_the_welsh_month() -> None:
    assert WELSH.day(TODAY) == "4 Mawrth 2026"


@pytest.mark.parametrize(
    ("count", "unit", "english", "welsh"),
    [
        pytest.param(1, Unit.MONTHS, "1 month", "1 mis", id="one"),
        pytest.param(2, Unit.MONTHS, "2 months", "2 fis", id="two, softened in Welsh"),
        pytest.param(12, Unit.MONTHS, "12 months", "12 mis", id="many"),
        pytest.param(7, Unit.WORKING_DAYS, "7 working days", "7 diwrnod gwaith", id="working days"),
        pytest.param(1, Unit.YEARS, "1 year", "1 flwyddyn", id="a year"),
        pytest.param(3, Unit.YEARS, "3 years", "3 blynedd", id="three years"),
        pytest.param(5, Unit.YEARS, "5 years", "5 mlynedd", id="five years, nasal in Welsh"),
    ],
)
def test_a_period_takes_the_form_of_its_number(count: int, unit: Unit, english: str, welsh: str) -> None:
    period = Period(count, unit)

    assert (ENGLISH.period(period), WELSH.period(period)) == (english, welsh)


def test_a_value_is_never_read_for_further_blanks() -> None:
    assert ENGLISH.say("salutation", name="{reference} {0} {") == "Dear {reference} {0} {"
