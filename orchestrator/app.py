"""The composition root: every part is made here once, and handed to those who need it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController

from orchestrator.auth.api import AuthController
from orchestrator.auth.guards import access_guard, provide_principal
from orchestrator.auth.service import Accounts
from orchestrator.core.bus import Bus
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit
from orchestrator.courses.api import CoursesController
from orchestrator.http.headers import security_headers
from orchestrator.http.health import Checks, HealthController
from orchestrator.http.idempotency import provide_write
from orchestrator.http.openapi import complete
from orchestrator.http.problems import HANDLERS
from orchestrator.http.static import web_routes
from orchestrator.sessions import projection as sessions_projection
from orchestrator.sessions.api import SessionsController
from orchestrator.sessions.feed import Feed
from orchestrator.sessions.internal_api import InternalSessionsController
from orchestrator.sessions.service import Sessions
from orchestrator.sessions.state import SessionState, evolve
from orchestrator.settings import Settings, load_settings

MAX_BODY_BYTES = 1_000_000

Loop = Callable[[], Coroutine[Any, Any, None]]


class Parts:
    """What outlives a request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.bus = Bus(settings.redis_url)
        self.livekit = LiveKit(settings)
        self.events = EventLog(
            SessionState(), evolve, [sessions_projection.project], self.bus.announce
        )
        self.accounts = Accounts(self.database)
        self.sessions = Sessions(settings, self.events, self.livekit)
        self.feed = Feed(self.database, self.events, self.bus)
        self.checks = Checks(
            database=self._ask_database, redis=self.bus.ping, livekit=self.livekit.list_rooms
        )
        self.loops: list[Loop] = [self.bus.run]

    async def close(self) -> None:
        await self.livekit.close()
        await self.bus.close()
        await self.database.close()

    async def _ask_database(self) -> None:
        async with self.database.transaction() as tx:
            await tx.execute(sa.text("select 1"))


def create_app(settings: Settings | None = None) -> Litestar:
    parts = Parts(settings or load_settings())
    app = Litestar(
        route_handlers=[
            AuthController,
            CoursesController,
            SessionsController,
            InternalSessionsController,
            HealthController,
            PrometheusController,
            web_routes(parts.settings),
        ],
        dependencies=_dependencies(parts),
        guards=[access_guard],
        exception_handlers=HANDLERS,
        middleware=[
            PrometheusConfig(app_name="lectern", prefix="lectern", group_path=True).middleware
        ],
        before_send=[security_headers(parts.settings)],
        compression_config=CompressionConfig(backend="gzip"),
        openapi_config=OpenAPIConfig(
            title="Lectern",
            version="0.1.0",
            path="/api/schema",
            render_plugins=[JsonRenderPlugin()],
        ),
        request_max_body_size=MAX_BODY_BYTES,
        # structlog is set up by the program; Litestar's own set-up would replace it.
        logging_config=None,
        lifespan=[lambda _: _running(parts)],
        state=State({"settings": parts.settings, "accounts": parts.accounts}),
    )
    complete(app.openapi_schema)
    return app


def _dependencies(parts: Parts) -> dict[str, Provide]:
    shared = {
        "settings": parts.settings,
        "database": parts.database,
        "accounts": parts.accounts,
        "sessions": parts.sessions,
        "feed": parts.feed,
        "checks": parts.checks,
    }
    return {
        **{name: _given(part) for name, part in shared.items()},
        "principal": Provide(provide_principal),
        "write": Provide(provide_write),
    }


def _given(part: object) -> Provide:
    return Provide(lambda: part, sync_to_thread=False)


@asynccontextmanager
async def _running(parts: Parts) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop()) for loop in parts.loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.close()
