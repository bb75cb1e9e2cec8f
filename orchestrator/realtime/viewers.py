"""Everybody who streams a log from this process, and whether they still may."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from uuid import UUID

import structlog
from prometheus_client import Gauge

from orchestrator.auth.domain import Principal
from orchestrator.auth.keys.domain import is_key
from orchestrator.auth.keys.service import Keys
from orchestrator.auth.service import Accounts
from orchestrator.core.clock import every
from orchestrator.core.database import Database
from orchestrator.realtime.hub import Hub
from orchestrator.sessions.domain import kept_out
from orchestrator.sessions.roles import reader, removed_from
from schema.errors import DatabaseUnavailable, KeptOut, NotFound, NotSignedIn, TooManyAttempts

log = structlog.get_logger(__name__)

# Proxies cut connections that are silent for a minute.
BEAT_S = 15.0
# A sign-in that ended, a role that was taken or a removal from class ends a stream within this and the time of the look itself.
LOOK_EVERY_S = 5.0
# Said once to each browser: how long it waits before it connects again.
GREETING = b"retry: 1000\n\n"

streaming = Gauge("lectern_viewers", "Open event streams")


class Viewer:
    """One open stream; `over` ends it at its next word."""

    __slots__ = ("over", "principal", "session_id", "token")

    def __init__(self, token: str, principal: Principal, session_id: UUID) -> None:
        self.token = token
        self.principal = principal
        self.session_id = session_id
        self.over = False


class Viewers:
    """`run` until cancelled looks after those who `watch`."""

    def __init__(self, database: Database, accounts: Accounts, keys: Keys, hub: Hub) -> None:
        self._database = database
        self._accounts = accounts
        self._keys = keys
        self._hub = hub
        self._open: set[Viewer] = set()

    async def admit(self, principal: Principal, session_id: UUID) -> None:
        """Raises NotFound, also for who has no role in the session; KeptOut."""
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
        await every(LOOK_EVERY_S, self.look, "viewers not looked at")

    async def look(self) -> None:
        """Ends the streams of those who may no longer see them. Raises DatabaseUnavailable."""
        viewers = list(self._open)
        people = {viewer.token for viewer in viewers if not is_key(viewer.token)}
        signed_in = await self._accounts.principals(people) if people else {}
        classes = {viewer.session_id for viewer in viewers}
        removed = await removed_from(self._database, classes) if classes else set()
        for viewer in viewers:
            try:
                if (viewer.session_id, viewer.principal.user_id) in removed:
                    raise kept_out()
                await self._check(viewer, signed_in)
            except TooManyAttempts:
                continue
            except (NotSignedIn, NotFound, KeptOut) as refusal:
                log.info("stream ended", user_id=str(viewer.principal.user_id), code=refusal.code)
                viewer.over = True
                self._hub.wake(viewer.session_id)

    async def _check(self, viewer: Viewer, signed_in: Mapping[str, Principal]) -> None:
        principal = signed_in.get(viewer.token)
        if is_key(viewer.token):
            principal = await self._keys.principal(viewer.token)
        if principal is None:
            raise NotSignedIn("Sign in first.")
        if principal.roles != viewer.principal.roles:
            await self.admit(principal, viewer.session_id)
            viewer.principal = principal
