"""`outbound`: may this e-mail go out to this person; for officers, and for the council's other systems."""

from functools import partial
from typing import Annotated

import typer

from cli.casework import As, at_desk
from cli.session import Exit, failure, session_of

_LINK = "mailto:"  # what follows it may be in per cent signs (RFC 6068), which would be another address

outbound = typer.Typer(help="E-mail that the council is about to send.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(outbound, name="outbound")


@outbound.command("check")
def check(
    context: typer.Context,
    to: Annotated[str, typer.Argument(help="The address it would go to.")],
    as_: As,
    sender: Annotated[str | None, typer.Option("--from", help="The address it would come from.")] = None,
    service: Annotated[str, typer.Option(help="The service it is of; without one, every restriction counts.")] = "",
    statutory: Annotated[bool, typer.Option("--statutory", help="The law asks the council to send it.")] = False,
) -> None:
    """May an e-mail go out to this address? Exit code 0 if it may, 1 if not, 2 if the question is not understood.

    With --json for other systems.
    """
    from register.outbound import NotUnderstoodError, Outgoing, may_go_out
    from routing.joined_store import answered

    author = None if sender is None else _one_address(sender)
    mail = Outgoing(to=_one_address(to), sender=author, service=service, statutory=statutory)
    with at_desk(context, as_) as (session, desk, settings):
        services = {settings.service_of(name) for name in settings.mailboxes}
        try:
            found = may_go_out(session, desk, mail, partial(answered, session), services=services)
        except NotUnderstoodError as error:
            raise failure(str(error), Exit.USAGE) from None
    said = session_of(context)
    if said.as_json:
        said.print({"allowed": found.allowed, "reasons": list(found.reasons)}, title="")
    else:
        said.say("It may go out." if found.allowed else "It may not go out by e-mail.")
        for reason in found.reasons:
            said.say(f"  {reason}")
    if not found.allowed:
        raise typer.Exit(Exit.FOUND)


def _one_address(given: str) -> str:
    """The one address in what a mail program writes after `To:`, a name with it or not."""
    from ingest.addresses import parse_addresses

    read = parse_addresses(given)
    if len(read.addresses) != 1 or read.anomalies or _LINK in given.lower():
        words = f"{given!r} is not one address: write it as ann@mail.example, or as Ann Example <ann@mail.example>"
        raise failure(words, Exit.USAGE)
    return read.addresses[0].addr_spec
