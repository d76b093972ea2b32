"""`due`: what the register has falling due, as a list, as a calendar, or as questions to people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.casework import at_desk
from cli.printing import Item, counted
from cli.session import Exit, Session, failure, opened, session_of

if TYPE_CHECKING:
    from core.settings import Council
    from register.casework.due import Due

FAR = date(9000, 1, 1)  # whoever writes a later day means all there is


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("due")(due)


def due(
    context: typer.Context,
    as_: Annotated[
        str | None, typer.Option("--as", envvar="MAILROOM_OFFICER", help="The officer who reads it, by username.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day to list; default: in 30 days.")
    ] = None,
    ical: Annotated[Path | None, typer.Option(help="Write an iCalendar file of the list instead.")] = None,
    ask: Annotated[bool, typer.Option(help="Ask people about what has come due, as `mailroom run` does.")] = False,
) -> None:
    """List reviews, letters, expired restrictions and the rest of the cases you read, the longest overdue first."""
    said = session_of(context)
    if ask:
        _ask(context)
        return
    if as_ is None:
        words = "say who reads it with --as USERNAME: what is due in a case is for those who may read the case"
        raise failure(words, Exit.USAGE)
    with at_desk(context, as_) as (session, desk, settings):
        from register.dates import day_of
        from workers.reminding import due_for

        last = min(until.date(), FAR) if until else day_of(desk.now) + timedelta(days=30)
        agenda, council, now = due_for(session, desk, last), settings.council, desk.now
    if ical is not None:
        _write(ical, agenda.dues, now, council)
        said.say(f"{counted(len(agenda.dues), 'date')} written to {ical}.")
    else:
        _tell(said, agenda.dues, today=day_of(now), last=last)
    if agenda.left_out:
        said.say(f"\n{agenda.left_out} more left out: of cases of other services, in which you have no part.")


def _ask(context: typer.Context) -> None:
    with opened(context) as runtime:
        from core import clock
        from workers.reminding import remind

        session_of(context).say(f"{remind(runtime, now=clock.now())} asked; see `mailroom review list --kind due`.")


def _write(path: Path, dues: "Sequence[Due]", now: datetime, council: "Council") -> None:
    from register.calendar_feed import feed

    try:
        path.write_bytes(feed(dues, now=now, council=council.name, domain=council.domains[0]))
    except OSError as error:
        words = f"{path} cannot be written: {error.strerror}"
        raise failure(words, Exit.USAGE) from None


def _tell(said: Session, dues: "Sequence[Due]", *, today: date, last: date) -> None:
    from register.dates import in_words

    rows = [_row(item, today) for item in dues]
    by = f"by {in_words(last)}" if last < FAR else "at any time"
    said.print_items(rows, summary=_sum(dues, today, by), items=_days(dues, today))


def _sum(dues: "Sequence[Due]", today: date, by: str) -> str:
    if not dues:
        return f"Nothing is due {by}."
    stands = Counter(_stands(item, today) for item in dues)
    counts = ", ".join(f"{stands[name]} {name}" for name in ("overdue", "today", "soon") if stands[name])
    return f"{len(dues)} due {by}: {counts}."


def _stands(item: "Due", today: date) -> str:
    return "overdue" if item.on < today else "today" if item.on == today else "soon"


def _days(dues: "Sequence[Due]", today: date) -> Iterator[Item]:
    """Day by day, and of each day what there is to do, in which case, and for whom."""
    from register.dates import in_words

    before: date | None = None
    for item in dues:
        if item.on != before:
            yield Item(head=f"{in_words(item.on)}, {_away(item.on, today)}")
        before = item.on
        whose = f"for {item.owner}" if item.owner else "nobody answers for it"
        yield Item(head=f"{item.ref}: {item.kind.value}, {whose}", lines=(item.told(today),), level=1)


def _away(day: date, today: date) -> str:
    if day == today:
        return "today"
    days = abs((day - today).days)
    return f"{counted(days, 'day')} overdue" if day < today else f"in {counted(days, 'day')}"


def _row(item: "Due", today: date) -> dict[str, object]:
    return {
        "on": item.on.isoformat(),
        "days": (item.on - today).days,
        "what": item.kind.value,
        "case": item.ref,
        "owner": item.owner,
        "words": item.told(today),
        "clause": item.clause,
    }
