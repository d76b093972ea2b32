"""What may be abusive stays hidden until an officer asks for it, who is then on record (rows 1.9, 3.3)."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.casework import at_desk
from cli.session import Exit, failure, session_of

if TYPE_CHECKING:
    from workers.runtime import Runtime
    from workers.telling import Story

AsReader = Annotated[
    str | None,
    typer.Option("--as", envvar="MAILROOM_OFFICER", help="With --reveal: who reads, by username."),
]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show words that may be abusive; that you did is recorded.")]


def story_of(
    context: typer.Context, runtime: "Runtime", delivery_id: int, as_: str | None, *, reveal: bool
) -> "Story | None":
    """The story of a message, whole if nothing in it may upset, or if an officer asks for it."""
    from workers.exposure import reveal as note
    from workers.telling import tell

    story = tell(runtime, delivery_id)
    if story is None or not story.hidden or not reveal:
        return story
    if as_ is None:
        words = "--reveal is recorded: say who you are, with --as or MAILROOM_OFFICER"
        raise failure(words, Exit.USAGE)
    with at_desk(context, as_) as (session, desk, _):
        note(session, desk, story.ref)
    return tell(runtime, delivery_id, revealed=True)


def warn(context: typer.Context, runtime: "Runtime", story: "Story | None") -> None:
    """Say where to find help, and how to see what is hidden."""
    from routing.abuse import BEWARE

    if story is None or not story.may_upset:
        return
    how = " `--reveal --as YOU` shows it all; that you read it is recorded." if story.hidden else ""
    said = session_of(context)
    if not said.as_json:
        said.say(f"\n{BEWARE}{how} {runtime.settings.council.wellbeing}".rstrip())
