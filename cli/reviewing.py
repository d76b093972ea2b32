"""`review`: the items that people are asked about."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.comparing import in_json, in_lines
from cli.exposing import AsReader, Reveal, story_of, warn
from cli.printing import Item, counted
from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from routing.labels import Label
    from workers.telling import Story

_MOST = 2**63 - 1  # what an id of a database can be

review = typer.Typer(help="What people are asked: list, show and answer items.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(review, name="review")


@review.command("list")
def list_items(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="Only one queue, e.g. identity, statutory, abuse.")] = None,
) -> None:
    """List the items nobody has answered yet, most urgent first."""
    with opened(context) as runtime:
        from core import ids
        from routing import review_store
        from routing.action import ReviewKind

        if kind is not None and kind not in list(ReviewKind):
            unknown = f"no queue {kind!r}: there are {', '.join(ReviewKind)}"
            raise failure(unknown, Exit.USAGE)
        with runtime.database.transaction() as session:
            only = ReviewKind(kind) if kind else None
            items = review_store.open_reviews(session, only)
            waiting = review_store.open_by_queue(session, only)
        rows = [
            {
                "item": item.id,
                "priority": item.priority,
                "queue": item.kind,
                "about": item.case_ref if item.delivery_id is None else ids.message_ref(item.delivery_id),
                "question": item.question,
            }
            for item in items
        ]
    said = session_of(context)
    said.print_items(rows, summary=_sum(waiting, shown=len(rows)), items=_items(rows))
    if rows:
        number = rows[0]["item"]
        said.say(f"\nRead one: `mailroom review show {number}`. Answer it: `mailroom review decide {number} ...`.")


def _sum(waiting: Mapping[str, int], *, shown: int) -> str:
    """How many there are, by queue, the most urgent queue first."""
    if not waiting:
        return "No question waits for an answer."
    total, by_queue = sum(waiting.values()), ", ".join(f"{count} {queue}" for queue, count in waiting.items())
    most = f" The {shown} most urgent:" if shown < total else ""
    return f"{counted(total, 'question')}: {by_queue}.{most}"


def _items(rows: Sequence[dict[str, Any]]) -> list[Item]:
    longest = max((len(str(row["item"])) for row in rows), default=0)
    return [
        Item(head=f"{row['item']:>{longest}}  {row['queue']}, about {row['about']}", lines=(row["question"],))
        for row in rows
    ]


@review.command("show")
def show_item(
    context: typer.Context,
    item: Annotated[int, typer.Argument(min=1, max=_MOST, help="The item's number.")],
    as_: AsReader = None,
    *,
    reveal: Reveal = False,
) -> None:
    """Show one item with the text that was read, and what of it is new in its matter.

    What may be abusive is shown with --reveal only, which is recorded.
    """
    with opened(context) as runtime:
        from core import ids
        from routing import joined_store, review_store
        from workers.remembering import news

        with runtime.database.transaction() as session:
            found = review_store.review(session, item)
            together = joined_store.messages(session, found) if found is not None else ()
        if found is None:
            unknown = f"no item {item}: see `mailroom review list`"
            raise failure(unknown, Exit.USAGE)
        story = None if found.delivery_id is None else story_of(context, runtime, found.delivery_id, as_, reveal=reveal)
        compared = None if story is not None and story.hidden else news(runtime, found)
        shown: dict[str, Any] = {"item": found.id, "queue": found.kind, "question": found.question}
        shown |= (
            _of_message(story) if story else {"about": found.case_ref, "see": f"mailroom case show {found.case_ref}"}
        )
        if len(together) > 1:
            shown["messages"] = ", ".join(map(ids.message_ref, together))
        if story is not None and story.quoted:
            shown["why it may be abusive"] = story.quoted
        shown["answered"] = f"{found.outcome} by {found.closed_by}" if found.closed_at else "not yet"
        said = session_of(context)
        shown |= in_json(compared) if said.as_json else in_lines(compared)
        said.print(shown, title=f"Item {item}")
        warn(context, runtime, story)


def _of_message(story: "Story") -> dict[str, str]:
    message = story.message
    return {
        "about": story.ref,
        "outcome so far": story.outcome,
        "from": ", ".join(author.addr_spec for author in message.from_) if message else "not kept",
        "subject": story.subject or ("" if message else "not kept"),
        "own words": story.own_words or ("" if message else "not kept"),
        "attachments": _attachments(story),
    }


def _attachments(story: "Story") -> str:
    """Names, types and sizes; attachments themselves are never opened here."""
    if story.details is None:
        return "not kept"
    listed = [
        f"{item.filename or 'unnamed'} ({item.content_type}, {item.size:,} bytes)" for item in story.details.attachments
    ]
    return "; ".join(listed) or "none"


@review.command("decide")
def decide_item(
    context: typer.Context,
    item: Annotated[int, typer.Argument(min=1, max=_MOST, help="The item's number.")],
    outcome: Annotated[
        str,
        typer.Argument(
            help="confirm: it is so. overturn: it is not so. release: put the message back to its team, whatever it is."
        ),
    ],
    by: Annotated[str, typer.Option(envvar="MAILROOM_OFFICER", help="Who decides: your user name.")],
    note: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    label: Annotated[str | None, typer.Option(help="What a flagged letter is, e.g. threat or frustration.")] = None,
) -> None:
    """Answer an item, for good; what follows for the message is done by the next sweep, once."""
    with opened(context) as runtime:
        from routing.answering import Outcome
        from routing.review_store import Answer
        from workers.answering import AnswerError, answer_item
        from workers.rehearsing import in_words

        if outcome not in list(Outcome):
            unknown = f"an item is answered with {', '.join(Outcome)}, not {outcome!r}"
            raise failure(unknown, Exit.USAGE)
        try:
            done = answer_item(runtime, item, Answer(outcome=outcome, by=by, note=note, label=label_named(label)))
        except AnswerError as error:
            raise failure(str(error), Exit.USAGE) from None
        follows = f" {done.message_ref}: {in_words(done.decision)}." if done.decision is not None else ""
        if done.not_asked_again:
            follows += f" It is not asked again whether this address is that of {', '.join(done.not_asked_again)}."
        session_of(context).say(f"Item {item}: {outcome}, by {by}.{follows}")


def label_named(word: str | None) -> "Label | None":
    """The label of this name; the command ends where there is none of it."""
    from routing.labels import ACCEPTABLE, UNACCEPTABLE, Label

    if word is not None and word not in list(Label):
        unknown = f"no label {word!r}: a letter is {', '.join(UNACCEPTABLE)}; or else {', '.join(ACCEPTABLE)}"
        raise failure(unknown, Exit.USAGE)
    return None if word is None else Label(word)


@review.command("label")
def label_message(
    context: typer.Context,
    message: Annotated[str, typer.Argument(help="The message, e.g. M12.")],
    label: Annotated[str, typer.Argument(help="What it is, e.g. threat, rudeness, distress.")],
    by: Annotated[str, typer.Option(envvar="MAILROOM_OFFICER", help="Who says so: your user name.")],
) -> None:
    """Say what a letter is that was not flagged, or give a second opinion: the classifier learns from it."""
    called = label_named(label)
    with opened(context) as runtime:
        from core import ids
        from workers.labelling import LabelError, call

        delivery_id = ids.parse_message_ref(message)
        if delivery_id is None or called is None:
            unknown = f"no message {message}: references look like M1024"
            raise failure(unknown, Exit.USAGE)
        try:
            obstacle = call(runtime, delivery_id, called, by)
        except LabelError as error:
            raise failure(str(error), Exit.USAGE) from None
    nothing = f" It teaches nothing: {obstacle}." if obstacle else ""
    session_of(context).say(f"{message}: {label}, says {by}.{nothing}")


@review.command("accept")
def accept_address(
    context: typer.Context,
    item: Annotated[int, typer.Argument(min=1, max=_MOST, help="The number of an item that asks who wrote a message.")],
    case: Annotated[str, typer.Option(help="The case of the person who wrote it.")],
    as_: Annotated[str, typer.Option("--as", envvar="MAILROOM_OFFICER", help="The officer who says so, by username.")],
) -> None:
    """Record the author's address in a case, and decide the message by the register as it then is."""
    with opened(context) as runtime:
        from workers.accepting import accept
        from workers.answering import AnswerError
        from workers.rehearsing import in_words

        try:
            done = accept(runtime, item, case, as_)
        except AnswerError as error:
            raise failure(str(error), Exit.USAGE) from None
        follows = f" {done.message_ref}: {in_words(done.decision)}." if done.decision is not None else ""
        session_of(context).say(f"Item {item}: accepted as an address of {case}, by {as_}.{follows}")
