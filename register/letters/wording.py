"""Reads the wording of letters, which is data: one file for each language, with the same keys in all of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from policies import plain_yaml
from policies.period import Period, Unit
from policies.vocabulary import Channel, Language, LetterKind, Part, RestrictionKind

_STRICT = ConfigDict(extra="forbid")

Months = Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
Forms = Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ChannelWording:
    """A channel as a way to write (`by`), and as contacts that are counted."""

    by: str
    counted: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LetterWording:
    """What one kind of letter is called and begins and ends with; `headings` are those that differ in it."""

    title: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    headings: Mapping[Part, str]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class RestrictionWording:
    """What one kind of restriction is called, and what it means for the person, by case."""

    name: str
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Wording:
    """Everything letters say in one language. `tag` is the language's (BCP 47)."""

    tag: str
    months: Months
    weekdays: Mapping[str, str]
    periods: Mapping[Unit, Forms]  # the word after 1, after 2, and so on; the last serves every greater number
    channels: Mapping[Channel, ChannelWording]
    sentences: Mapping[str, str]
    always: tuple[str, ...]  # what no restriction touches
    parts: Mapping[Part, str]
    letters: Mapping[LetterKind, LetterWording]
    restrictions: Mapping[RestrictionKind, RestrictionWording]

    def say(self, sentence: str, **values: object) -> str:
        """A sentence with its values filled in. A value is never read for further names in braces."""
        return self.sentences[sentence].format_map(values)

    def day(self, day: date) -> str:
        """A date in words."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def period(self, period: Period) -> str:
        """A period in words."""
        forms = self.periods[period.unit]
        return f"{period.count} {forms[min(period.count, len(forms)) - 1]}"

    def by(self, channels: Iterable[Channel]) -> str:
        """Ways of contact, as in "by email, by telephone or by letter"."""
        *rest, last = [self.channels[channel].by for channel in channels]
        return self.say("either", first=", ".join(rest), last=last) if rest else last

    def heading(self, kind: LetterKind, part: Part) -> str:
        """What stands above a part of this letter."""
        return self.letters[kind].headings.get(part, self.parts[part])


@cache
def wording(language: Language) -> Wording:
    """What letters say in this language, as shipped."""
    file = resources.files("register.letters").joinpath("wording", f"{language}.yaml")
    return _WORDING.validate_python(plain_yaml.load(file.read_text("utf-8")))


_WORDING = TypeAdapter(Wording)
