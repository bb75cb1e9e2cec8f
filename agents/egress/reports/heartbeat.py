"""Says on Redis, every two seconds, whether this worker takes one more programme: the control plane need not ask in vain."""

import asyncio
import secrets
from collections.abc import Callable

import msgspec
import structlog

from agents.egress.psrpc.bus import Bus
from orchestrator.core.clock import wait_at_most
from schema.egress import BEAT_EVERY_S, BEAT_LIVES_S, WORKER_KEY, WorkerBeat
from schema.errors import BusUnavailable

log = structlog.get_logger(__name__)


class Heartbeat:
    """`run` until cancelled; `hurry` says it again at once, when it has changed."""

    def __init__(self, bus: Bus, beat: Callable[[], WorkerBeat]) -> None:
        self._bus = bus
        self._beat = beat
        self._key = WORKER_KEY + secrets.token_hex(6)
        self._changed = asyncio.Event()

    async def run(self) -> None:
        while True:
            self._changed.clear()
            try:
                beat = msgspec.json.encode(self._beat())
                await self._bus.keep(self._key, beat, BEAT_LIVES_S)
            except BusUnavailable as error:
                log.warning("heartbeat_lost", code=error.code)
            await wait_at_most(BEAT_EVERY_S, self._changed)

    def hurry(self) -> None:
        self._changed.set()
