"""An entry of the register for people to read: who it is about, and each restriction in one line."""

from collections.abc import Iterator
from datetime import datetime

from register.casework.standing import CaseState
from register.dates import COUNCIL_TIME, in_words
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
    state = "in force" if item.in_force_at(now) else "not begun yet" if item.commenced_at > now else "over"
    return f"{item.kind}{target}, {scope}, from {commenced:%d %B %Y} {until} ({state})"


def state_today(entry: RegisterEntry, state: CaseState, *, now: datetime) -> str:
    """Where the case is; an active one is told by whether its restrictions have effect now."""
    if state is not CaseState.ACTIVE:
        return state.value
    if any(item.in_force_at(now) for item in entry.restrictions):
        return "in force"
    return "to begin" if any(_to_come(entry, now)) else "lapsed"


def told_today(entry: RegisterEntry, *, now: datetime) -> str:
    """What has effect now and what will have; where nothing has, since when."""
    return "; ".join((*_present(entry, now), *_to_come(entry, now))) or _past(entry, now)


def _present(entry: RegisterEntry, now: datetime) -> Iterator[str]:
    for item in entry.restrictions:
        if item.in_force_at(now):
            until = f" until {in_words(item.ends_at)}" if item.ends_at else ""
            yield f"{item.kind} since {in_words(item.commenced_at)}{until}"


def _to_come(entry: RegisterEntry, now: datetime) -> Iterator[str]:
    for item in entry.restrictions:
        if item.commenced_at > now and (item.ends_at is None or item.ends_at > item.commenced_at):
            yield f"{item.kind} begins on {in_words(item.commenced_at)}"


def _past(entry: RegisterEntry, now: datetime) -> str:
    over = [
        (item.ends_at, item.kind) for item in entry.restrictions if item.ends_at is not None and item.ends_at <= now
    ]
    if not over:
        return ""
    ended, kind = max(over)
    return f"{kind}: no effect since {in_words(ended)}"
