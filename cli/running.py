"""`run`, `status` and `reconcile`: tending the mailboxes, and proving that every message has been dealt with."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.session import Exit, Session, opened, session_of, with_remedy

if TYPE_CHECKING:
    from workers.runtime import Runtime
    from workers.sweeping import Sweep


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(status)
    app.command()(reconcile)


def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Sweep every mailbox once, then end.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be decided; act on nothing.")] = False,
) -> None:
    """Poll all mailboxes, decide, perform and verify, for ever; SIGTERM ends it after the act under way."""
    session = session_of(context)
    if session.log_level == "WARNING" and not (once or dry_run):
        session.log_level = "INFO"
    with opened(context) as runtime:
        if dry_run:
            _dry_run(session, runtime)
        elif once:
            _once(session, runtime)
        else:
            _for_ever(session, runtime)


def status(context: typer.Context) -> None:
    """Tell how each mailbox stands; exit 1 if one has not been polled for ten rounds."""
    with opened(context) as runtime:
        from workers.standing import standing

        rows = standing(runtime)
        columns = ("mailbox", "polled", "kept", "redirected", "filed", "taken", "waiting", "shunted")
        session_of(context).print(rows, title="Mailboxes", columns=columns)
        late = [row["mailbox"] for row in rows if row["late"]]
        if late:
            session_of(context).say(f"Not polled for ten rounds: {', '.join(late)}. Is `mailroom run` running?")
            raise typer.Exit(Exit.FOUND)


def reconcile(context: typer.Context) -> None:
    """Prove that every message the servers have is in the ledger and where its decision put it; exit 1 if not."""
    session = session_of(context)
    with opened(context) as runtime:
        from workers.reconciling import reconcile_all

        done = reconcile_all(runtime)
        rows = [{"mailbox": one.mailbox, "message": one.message, "finding": one.words} for one in done.findings]
        rows += [
            {"mailbox": mailbox, "message": None, "finding": f"could not be looked at: {with_remedy(trouble)}"}
            for mailbox, trouble in done.silent.items()
        ]
        session.print(rows, title="Findings", columns=("mailbox", "message", "finding"))
        if done.findings:
            raise typer.Exit(Exit.FOUND)
        if done.silent:
            raise typer.Exit(Exit.UNAVAILABLE)
        session.say("Every message has its disposition.")


def _once(session: Session, runtime: "Runtime") -> None:
    from workers.embedded import run_once

    sweeps = run_once(runtime)
    rows = [_row(sweep) for sweep in sweeps]
    if not session.as_json:
        rows = [{**row, "trouble": with_remedy(row["trouble"]) if row["trouble"] else None} for row in rows]
    session.print(rows, title="One sweep", columns=("mailbox", "polled", "performed", "trouble"))
    if any(sweep.trouble for sweep in sweeps):
        raise typer.Exit(Exit.UNAVAILABLE)


def _for_ever(session: Session, runtime: "Runtime") -> None:
    from workers.embedded import run_for_ever, stop_on_signals

    troubles: dict[str, str | None] = {}

    def told(sweep: "Sweep") -> None:
        before = troubles.get(sweep.mailbox)
        troubles[sweep.mailbox] = sweep.trouble
        if sweep.trouble != before:
            session.say(f"{sweep.mailbox}: {with_remedy(sweep.trouble) if sweep.trouble else 'all is well again'}")

    session.say(f"Tending {len(runtime.settings.mailboxes)} mailboxes; stop with Ctrl-C.")
    run_for_ever(runtime, stop_on_signals(), told)


def _dry_run(session: Session, runtime: "Runtime") -> None:
    from workers.rehearsing import rehearse

    rows = [row for name in runtime.settings.mailboxes for row in rehearse(runtime, name)]
    session.print(rows, title="What would be decided", columns=("mailbox", "uid", "outcome", "why"))


def _row(sweep: "Sweep") -> dict[str, Any]:
    return {
        "mailbox": sweep.mailbox,
        "polled": sweep.polled,
        "performed": sweep.performed,
        "trouble": sweep.trouble,
    }
