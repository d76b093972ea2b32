"""Presents the distributed product to the chaos harness: Celery's worker and beat, PostgreSQL, and Redis to ring by."""

import sys
from typing import Any

import psycopg

from tests.chaos import adapter


class Adapter(adapter.Adapter):
    """As the embedded one, in several processes; Redis is flushed, paused and killed as everything else is."""

    needs = {"postgres": True, "redis": True}  # noqa: RUF012 - the harness reads this attribute

    def configuration(self, ctx: Any) -> str:  # noqa: ANN401 - the harness's context has no type
        self.direct = ctx.pg_dsn.replace(str(ctx.pg_port), str(ctx.pg_port + _PAST_THE_PROXY))
        database = ctx.pg_dsn.replace("postgresql:", "postgresql+psycopg:")
        return f'{adapter.configuration(ctx, database)}\n[broker]\nurl = "{ctx.redis_url}"\n'

    def commands(self, _ctx: Any) -> list[list[str]]:  # noqa: ANN401 - as above
        mailroom = [sys.executable, "-m", "cli", "--config", str(self.config)]
        return [[*mailroom, "worker"], [*mailroom, "scheduler"]]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.direct) as db:
            return db.execute(query.encode()).fetchall()


_PAST_THE_PROXY = 10  # the harness has each server listen ten ports above the proxy that breaks it
