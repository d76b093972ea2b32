"""`outbound`: may this e-mail go out to this person; for officers, and for the council's other systems."""

from functools import partial
from typing import Annotated

import typer

from cli.casework import As, at_desk
from cli.session import Exit, session_of

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
    """May an e-mail go out to this address? Exit code 0 if it may, 1 if not; with --json for other systems."""
    from register.outbound import Outgoing, may_go_out
    from routing.joined_store import answered

    mail = Outgoing(to=to, sender=sender, service=service, statutory=statutory)
    with at_desk(context, as_) as (session, desk, _):
        found = may_go_out(session, desk, mail, partial(answered, session))
    said = session_of(context)
    if said.as_json:
        said.print({"allowed": found.allowed, "reasons": list(found.reasons)}, title="")
    else:
        said.say("It may go out." if found.allowed else "It may not go out by e-mail.")
        for reason in found.reasons:
            said.say(f"  {reason}")
    if not found.allowed:
        raise typer.Exit(Exit.FOUND)
