"""Celery, as a doorbell: it says which mailbox to look at, and may be lost, doubled or flushed at will.

The database is the truth: leases decide who works, due work is found by query, and the beat rings for every mailbox
again and again. The settings are those under which work was neither lost nor run twice at once in trials.
"""

from celery import Celery
from celery.signals import setup_logging

from core import log
from core.settings import Settings

QUEUES = ("poll", "perform", "maintain")


def make_app(settings: Settings) -> Celery:
    """The Celery application these settings describe."""
    pace = settings.pace
    longest = int(pace.lease_seconds * 10)
    app = Celery("mailroom", broker=settings.broker.address())
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_time_limit=longest,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            # Longer than any task may run: a task still running must not be given out again.
            "visibility_timeout": longest + 60,
            # kombu looks for what dead workers held only every 10 x 10 seconds; look every 10.
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        task_default_queue="maintain",
        task_routes={f"mailroom.{queue}": {"queue": queue} for queue in QUEUES},
        beat_schedule={
            "ring": {
                "task": "mailroom.maintain",
                "schedule": pace.poll_seconds,
                # A ring that waited longer than the next one is due is of no use to anybody.
                "options": {"expires": pace.poll_seconds},
            }
        },
        beat_schedule_filename=None,
    )
    return app


@setup_logging.connect  # a connected receiver keeps Celery from setting up logging of its own
def _leave_logging_to_us(**_signal: object) -> None:
    log.configure(level="INFO")
