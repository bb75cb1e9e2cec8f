"""Which rooms LiveKit has, as far as it said so a moment ago."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from math import inf
from zlib import crc32

import structlog

# A whole class comes in the same minute; a room that was there a moment ago is not waited for again.
KNOWN_S = 5.0
# While people keep coming it is asked for again before nobody knows: whoever came just then had to begin anew.
STALE_S = 2.5
MOST = 1000

log = structlog.get_logger(__name__)


def stale_after_s(name: str) -> float:
    """STALE_S, give or take half: ninety classes that began together were asked for together, and who joined then waited."""
    return STALE_S * (0.5 + crc32(name.encode()) / 2**32)


class KnownRooms:
    """`create` makes a room, or finds it there; it raises when it cannot tell."""

    def __init__(
        self, create: Callable[[str], Awaitable[None]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._create = create
        self._clock = clock
        self._made: dict[str, float] = {}
        self._making: dict[str, asyncio.Task[None]] = {}

    def has(self, name: str) -> bool:
        """Whether it was made, or found there, up to KNOWN_S ago."""
        age_s = self._clock() - self._made.get(name, -inf)
        if stale_after_s(name) < age_s < KNOWN_S:
            self._ask(name)
        return age_s < KNOWN_S

    async def ensure(self, name: str) -> None:
        """All who wait for the same room share one call. Raises what `create` does."""
        self._ask(name)
        await asyncio.shield(self._making[name])

    async def forget(self, name: str) -> None:
        """Also what is under way: it must not come after a room is deleted."""
        if making := self._making.get(name):
            await asyncio.wait([making])
        self._made.pop(name, None)

    def forget_all(self) -> None:
        self._made.clear()

    async def close(self) -> None:
        """Waits for nobody's answer."""
        under_way = list(self._making.values())
        for making in under_way:
            making.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _ask(self, name: str) -> None:
        if name not in self._making:
            self._making[name] = asyncio.create_task(self._make(name))
            self._making[name].add_done_callback(lambda task: self._asked(name, task))

    async def _make(self, name: str) -> None:
        asked_at = self._clock()
        await self._create(name)
        if len(self._made) >= MOST:
            self._made.clear()
        self._made[name] = asked_at

    def _asked(self, name: str, task: asyncio.Task[None]) -> None:
        del self._making[name]
        if not task.cancelled() and (error := task.exception()):
            # Whoever waits is told; where nobody does, the next one asks.
            log.info("room unsure", room=name, error=repr(error))
