"""Mail as the figures see it, for tests: each builder names only what matters, the rest is an ordinary day's."""

from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from ingest.message import Address
from policies.vocabulary import MatterState
from register.addresses import canonical
from register.matching import StaffDirectory
from routing.evidence.contacts import Mail, contacts
from routing.evidence.figures import Figures, Known, Window, figures
from routing.evidence.promises import MatterLife, Turn
from routing.evidence.trace import Trace, reference_mark, trace_of
from routing.evidence.uses import Theirs
from tests.builders import ANN, NOON, SIGNING_KEY, a_message

KEY = SIGNING_KEY.encode()
STAFF = StaffDirectory.of(
    domains=["council.example"], addresses=["planning@council.example"], protected=["ombudsman.example"]
)
LETTER = (
    "The hedge behind the library has not been cut since last summer although I was told in April that it would be "
    "done within the month, and the pavement beside it can no longer be used by anybody with a pram or a wheelchair."
)
"""A text long enough to be known again."""


def traced(text: str = LETTER, *, sender: str = ANN, to: tuple[str, ...] = (), **others: Any) -> Trace:  # noqa: ANN401 - any field of a message
    """The trace that this message leaves."""
    addresses = tuple(Address(addr_spec=address) for address in to)
    trace = trace_of(a_message(sender, text=text, to=addresses, **others), staff=STAFF, key=KEY)
    assert trace is not None
    return trace


def a_mail(text: str = LETTER, *, at: datetime = NOON, mailbox: str = "planning", **others: Any) -> Mail:  # noqa: ANN401 - of a message
    """One message in one mailbox; `letter` is its own unless the test says that it is a copy."""
    number = others.pop("number", None) or crc32(f"{text} {at} {mailbox}".encode())
    letter = others.pop("letter", f"letter {number}")
    return Mail(
        delivery=number,
        received_at=at,
        mailbox=mailbox,
        address=canonical(f"{mailbox}@council.example") or "",
        print_=others.pop("print_", f"print {number}"),
        letter=letter,
        trace=traced(text, **others),
    )


def counted(*mails: Mail, known: Known | None = None, days: int = 400) -> Figures:
    """The figures of these mails over so many days around noon."""
    window = Window((NOON - timedelta(days=days)).date(), (NOON + timedelta(days=days)).date())
    return figures(Theirs(contacts=contacts(mails)), known or Known(), window)


def a_life(*turns: Turn, reference: str = "C-2025-0117") -> MatterLife:
    """A matter and how it went."""
    return MatterLife(reference=reference, title="Noise from the bowls pavilion", turns=turns)


def knowing(*lives: MatterLife) -> Known:
    """What a case with these matters adds."""
    marks = tuple(frozenset({reference_mark(life.reference, KEY)}) for life in lives)
    return Known(lives=lives, marks=marks)


def turned(days: int, state: str = "open", *, answer_in: int | None = None) -> Turn:
    """The matter came to this state so many days from NOON; an answer was promised so many days from NOON."""
    day = NOON.date()
    promised = None if answer_in is None else day + timedelta(days=answer_in)
    return Turn(on=day + timedelta(days=days), state=MatterState(state), answer_by=promised)
