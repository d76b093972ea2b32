"""`rights`, `retention` and `pack`: what a person may have, what is to go, and what others need to judge a case."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.casework import As, Ref, at_desk
from cli.session import Exit, failure, opened, session_of

if TYPE_CHECKING:
    from workers.erasing import Erasable
    from workers.lapsing import Lapsed
    from workers.packs.bundles import PackKind, Wanted

rights = typer.Typer(help="What the person on the register may ask for.", no_args_is_help=True)
retention = typer.Typer(
    help="Closed cases and kept mail whose time is over: see what would go, and erase it.", no_args_is_help=True
)
pack = typer.Typer(help="Packs: a case as one zip file, for whoever has to judge it.", no_args_is_help=True)

Out = Annotated[Path, typer.Argument(help="The zip file to write; one that exists is left alone.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for room, name in ((rights, "rights"), (retention, "retention"), (pack, "pack")):
        app.add_typer(room, name=name)


@rights.command("export")
def export(context: typer.Context, ref: Ref, out: Out, as_: As) -> None:
    """Subject access: everything held about the person, with who read it. Others' data in it is a person's to check."""
    from workers.packs.bundles import PackKind

    _make(context, as_, out, _wanted(PackKind.SUBJECT_ACCESS, ref))


@pack.command("case")
def case_pack(context: typer.Context, ref: Ref, out: Out, as_: As) -> None:
    """Everything whoever decides has to read: notes, contacts, letters, mail, reviews and the policy."""
    from workers.packs.bundles import PackKind

    _make(context, as_, out, _wanted(PackKind.CASE, ref))


@pack.command("ombudsman")
def ombudsman_pack(context: typer.Context, ref: Ref, out: Out, as_: As) -> None:
    """The case with the policy it was decided under, and the audit trail of it, for the ombudsman."""
    from workers.packs.bundles import PackKind

    _make(context, as_, out, _wanted(PackKind.OMBUDSMAN, ref))


@pack.command("police")
def police_pack(
    context: typer.Context,
    ref: Ref,
    out: Out,
    as_: As,
    incident: Annotated[
        list[int] | None, typer.Option(help="The number of an incident to add to the threats; may be repeated.")
    ] = None,
    include_needs: Annotated[
        bool, typer.Option("--include-needs", help="Also needs and adjustments, which are left out otherwise.")
    ] = False,
) -> None:
    """Threats and the incidents chosen, their mail unchanged with its hashes, and what was reported already."""
    from workers.packs.bundles import PackKind

    _make(context, as_, out, _wanted(PackKind.POLICE, ref, incidents=tuple(incident or ()), needs=include_needs))


@pack.command("verify")
def verify_pack(context: typer.Context, file: Annotated[Path, typer.Argument(help="The zip file.")]) -> None:
    """Hold every file of a pack against its manifest; needs neither the database nor a configuration."""
    from workers.packs.packing import NotAPackError, verify

    try:
        verified = verify(file)
    except NotAPackError as error:
        raise failure(str(error), Exit.FOUND) from None
    except OSError as error:
        words = f"{file} cannot be read: {error.strerror}"
        raise failure(words, Exit.USAGE) from None
    session, differences = session_of(context), list(verified.differences)
    if session.as_json:
        told = {name: verified.cover.get(name) for name in ("kind", "case", "made_at", "witness")}
        session.print(
            {**told, "files": verified.files, "sha256": verified.sha256, "differences": differences}, title=""
        )
    elif differences:
        session.print([{"difference": it} for it in differences], title="Not as packed", columns=("difference",))
    else:
        session.say(f"{verified.files} files, all as they were packed.")
        session.say(
            f"SHA-256 {verified.sha256}: compare it with `mailroom audit report`, which has that of every pack."
        )
    if differences:
        raise typer.Exit(Exit.FOUND)


@retention.command("preview")
def preview(context: typer.Context, as_: As) -> None:
    """List cases and kept mail of no case whose time is over, and what erasing would remove; nothing is erased."""
    with at_desk(context, as_) as (session, desk, settings):
        from workers import erasing, lapsing

        rows = [_foreseen(item) for item in erasing.erasable(session, desk)]
        rows += [_of_no_case(item, settings.retention.kept_mail) for item in lapsing.lapsed(session, desk, settings)]
    columns = ("ref", "version", "closed", "due", "records", "letters", "messages", "bytes", "left in mailboxes")
    session_of(context).print(rows, title="May be erased", columns=(*columns, "obstacles", "rule"))
    session_of(context).say("What lies in mailboxes is not deleted by this product: a person does that.")


@retention.command("erase")
def erase(
    context: typer.Context,
    as_: As,
    refs: Annotated[list[str] | None, typer.Argument(help="The cases; or --due.")] = None,
    due: Annotated[
        bool,
        typer.Option("--due", help="Every case, and all mail of no case, whose time is over and that nothing keeps."),
    ] = False,
    seen: Annotated[
        int | None, typer.Option(help="The version you were looking at, of a single case; refused if it has changed.")
    ] = None,
) -> None:
    """Erase cases for good, each with all its mail that is held here, or with --due also kept mail of no case."""
    if due == bool(refs) or (seen is not None and len(refs or ()) != 1):
        words = "name the cases, or say --due; --seen goes with one case"
        raise failure(words, Exit.USAGE)
    done: list[dict[str, Any]] = []
    lapsed = _lapsed_mail(context, as_) if due else ()  # what the cases below still keep is for another day
    try:
        for ref in refs or _due(context, as_):
            with at_desk(context, as_) as (session, desk, _):
                from workers import erasing

                erased = erasing.erase(session, desk, ref, seen=seen)
            done.append(_foreseen(erased))
        done.extend(_erased_mail(context, as_, lapsed))
    finally:  # what was erased before another was refused is gone, and is told
        if done:
            columns = ("ref", "records", "letters", "messages", "bytes", "left in mailboxes")
            session_of(context).print(done, title="Erased", columns=columns)
            scrub(context)
    if not done:
        session_of(context).print([], title="Nothing was erased")


@retention.command("scrub")
def scrub(context: typer.Context) -> None:
    """Rewrite the database's file, as `erase` does at its end: only then is nothing of what was erased left in it."""
    with opened(context) as runtime:
        from ingest import content_store

        try:
            content_store.scrub(runtime.database)
        except content_store.ScrubError as error:
            words = (
                f"the database's file could not be rewritten ({error}), and what was erased can still be read in it: "
                "type `mailroom retention scrub` when nothing else uses it"
            )
            raise failure(words, Exit.UNAVAILABLE) from None


