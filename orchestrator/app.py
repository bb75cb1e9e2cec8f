"""The composition root: parts, routes and what holds for every request make the application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License
from litestar.plugins.prometheus import PrometheusConfig

from orchestrator.auth.access import ACCESS
from orchestrator.auth.guards import access_guard
from orchestrator.http.bodies import check_body
from orchestrator.http.openapi import complete, operation_id
from orchestrator.http.problems import HANDLERS
from orchestrator.http.serving.dependencies import OneByOne
from orchestrator.http.serving.headers import security_headers
from orchestrator.http.serving.static import web_routes
from orchestrator.parts import Loop, Parts, dependencies
from orchestrator.routes import CONTROLLERS, UPLOADS
from orchestrator.settings import Settings, load_settings
from orchestrator.studio.assets.uploads import upload_routes
from schema.examples import by_component

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 1_000_000
# Smaller ones fit a packet or two as they are, and would cost more time than they save.
COMPRESS_FROM_BYTES = 2000
STREAMS = "/events/stream$"
RESTART_S = 1.0


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> Litestar:
    """`parts` are given by who wants some left out."""
    parts = parts or Parts(settings or load_settings())
    app = Litestar(
        route_handlers=[
            *CONTROLLERS,
            upload_routes(parts.settings, UPLOADS),
            web_routes(parts.settings),
        ],
        dependencies=dependencies(parts),
        plugins=[OneByOne()],
        guards=[access_guard],
        before_request=check_body,
        exception_handlers=HANDLERS,
        middleware=[
            # A stream lasts as long as a class: it would count as one slow request.
            PrometheusConfig(
                app_name="lectern", prefix="lectern", group_path=True, exclude=STREAMS
            ).middleware
        ],
        before_send=[security_headers(parts.settings)],
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=COMPRESS_FROM_BYTES, exclude=["^/media/", STREAMS]
        ),
        openapi_config=OpenAPIConfig(
            title="Lectern",
            version="0.1.0",
            license=License(name="Apache License 2.0", identifier="Apache-2.0"),
            path="/api/schema",
            render_plugins=[JsonRenderPlugin()],
            operation_id_creator=operation_id,
            use_handler_docstrings=True,
        ),
        request_max_body_size=MAX_BODY_BYTES,
        # structlog is set up by the program; Litestar's own set-up would replace it.
        logging_config=None,
        lifespan=[lambda _: _running(parts)],
        state=State(parts.shared),
    )
    complete(app.openapi_schema, ACCESS, by_component())
    return app


@asynccontextmanager
async def _running(parts: Parts) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_forever(loop)) for loop in parts.loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.close()


async def _forever(loop: Loop) -> None:
    while True:
        try:
            await loop()
        except Exception:  # a loop that stops in silence would be worse than any single failure
            log.exception("loop failed", loop=loop.__qualname__)
        await asyncio.sleep(RESTART_S)
