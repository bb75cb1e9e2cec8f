"""Whether anybody would take one more programme: asked before LiveKit, which needs 22 s to find that nobody does."""

import asyncio
from collections.abc import Iterable

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from orchestrator.egress.engine.protocols import Engine
from orchestrator.settings import Settings
from schema.egress import WORKER_KEY, WorkerBeat
from schema.errors import EgressAtCapacity
from schema.quality import Quality

log = structlog.get_logger(__name__)

NO_ROOM = "Every egress worker is busy; the programme starts as soon as one has room."
TOO_LARGE = (
    "No egress worker has room for a programme of this quality; a smaller one could start at once."
)
ANSWERS_WITHIN_S = 0.5


class Admission:
    """Reads what our workers say of themselves; where they say nothing, LiveKit is asked as ever."""

    def __init__(self, settings: Settings) -> None:
        self._engine: Engine = settings.egress_engine
        self._redis: Redis = Redis.from_url(settings.redis_url.reveal())

    async def refusal(self, quality: Quality) -> str | None:
        """Why no programme of that quality can start now, or None."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                beats = await self._beats()
            return refusal(self._engine, quality, beats)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("workers unknown", error=type(error).__name__)
            return None

    async def check(self, quality: Quality) -> None:
        """Raises EgressAtCapacity."""
        if reason := await self.refusal(quality):
            raise EgressAtCapacity(reason)

    async def close(self) -> None:
        await self._redis.aclose()

    async def _beats(self) -> list[WorkerBeat]:
        keys = [key async for key in self._redis.scan_iter(match=f"{WORKER_KEY}*", count=500)]
        told = await self._redis.mget(keys) if keys else []
        return [msgspec.json.decode(beat, type=WorkerBeat) for beat in told if beat]


def refusal(engine: Engine, quality: Quality, beats: Iterable[WorkerBeat]) -> str | None:
    """LiveKit's own worker says nothing in advance: where it may serve, or nobody speaks, only asking it tells."""
    known = list(beats)
    if engine == "livekit" or not known or any(quality in beat.takes for beat in known):
        return None
    return TOO_LARGE if any(beat.takes for beat in known) else NO_ROOM
