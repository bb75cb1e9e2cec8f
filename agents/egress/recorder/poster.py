"""The newest still on its way to the object store: one at a time, and none is waited for or kept."""

import asyncio

import structlog

from agents.egress.plan import Poster
from agents.egress.spool.folder import Put
from schema.errors import StorageUnavailable

log = structlog.get_logger(__name__)


class PosterStore:
    """What comes while the last one is still on its way is left out: the next is newer."""

    def __init__(self, put: Put, poster: Poster | None) -> None:
        self._put = put
        self._poster = poster
        self._storing: asyncio.Task[None] | None = None

    def add(self, jpeg: bytes) -> None:
        if self._poster is not None and (self._storing is None or self._storing.done()):
            self._storing = asyncio.create_task(self._store(self._poster.key, jpeg))

    async def close(self) -> None:
        """A still is not worth a wait."""
        if self._storing is not None:
            self._storing.cancel()
            await asyncio.gather(self._storing, return_exceptions=True)

    async def _store(self, key: str, jpeg: bytes) -> None:
        try:
            await self._put(key, jpeg)
        except StorageUnavailable:
            log.warning("poster_not_stored")
