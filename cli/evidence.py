"""`evidence`: how much somebody writes, to whom and how, beside what the council owes them; nothing follows from it."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.casework import As, Ref, at_desk
from cli.session import Exit, Session, failure, session_of

if TYPE_CHECKING:
    from routing.evidence.figures import Counts, Figures

_DAYS = 30  # of campaigns, unless told otherwise
_FIRST_YEAR = 1971  # of e-mail

evidence = typer.Typer(help="Contact in figures: evidence for people, and no number decides.", no_args_is_help=True)

Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(evidence, name="evidence")


@evidence.command("of")
def of(context: typer.Context, ref: Ref, as_: As, since: Since = None, until: Until = None) -> None:
    """Count a person's contact, beside the council's own overdue replies; that you read it is recorded."""
    days = (since.date() if since else None, until.date() if until else None)
    _require_days(*days)
    with at_desk(context, as_) as (session, desk, settings):
        from workers.evidence import evidence_of

        found = evidence_of(session, desk, settings, ref, days)
    _tell(session_of(context), found, ref)


@evidence.command("campaigns")
def campaigns(
    context: typer.Context,
    as_: As,
    since: Since = None,
    until: Until = None,
    senders: Annotated[
        int | None, typer.Option(min=2, help="From how many senders on; default: the policy's number.")
    ] = None,
) -> None:
    """List texts that many people sent, the same or nearly the same. It restricts nobody, and names none of them."""
    _require_days(since.date() if since else None, until.date() if until else None)
    with at_desk(context, as_) as (session, desk, _):
        from core import ids
        from register.dates import day_of
        from routing.evidence.cards import thresholds
        from routing.evidence.telling import campaign_as_data
        from workers.evidence import campaigns_between

        end = day_of(desk.now) + timedelta(days=1)
        end = min(until.date(), end) if until else end
        begin = since.date() if since else end - timedelta(days=_DAYS)
        least = senders or thresholds(desk.in_force).senders.value
        found = campaigns_between(session, desk, (begin, end), senders=least)
    rows = [
        {
            **campaign_as_data(one),
            "messages": len(one.deliveries),
            "first": day_of(one.first).isoformat(),
            "last": day_of(one.last).isoformat(),
            "mailboxes": ", ".join(one.mailboxes),
            "begins with": ids.message_ref(one.deliveries[0]),
        }
        for one in found
    ]
    said = session_of(context)
    columns = ("senders", "messages", "mailboxes", "first", "last", "begins with")
    said.print(rows, title=f"Texts of {least} senders or more", columns=columns)
    said.say("Each message is dealt with as if it were the only one: a campaign is held against nobody.")


@evidence.command("exposure")
def exposure(context: typer.Context, as_: As, since: Since = None, until: Until = None) -> None:
    """Count, by officer, the messages they had to read that may be abusive; that you read it is recorded."""
    _require_days(since.date() if since else None, until.date() if until else None)
    with at_desk(context, as_) as (session, desk, settings):
        from dataclasses import asdict

        from register.dates import day_of, start_of
        from workers.exposure import exposures

        end = until.date() if until else day_of(desk.now) + timedelta(days=1)
        begin = since.date() if since else end - timedelta(days=_DAYS)
        rows = [asdict(one) for one in exposures(session, desk, start_of(begin), start_of(end))]
        wellbeing = settings.council.wellbeing
    said = session_of(context)
    title = f"What may be abusive, {begin} to {end - timedelta(days=1)}, by who met it"
    said.print(rows, title=title, columns=("officer", "shown", "answered", "abuse"))
    if not said.as_json:
        said.say(f"No figure is held against anybody: see who needs a rest or help. {wellbeing}".rstrip())


def _require_days(since: date | None, until: date | None) -> None:
    """Refuse days on which nothing can have been counted."""
    from core import clock
    from register.dates import day_of

    today = day_of(clock.now())
    if since is not None and since > today:
        words = f"--since {since} is still to come: give a day up to today, {today}"
        raise failure(words, Exit.USAGE)
    for name, day in (("--since", since), ("--until", until)):
        if day is not None and day.year < _FIRST_YEAR:
            words = f"{name} {day} is before there was e-mail: give a day from {_FIRST_YEAR} on"
            raise failure(words, Exit.USAGE)
    if since is not None and until is not None and until <= since:
        words = f"--since {since} --until {until}: until is the day after the last, so give one after {since}"
        raise failure(words, Exit.USAGE)


def _tell(said: Session, found: "Figures", ref: str) -> None:
    from routing.evidence.telling import as_data, sentences, span_rows

    title = f"Evidence of {ref}: figures for people, nothing acts on them"
    if said.as_json:
        said.print(as_data(found), title=title)
        return
    said.say(title)
    for words in sentences(found):
        said.say(words)
    said.say("")
    for name, spans in (("Weeks, from Monday", found.volume.weeks), ("Months", found.volume.months)):
        said.print(span_rows(spans), title=name, columns=("from", "contacts", "messages"))
    _table(said, "Messages by mailbox", found.reach.by_mailbox)
    _table(said, "Contacts by address of the council's", found.reach.by_recipient)
    _table(said, "Contacts by matter", found.about.matters)
    _copies(said, found)
    overdue = [
        {"matter": reference, "promised by": promised.isoformat(), "days overdue": days}
        for reference, promised, days in found.council.overdue
    ]
    said.print(overdue, title="The council's own replies overdue", columns=("matter", "promised by", "days overdue"))


def _table(said: Session, title: str, counts: "Counts") -> None:
    if counts:
        said.print([{"what": name, "count": count} for name, count in counts], title=title, columns=("what", "count"))


def _copies(said: Session, found: "Figures") -> None:
    from core import ids

    rows = [
        {
            "on": one.on.isoformat(),
            "mailboxes": ", ".join(one.mailboxes),
            "messages": ", ".join(map(ids.message_ref, one.deliveries)),
            "addresses": one.spread,
        }
        for one in found.reach.linked
    ]
    if rows:
        title = "One contact in several mailboxes"
        said.print(rows, title=title, columns=("on", "mailboxes", "messages", "addresses"))
