"""`policy`: what each council has laid down, as data: check it, read it, and see what differs."""

import shutil
import textwrap
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from cli.printing import inert
from cli.session import Exit, failure, session_of

if TYPE_CHECKING:
    from policies.policy import Policy
    from policies.reading import PolicyHistory
    from policies.telling import Difference, Line

policy = typer.Typer(help="The councils' policies, as data that cites its clauses.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A shipped policy, such as 001, or the path of your own policy.yaml.")]
DAYS = ["%Y-%m-%d"]
WIDEST = 110  # characters of a line that is still easy to read


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(policy, name="policy")


@policy.command("check")
def check_policies(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Names or paths; default: every shipped policy.")] = None,
) -> None:
    """Read policies and tell every mistake with its file, line and remedy."""
    from policies import shelf
    from policies.reading import PolicyRefusedError

    session, found = session_of(context), []
    wanted = names or shelf.shipped()
    for name in wanted:
        try:
            shelf.find(name)
        except shelf.UnknownPolicyError as error:
            raise failure(str(error), Exit.USAGE) from None
        except PolicyRefusedError as error:
            found += [{"file": str(error.path), "line": it.line, "mistake": it.words} for it in error.mistakes]
    if session.as_json:
        session.print(found, title="Mistakes")
    for it in () if session.as_json else found:
        typer.echo(inert(f"{it['file']}:{it['line']}: {it['mistake']}"))
    if found:
        raise typer.Exit(Exit.FOUND)
    session.say(f"Checked {', '.join(wanted)}: no mistakes.")


@policy.command("show")
def show_policy(
    context: typer.Context,
    name: Name,
    on: Annotated[datetime | None, typer.Option("--on", formats=DAYS, help="As of this day; default today.")] = None,
) -> None:
    """Show a policy as it stands on one day: each value, and the clause it rests on."""
    history = _history(name)
    shown = _on(history, on)
    session = session_of(context)
    if session.as_json:
        from policies.policy import as_data

        session.print(as_data(shown), title=shown.version)
        return
    from policies.telling import lines

    _tell(f"{shown.council}: {shown.document.title}, {shown.version}")
    _tell(f"versions: {', '.join(version.version for _, version in history.versions)}")
    for section, told in groupby(lines(shown), key=lambda line: line.section):
        typer.echo(f"\n{section.replace('_', ' ').upper()}")
        for line in told:
            _tell_line(line.place.removeprefix(f"{section}."), line)


@policy.command("diff")
def diff_policies(
    context: typer.Context,
    name: Name,
    other: Annotated[str | None, typer.Argument(help="Another policy; default: the same one.")] = None,
    before: Annotated[datetime | None, typer.Option("--from", formats=DAYS, help="The first, as of this day.")] = None,
    after: Annotated[datetime | None, typer.Option("--to", formats=DAYS, help="The second, as of this day.")] = None,
) -> None:
    """Show what differs between two days of one policy, or between two policies: value by value, with the clauses."""
    if other is None and (before is None or after is None):
        words = "say what to compare: `policy diff NAME --from DAY --to DAY`, or `policy diff NAME OTHER`"
        raise failure(words, Exit.USAGE)
    first, second = _on(_history(name), before), _on(_history(other or name), after)
    from policies.telling import differences

    session = session_of(context)
    found = differences(first, second)
    if session.as_json:
        session.print([_compared(it) for it in found], title="Differences")
        return
    _tell(f"{first.version} and {second.version}: {len(found) or 'no'} difference{'' if len(found) == 1 else 's'}")
    for it in found:
        typer.echo(f"\n{inert(it.place)}")
        _tell_line(first.version, it.before)
        _tell_line(second.version, it.after)


@policy.command("scenarios")
def play_scenarios(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Policies, as above; default: every one shipped.")] = None,
) -> None:
    """Play scenarios.yaml of each policy through the gates of casework; exit code 1 if one comes out otherwise."""
    from policies import shelf
    from register.calendars import council_calendar
    from register.scenarios import ScenariosRefusedError, play

    said, failures = session_of(context), 0
    rows: list[dict[str, str]] = []
    for name in names or shelf.shipped():
        history = _history(name)
        path = shelf.place(name).with_name("scenarios.yaml")
        try:
            played = list(play(path, history, council_calendar(history.newest.jurisdiction.value)))
        except ScenariosRefusedError as error:
            raise failure(str(error), Exit.USAGE) from None
        wrong = [one for one in played if one.failure]
        failures += len(wrong)
        proven = len({row for one in played for row in one.rows})
        rows.append(
            {
                "policy": history.newest.version,
                "scenarios": str(len(played)),
                "as told": str(len(played) - len(wrong)),
                "rows": str(proven),
            }
        )
        for one in wrong:
            typer.echo(f"{path}: {one.scenario}: {one.failure}", err=True)
    said.print(rows, title="Scenarios", columns=("policy", "scenarios", "as told", "rows"))
    if failures:
        raise typer.Exit(Exit.FOUND)


def _history(name: str) -> "PolicyHistory":
    from policies import shelf
    from policies.reading import PolicyRefusedError

    try:
        return shelf.find(name)
    except (shelf.UnknownPolicyError, PolicyRefusedError) as error:
        raise failure(str(error), Exit.USAGE) from None


def _on(history: "PolicyHistory", moment: datetime | None) -> "Policy":
    from policies.reading import NotInForceError

    try:
        return history.on(moment.date() if moment else _today())
    except NotInForceError as error:
        raise failure(str(error), Exit.USAGE) from None


def _today() -> date:
    from core import clock

    return clock.now().date()


def _compared(found: "Difference") -> dict[str, str | None]:
    before, after = found.before, found.after
    return {
        "what": found.place,
        "before": before.value if before else None,
        "after": after.value if after else None,
        "clause before": before.clause if before else None,
        "clause after": after.clause if after else None,
    }


def _tell_line(name: str, line: "Line | None") -> None:
    _tell(f"{name}: {line.value if line else 'nothing is said'}", indent=2)
    if line and line.clause:
        _tell(line.clause, indent=6)


def _tell(words: str, *, indent: int = 0) -> None:
    width = min(shutil.get_terminal_size().columns, WIDEST)
    space = " " * indent
    for part in words.splitlines():
        told = textwrap.wrap(part, width, initial_indent=space, subsequent_indent=f"{space}  ", break_long_words=False)
        typer.echo(inert("\n".join(told)))
