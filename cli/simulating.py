"""`simulate`: what would have become of recent mail under a draft restriction, another policy or another model."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.casework import at_desk
from cli.classifying import model_of
from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from register.casework.steps import Measure
    from workers.simulating import Simulated


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("simulate")(simulate)


def simulate(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How far back to look.")] = 30,
    case: Annotated[str | None, typer.Option(help="Try its open proposal, or the measures of --file.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A YAML file with `measures`, as a proposal lists them.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="Try another policy: a name, a number or a path.")] = None,
    model: Annotated[str | None, typer.Option(help="Try another model: a version made here, or a file.")] = None,
    as_: Annotated[str | None, typer.Option("--as", envvar="MAILROOM_OFFICER", help="The officer, for --case.")] = None,
) -> None:
    """Show which messages would have gone otherwise. Nothing is written but that a case was read for it."""
    if case is None and policy is None and model is None:
        nothing = "nothing to try: give --case, --policy or --model"
        raise failure(nothing, Exit.USAGE)
    if file is not None and case is None:
        nobody = f"--file {file} holds measures for somebody: give --case as well, and --as"
        raise failure(nobody, Exit.USAGE)
    measures = _measures(context, case, file, as_) if case is not None else ()
    tried = model_of(context, model) if model is not None else None
    with opened(context) as runtime:
        from core import clock
        from workers.simulating import Draft
        from workers.simulating import simulate as run

        draft = Draft(case=case, measures=measures, policy=policy, model=tried)
        done = run(runtime, draft, since=clock.now() - timedelta(days=days))
    _tell(context, done, days)


def _measures(context: typer.Context, case: str, file: Path | None, officer: str | None) -> "tuple[Measure, ...]":
    from policies import plain_yaml
    from register import recording
    from register.records import RecordRefusedError, measures_from

    if officer is None:
        nobody = "--case is read by an officer: give --as"
        raise failure(nobody, Exit.USAGE)
    with at_desk(context, officer) as (session, desk, _):
        stands = recording.read(session, desk, case, purpose="simulation")
    if file is None:
        if stands.proposal is None:
            nothing = f"{case} has no open proposal: give the measures to try with --file"
            raise failure(nothing, Exit.USAGE)
        return stands.proposal.measures
    try:
        given = plain_yaml.load(file.read_text(encoding="utf-8"))
        return measures_from(given["measures"] if isinstance(given, dict) and "measures" in given else given)
    except (OSError, UnicodeDecodeError, plain_yaml.YamlError, RecordRefusedError) as error:
        words = f"{file}: {error}"
        raise failure(words, Exit.USAGE) from None


def _tell(context: typer.Context, done: "Simulated", days: int) -> None:
    said = session_of(context)
    rows = [
        {
            "message": change.message_ref,
            "mailbox": change.mailbox,
            "received": change.received_at.isoformat(timespec="minutes"),
            "as it is": change.now,
            "as it would be": change.then,
        }
        for change in done.changes
    ]
    if said.as_json:
        said.print({"looked_at": done.looked_at, "missing": done.missing, "changes": rows}, title="")
        return
    said.print(
        rows, title="What would change", columns=("message", "mailbox", "received", "as it is", "as it would be")
    )
    said.say(
        f"{len(rows)} of {done.looked_at} messages of the last {days} days would go otherwise. "
        f"{done.missing} more could not be read again: their text is no longer kept, or their mailbox did not give it."
    )
