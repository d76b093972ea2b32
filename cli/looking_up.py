"""`lookup`: who is this, and what may I do on this channel now."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.casework import As, Purpose, at_desk
from cli.session import Exit, Session, failure, session_of

if TYPE_CHECKING:
    from register.lookup import Answer, Found


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("lookup")(lookup)


def lookup(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(help="Parts of a name, an e-mail address, a telephone number, a postcode, a UPRN ...")
    ],
    as_: As,
    purpose: Purpose,
    channel: Annotated[str | None, typer.Option(help="The channel you are on, such as telephone.")] = None,
) -> None:
    """Who is this, and what may I do now? That you asked is recorded, what you typed is not."""
    from policies.vocabulary import Channel
    from register.lookup import look_up

    if channel not in {None, *Channel}:
        words_ = f"--channel {channel}: choose of {', '.join(Channel)}"
        raise failure(words_, Exit.USAGE)
    with at_desk(context, as_) as (session, desk, _):
        answer = look_up(session, desk, words, purpose=purpose, channel=Channel(channel) if channel else None)
    _show(session_of(context), answer)


def _show(said: Session, answer: "Answer") -> None:
    if said.as_json:
        said.print({"found": [_as_data(one) for one in answer.found], "more": answer.more}, title="")
        return
    if not answer.found:
        said.say("Nobody found: deal with the contact as with anybody's.")
    for one in answer.found:
        lines = {"BEWARE": "\n".join(one.warnings)} if one.warnings else {}
        lines |= {"state": one.state}
        lines |= {channel.value: "\n".join(sentences) for channel, sentences in one.guidance}
        lines |= {"adjustments": "\n".join(one.adjustments)} if one.adjustments else {}
        lines |= {"needs": "\n".join(one.needs)} if one.needs else {}
        said.print(lines, title=f"{one.ref}: {one.name}")
    if answer.more:
        said.say("There are more: add a word, a postcode or a number.")


def _as_data(found: "Found") -> dict[str, Any]:
    return {
        "ref": found.ref,
        "name": found.name,
        "state": found.state,
        "warnings": list(found.warnings),
        "guidance": {channel.value: list(sentences) for channel, sentences in found.guidance},
        "adjustments": list(found.adjustments),
        "needs": list(found.needs),
    }
