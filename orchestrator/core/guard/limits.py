"""Limits on attempts: so many in a sliding window, counted in Redis and so by all processes together."""

import asyncio
import hashlib
import math
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from orchestrator.settings import Secret
from schema.errors import TooManyAttempts

log = structlog.get_logger(__name__)

T = TypeVar("T")

# What an attempt waits for a Redis that does not answer, and for how long nobody asks it again.
TIMEOUT_S = 0.5
AWAY_S = 5.0
PREFIX = "lectern:limits"


class Limit(msgspec.Struct, frozen=True):
    """At most `count` in any `window_s` seconds."""

    count: int
    window_s: int

    @property
    def item(self) -> RateLimitItem:
        return RateLimitItemPerSecond(self.count, self.window_s, namespace="")


# How much one person may write in class, by hand and in haste.
WRITING = Limit(20, 10)
# A click each: hands and votes.
CLICKING = Limit(30, 10)
# A pen that moves sends eight batches a second; the eraser and undo go between them.
DRAWING = Limit(200, 10)
# Files of slides and pictures: each keeps a process of its own busy for up to 90 s.
UPLOADING = Limit(30, 300)


class Limiter:
    """While Redis is away each process counts in its own memory: nobody is kept out because of it, and nobody is let loose."""

    def __init__(self, url: Secret, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._pool: ConnectionPool = ConnectionPool.from_url(url.reveal())
        redis = RedisStorage(
            url.reveal(),
            implementation="redispy",
            key_prefix=PREFIX,
            connection_pool=self._pool,  # type: ignore[arg-type]  # documented, but not in its types
        )
        self._shared = MovingWindowRateLimiter(redis)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0

    async def spend(self, what: str, who: str, limit: Limit) -> None:
        """Counts one attempt. Raises TooManyAttempts; a refused attempt is not counted and so prolongs nothing."""
        key = _key(what, who)
        if not await self._ask(lambda counter: counter.hit(limit.item, *key)):
            raise TooManyAttempts(await self._wait_s(limit, key))

    async def check(self, what: str, who: str, limit: Limit) -> None:
        """Raises TooManyAttempts where `spend` would, and counts nothing."""
        key = _key(what, who)
        if not await self._ask(lambda counter: counter.test(limit.item, *key)):
            raise TooManyAttempts(await self._wait_s(limit, key))

    async def forgive(self, what: str, who: str, limit: Limit) -> None:
        """Forgets all attempts."""
        await self._ask(lambda counter: counter.clear(limit.item, *_key(what, who)))

    async def close(self) -> None:
        await self._pool.disconnect()

    async def _wait_s(self, limit: Limit, key: tuple[str, str]) -> int:
        stats = await self._ask(lambda counter: counter.get_window_stats(limit.item, *key))
        return min(max(1, math.ceil(stats.reset_time - time.time())), limit.window_s)

    async def _ask(self, question: Callable[[MovingWindowRateLimiter], Awaitable[T]]) -> T:
        if self._seconds() >= self._away_until:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    return await question(self._shared)
            except (RedisError, OSError, TimeoutError) as error:
                self._away_until = self._seconds() + AWAY_S
                log.warning("limits are counted here only", error=type(error).__name__)
        return await question(self._own)


def _key(what: str, who: str) -> tuple[str, str]:
    """A hash, because `who` may be an e-mail address."""
    return what, hashlib.sha256(who.encode()).hexdigest()[:32]
