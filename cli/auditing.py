"""`audit` and `db grant`: the trail of everything done with the register, and who may write in the database."""

import os
import pwd
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.registering import db
from cli.session import Exit, Session, failure, opened, session_of

if TYPE_CHECKING:
    from register.audit import AuditAction, AuditEntry, AuditEvent, Finding, Verification, Witness
    from workers.runtime import Runtime

audit = typer.Typer(help="The trail of everything done with the register.", no_args_is_help=True)

SHOWN = 20  # findings told one by one

Officer = Annotated[
    str | None,
    typer.Option("--as", envvar="MAILROOM_OFFICER", metavar="USERNAME", help="Who does this; default: the login."),
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(audit, name="audit")


def acting(officer: str | None) -> str:
    """Who the trail says did it: the officer named, else the account of this machine that runs the command."""
    if officer:
        return officer
    number = os.getuid()
    try:
        return f"system:{pwd.getpwuid(number).pw_name}"  # not the environment's word for it
    except KeyError:
        return f"system:uid-{number}"


@audit.command("verify")
def verify_trail(
    context: typer.Context,
    witness: Annotated[str | None, typer.Option(metavar="SEQ:HASH", help="What an earlier verify printed.")] = None,
    file: Annotated[Path | None, typer.Option(help="Verify this exported file instead; needs no database.")] = None,
    officer: Officer = None,
) -> None:
    """Follow the trail from first to last and hold the cases against it; say what is wrong, print a witness to keep."""
    expected = _witness(witness)
    if file is not None:
        _tell(session_of(context), _verified_file(file, expected))
        return
    with opened(context) as runtime:
        from register import audit_store
        from register.audit import AuditAction, verify

        verification = verify(audit_store.trail(runtime.database), expected=expected)
        besides = [*_unguarded(runtime, verification), *_contradicted(runtime, verification)]
        findings = len(verification.findings) + len(besides)
        details = {"events": str(verification.events), "findings": str(findings)}
        _note(runtime, _entry(officer, AuditAction.VERIFIED, details))
        _tell(session_of(context), verification, besides)


@audit.command("export")
def export_trail(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The JSON lines file to write; one that exists is left alone.")],
    since: Since = None,
    until: Until = None,
    officer: Officer = None,
) -> None:
    """Write the trail to a file that `audit verify --file` can verify anywhere; that it was exported is noted."""
    with opened(context) as runtime:
        from register import audit_file, audit_store
        from register.audit import AuditAction

        entry = _entry(officer, AuditAction.EXPORTED, _days(since, until))
        try:
            with file.open("x", encoding="ascii") as target:
                file.chmod(0o600)
                _note(runtime, entry)
                with runtime.database.transaction() as session:
                    start, last = audit_store.span(session, since=_start(since), until=_start(until))
                target.writelines(
                    audit_file.lines(start, audit_store.trail(runtime.database, after=start.seq, last=last))
                )
        except OSError as error:
            unwritable = f"{file} cannot be written: {error.strerror}"
            raise failure(unwritable, Exit.USAGE) from None
        session_of(context).say(f"Wrote {last - start.seq} events to {file}.")


@audit.command("report")
def report_trail(
    context: typer.Context,
    *,
    since: Since = None,
    until: Until = None,
    ref: Annotated[str | None, typer.Option(help="Only what was done with this reference.")] = None,
    by: Annotated[str | None, typer.Option(metavar="OFFICER", help="Only what this officer did.")] = None,
    officer: Officer = None,
) -> None:
    """List who looked at what and who changed what, for the information asset owner; that it was listed is noted."""
    with opened(context) as runtime:
        from register import audit_store
        from register.audit import AuditAction

        _note(runtime, _entry(officer, AuditAction.REPORTED, _days(since, until), subject=ref or ""))
        wanted = audit_store.Wanted(since=_start(since), until=_start(until), actor=by, subject=ref)
        with runtime.database.transaction() as session:
            events = audit_store.report(session, wanted)
        shell = session_of(context)
        rows = [_as_row(event, as_json=shell.as_json) for event in events]
        shell.print(rows, title="Audit trail", columns=("seq", "at", "actor", "action", "subject", "details"))


@db.command("grant")
def grant(
    context: typer.Context,
    role: Annotated[str, typer.Argument(help="The role that workers and commands connect as.")],
    password_file: Annotated[
        Path | None, typer.Option(help="Holds the role's password; makes the role if it is missing.")
    ] = None,
) -> None:
    """Let a role of PostgreSQL do the daily work and nothing more; run by the tables' owner after each upgrade."""
    with opened(context) as runtime:
        from migrations import grants

        if not grants.roles_exist(runtime.database):
            session_of(context).say("SQLite has no roles: nothing was granted. The triggers alone hold there.")
            return
        try:
            password = password_file.read_text(encoding="utf-8").strip() if password_file else None
            tables = grants.grant(runtime.database, role, password=password)
        except OSError as error:
            unreadable = f"--password-file: {error.strerror}: {password_file}"
            raise failure(unreadable, Exit.USAGE) from None
        except grants.RoleError as error:
            raise failure(str(error), Exit.USAGE) from None
        session_of(context).say(f"{role} may do the daily work on {tables} tables, and rewrite no audit trail.")


def _entry(officer: str | None, action: "AuditAction", details: dict[str, str], *, subject: str = "") -> "AuditEntry":
    from register.audit import AuditEntry, AuditEntryError

    try:
        return AuditEntry(actor=acting(officer), action=action, subject=subject, details=tuple(details.items()))
    except AuditEntryError as error:
        raise failure(str(error), Exit.USAGE) from None


def _note(runtime: "Runtime", entry: "AuditEntry") -> None:
    from core import clock
    from register import audit_store

    with runtime.database.transaction() as session:
        audit_store.append(session, [entry], now=clock.now())


def _witness(text: str | None) -> "Witness | None":
    from register.audit import Witness

    try:
        return None if text is None else Witness.parse(text)
    except ValueError as error:
        wrong = f"--witness: {error}"
        raise failure(wrong, Exit.USAGE) from None


def _verified_file(file: Path, expected: "Witness | None") -> "Verification":
    from register.audit_file import AuditFileError, verify_lines

    try:
        with file.open(encoding="ascii", errors="replace") as lines:
            return verify_lines(lines, expected=expected)
    except OSError as error:
        unreadable = f"{file} cannot be read: {error.strerror}"
        raise failure(unreadable, Exit.USAGE) from None
    except AuditFileError as error:
        damaged = f"{file}: {error}"
        raise failure(damaged, Exit.FOUND) from None


def _unguarded(runtime: "Runtime", verification: "Verification") -> list["Finding"]:
    from migrations import guards
    from register.audit import Fault, Finding

    words = "the database does not hold the guard {}: run `mailroom db upgrade`, and ask who took it away"
    seq = verification.head.seq
    return [Finding(Fault.UNGUARDED, seq, words.format(name)) for name in guards.missing(runtime.database)]


def _contradicted(runtime: "Runtime", verification: "Verification") -> list["Finding"]:
    from register import audit_store
    from register.audit import Fault, Finding
    from register.witnessing import contradictions

    found = contradictions(runtime.database, audit_store.trail(runtime.database))
    return [Finding(Fault.CONTRADICTED, verification.head.seq, words) for words in found]


def _tell(session: Session, verification: "Verification", besides: list["Finding"] | None = None) -> None:
    findings = [*verification.findings, *(besides or [])]
    rows = [{"fault": str(it.fault), "seq": it.seq, "words": it.words} for it in findings]
    if session.as_json:
        witness = None if rows else str(verification.head)
        session.print({"events": verification.events, "witness": witness, "findings": rows}, title="")
    elif rows:
        title = f"{len(rows)} findings in {verification.events} events"
        session.print(rows[:SHOWN], title=title, columns=("fault", "seq", "words"))
    else:
        session.say(f"{verification.events} events, nothing wrong. Keep this witness in another place:")
        session.say(str(verification.head))
    if rows:
        raise typer.Exit(Exit.FOUND)


def _as_row(event: "AuditEvent", *, as_json: bool) -> dict[str, Any]:
    from register.dates import COUNCIL_TIME

    details = dict(event.details) if as_json else " ".join(f"{name}={value}" for name, value in event.details)
    at = event.at.astimezone(COUNCIL_TIME).isoformat(timespec="seconds")
    words = {"actor": event.actor, "action": event.action, "subject": event.subject}
    return {"seq": event.seq, "at": at, **words, "details": details}


def _start(day: datetime | None) -> datetime | None:
    from register.dates import start_of

    return None if day is None else start_of(day.date())


def _days(since: datetime | None, until: datetime | None) -> dict[str, str]:
    days = {"since": since, "until": until}
    return {name: str(day.date()) for name, day in days.items() if day is not None}
