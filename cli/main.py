"""The `mailroom` command: its options and where each of its subcommands lives; nothing heavy is imported for --help."""

from pathlib import Path
from typing import Annotated

import typer

from cli import (
    auditing,
    casework,
    classifying,
    configuring,
    demonstrating,
    distributing,
    due,
    evidence,
    explaining,
    learning,
    letters,
    officers,
    outbound,
    policies,
    registering,
    reviewing,
    rights,
    running,
    simulating,
)
from cli.session import Session

app = typer.Typer(
    name="mailroom",
    help="Enforce managed contact arrangements on a council's shared mailboxes. No mail is lost, nobody is cut off.",
    epilog="Exit codes: 0 done; 1 something wrong was found; 2 the command line, configuration or input is at fault; "
    "3 the database or a mail server cannot be reached.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


def _version(value: bool) -> None:  # noqa: FBT001 - Typer's callback
    if value:
        from importlib.metadata import version

        typer.echo(f"council-mailroom {version('council-mailroom')}")
        raise typer.Exit


@app.callback()
def main_options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", envvar="MAILROOM_CONFIG", help="The configuration; default ./mailroom.toml."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print results as JSON.")] = False,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR, to standard error.")] = "WARNING",
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Keep the options that every subcommand shares."""
    if log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise typer.BadParameter(log_level, param_hint="--log-level")
    context.obj = Session(config=config, as_json=as_json, log_level=log_level)


ROOMS = (
    *(
        configuring,
        running,
        registering,
        casework,
        letters,
        due,
        officers,
        auditing,
        policies,
        reviewing,
        rights,
        outbound,
    ),
    *(evidence, explaining, simulating, classifying, learning, distributing, demonstrating),
)
for room in ROOMS:
    room.add_to(app)


def main() -> None:
    """Run the command."""
    app()
