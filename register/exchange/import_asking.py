"""What an entry of a register file asks for, as it is gathered: records, mistakes, and what was taken for granted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policies.policy import Policy
from register.casework.facts import Fact
from register.casework.steps import Step
from register.dates import WorkingCalendar
from register.exchange.register_files import Entry, Mistake
from register.officers import Officers
from register.records import RecordRefusedError, record_from


@dataclass(frozen=True, slots=True)
class Asked:
    """A record that the file asks for, and the row it stands in."""

    record: Fact | Step
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What an entry is read against: the policy, the officers, the calendar, today, and the name of the file."""

    policy: Policy
    officers: Officers
    calendar: WorkingCalendar
    today: date
    source: str


@dataclass(slots=True)
class Asking:
    """The records of one entry, every mistake in it, and what was taken for granted."""

    entry: Entry
    office: Office
    asked: list[Asked] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, place: str, columns: Mapping[str, str], **data: Any) -> None:  # noqa: ANN401 - fields of any record
        """Ask for a record; where a field is wrong, its column is told: `columns` says which, if not its own name."""
        given = {name: value for name, value in data.items() if value is not None}
        try:
            self.asked.append(Asked(record_from(given), place))
        except RecordRefusedError as error:
            for line in str(error).splitlines():
                path, _, words = line.partition(": ")
                name = next((part for part in reversed(path.split(".")) if not part.isdigit()), path)
                self.wrong(f"{place}, {columns.get(name, name)}", words or path)

    def wrong(self, place: str, words: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(place=place, words=words))