def _due(context: typer.Context, as_: str) -> Sequence[str]:
    with at_desk(context, as_) as (session, desk, _):
        from workers import erasing

        found = erasing.erasable(session, desk)
    for item in found:
        for obstacle in item.obstacles:
            session_of(context).say(f"{item.ref} stays: {obstacle}")
    return [item.ref for item in found if not item.obstacles]


def _lapsed_mail(context: typer.Context, as_: str) -> Sequence[int]:
    with at_desk(context, as_) as (session, desk, settings):
        from workers import lapsing

        return lapsing.lapsed_ids(session, desk, settings)


def _erased_mail(context: typer.Context, as_: str, lapsed: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Erase kept mail of no case part by part; each part is told as soon as it is gone."""
    from core.db import in_parts
    from workers import lapsing

    for part in in_parts(lapsed, lapsing.AT_ONCE):
        with at_desk(context, as_) as (session, desk, settings):
            erased = lapsing.erase(session, desk, settings, part)
        yield from (_of_no_case(item, settings.retention.kept_mail) for item in erased)


def _of_no_case(item: "Lapsed", time: str) -> dict[str, Any]:
    return {
        "ref": f"no case ({item.mailbox})",
        "messages": item.messages,
        "bytes": item.kept_bytes,
        "left in mailboxes": "; ".join(item.remaining),
        "obstacles": "",
        "rule": f"retention.kept_mail = {time}",
    }


def _foreseen(item: "Erasable") -> dict[str, Any]:
    return {
        "ref": item.ref,
        "version": item.version,
        "closed": item.closed_on,
        "due": item.due_on,
        "records": item.records,
        "letters": item.letters,
        "messages": item.messages,
        "bytes": item.kept_bytes,
        "kept for other cases": item.shared,
        "left in mailboxes": "; ".join(item.remaining),
        "obstacles": "; ".join(str(obstacle) for obstacle in item.obstacles),
        "rule": item.clause,
    }


def _wanted(kind: "PackKind", ref: str, *, incidents: tuple[int, ...] = (), needs: bool = False) -> "Wanted":
    from workers.packs.bundles import Wanted

    return Wanted(kind=kind, ref=ref, incidents=incidents, needs=needs)


def _make(context: typer.Context, as_: str, out: Path, wanted: "Wanted") -> None:
    """Write the pack under another name; it gets its own once the audit trail has it."""
    from workers.packs import bundles

    if out.exists():
        words = f"{out} exists: name another file"
        raise failure(words, Exit.USAGE)
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with at_desk(context, as_) as (session, desk, settings):
            made = bundles.make(session, desk, settings, wanted, unfinished)
        unfinished.rename(out)
    except OSError as error:
        words = f"{out} cannot be written: {error.strerror}"
        raise failure(words, Exit.USAGE) from None
    finally:
        unfinished.unlink(missing_ok=True)
    shell = session_of(context)
    shell.print({"file": str(out), "files": made.files, "sha256": made.sha256}, title=f"Packed {wanted.ref}")
    for remark in made.remarks:
        shell.say(remark)
