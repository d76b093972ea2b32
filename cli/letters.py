"""`letter`: the policy's letters, drafted, issued as notice, and known to have failed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.casework import As, Ref, at_desk
from cli.session import Exit, failure, session_of

if TYPE_CHECKING:
    from register.casework.steps import LetterIssued
    from register.issuing import Composed, Documents

letter = typer.Typer(help="Letters to people on the register.", no_args_is_help=True)

Kind = Annotated[str, typer.Argument(help="Which letter: warning, decision, review-outcome, ...")]
Parts = Annotated[
    list[str] | None, typer.Argument(help="What the officer writes: parts.reasons=..., channel=..., languages=[cy, en]")
]
Out = Annotated[Path, typer.Option(help="The folder to write the .docx and .pdf into.")]
From = Annotated[Path | None, typer.Option("--file", "-f", help="A YAML file with the same fields.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(letter, name="letter")


@letter.command("draft")
def draft(
    context: typer.Context,
    ref: Ref,
    kind: Kind,
    as_: As,
    out: Out = Path(),
    file: From = None,
    letterhead: Annotated[Path | None, typer.Option(help="The council's own .docx.")] = None,
    parts: Parts = None,
) -> None:
    """Write a letter as it would go out now; nothing is recorded."""
    given = _given(kind, file, parts)
    _, documents = _drawn_up(context, as_, ref, given, letterhead)
    _write(context, documents, out, f"{ref}-{kind}-draft")


@letter.command("issue")
def issue(
    context: typer.Context,
    ref: Ref,
    kind: Kind,
    as_: As,
    out: Out = Path(),
    file: From = None,
    letterhead: Annotated[Path | None, typer.Option(help="The council's own .docx.")] = None,
    parts: Parts = None,
) -> None:
    """Issue a letter: recorded as notice, kept to the byte. With channel=email `mailroom run` sends it."""
    given = _given(kind, file, parts)
    letter, documents = _drawn_up(context, as_, ref, given, letterhead)
    with at_desk(context, as_) as (session, desk, settings):
        from register import issuing
        from workers import mailing

        done = issuing.issue(session, desk, letter, documents)
        try:
            mailing.owe(session, settings, done, documents.pdf)
        except mailing.NoAddressError as error:
            raise failure(str(error), Exit.USAGE) from None
        number = done.event.number
    _write(context, documents, out, f"{ref}-{kind}-{number}")
    session_of(context).say(f"Recorded as number {number} of {ref}, SHA-256 {documents.sha256}.")


@letter.command("list")
def list_(context: typer.Context, ref: Ref, as_: As) -> None:
    """List the letters of a case, and what became of those that were e-mailed."""
    with at_desk(context, as_) as (session, desk, _):
        from register import recording
        from register.casework.steps import LetterFailed, LetterIssued
        from workers import mailing_store

        case = recording.read(session, desk, ref, purpose="letters").case
        posted = mailing_store.of_case(session, ref)
        failed = {event.record.letter: event.record.reason for event in case.of(LetterFailed)}
        rows = [
            {
                "no.": event.number,
                "letter": event.record.letter.value,
                "on": event.record.on.isoformat(),
                "channel": event.record.channel.value,
                "sha256": event.record.sha256,
                "delivery": failed.get(event.number) or posted.get(event.number, "by hand"),
            }
            for event in case.of(LetterIssued)
        ]
    session_of(context).print(rows, title="Letters", columns=("no.", "letter", "on", "channel", "delivery"))


def _given(kind: str, file: Path | None, parts: list[str] | None) -> "LetterIssued":
    from policies import plain_yaml
    from register.casework.steps import LetterIssued
    from register.reading import data_from_fields
    from register.records import RecordRefusedError, record_from

    try:
        written = plain_yaml.load(file.read_text(encoding="utf-8")) if file is not None else {}
        if not isinstance(written, dict):
            words = f"{file}: a letter is a mapping with `parts`"
            raise failure(words, Exit.USAGE)
        record = record_from({"kind": "letter", "letter": kind, **written, **data_from_fields(parts or [])})
    except (OSError, UnicodeDecodeError, plain_yaml.YamlError, RecordRefusedError) as error:
        raise failure(str(error), Exit.USAGE) from None
    assert isinstance(record, LetterIssued)  # noqa: S101 - by its kind
    return record


def _drawn_up(
    context: typer.Context, username: str, ref: str, given: "LetterIssued", letterhead: Path | None
) -> tuple["Composed", "Documents"]:
    """The letter and its documents, which are made while no transaction is open."""
    from register import issuing
    from register.letters.letter import DocumentRefusedError

    with at_desk(context, username) as (session, desk, settings):
        composed = issuing.composed(session, desk, ref, given, council=settings.council.name)
    try:
        return composed, issuing.drawn_up(composed, letterhead)
    except DocumentRefusedError as error:
        raise failure(str(error), Exit.USAGE) from None


def _write(context: typer.Context, documents: "Documents", folder: Path, name: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in (("docx", documents.docx), ("pdf", documents.pdf)):
            path = folder / f"{name}.{suffix}"
            path.write_bytes(content)
            session_of(context).say(f"Wrote {path}.")
    except OSError as error:
        words = f"the letter could not be written to {folder}: {error.strerror}"
        raise failure(words, Exit.USAGE) from None
