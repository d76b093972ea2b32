"""`register`, `lookup` and `db`: the Managed Customer Contact Register, and the database it lies in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import looking_up
from cli.casework import As, Purpose, at_desk, tell_cases
from cli.session import Exit, Session, failure, opened, session_of

if TYPE_CHECKING:
    from register.exchange.columns import Headings
    from register.exchange.importing import Imported

register = typer.Typer(help="The Managed Customer Contact Register.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)

_SHOWN = 5  # rows of a preview


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(register, name="register")
    app.add_typer(db, name="db")
    looking_up.add_to(app)


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
    as_: As,
    preview: Annotated[bool, typer.Option("--preview", help="Show what it would be read as; import nothing.")] = False,
    check_only: Annotated[bool, typer.Option("--check", help="Read and check, import nothing.")] = False,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help='"Their heading=column"; may be given several times.')
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="A heading to pass over; may be given several times.")
    ] = None,
) -> None:
    """Bring a register file into casework; a file with mistakes is refused whole, each mistake told."""
    from register.exchange.columns import Headings, HeadingsError
    from register.exchange.importing import ImportRefusedError, import_file

    try:
        headings = Headings.told(map_ or (), ignore or ())
    except HeadingsError as error:
        raise failure(str(error), Exit.USAGE) from None
    try:
        with at_desk(context, as_) as (session, desk, _):
            if preview:
                _preview(session_of(context), file, headings)
            done = import_file(session, desk, file, headings)
            if preview or check_only:
                session.rollback()
    except ImportRefusedError as error:
        raise failure(str(error), Exit.USAGE) from None
    _tell(session_of(context), done, only_checked=preview or check_only)


@register.command("confirm")
def confirm_register(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The same file that another officer brought in.")],
    as_: As,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help='"Their heading=column", as it was given to import.')
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="A heading to pass over, as it was given to import.")] = None,
) -> None:
    """Confirm the earlier decisions that another officer brought in with this file: four eyes have then seen them."""
    from register.exchange.columns import Headings, HeadingsError
    from register.exchange.confirming import confirm_file
    from register.exchange.importing import ImportRefusedError

    try:
        headings = Headings.told(map_ or (), ignore or ())
        with at_desk(context, as_) as (session, desk, _):
            done = confirm_file(session, desk, file, headings)
    except (HeadingsError, ImportRefusedError) as error:
        raise failure(str(error), Exit.USAGE) from None
    said = session_of(context)
    if said.as_json:
        said.print({"confirmed": done.decisions, "remarks": list(done.remarks)}, title="")
        return
    for remark in done.remarks:
        said.say(f"  {remark}")
    said.say(f"{done.decisions} earlier decisions confirmed.")


def _tell(said: Session, done: "Imported", *, only_checked: bool) -> None:
    counts = {"opened": done.opened, "amended": done.amended, "unchanged": done.unchanged}
    if said.as_json:
        said.print({**counts, "remarks": list(done.remarks), "imported": not only_checked}, title="")
        return
    for remark in done.remarks:
        said.say(f"  {remark}")
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    read = done.opened + done.amended + done.unchanged
    said.say(f"{read} entries read: {words}." + (" Nothing was imported: this was a check." if only_checked else ""))


def _preview(said: Session, file: Path, headings: "Headings") -> None:
    """What each heading is taken for, and the first rows as they would be read."""
    from register.exchange.register_files import sample

    if said.as_json or file.suffix.lower() not in {".csv", ".xlsx"}:
        return
    taken, rows = sample(file, headings, rows=_SHOWN)
    told = [
        {
            "heading": one.heading,
            "read as": one.column.name if one.column else "ignored" if one.ignored else "NOT UNDERSTOOD",
            "which is": one.column.reads.value if one.column else "",
        }
        for one in taken
    ]
    said.print(told, title="Headings", columns=("heading", "read as", "which is"))
    for row in rows:
        pairs = [(one.column.name, cell) for one, cell in zip(taken, row.cells, strict=False) if one.column]
        said.print({name: _read_as(name, cell) for name, cell in pairs if cell is not None}, title=f"Row {row.number}")


def _read_as(name: str, cell: Any) -> str:  # noqa: ANN401 - whatever stands in a cell
    from register.exchange.cells import read, written
    from register.exchange.columns import BY_NAME

    try:
        return written(read(BY_NAME[name], cell))
    except ValueError as error:
        return f"MISTAKE: {error}"


@register.command("export")
def export_register(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A new file: .csv, .xlsx, .yaml, or .jsonl for whole cases.")],
    as_: As,
) -> None:
    """Write the whole register to a file, in the columns that the import reads; that you did is recorded."""
    from register.exchange.exporting import ExportRefusedError
    from register.exchange.exporting import export_register as export

    try:
        with at_desk(context, as_) as (session, desk, _):
            done = export(session, desk, file)
    except ExportRefusedError as error:
        raise failure(str(error), Exit.USAGE) from None
    said = session_of(context)
    if said.as_json:
        said.print({"cases": done.cases, "left_out": done.left_out, "file": str(file)}, title="")
    left = f" {done.left_out} closed ones are only in a .jsonl export." if done.left_out else ""
    said.say(f"{done.cases} cases written to {file}.{left} It holds personal data: keep it accordingly.")


@register.command("list")
def list_register(context: typer.Context, as_: As) -> None:
    """List the entries that are yours to read and what is in force now; that you read the list is recorded."""
    with at_desk(context, as_) as (session, desk, _):
        from register.listing import listed

        found = listed(session, desk)
    tell_cases(session_of(context), found, title="Register", columns=("ref", "name", "state today", "restrictions"))


@register.command("show")
def show_entry(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The entry's reference.")],
    as_: As,
    purpose: Purpose = "casework",
) -> None:
    """Show one entry: who it is about and what is in force; that you read it is recorded."""
    with at_desk(context, as_) as (session, desk, _):
        from register import recording, store
        from register.telling import told_entry

        recording.read(session, desk, ref, purpose=purpose)
        entry = store.entry(session, ref)
        shown = told_entry(entry, now=desk.now) if entry is not None else {}
    session_of(context).print(shown, title=f"Entry {ref}")


@register.command("refresh")
def refresh(context: typer.Context) -> None:
    """Read every case anew after a change of policy, calendar or closures; nothing is recorded in any case."""
    with opened(context) as runtime:
        from cli.auditing import acting
        from register.personnel import the_software
        from register.refreshing import refresh_all

        done = refresh_all(runtime.database, runtime.desk(the_software(acting(None))))
    said = session_of(context)
    if said.as_json:
        said.print({"cases": done}, title="")
    said.say(f"{done} cases read anew.")
