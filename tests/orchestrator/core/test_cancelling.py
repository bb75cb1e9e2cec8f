"""Who asks Redis can be stopped in the middle: with redis-py's `socket_timeout` every fourth cancellation was lost (Python 3.11)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from orchestrator.core.bus import Bus
from orchestrator.core.guard.limits import WRITING, Limiter
from orchestrator.egress.engine.admission import Admission
from orchestrator.realtime.relay.presence import Presence
from orchestrator.settings import Settings

Ask = Callable[[], Awaitable[object]]
# More turns of the loop than a new connection and its answer take.
TURNS = 80


@pytest.fixture(params=["limits", "agents", "workers", "health"])
async def ask(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Ask]:
    url = settings.redis_url
    limiter, presence, admission = Limiter(url), Presence(url), Admission(settings)
    bus = Bus(url)
    asks: dict[str, Ask] = {
        "limits": lambda: limiter.check("asking", "somebody", WRITING),
        "agents": lambda: presence.reached(UUID(int=1)),
        "workers": lambda: admission.refusal("720p30"),
        "health": bus.ping,
    }
    yield asks[request.param]
    for one in (limiter, presence, admission, bus):
        await one.close()


async def test_who_asks_can_be_stopped_at_any_moment(ask: Ask) -> None:
    for turns in range(TURNS):
        asking = asyncio.ensure_future(ask())
        for _ in range(turns):
            await asyncio.sleep(0)
        if asking.cancel():
            with pytest.raises(asyncio.CancelledError):
                await asking
