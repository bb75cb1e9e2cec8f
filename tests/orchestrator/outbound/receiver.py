"""A receiver of webhooks on loopback that answers as it is told and checks signatures with the reference library."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from standardwebhooks.webhooks import Webhook


class Receiver:
    """`answers` are used up first to last, then it answers 204; `got` are the bodies whose signature fits `secret`."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.answers: list[int] = []
        self.headers: dict[str, str] = {}
        self.got: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.last: tuple[bytes, dict[str, str]] = (b"", {})
        self.held: asyncio.Event | None = None

    async def take(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        signed = {name.lower(): value for name, value in request.headers.items()}
        self.ids.append(signed["webhook-id"])
        self.last = (body, signed)
        if not self._fits(body, signed):
            return web.Response(status=401)
        self.got.append(json.loads(body))
        if self.held is not None:
            await self.held.wait()
        status = self.answers.pop(0) if self.answers else 204
        return web.Response(status=status, headers=self.headers)

    def _fits(self, body: bytes, signed: dict[str, str]) -> bool:
        """As the reference library does it, but for the age: a test's clock may be days ahead."""
        at = datetime.fromtimestamp(int(signed["webhook-timestamp"]), UTC)
        own = Webhook(self.secret).sign(signed["webhook-id"], at, body.decode())
        return own in signed["webhook-signature"].split(" ")

    async def reached(self) -> bool:
        return bool(self.got)

    @property
    def sequences(self) -> list[int]:
        return [body["data"]["sequence"] for body in self.got]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.add_routes([web.post("/{name:.*}", receiver.take)])
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
