"""`due`: what the register has falling due, as a list, as a calendar, or as questions to people."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from register.casework.due import Due

FAR = date(9000, 1, 1)  # whoever writes a later day means all there is


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("due")(due)


def due(
    context: typer.Context,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day to list; default: in 30 days.")
    ] = None,
    ical: Annotated[Path | None, typer.Option(help="Write an iCalendar file of the list instead.")] = None,
    ask: Annotated[bool, typer.Option(help="Ask people about what has come due, as `mailroom run` does.")] = False,
) -> None:
    """List reviews, letters, expired restrictions and the rest, the longest overdue first."""
    said = session_of(context)
    with opened(context) as runtime:
        from core import clock
        from register.dates import day_of
        from workers.reminding import due_until, remind

        now = clock.now()
        if ask:
            said.say(f"{remind(runtime, now=now)} asked; see `mailroom review list --kind due`.")
            return
        found = due_until(runtime, min(until.date(), FAR) if until else day_of(now) + timedelta(days=30))
        council = runtime.settings.council
    if ical is not None:
        from register.calendar_feed import feed

        try:
            ical.write_bytes(feed(found, now=now, council=council.name, domain=council.domains[0]))
        except OSError as error:
            words = f"{ical} cannot be written: {error.strerror}"
            raise failure(words, Exit.USAGE) from None
        said.say(f"{len(found)} dates written to {ical}.")
        return
    rows = [_row(item, day_of(now)) for item in found]
    said.print(rows, title="Due", columns=("on", "days", "what", "case", "owner", "words"))


def _row(item: "Due", today: date) -> dict[str, object]:
    return {
        "on": item.on.isoformat(),
        "days": (item.on - today).days,
        "what": item.kind.value,
        "case": item.ref,
        "owner": item.owner,
        "words": item.words,
        "clause": item.clause,
    }
