"""What every strict server of OpenAI's API on loopback has: one route behind a key, and refusals in its form."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

KEY = "a key of the tests"

Answer = Callable[[web.Request], Awaitable[web.Response]]


def refused(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": code}}, status=status)


def authorized(request: web.Request) -> bool:
    return request.headers.get("Authorization") == f"Bearer {KEY}"


@asynccontextmanager
async def serving(path: str, answer: Answer) -> AsyncIterator[str]:
    """The base URL, with its /v1, under which `path` is answered."""
    app = web.Application()
    app.router.add_post(f"/v1{path}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/v1"
    finally:
        await runner.cleanup()
