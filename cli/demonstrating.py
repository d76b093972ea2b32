"""`demo`: the main job on an invented council, with mail servers of our own; nothing to install, nothing to lose."""

import os
import shlex
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.printing import inert
from cli.session import Exit, Session, failure, session_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rich.console import Console
    from rich.text import Text

    from demo.desk import DueNow
    from demo.kinds import Story
    from demo.outcomes import Group
    from demo.servers import MailServers
    from demo.show import Result
    from register.lookup import Found
    from workers.runtime import Runtime

_COLOURS = {"kept": "green", "redirected": "yellow", "filed": "cyan"}
_ALL = "messages.txt"
_CALLER = "specimen"
_WIDTH = 110  # characters of a line in that file
_PROPERTY = "ZZ9 9ZZ"  # on the register of the sample
_QUIETER = {"WARNING": "ERROR"}  # what is urgent among invented letters need not be told at once


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
    """Show the main job: a hundred invented messages, what happened to them and why, and the register at work."""
    from rich.console import Console

    from core import clock, log

    session = session_of(context)
    log.configure(level=_QUIETER.get(session.log_level, session.log_level))
    try:
        from demo.servers import MailServers
        from demo.show import PASSWORD, addresses, prepare, save_mail
    except ImportError as error:
        missing = f"the demonstration needs more packages ({error.name}): pip install 'council-mailroom[demo]'"
        raise failure(missing, Exit.USAGE) from None
    from register.dates import day_of
    from workers.runtime import Runtime

    console = Console(highlight=False, quiet=session.as_json)
    today = day_of(clock.now())
    with MailServers(addresses(), password=PASSWORD, listen=listen, imap_port=imap_port) as servers:
        stage = _Stage(console, servers, folder, today, Runtime.of(prepare(folder, servers, today)))
        try:
            results = _run(stage)
            every = _answer(stage, results)
            save_mail(stage.runtime.settings, servers, folder)
            _show(session, stage, results, every)
            if serve:
                _serve(stage)
        finally:
            stage.runtime.close()
    if not all([*(result.as_expected for result in results), *(story.as_expected for story in every)]):
        raise typer.Exit(Exit.FOUND)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where the demonstration is played."""

    console: "Console"
    servers: "MailServers"
    folder: Path
    today: "date"
    runtime: "Runtime"


def _run(stage: _Stage) -> "Sequence[Result]":
    from demo.show import deliver, open_register, results

    runtime, settings = stage.runtime, stage.runtime.settings
    with stage.console.status("Sampleshire Council opens its register ...") as status:
        entries = open_register(runtime, stage.folder, stage.today)
        for count, sample in enumerate(deliver(settings, stage.today), start=1):
            status.update(f"Mail arrives: {count} messages, now in {sample.mailbox}@ ...")
        status.update("Council Mailroom polls, decides, performs and verifies ...")
        _sweep(runtime)
        found = results(runtime, stage.today)
        mailboxes = f"{len(settings.mailboxes)} shared mailboxes"
        stage.console.print(f"{settings.council.name}: {mailboxes}, {entries} register entries, {len(found)} messages.")
        return found


def _answer(stage: _Stage, before: "Sequence[Result]") -> "Sequence[Story]":
    """The officers answer, what follows is done, and everything is reconciled."""
    from demo.kinds import answer_all, stories
    from demo.show import results

    with stage.console.status("Officers answer what they are asked ...") as status:
        answered = answer_all(stage.runtime, before)
        _sweep(stage.runtime)
        told = stories(stage.runtime, before, results(stage.runtime, stage.today), answered)
        status.update("Every mailbox is reconciled ...")
        _reconcile(stage.console, stage.runtime)
        return told


def _sweep(runtime: "Runtime") -> None:
    from demo.show import sweep_until_done

    trouble = sweep_until_done(runtime)
    if trouble:
        raise failure(trouble, Exit.UNAVAILABLE)


def _reconcile(console: "Console", runtime: "Runtime") -> None:
    from workers.reconciling import reconcile

    findings = [finding for name in runtime.settings.mailboxes for finding in reconcile(runtime, name)]
    for finding in findings:
        console.print(f"  {finding.mailbox} {finding.message}: {finding.words}", markup=False)
    if not findings:
        console.print("Reconciled: each message is in the ledger, and lies where its decision put it.")


def _show(session: Session, stage: _Stage, results: "Sequence[Result]", every: "Sequence[Story]") -> None:
    if session.as_json:
        session.print([_as_data(result) for result in results], title="")
    else:
        _tell(stage, results, every)


def _as_data(result: "Result") -> dict[str, str]:
    columns = ("ref", "sender", "subject", "outcome", "why")
    return {name: getattr(result, name) for name in columns} | {"mailbox": result.sample.mailbox}


def _tell(stage: _Stage, results: "Sequence[Result]", every: "Sequence[Story]") -> None:
    from demo.desk import due_soon, looked_up
    from demo.outcomes import grouped
    from policies.vocabulary import Channel

    _write_all(results, {story.before.ref: story for story in every}, stage.folder / _ALL)
    _tell_groups(stage.console, grouped(results), stage.folder / _ALL)
    _tell_sums(stage, results, sum(result.sample.answer is not None for result in results))
    _tell_every(stage.console, every)
    _tell_due(stage.console, due_soon(stage.runtime))
    _tell_found(stage.console, _CALLER, looked_up(stage.runtime, _CALLER, purpose="call", channel=Channel.TELEPHONE))
    _tell_next(stage, next((one.ref for one in results if one.disposition == "redirected"), results[0].ref))


def _tell_groups(console: "Console", groups: "Sequence[Group]", everything: Path) -> None:
    from rich.text import Text

    _head(console, "What happened, and why", f"examples; all: {everything}")
    for group in groups:
        heading = Text(f"{len(group.results)} {group.words}", f"bold {_COLOURS.get(group.outcome, '')}")
        _hang(console, heading)
        for one in group.examples:
            said = f"{one.ref} “{inert(one.subject)}” from {inert(one.sender) or 'nobody'}"
            _hang(console, Text.assemble((said, "italic"), f": {inert(one.why)}"), 2)


def _tell_sums(stage: _Stage, results: "Sequence[Result]", answered: int) -> None:
    console, ours = stage.console, set(stage.servers.addresses)
    letters = Counter(ours.isdisjoint(recipients) for recipients, _ in stage.servers.sent)
    totals = Counter(result.disposition for result in results)
    asked = sum(len(result.asked) for result in results)
    sums = ", ".join(f"{count} {word}" for word, count in totals.most_common())
    console.print(f"\n{sums}.\nNothing dropped: there is no such action.")
    console.print(f"{asked} questions for people, {answered} of them answered below.")
    console.print(f"{letters[False]} letters brought to points of contact, {letters[True]} sent to writers.")
    flagged = [result for result in results if result.flagged]
    meant = sum(result.abuse_expected for result in flagged)
    console.print(f"Possible abuse: {len(flagged)} flagged for a person to judge, {meant} of them written as abuse.")
    for result in results:
        if not result.as_expected:
            expected = f"{result.ref} was {result.outcome}, the sample expects {result.sample.expected}"
            console.print(expected, style="red", markup=False)


def _tell_every(console: "Console", stories: "Sequence[Story]") -> None:
    from rich.text import Text

    from demo.kinds import name_of

    _head(console, "Every kind, once", "what came, what an officer answered, what followed")
    for story in stories:
        one = story.before
        message = f": {inert(one.author)}, “{inert(one.subject)}” ({one.ref})"
        _hang(console, Text.assemble((name_of(story.kind), "bold"), message))
        _hang(console, Text(" ".join(filter(None, (story.came, story.answered, story.told)))), 2)
    for story in stories:
        if not story.as_expected:
            words = f"{story.after.ref} is {story.after.outcome} now, the sample expects another end"
            console.print(words, style="red", markup=False)


def _tell_due(console: "Console", dues: "Sequence[DueNow]") -> None:
    from rich.text import Text

    _head(console, "What is due in the register", "a question to people once its day has come")
    for due in dues:
        asked = f" (question {due.item})" if due.item else ""
        owner = f" For {due.first.owner}{asked}." if due.first.owner else ""
        more = f" {due.more} more like it." if due.more else ""
        day = f"{due.first.on.day:>2} {due.first.on:%b %Y}, {due.when}:"
        _hang(console, Text.assemble((day, "bold"), f" {due.first.told(due.today)}{owner}{more}"), 2, 4)


def _tell_found(console: "Console", words: str, found: "Sequence[Found]") -> None:
    from rich.text import Text

    _head(console, "Who is this, and what may I do?", f"“{words}” rings the front desk")
    for one in found:
        _hang(console, Text(f"{one.ref}: {one.name}, {one.state}", "bold"))
        for sentence in (*one.warnings, *(sentence for _, said in one.guidance for sentence in said)):
            _hang(console, Text(sentence), 2, 4)


def _tell_next(stage: _Stage, ref: str) -> None:
    _head(stage.console, "Where to go next", f"{stage.folder} keeps all: mail as it lies, letters sent")
    config = shlex.quote(str(stage.folder / "mailroom.toml"))
    for command in (f"explain {ref}", "review list", f"lookup {_PROPERTY} --as front.desk --for visit"):
        stage.console.print(f"  {_our_name()} --config {config} {command}", markup=False, soft_wrap=True)


def _head(console: "Console", title: str, remark: str) -> None:
    from rich.text import Text

    console.print()
    _hang(console, Text.assemble((title.upper(), "bold"), f" ({remark})"))


def _hang(console: "Console", text: "Text", first: int = 0, rest: int = 0) -> None:
    """Print a paragraph, its first line and the rest of it indented by so much."""
    rest = max(first, rest)
    for number, line in enumerate(text.wrap(console, console.width - rest)):
        line.rstrip()
        console.print(" " * (rest if number else first), line, sep="")


def _write_all(results: "Sequence[Result]", stories: "Mapping[str, Story]", path: Path) -> None:
    """Every message, for reading beside the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Ref", "Message", "What happened, and why", show_lines=True)
    for one in results:
        message = (
            f"{inert(one.subject) or '(no subject)'}\nfrom {inert(one.sender) or '(nobody)'}\nto {one.sample.mailbox}"
        )
        story = stories.get(one.ref)
        since = f"\n{story.answered} {story.told}" if story is not None and story.answered else ""
        table.add_row(one.ref, Text(message, overflow="fold"), Text(f"{one.outcome}\n{inert(one.why)}{since}"))
    with path.open("w", encoding="utf-8") as file:
        Console(file=file, width=_WIDTH).print(table)


def _our_name() -> str:
    """How this command was called, as it can be called again from here."""
    called = Path(sys.argv[0])
    if called.name != "mailroom" or shutil.which("mailroom") == str(called.resolve()):
        return "mailroom"
    return os.path.relpath(called)


def _serve(stage: _Stage) -> None:
    from workers.embedded import stop_on_signals

    servers, mailboxes = stage.servers, stage.runtime.settings.mailboxes
    first = next(iter(mailboxes.values()))
    console = stage.console
    console.print(f"\nIMAP on 127.0.0.1:{servers.imap_port}, SMTP on 127.0.0.1:{servers.smtp_port}, no TLS.")
    console.print(f"Log in as {first.address} with password {servers.password}. Stop with Ctrl-C.")
    stop_on_signals().wait()
