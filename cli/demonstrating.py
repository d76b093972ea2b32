"""`demo`: the main job on an invented council, with mail servers of our own; nothing to install, nothing to lose."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Exit, Session, failure, inert, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from core.settings import Settings
    from demo.servers import MailServers
    from demo.show import Result
    from workers.runtime import Runtime

_COLOURS = {"kept": "green", "redirected": "yellow", "filed": "cyan"}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where the demonstration's files stay.")] = Path("demo-council"),
    serve: Annotated[bool, typer.Option("--serve", help="Keep the mail servers running until Ctrl-C.")] = False,
    listen: Annotated[
        str, typer.Option(help="Where IMAP listens; elsewhere than here only within a container.")
    ] = "127.0.0.1",
    imap_port: Annotated[int | None, typer.Option(help="IMAP's port; default: one that is free.")] = None,
) -> None:
    """Show the main job: some sixty invented messages, what happened to each, and why."""
    from rich.console import Console

    from core import log

    session = session_of(context)
    log.configure(level=session.log_level)
    try:
        from demo.servers import MailServers
        from demo.show import PASSWORD, addresses, prepare
    except ImportError as error:
        missing = f"the demonstration needs more packages ({error.name}): pip install 'council-mailroom[demo]'"
        raise failure(missing, Exit.USAGE) from None
    from workers.runtime import Runtime

    console = Console(highlight=False, quiet=session.as_json)
    with MailServers(addresses(), password=PASSWORD, listen=listen, imap_port=imap_port) as servers:
        settings = prepare(folder, servers)
        runtime = Runtime.of(settings)
        try:
            results = _run(console, runtime, settings, servers, folder)
            _show(console, session, results, folder, letters=len(servers.sent))
            if serve:
                _serve(console, settings, servers)
        finally:
            runtime.close()
    if not all(result.as_expected for result in results):
        raise typer.Exit(Exit.FOUND)


def _run(
    console: "Console", runtime: "Runtime", settings: "Settings", servers: "MailServers", folder: Path
) -> "Sequence[Result]":
    from demo.show import deliver, open_register, results, save_mail, sweep_until_done

    with console.status("Sampleshire Council opens its register ...") as status:
        entries = open_register(runtime, folder)
        console.print(f"Sampleshire Council: {len(settings.mailboxes)} shared mailboxes, {entries} register entries.")
        for count, sample in enumerate(deliver(settings), start=1):
            status.update(f"Mail arrives: {count} messages, now in {sample.mailbox}@ ...")
        status.update("Council Mailroom polls, decides, performs and verifies ...")
        trouble = sweep_until_done(runtime)
        if trouble:
            raise failure(trouble, Exit.UNAVAILABLE)
        status.update("Every mailbox is reconciled ...")
        _reconcile(console, runtime)
        save_mail(settings, servers, folder)
        return results(runtime)


def _reconcile(console: "Console", runtime: "Runtime") -> None:
    from workers.reconciling import reconcile

    findings = [finding for name in runtime.settings.mailboxes for finding in reconcile(runtime, name)]
    for finding in findings:
        console.print(f"  {finding['mailbox']} {finding['message']}: {finding['finding']}", markup=False)
    if not findings:
        console.print(
            "Reconciled: every message the servers have is in the ledger, and lies where its decision put it."
        )


def _show(console: "Console", session: Session, results: "Sequence[Result]", folder: Path, *, letters: int) -> None:
    if session.as_json:
        columns = ("ref", "sender", "subject", "outcome", "why")
        rows = [{name: getattr(item, name) for name in columns} | {"mailbox": item.sample.mailbox} for item in results]
        session.print(rows, title="")
        return
    console.print(_table(results))
    totals = Counter(result.outcome.split(", ")[0] for result in results)
    asked = sum(len(result.outcome.split(", ")) - 1 for result in results)
    console.print(f"{len(results)} messages: " + ", ".join(f"{count} {word}" for word, count in totals.most_common()))
    console.print(
        f"{asked} questions for people; {letters} letters to SPOCs; nothing dropped: there is no such action."
    )
    flagged = [result for result in results if result.flagged]
    meant = sum(result.abuse_expected for result in flagged)
    console.print(f"Possible abuse: {len(flagged)} flagged for a person to judge, {meant} of them written as abuse.")
    for result in results:
        if not result.as_expected:
            expected = f"{result.ref} was {result.outcome}, the sample expects {result.sample.expected}"
            console.print(expected, style="red", markup=False)
    config = folder / "mailroom.toml"
    first = next((result.ref for result in results if result.outcome.startswith("redirected")), results[0].ref)
    console.print(f"\nEverything stays in {folder}/ (mail/ as it lies now, sent/ what the SPOCs got). Look further:")
    look_up = "lookup specimen --as front.desk --for call"
    for command in (f"explain {first}", "review list", "register list --as head.of.audit", look_up, "status"):
        console.print(f"  {_our_name()} --config {config} {command}", markup=False, soft_wrap=True)


def _our_name() -> str:
    """How this command was called, as it can be called again from here."""
    import os
    import shutil
    import sys

    called = Path(sys.argv[0])
    if called.name != "mailroom" or shutil.which("mailroom") == str(called.resolve()):
        return "mailroom"
    return os.path.relpath(called)


def _table(results: "Sequence[Result]") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title="What happened to every message, and why", title_justify="left", show_lines=True)
    table.add_column("Ref")
    table.add_column("Message", ratio=2, overflow="fold")
    table.add_column("What happened, and why", ratio=3, overflow="fold")
    for result in results:
        colour = _COLOURS.get(result.outcome.split(", ")[0], "")
        message = Text.assemble(
            (inert(result.subject) or "(no subject)", "bold"),
            f"\nfrom {inert(result.sender) or '(nobody)'}\nto {result.sample.mailbox}",
        )
        table.add_row(result.ref, message, Text.assemble((result.outcome, f"bold {colour}"), f"\n{inert(result.why)}"))
    return table


def _serve(console: "Console", settings: "Settings", servers: "MailServers") -> None:
    from workers.embedded import stop_on_signals

    first = next(iter(settings.mailboxes.values()))
    console.print(f"\nIMAP on 127.0.0.1:{servers.imap_port}, SMTP on 127.0.0.1:{servers.smtp_port}, no TLS.")
    console.print(f"Log in as {first.address} with password {servers.password}. Stop with Ctrl-C.")
    stop_on_signals().wait()
