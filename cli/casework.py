"""`case`: casework, from the first incident to the closure, each step through the gates of the policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.session import Exit, Session, failure, opened, session_of
from cli.showing import short, show_case

if TYPE_CHECKING:
    from core.db import Session as DatabaseSession
    from core.settings import Settings
    from register.listing import Listed
    from register.recording import Desk, Recorded

case = typer.Typer(help="Cases: people and properties, what happened, and what was decided.", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", envvar="MAILROOM_OFFICER", help="The officer who acts, by username.")]
Ref = Annotated[str, typer.Argument(help="The case's reference, such as MC-00042.")]
Purpose = Annotated[
    str, typer.Option("--for", help="What for, in a few words that name nobody; it stays on the audit trail.")
]
Fields = Annotated[list[str] | None, typer.Argument(help="Fields as name=value; see `mailroom case kinds KIND`.")]
From = Annotated[Path | None, typer.Option("--file", "-f", help="A YAML file with the record, or a list of records.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(case, name="case")


@contextmanager
def at_desk(context: typer.Context, username: str) -> Iterator[tuple["DatabaseSession", "Desk", "Settings"]]:
    """A transaction, and the desk of the officer who acts; what the policy refuses becomes a message and exit code."""
    with opened(context) as runtime:
        from policies.reading import NotInForceError
        from register import officer_store
        from register.audit import AuditEntryError
        from register.case_store import ConflictError
        from register.casework.refusal import RefusedError
        from register.letters.letter import LetterRefusedError
        from register.purposes import PurposeRefusedError
        from register.recording import ReadRefusedError, UnknownCaseError, transaction

        try:
            with transaction(runtime.database) as session:
                officer = officer_store.officers(session).named(username)
                if officer is None:
                    words = f"there is no officer {username}: see `mailroom officer list`, or add one"
                    raise failure(words, Exit.USAGE)
                if not officer.active:
                    words = f"{username} is no longer an active officer: ask an administrator"
                    raise failure(words, Exit.USAGE)
                yield session, runtime.desk(officer), runtime.settings
        except (RefusedError, UnknownCaseError, ConflictError, NotInForceError, AuditEntryError) as error:
            raise failure(str(error), Exit.USAGE) from None
        except (LetterRefusedError, PurposeRefusedError, ReadRefusedError) as error:
            raise failure(str(error), Exit.USAGE) from None
        except UnicodeEncodeError:  # bytes of the command line that are no text, on their way into the database
            words = "what you typed is not UTF-8: set the terminal to it"
            raise failure(words, Exit.USAGE) from None


@case.command("open")
def open_(context: typer.Context, as_: As, file: From = None, ref: str | None = None, fields: Fields = None) -> None:
    """Open a case: a person or a property, who owns it, and whatever else is known already."""
    records = _records(file, fields)
    with at_desk(context, as_) as (session, desk, _):
        from register import recording

        _require_known(session, records)
        done = recording.open_case(session, desk, records, ref=ref)
        ref, version, remarks = _told(done)
    session_of(context).print({"case": ref, "version": version, **remarks}, title="Opened")


@case.command("record")
def record(
    context: typer.Context,
    ref: Ref,
    as_: As,
    file: From = None,
    seen: Annotated[
        int | None, typer.Option(help="The version you were looking at; refused if it has changed.")
    ] = None,
    fields: Fields = None,
) -> None:
    """Record something in a case: `kind=incident channel=email ...`, or a file."""
    records = _records(file, fields)
    with at_desk(context, as_) as (session, desk, _):
        from register import recording

        _require_known(session, records)
        done = []
        for item in records:
            done.append(recording.record(session, desk, ref, item, seen=seen))
            seen = None if seen is None else done[-1].standing.case.version  # a record may bring others with it
        ref, version, remarks = _told(*done)
    session_of(context).print({"case": ref, "version": version, **remarks}, title="Recorded")


def _require_known(session: "DatabaseSession", records: list[Any]) -> None:
    from workers.citing import UnknownMessageError, require_known

    try:
        require_known(session, records)
    except UnknownMessageError as error:
        raise failure(str(error), Exit.USAGE) from None


def _told(*done: "Recorded") -> tuple[str, int, dict[str, str]]:
    remarks = (remark for one in done for remark in one.remarks)
    case = done[-1].standing.case
    return case.ref, case.version, {f"remark {number}": str(one) for number, one in enumerate(remarks, start=1)}


def _records(file: Path | None, fields: list[str] | None) -> list[Any]:
    from register.reading import records_from_fields, records_from_file
    from register.records import RecordRefusedError

    try:
        if file is not None:
            return records_from_file(file)
        if fields:
            return records_from_fields(fields)
    except RecordRefusedError as error:
        raise failure(str(error), Exit.USAGE) from None
    nothing = "nothing to record: give kind=... and its fields, or --file; see `mailroom case kinds`"
    raise failure(nothing, Exit.USAGE)


@case.command("show")
def show(
    context: typer.Context,
    ref: Ref,
    as_: As,
    purpose: Purpose = "casework",
    digests: Annotated[bool, typer.Option("--digests", help="Also the SHA-256 of letters and imported files.")] = False,
) -> None:
    """Show a case that is yours to read as it stands, and its timeline; that you read it, or tried to, is recorded."""
    with at_desk(context, as_) as (session, desk, _):
        from register import recording
        from register.casework.views import case_view

        standing = recording.read(session, desk, ref, purpose=purpose)
        view = case_view(standing, desk.in_force, reader=desk.officer, now=desk.now)
    said = session_of(context)
    if said.as_json:
        said.print(view, title=ref)
    else:
        show_case(view, digests=digests)


@case.command("list")
def list_(
    context: typer.Context,
    as_: As,
    state: Annotated[str | None, typer.Option(help="Only cases in this state.")] = None,
    service: Annotated[str | None, typer.Option(help="Only cases of this service.")] = None,
    category: Annotated[str | None, typer.Option(help="Only cases with an incident of this category.")] = None,
    *,
    formal: Annotated[bool, typer.Option(help="Only those for which restrictions were decided.")] = False,
) -> None:
    """List the cases that are yours to read; the formal log of the policies is `--formal` (row 2.13)."""
    from register.casework.standing import CaseState

    if state not in {None, *CaseState}:
        words = f"--state {state}: choose of {', '.join(CaseState)}"
        raise failure(words, Exit.USAGE)
    with at_desk(context, as_) as (session, desk, _):
        from register import listing

        if category is not None and category not in desk.in_force.categories:
            words = f"--category {category}: the policy in force has {', '.join(desk.in_force.categories)}"
            raise failure(words, Exit.USAGE)
        wanted = CaseState(state) if state else None
        only = listing.Only(state=wanted, service=service, category=category, formal=formal)
        found = listing.listed(session, desk, only)
    columns = ("ref", "name", "state today", "service", "owner", "restrictions")
    tell_cases(session_of(context), found, title="Cases", columns=columns)
    if not found.lines and service is not None:
        said = f"No case that is yours to read belongs to {service}: a service is named as in `mailroom officer list`."
        session_of(context).say(said)


def tell_cases(said: Session, found: "Listed", *, title: str, columns: tuple[str, ...]) -> None:
    """Print lines of cases, and how many are not shown to this officer."""
    if said.as_json:
        said.print({"cases": found.lines, "left_out": found.left_out}, title=title)
        return
    said.print(found.lines, title=title, columns=columns)
    if found.left_out:
        said.say(f"{found.left_out} more left out: they belong to other services, and you have no part in them.")


@case.command("kinds")
def kinds(context: typer.Context, kind: Annotated[str | None, typer.Argument()] = None) -> None:
    """What can be recorded, and the fields of one kind."""
    from register.reading import UnknownKindError, described

    try:
        rows = described(kind)
    except UnknownKindError as error:
        raise failure(str(error), Exit.USAGE) from None
    columns = tuple(rows[0])
    session_of(context).print(rows, title=kind or "Records", columns=columns)


@case.command("figures")
def figures(context: typer.Context, ref: Ref, as_: As) -> None:
    """Count a case's contacts by week, behaviour and officer, and what went on after the last measure."""
    with at_desk(context, as_) as (session, desk, _):
        from register import recording
        from register.casework.figures import report
        from register.dates import in_words
        from routing.evidence_store import mail_by_week

        found = report(recording.read(session, desk, ref, purpose="figures"))
        mail = mail_by_week(session, ref)
    as_json = session_of(context).as_json
    weeks = {week.monday.isoformat(): {c.value: n for c, n in week.by_channel} for week in found.weeks}
    told = {
        "contacts recorded": found.before_measure + found.continued,
        "hours of officers' time": found.hours,
        "last measure": found.measure_on if as_json or not found.measure_on else in_words(found.measure_on),
        "continued since": found.continued,
        "behaviours": ", ".join(f"{name} {count}" for name, count in found.by_category),
        "directed at": ", ".join(f"{name} {count}" for name, count in found.by_officer),
        "about": ", ".join(f"{name} {count}" for name, count in found.by_matter),
        "incidents by week": weeks if as_json else short(weeks),
        "mail by week and mailbox": mail if as_json else short(mail),
    }
    session_of(context).print(told, title=f"Figures of {ref}: evidence for people, nothing acts on them")


@case.command("refer")
def refer(
    context: typer.Context,
    eml: Annotated[Path, typer.Argument(help="The message, or one that has it attached, as .eml.")],
    account: Annotated[str, typer.Option(help="What happened, in your words.")],
    as_: As,
) -> None:
    """Refer the writer of a message: any officer may; nothing is restricted by it."""
    try:
        raw = eml.read_bytes()
    except OSError as error:
        words = f"{eml}: {error.strerror}"
        raise failure(words, Exit.USAGE) from None
    with at_desk(context, as_) as (session, desk, settings):
        from register.records import RecordRefusedError
        from workers import referring

        try:
            done = referring.refer(session, desk, settings, raw, account)
            ref, version, remarks = _told(done)
        except (referring.NobodyError, RecordRefusedError) as error:
            raise failure(str(error), Exit.USAGE) from None
    session_of(context).print({"case": ref, "version": version, **remarks}, title="Referred")
