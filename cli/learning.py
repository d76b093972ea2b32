"""`classifier`: teaching it further by what reviewers decide, and who decides which model is in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

from cli.classifying import classifier
from cli.printing import counted
from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from workers.runtime import Runtime


def add_to(app: typer.Typer) -> None:
    """These commands stand among those of `classifying`, which adds them all."""


By = Annotated[str, typer.Option(envvar="MAILROOM_OFFICER", help="Who decides: your user name.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence.")]


@contextmanager
def _learning(context: typer.Context) -> Iterator["Runtime"]:
    """The runtime, with what cannot be done told on standard error."""
    from classifier.packed import WeightsError
    from workers.learning import LearningError

    with opened(context) as runtime:
        try:
            yield runtime
        except (LearningError, WeightsError) as error:
            raise failure(str(error), Exit.USAGE) from None


@classifier.command("retrain")
def retrain_model(context: typer.Context, by: By) -> None:
    """Make a model of what reviewers called letters, and put it on trial. It is not in force before it is published."""
    with _learning(context) as runtime:
        try:
            from workers.teaching import retrain
        except ImportError as error:
            wanting = f"learning needs more packages ({error.name}): pip install 'council-mailroom[training]'"
            raise failure(wanting, Exit.USAGE) from None
        made = retrain(runtime, by)
        labels = ", ".join(f"{count} {label}" for label, count in made.by_label.items())
        gone = f" {made.not_held} more are not held any longer." if made.not_held else ""
        said = session_of(context)
        if said.as_json:
            said.print({"version": made.version, "parent": made.parent, "by_label": made.by_label}, title="")
            return
        said.say(f"{made.version} is made of {made.parent} and {made.taught} letters ({labels}), and on trial.{gone}")
        said.say("See how it does: `mailroom classifier compare`.")


@classifier.command("compare")
def compare_models(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="A version; the one on trial by default.")] = "",
) -> None:
    """Show a model beside the one in force: on letters kept apart, on reviewers' decisions, and on live mail."""
    with _learning(context) as runtime:
        from workers.learning import compare

        found = compare(runtime, version)
    said = session_of(context)
    if said.as_json:
        from dataclasses import asdict

        said.print(asdict(found), title="")
        return
    pairs = zip(found.figures_in_force.rows(), found.figures.rows(), strict=True)
    rows = [(name, before, after) for (name, before), (_, after) in pairs]
    decided = f"reviewers' decisions ({found.labelled}), which may have taught it: as they decided"
    rows.append((decided, str(found.right_in_force), str(found.right)))
    alone = f"live mail ({found.trial.letters}): flagged by it alone"
    rows.append((alone, str(found.trial.only_old), str(found.trial.only_new)))
    columns = ("figure", "in force", "on trial")
    table = [dict(zip(columns, row, strict=True)) for row in rows]
    said.print(table, title=f"{found.version} beside {found.in_force}", columns=columns)
    if found.differing:
        said.say(f"Messages that one alone flags, the newest: {', '.join(found.differing)}.")
    _show_gates(context, [gate.row() for gate in found.gates])
    said.say(f"Put it in force: `mailroom classifier publish {found.version}`.")


@classifier.command("publish")
def publish_model(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="The version that you have compared.")],
    by: By,
    why: Why,
) -> None:
    """Put a model in force, if it passes every gate; else nothing changes, and the gates are shown."""
    with _learning(context) as runtime:
        from workers.learning import publish

        gates = publish(runtime, version, by, why)
        failed = [gate.name for gate in gates if not gate.passed]
        if failed or not session_of(context).as_json:
            _show_gates(context, [gate.row() for gate in gates])
        if failed:
            refused = f"not published, it fails {len(failed)} of {len(gates)} gates: {'; '.join(failed)}"
            raise failure(refused, Exit.FOUND)
        _in_force(context, runtime.model.version)


@classifier.command("rollback")
def roll_back_model(context: typer.Context, by: By, why: Why) -> None:
    """Put the model in force again that was before the present one."""
    with _learning(context) as runtime:
        from workers.learning import roll_back

        _in_force(context, roll_back(runtime, by, why))


@classifier.command("withdraw")
def withdraw_model(context: typer.Context, by: By, why: Why) -> None:
    """End the trial of a model; the one in force stays."""
    with _learning(context) as runtime:
        from workers.learning import withdraw

        withdrawn, said = withdraw(runtime, by, why), session_of(context)
        if said.as_json:
            said.print({"withdrawn": withdrawn}, title="")
        said.say(f"{withdrawn} is on trial no longer.")


@classifier.command("models")
def list_models(context: typer.Context) -> None:
    """List what was done with models here: made, published, withdrawn, by whom and why."""
    with _learning(context) as runtime:
        from workers.learning import history

        told = history(runtime)
    rows = [
        {"when": f"{step.taken_at:%Y-%m-%d %H:%M}", "what": step.step, "model": step.version}
        | {"by": step.taken_by, "why": step.why}
        for step in told.steps
    ]
    said = session_of(context)
    if said.as_json:
        said.print({"in_force": told.in_force, "on_trial": told.on_trial, "steps": rows}, title="")
        return
    title = f"In force: {told.in_force}. On trial: {told.on_trial or 'none'}."
    said.print(rows, title=title, columns=("when", "what", "model", "by", "why"))
    if told.erased:
        said.say(f"{told.erased} labels that taught it are of letters erased since: make another with `retrain`.")


@classifier.command("watch")
def watch_model(
    context: typer.Context, days: Annotated[int, typer.Option(min=7, max=366, help="How far back.")] = 35
) -> None:
    """Show what was scored and how reviewers judged it lately: changes to look at, from which nothing follows."""
    with _learning(context) as runtime:
        from workers.watching import watch

        found = watch(runtime, days=days)
    said = session_of(context)
    if said.as_json:
        from dataclasses import asdict

        said.print(asdict(found), title="")
        return
    weeks = [
        {"week of": f"{week.begins:%d %b %Y}", "letters": week.letters}
        | {"flagged": _share(week.flagged), "not scored": _share(week.silent)}
        for week in found.weeks
    ]
    said.print(weeks, title=f"Model {found.model_version}", columns=("week of", "letters", "flagged", "not scored"))
    people = [
        {"officer": one.officer, "judged": one.judged, "flags upheld": _share(one.upheld)} for one in found.reviewers
    ]
    said.print(people, title="Reviewers", columns=("officer", "judged", "flags upheld"))
    said.say(_shift(found.shift))
    both = found.agreement
    kappa = "" if isnan(both.kappa) else f", kappa {both.kappa:.2f}"
    said.say(f"Judged by several: {counted(both.letters, 'letter')}, {both.alike} alike{kappa}.")


def _in_force(context: typer.Context, version: str) -> None:
    said = session_of(context)
    if said.as_json:
        said.print({"in_force": version}, title="")
    said.say(f"{version} is in force from the next message on.")


def _shift(index: float) -> str:
    from classifier.measuring.drift import SHIFTED

    if isnan(index):
        return "Scores of the last seven days against those before: too few letters to say."
    verdict = "they have changed: look why" if index >= SHIFTED else "much the same"
    return f"Scores of the last seven days against those before: {verdict} (population stability index {index:.2f})."


def _share(share: float) -> str:
    return "-" if isnan(share) else f"{share:.1%}"


def _show_gates(context: typer.Context, gates: list[tuple[str, str]]) -> None:
    rows = [{"gate": name, "figure": told} for name, told in gates]
    session_of(context).print(rows, title="Gates", columns=("gate", "figure"))
