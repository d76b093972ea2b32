"""`register` and `db`: the Managed Customer Contact Register and the database it lies in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from datetime import datetime

    from register.entry import Restriction

register = typer.Typer(help="The Managed Customer Contact Register.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(register, name="register")
    app.add_typer(db, name="db")


@db.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database's schema up to this version."""
    with opened(context, schema=False) as runtime:
        import migrations

        session_of(context).say(f"The database is at revision {migrations.upgrade(runtime.database)}.")


@register.command("import")
def import_register(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .yaml file; see docs/how-to/register.md.")],
    check_only: Annotated[bool, typer.Option("--check", help="Read and check, import nothing.")] = False,
) -> None:
    """Insert or replace entries by their ref; a file with mistakes is refused whole, each mistake told."""
    with opened(context) as runtime:
        from core import clock
        from register import store
        from register.importing import ImportRefusedError, read_register

        try:
            entries = read_register(file)
        except ImportRefusedError as error:
            raise failure(str(error), Exit.USAGE) from None
        changed = 0
        if not check_only:
            with runtime.database.transaction() as session:
                changed = sum(store.save(session, entry, now=clock.now()) for entry in entries)
        session_of(context).say(f"{len(entries)} entries read, {changed} inserted or changed.")


@register.command("list")
def list_register(context: typer.Context) -> None:
    """List every entry and whether anything is in force now."""
    with opened(context) as runtime:
        from core import clock
        from register import store

        with runtime.database.transaction() as session:
            entries = store.entries(session)
        now = clock.now()
        rows = [
            {
                "ref": entry.ref,
                "name": entry.name,
                "in force": ", ".join(str(item.kind) for item in entry.restrictions if item.in_force_at(now)),
                "version": entry.version,
            }
            for entry in entries
        ]
        session_of(context).print(rows, title="Register", columns=("ref", "name", "in force", "version"))


@register.command("show")
def show_entry(context: typer.Context, ref: Annotated[str, typer.Argument(help="The entry's reference.")]) -> None:
    """Show one entry whole."""
    with opened(context) as runtime:
        from core import clock
        from register import store

        with runtime.database.transaction() as session:
            entry = store.entry(session, ref)
        if entry is None:
            unknown = f"the register has no entry {ref}: see `mailroom register list`"
            raise failure(unknown, Exit.USAGE)
        now = clock.now()
        shown = {"ref": entry.ref, "version": entry.version, "name": entry.name}
        shown |= {f"address {number}": address for number, address in enumerate(entry.addresses, start=1)}
        shown |= {f"restriction {item.ref}": _restriction(item, now) for item in entry.restrictions}
        shown |= {f"matter {item.reference}": f"{item.title} ({item.state})" for item in entry.matters}
        session_of(context).print(shown, title=f"Entry {ref}")


def _restriction(item: "Restriction", now: "datetime") -> str:
    from register.importing import COUNCIL_TIME

    commenced = item.commenced_at.astimezone(COUNCIL_TIME)  # midnight of a summer's day is the day before in UTC
    until = f"until {item.ends_at.astimezone(COUNCIL_TIME):%d %B %Y}" if item.ends_at else "until reviewed"
    scope = ", ".join(sorted(item.mailboxes | item.services)) or "council-wide"
    target = f" to {item.spoc}" if item.spoc else f" of {item.matter}" if item.matter else ""
    state = "in force" if item.in_force_at(now) else "not in force"
    return f"{item.kind}{target}, {scope}, from {commenced:%d %B %Y} {until} ({state})"
