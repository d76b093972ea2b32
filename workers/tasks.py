"""The tasks: a mailbox's name in, nothing out, safe to ring twice; the work is what the embedded run does."""

from functools import cache

from celery import Celery, shared_task

from core import configuration
from workers.app import make_app
from workers.runtime import Runtime
from workers.sweeping import perform_mailbox, poll_mailbox
from workers.tending import tend


@cache
def runtime() -> Runtime:
    """This process's means; made after the worker has forked, so that no connection is shared."""
    return Runtime.of(configuration.load())


@shared_task(name="mailroom.maintain")
def maintain() -> None:
    """Ring for every mailbox, to be polled and to perform what it owes; send letters, and remind people."""
    for mailbox in runtime().settings.mailboxes:
        poll.delay(mailbox=mailbox)
        perform.delay(mailbox=mailbox)
    tend(runtime())


@shared_task(name="mailroom.poll")
def poll(*, mailbox: str, **_later: object) -> None:
    """Record and decide what is new, and ring for it to be carried out."""
    if poll_mailbox(runtime(), mailbox).polled:
        perform.delay(mailbox=mailbox)


@shared_task(name="mailroom.perform")
def perform(*, mailbox: str, **_later: object) -> None:
    """Carry out what has been decided."""
    perform_mailbox(runtime(), mailbox)


def app() -> Celery:
    """The application with these tasks, as the configuration says."""
    return make_app(configuration.load())
