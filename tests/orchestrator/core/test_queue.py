"""The queue on a real Redis: what is in it is MessagePack, and no message is doubled."""

import msgspec
import pytest
from redis.asyncio import Redis

from orchestrator.core.queue import ARTIFACT, QUICK, Queue
from orchestrator.settings import Secret
from schema.errors import BusUnavailable


async def test_a_message_is_there_once_and_can_be_read_without_pickle(redis_url: str) -> None:
    queue = Queue(Secret(redis_url))
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(QUICK, "arq:job:job-1:0")
        for _ in range(3):
            await queue.enqueue(ARTIFACT, "job-1", job_id="job-1:0")
        assert await redis.zrange(QUICK, 0, -1) == [b"job-1:0"]
        message = msgspec.msgpack.decode(await redis.get("arq:job:job-1:0"))
        await redis.delete(QUICK, "arq:job:job-1:0")
    await queue.close()
    assert (message["f"], list(message["a"])) == (ARTIFACT, ["job-1"])


async def test_what_may_wait_lets_others_go_before(redis_url: str) -> None:
    queue = Queue(Secret(redis_url))
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(QUICK, "arq:job:search", "arq:job:chapters")
        await queue.enqueue(ARTIFACT, "search", job_id="search", after_s=3)
        await queue.enqueue(ARTIFACT, "chapters", job_id="chapters")
        assert await redis.zrange(QUICK, 0, -1) == [b"chapters", b"search"]
        await redis.delete(QUICK, "arq:job:search", "arq:job:chapters")
    await queue.close()


async def test_no_redis_is_said_as_such() -> None:
    queue = Queue(Secret("redis://127.0.0.1:9/0"))
    with pytest.raises(BusUnavailable):
        await queue.enqueue(ARTIFACT, "job-1", job_id="job-1:0")
    await queue.close()
