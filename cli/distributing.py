"""`worker` and `scheduler`: the distributed way to run, with PostgreSQL, Redis or Valkey, and Celery."""

from typing import Annotated

import typer

from cli.session import Exit, Session, failure, opened, session_of


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(worker)
    app.command()(scheduler)


def worker(
    context: typer.Context,
    concurrency: Annotated[int, typer.Option(min=1, help="Mailboxes tended side by side by this worker.")] = 2,
    queues: Annotated[str, typer.Option(help="Which queues to serve.")] = "poll,perform,maintain",
) -> None:
    """Serve the queues; run as many of these as you like, on as many machines."""
    session = _checked(context)
    from workers.tasks import app

    level = session.log_level
    app().worker_main(
        ["worker", "--pool=prefork", f"--concurrency={concurrency}", f"--queues={queues}", f"--loglevel={level}"]
    )


def scheduler(context: typer.Context) -> None:
    """Ring for every mailbox again and again; run exactly one (two do no harm)."""
    _checked(context)
    from workers.tasks import app

    # The schedule is one bell: nothing worth keeping on a disk.
    app().Beat(scheduler="celery.beat:Scheduler", loglevel="INFO").run()


def _checked(context: typer.Context) -> Session:
    """Refuse a wrong configuration or an old schema here, rather than in the first task."""
    import os
    from importlib.util import find_spec

    with opened(context):
        pass
    session = session_of(context)
    if session.config is not None:
        os.environ["MAILROOM_CONFIG"] = str(session.config)  # the pool's processes read it for themselves
    if find_spec("celery") is None:
        missing = "the distributed way to run needs more packages: pip install 'council-mailroom[distributed]'"
        raise failure(missing, Exit.USAGE)
    return session
