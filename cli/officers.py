"""`officer`: the council's people who work with the register, their roles, training and absence."""

from dataclasses import asdict
from typing import Annotated

import typer

from cli.session import Exit, failure, opened, session_of

officer = typer.Typer(help="Officers who work with the register.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(officer, name="officer")


@officer.command("set")
def set_(
    context: typer.Context,
    username: Annotated[str, typer.Argument(help="How the officer logs in, and signs.")],
    fields: Annotated[
        list[str],
        typer.Argument(
            help="Any of name, job_title, service, roles=[...], email, trained_on, absent_until, active, as name=value."
        ),
    ],
) -> None:
    """Add an officer, or change what is known of one. Who has left is set active=false: cases stay signed."""
    with opened(context) as runtime:
        from cli.auditing import acting
        from register import personnel
        from register.reading import data_from_fields
        from register.records import RecordRefusedError

        try:
            with runtime.database.transaction() as session:
                desk = runtime.desk(personnel.the_software(acting(None)))
                saved = personnel.set_officer(session, desk, username, data_from_fields(fields))
        except RecordRefusedError as error:
            raise failure(str(error), Exit.USAGE) from None
    session_of(context).say(f"{saved.username} is {saved.job_title} of {saved.service}.")


@officer.command("list")
def list_(context: typer.Context) -> None:
    """List the officers."""
    with opened(context) as runtime:
        from register import officer_store

        with runtime.database.transaction() as session:
            everyone = officer_store.officers(session).everyone
    rows = [{**asdict(one), "roles": ", ".join(sorted(one.roles))} for one in everyone]
    columns = ("username", "name", "job_title", "service", "roles", "trained_on", "active")
    session_of(context).print(rows, title="Officers", columns=columns)
