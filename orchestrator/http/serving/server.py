"""The ASGI server: stops though streams are open, and lets go of peers that take nothing."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from litestar import Litestar
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from orchestrator.settings import Settings

# Whoever is still connected then has a slow request; long polls and streams have ended.
GRACE_S = 2
# The system's buffers are full by then, and 64 KiB of ours.
STUCK_S = 20


class Protocol(HttpToolsProtocol):
    """Cuts a connection whose peer takes no byte for STUCK_S: it would hold its buffer as long as it likes."""

    _stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(STUCK_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._forget()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget()

    def _forget(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


class Server(uvicorn.Server):
    """Calls `before_stop` before it waits for requests to finish: a stream would go on as long as its class."""

    def __init__(self, config: uvicorn.Config, before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stop = before_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_stop()
        await super().shutdown(sockets)


def new_server(app: Litestar, settings: Settings, before_stop: Callable[[], None]) -> Server:
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=Protocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        **behind_proxies(settings),
    )
    return Server(config, before_stop)


def behind_proxies(settings: Settings) -> dict[str, Any]:
    """Left to itself uvicorn believes any X-Forwarded-For that comes from this machine."""
    trusted = settings.trusted_proxies
    return {"proxy_headers": bool(trusted), "forwarded_allow_ips": trusted}
