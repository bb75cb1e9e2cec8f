"""Counting attempts: shared through Redis, by each process alone without it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import time_machine
from redis.asyncio import Redis

from orchestrator.core.guard.limits import AWAY_S, PREFIX, Limit, Limiter
from orchestrator.settings import Secret
from schema.errors import TooManyAttempts
from tests.support.proxy import proxied

THREE = Limit(3, 60)
START = 1_800_000_000


@asynccontextmanager
async def limiter_on(url: str) -> AsyncIterator[Limiter]:
    limiter = Limiter(Secret(url), time.time)
    yield limiter
    await limiter.close()


async def refused(limiter: Limiter, who: str, limit: Limit = THREE) -> int:
    """After how many seconds to come back; 0 when the attempt was let through."""
    try:
        await limiter.spend("login", who, limit)
    except TooManyAttempts as refusal:
        return refusal.retry_after_s
    return 0


async def test_the_window_slides_and_says_when_to_come_back(redis_url: str) -> None:
    who = str(uuid4())
    with time_machine.travel(START, tick=False) as clock:
        async with limiter_on(redis_url) as limiter:
            for _ in range(3):
                assert await refused(limiter, who) == 0
                clock.shift(10)
            assert await refused(limiter, who) == 30
            clock.shift(29)
            # Nothing was added by being refused.
            assert await refused(limiter, who) == 1
            clock.shift(1.1)
            assert await refused(limiter, who) == 0
            assert await refused(limiter, who) == 10


async def test_processes_share_the_count_and_people_and_purposes_do_not(redis_url: str) -> None:
    who = str(uuid4())
    async with limiter_on(redis_url) as one, limiter_on(redis_url) as other:
        for limiter in (one, other, one):
            await limiter.spend("login", who, THREE)
        with pytest.raises(TooManyAttempts):
            await other.spend("login", who, THREE)
        with pytest.raises(TooManyAttempts):
            await one.check("login", who, THREE)
        await one.spend("chat", who, THREE)
        await one.spend("login", f"{who}x", THREE)


async def test_looking_counts_nothing_and_forgiving_forgets(redis_url: str) -> None:
    who = str(uuid4())
    async with limiter_on(redis_url) as limiter:
        for _ in range(5):
            await limiter.check("login", who, THREE)
        for _ in range(3):
            await limiter.spend("login", who, THREE)
        await limiter.forgive("login", who, THREE)
        assert await refused(limiter, who) == 0


async def test_without_redis_a_process_counts_by_itself_and_comes_back(redis_url: str) -> None:
    who = str(uuid4())
    with time_machine.travel(START, tick=False) as clock:
        async with proxied(redis_url) as (proxy, url), limiter_on(url) as limiter:
            assert await refused(limiter, who) == 0
            await proxy.stop()
            for _ in range(3):
                assert await refused(limiter, who) == 0
            assert await refused(limiter, who) == 60
            await proxy.start()
            # Redis is not asked again before the pause is over, and then knows of the first attempt only.
            assert await refused(limiter, who) == 60
            clock.shift(AWAY_S)
            assert [await refused(limiter, who) for _ in range(3)] == [0, 0, 55]


async def test_nobody_can_be_read_from_the_keys(redis_url: str) -> None:
    async with limiter_on(redis_url) as limiter, Redis.from_url(redis_url) as redis:
        await limiter.spend("login", "emma@school.test", THREE)
        keys = [key.decode() async for key in redis.scan_iter(f"{PREFIX}*")]
    assert keys
    assert not any("emma" in key for key in keys)
