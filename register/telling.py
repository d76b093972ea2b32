"""An entry of the register for people to read: who it is about, and each restriction in one line."""

from datetime import datetime

from register.dates import COUNCIL_TIME
from register.entry import RegisterEntry, Restriction


def told_entry(entry: RegisterEntry, *, now: datetime) -> dict[str, str | int]:
    """The entry as names and lines; `now` tells what is in force."""
    shown: dict[str, str | int] = {"ref": entry.ref, "version": entry.version, "name": entry.name}
    shown |= {f"address {number}": address for number, address in enumerate(entry.addresses, start=1)}
    shown |= {f"restriction {item.ref}": told_restriction(item, now=now) for item in entry.restrictions}
    return shown | {f"matter {item.reference}": f"{item.title} ({item.state})" for item in entry.matters}


def told_restriction(item: Restriction, *, now: datetime) -> str:
    """One line: the kind, its scope, from when until when, and whether it is in force."""
    commenced = item.commenced_at.astimezone(COUNCIL_TIME)  # midnight of a summer's day is the day before in UTC
    until = f"until {item.ends_at.astimezone(COUNCIL_TIME):%d %B %Y}" if item.ends_at else "until reviewed"
    scope = ", ".join(sorted(item.mailboxes | item.services)) or "council-wide"
    target = f" to {item.spoc}" if item.spoc else f" of {item.matter}" if item.matter else ""
    state = "in force" if item.in_force_at(now) else "not in force"
    return f"{item.kind}{target}, {scope}, from {commenced:%d %B %Y} {until} ({state})"
