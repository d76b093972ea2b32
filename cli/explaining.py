"""`explain`: the whole story of one message."""

from typing import Annotated

import typer

from cli.exposing import AsReader, Reveal, story_of, warn
from cli.session import Exit, failure, opened, session_of


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(explain)


def explain(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The message's reference, e.g. M1024.")],
    as_: AsReader = None,
    *,
    reveal: Reveal = False,
) -> None:
    """Tell what happened to one message, and why, with the versions every decision rested on; in council time.

    What may be abusive is told with --reveal only, which is recorded.
    """
    with opened(context) as runtime:
        from core import ids
        from register.dates import COUNCIL_TIME

        delivery_id = ids.parse_message_ref(ref)
        story = None if delivery_id is None else story_of(context, runtime, delivery_id, as_, reveal=reveal)
        if story is None:
            unknown = f"no message {ref}: references look like M1024, see `mailroom review list` and `mailroom status`"
            raise failure(unknown, Exit.USAGE)
        session = session_of(context)
        if session.as_json:
            session.print(story.as_data(), title="")
            return
        session.say(f"{story.ref} in {story.mailbox}: {story.outcome}")
        if story.message is not None:
            session.say(f"  From {', '.join(a.addr_spec for a in story.message.from_) or 'nobody'}")
            session.say(f"  Subject: {story.subject}")
        for event in story.events:
            session.say(f"{event.at.astimezone(COUNCIL_TIME):%Y-%m-%d %H:%M:%S}  {event.words}")
            for detail in event.details:
                session.say(f"                     - {detail}")
        warn(context, runtime, story)
