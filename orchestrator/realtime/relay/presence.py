"""Which rooms have an agent that relays: each of its long polls says so, and up to where it has come."""

import asyncio
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from orchestrator.settings import Secret

log = structlog.get_logger(__name__)

# Longer than a long poll can last: an agent that is there has asked again by then.
AWAY_AFTER_S = 30
TIMEOUT_S = 0.5
KEY = "lectern:relay:"


class Presence:
    """Shared by all control planes through Redis; while Redis is away each knows of the agents that ask it."""

    def __init__(self, url: Secret) -> None:
        self._redis: Redis = Redis.from_url(url.reveal())
        self._here: dict[UUID, tuple[int, float]] = {}

    async def polled(self, session_id: UUID, after: int) -> None:
        self._here[session_id] = (after, _now_s() + AWAY_AFTER_S)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._redis.set(f"{KEY}{session_id}", after, ex=AWAY_AFTER_S)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("agent not noted", error=type(error).__name__)

    async def reached(self, session_id: UUID) -> int | None:
        """Up to where the session's agent has relayed; None when there is none."""
        known = [await self._elsewhere(session_id)]
        if entry := self._here.get(session_id):
            after, until_s = entry
            if _now_s() < until_s:
                known.append(after)
            else:
                del self._here[session_id]
        return max((after for after in known if after is not None), default=None)

    async def forget(self, session_id: UUID) -> None:
        """The agent has fallen silent: it is not waited for until it asks again."""
        self._here.pop(session_id, None)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._redis.delete(f"{KEY}{session_id}")
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("agent not forgotten", error=type(error).__name__)

    async def close(self) -> None:
        await self._redis.aclose()

    async def _elsewhere(self, session_id: UUID) -> int | None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                value = await self._redis.get(f"{KEY}{session_id}")
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("agents of others unknown", error=type(error).__name__)
            return None
        return None if value is None else int(value)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
