"""A period as policies speak of it: "6 months", "7 working days"."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_WORDS = re.compile(r"(\d{1,4}) (working day|day|week|month|year)s?")


class Unit(StrEnum):
    """What a period is counted in; months and years are the calendar's."""

    DAYS = "day"
    WORKING_DAYS = "working day"
    WEEKS = "week"
    MONTHS = "month"
    YEARS = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of units."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read "6 months". Raises ValueError for anything else."""
        found = _WORDS.fullmatch(words.strip())
        if found is None or int(found[1]) == 0:
            message = f"{words!r} is no period: write a number and days, working days, weeks, months or years"
            raise ValueError(message)
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"
