"""`init` and `check`: writing a configuration, and testing that everything it names works."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from workers.checking import Check
    from workers.runtime import Runtime


def add_to(app: typer.Typer) -> None:
    """Add these commands; `doctor` is another name for `check`."""
    app.command()(init)
    app.command()(check)
    app.command("doctor", hidden=True)(check)


def init(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("mailroom.toml"),
) -> None:
    """Write a configuration with every setting explained; nothing that exists is overwritten."""
    import secrets
    from importlib import resources

    template = (resources.files("cli") / "mailroom.toml").read_text(encoding="utf-8")
    text = template.replace("WRITTEN-BY-INIT", secrets.token_urlsafe(32))
    try:
        with file.open("x", encoding="utf-8") as target:
            file.chmod(0o600)
            target.write(text)
    except FileExistsError:
        exists = f"{file} exists already: name another file, or move it away"
        raise failure(exists, Exit.USAGE) from None
    except OSError as error:
        unwritable = f"{file} cannot be written: {error.strerror}"
        raise failure(unwritable, Exit.USAGE) from None
    typer.echo(f"Wrote {file}. Edit it, then: mailroom db upgrade; mailroom register import FILE; mailroom check")


def check(
    context: typer.Context,
    create_folders: Annotated[bool, typer.Option("--create-folders", help="Make folders that are missing.")] = False,
) -> None:
    """Test database, register, every mailbox, every SPOC and the SMTP relay; print the remedy for each failure."""
    session = session_of(context)
    with opened(context, schema=False) as runtime:
        from workers.checking import check_all

        checks = [*_database(runtime), *check_all(runtime, create_folders=create_folders)]
        rows = [
            {"what": item.what, "ok": "yes" if item.ok else "NO", "words": item.words, "remedy": item.remedy}
            for item in checks
        ]
        session.print(rows, title="Checks", columns=("what", "ok", "words", "remedy"))
        if not all(item.ok for item in checks):
            raise typer.Exit(Exit.FOUND)


def _database(runtime: "Runtime") -> "list[Check]":
    """Whether the database answers and has this version's schema, and the register in it makes sense."""
    import migrations
    from core.db import Unavailable
    from workers.checking import Check, check_models, check_register, check_spocs

    try:
        at = migrations.current(runtime.database)
        if at == migrations.newest():
            spocs = check_spocs(runtime, runtime.database)
            return [check_register(runtime, runtime.database), check_models(runtime), *spocs]
    except Unavailable as error:
        words = str(error).partition("\n")[0]
        return [Check(what="database", ok=False, words=words, remedy="is it running? Correct database.url")]
    words = "it is empty" if at is None else f"it is at revision {at}"
    return [Check(what="database", ok=False, words=words, remedy="run `mailroom db upgrade`")]
