"""The control plane on a real port, for programs that call it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from orchestrator.app import create_app
from orchestrator.http.serving.server import new_server
from orchestrator.settings import Settings
from tests.support.school import Caller
from tests.support.waiting import eventually


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[Caller]:
    """On `settings.port`, in this process and loop."""
    app = create_app(settings)
    server = new_server(app, settings, before_stop=app.state.hub.end_all)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    try:
        await eventually(started)
        address = f"http://127.0.0.1:{settings.port}"
        async with httpx.AsyncClient(base_url=address, timeout=10) as http:
            yield Caller(http)
    finally:
        server.should_exit = True
        await serving
