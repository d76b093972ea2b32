"""From a person's mails to their contacts: one letter, or one text, in several mailboxes is one contact with copies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from register.dates import day_of
from routing.evidence.sketches import Sketch, alike
from routing.evidence.trace import Trace

TOGETHER = timedelta(days=1)
"""Within this time copies in several mailboxes are one contact; what comes later is sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message as the ledger has it: `print_` is what it is wherever it lies, `letter` what it says."""

    delivery: int
    received_at: datetime
    mailbox: str
    address: str  # the mailbox's own
    print_: str
    letter: str
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One letter with its copies, oldest first; `again`: an earlier one had the same or nearly the same text."""

    mails: tuple[Mail, ...]
    again: bool = False

    @property
    def at(self) -> datetime:
        """When the council first had it."""
        return self.mails[0].received_at

    @property
    def day(self) -> date:
        """The same as a day of the council."""
        return day_of(self.at)

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """Where copies of it came in."""
        return tuple(sorted({mail.mailbox for mail in self.mails}))

    @property
    def recipients(self) -> frozenset[str]:
        """Every address of the council's it was sent to, or came in at."""
        return frozenset(one for mail in self.mails for one in (*mail.trace.recipients, mail.address) if one)

    @property
    def marks(self) -> frozenset[str]:
        """What any copy quotes."""
        return frozenset(mark for mail in self.mails for mark in mail.trace.marks)

    @property
    def words(self) -> int:
        """The length of the longest copy."""
        return max(mail.trace.words for mail in self.mails)


@dataclass
class _Text:
    """The contacts so far that have one text, and from which on each mailbox still lacks it."""

    contacts: list[list[Mail]] = field(default_factory=list)
    lacking: dict[str, int] = field(default_factory=dict)

    def open_for(self, mail: Mail) -> list[Mail] | None:
        """The earliest contact that this may be a copy of."""
        place = self.lacking.get(mail.mailbox, 0)
        while place < len(self.contacts) and not _joins(mail, self.contacts[place]):
            place += 1
        self.lacking[mail.mailbox] = place
        return self.contacts[place] if place < len(self.contacts) else None


def contacts(mails: Iterable[Mail]) -> tuple[Contact, ...]:
    """The contacts of one person, oldest first; the order in which the mails are given changes nothing."""
    once = _once(mails)
    texts = alike(mail.trace.sketch for mail in once)
    grouped = _grouped(once, texts)
    seen: set[Sketch] = set()
    found: list[Contact] = []
    for copies in grouped:
        said = {texts[mail.trace.sketch] for mail in copies if mail.trace.sketch}
        found.append(Contact(mails=tuple(copies), again=not seen.isdisjoint(said)))
        seen |= said
    return tuple(found)


def _once(mails: Iterable[Mail]) -> list[Mail]:
    """Each message of each mailbox once: put back into its inbox it is a delivery anew, and the same message."""
    first: dict[tuple[str, str], Mail] = {}
    for mail in sorted(mails, key=lambda mail: (mail.received_at, mail.mailbox, mail.print_, mail.delivery)):
        first.setdefault((mail.mailbox, mail.print_), mail)
    return list(first.values())


def _grouped(mails: Sequence[Mail], texts: Mapping[Sketch, Sketch]) -> list[list[Mail]]:
    letters: dict[str, list[Mail]] = {}
    by_text: dict[Sketch, _Text] = {}
    grouped: list[list[Mail]] = []
    for mail in mails:
        text = by_text.setdefault(texts[mail.trace.sketch], _Text()) if mail.trace.sketch else None
        copies = letters.get(mail.letter)
        if copies is None or mail.received_at - copies[0].received_at > TOGETHER:
            copies = text.open_for(mail) if text is not None else None
        if copies is None:
            copies = []
            grouped.append(copies)
            if text is not None:
                text.contacts.append(copies)
        copies.append(mail)
        letters[mail.letter] = copies
    return grouped


def _joins(mail: Mail, copies: Sequence[Mail]) -> bool:
    recent = mail.received_at - copies[0].received_at <= TOGETHER
    return recent and all(copy.mailbox != mail.mailbox for copy in copies)
