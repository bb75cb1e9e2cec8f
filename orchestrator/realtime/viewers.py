"""Everybody who streams a log from this process, and whether they still may."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from uuid import UUID

import structlog
from prometheus_client import Gauge

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.realtime.hub import Hub
from orchestrator.sessions.service import reader
from schema.errors import DatabaseUnavailable, NotFound, NotSignedIn, TooManyAttempts

log = structlog.get_logger(__name__)

# Proxies cut connections that are silent for a minute.
BEAT_S = 15.0
# A sign-in that ended or a role that was taken ends a stream within this and the time of the look itself.
LOOK_EVERY_S = 5.0
# Said once to each browser: how long it waits before it connects again.
GREETING = b"retry: 1000\n\n"

streaming = Gauge("lectern_viewers", "Open event streams")


Ask = Callable[[], Awaitable[Principal]]


class Viewer:
    """One open stream; `ask` says who watches, as of now, and `over` ends it at its next word."""

    __slots__ = ("ask", "over", "principal", "session_id")

    def __init__(self, principal: Principal, session_id: UUID, ask: Ask) -> None:
        self.ask = ask
        self.principal = principal
        self.session_id = session_id
        self.over = False


class Viewers:
    """`run` until cancelled looks after those who `watch`."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._open: set[Viewer] = set()

    async def admit(self, principal: Principal, session_id: UUID) -> None:
        """Raises NotFound, also for who has no role in the session."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)

    async def watch(self, viewer: Viewer, after: int) -> AsyncIterator[bytes]:
        """The body of one viewer's stream."""
        self._open.add(viewer)
        streaming.inc()
        try:
            yield GREETING
            async with aclosing(self._hub.follow(viewer.session_id, after, BEAT_S)) as chunks:
                async for chunk in chunks:
                    if viewer.over:
                        return
                    yield chunk
        except DatabaseUnavailable as error:
            # The answer has begun: it ends here, and the browser comes back.
            log.warning("stream broken off", code=error.code)
        finally:
            self._open.discard(viewer)
            streaming.dec()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except DatabaseUnavailable as error:
                log.warning("viewers not looked at", code=error.code)

    async def look(self) -> None:
        """Ends the streams of those who may no longer see them. Raises DatabaseUnavailable."""
        for viewer in list(self._open):
            try:
                await self._check(viewer)
            except TooManyAttempts:
                continue
            except (NotSignedIn, NotFound) as refusal:
                log.info("stream ended", user_id=str(viewer.principal.user_id), code=refusal.code)
                viewer.over = True
                self._hub.wake(viewer.session_id)

    async def _check(self, viewer: Viewer) -> None:
        principal = await viewer.ask()
        if principal.roles != viewer.principal.roles:
            await self.admit(principal, viewer.session_id)
            viewer.principal = principal
