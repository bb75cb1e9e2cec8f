"""Whether a room has an agent, as several control planes know it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from orchestrator.realtime.relay.presence import Presence
from orchestrator.settings import Secret


@asynccontextmanager
async def presence(url: str) -> AsyncIterator[Presence]:
    made = Presence(Secret(url))
    yield made
    await made.close()


async def test_one_control_plane_knows_of_another_s_agent(redis_url: str) -> None:
    session_id = uuid4()
    async with presence(redis_url) as asked, presence(redis_url) as other:
        assert await other.reached(session_id) is None
        await asked.polled(session_id, 7)
        assert [await asked.reached(session_id), await other.reached(session_id)] == [7, 7]
        await other.forget(session_id)
        assert await other.reached(session_id) is None


async def test_an_agent_that_went_to_another_control_plane_is_followed(redis_url: str) -> None:
    session_id = uuid4()
    async with presence(redis_url) as first, presence(redis_url) as second:
        await first.polled(session_id, 3)
        await second.polled(session_id, 9)
        assert await first.reached(session_id) == 9


async def test_without_redis_each_knows_its_own() -> None:
    session_id = uuid4()
    async with presence("redis://127.0.0.1:1/0") as alone:
        await alone.polled(session_id, 2)
        assert await alone.reached(session_id) == 2
        await alone.forget(session_id)
        assert await alone.reached(session_id) is None
