"""Wake-ups: from one process to another, through a Redis that comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from orchestrator.core.bus import Bus
from orchestrator.settings import Secret
from tests.support.proxy import proxied


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Bus]:
    bus = Bus(Secret(url))
    task = asyncio.create_task(bus.run())
    try:
        yield bus
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bus.close()


async def announce_until(writer: Bus, session_id: object, woken: asyncio.Event) -> None:
    """Repeats the announcement, since the listener may still be (re)connecting."""
    async with asyncio.timeout(10):
        while not woken.is_set():
            await writer.announce(session_id, 1)  # type: ignore[arg-type]
            await asyncio.sleep(0.05)


async def test_one_process_wakes_another(redis_url: str) -> None:
    session_id, other = uuid4(), uuid4()
    async with running(redis_url) as reader, running(redis_url) as writer:
        with reader.listening(session_id) as woken, reader.listening(other) as not_woken:
            # The first one also wakes everybody, because the reader has just subscribed.
            await announce_until(writer, session_id, woken)
            woken.clear()
            not_woken.clear()
            await announce_until(writer, session_id, woken)
            assert not not_woken.is_set()


async def test_a_process_wakes_itself_at_once_without_redis() -> None:
    bus = Bus(Secret("redis://127.0.0.1:1/0"))
    session_id = uuid4()
    with bus.listening(session_id) as woken:
        await bus.announce(session_id, 1)
        assert woken.is_set()
    await bus.close()


async def test_the_subscription_comes_back_with_redis(redis_url: str) -> None:
    session_id = uuid4()
    async with (
        proxied(redis_url) as (proxy, url),
        running(url) as reader,
        running(redis_url) as writer,
    ):
        with reader.listening(session_id) as woken:
            await announce_until(writer, session_id, woken)
        await proxy.stop()
        await proxy.start()
        with reader.listening(session_id) as woken:
            await announce_until(writer, session_id, woken)
