"""Wake-ups over Redis: hints that a log has grown. Losing one costs latency, never an event."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from orchestrator.settings import Secret

log = structlog.get_logger(__name__)

CHANNEL = "lectern:log"
# How long a bus may take to answer.
PUBLISH_TIMEOUT_S = 0.5
RECONNECT_S = 1.0
HEALTH_CHECK_S = 10

lost = Counter("lectern_wakeups_lost", "Wake-ups that could not be sent because Redis was away")


class Bus:
    """One subscription per process (`run`), shared by all who wait; `ping` says whether Redis answers."""

    def __init__(self, url: Secret) -> None:
        # Nowhere redis-py's own `socket_timeout`: before Python 3.12 its wait_for swallows every fourth cancellation.
        self._publisher: Redis = Redis.from_url(
            url.reveal(), socket_connect_timeout=PUBLISH_TIMEOUT_S
        )
        self._subscriber: Redis = Redis.from_url(
            url.reveal(), socket_connect_timeout=5, health_check_interval=HEALTH_CHECK_S
        )
        self._waiting: dict[UUID, set[asyncio.Event]] = {}
        self._watchers: list[Callable[[UUID, int], None]] = []
        self._origin = secrets.token_hex(8)
        # The newest of each session: while one lot is on its way, the next gathers.
        self._unsent: dict[UUID, int] = {}
        self._grown = asyncio.Event()

    def watch(self, callback: Callable[[UUID, int], None]) -> None:
        """Calls back with session and sequence for every wake-up of any session, for the life of the process."""
        self._watchers.append(callback)

    async def announce(self, session_id: UUID, sequence: int) -> None:
        """Wakes who waits here at once, and other processes by `run`; never raises, the write it follows is done."""
        self._wake(session_id, sequence)
        self._unsent[session_id] = max(sequence, self._unsent.get(session_id, 0))
        self._grown.set()

    @contextmanager
    def listening(self, session_id: UUID) -> Iterator[asyncio.Event]:
        """The event is set whenever the session's log may have grown. Listen first, then read, then wait."""
        woken = asyncio.Event()
        self._waiting.setdefault(session_id, set()).add(woken)
        try:
            yield woken
        finally:
            self._waiting[session_id].discard(woken)
            if not self._waiting[session_id]:
                del self._waiting[session_id]

    async def run(self) -> None:
        """Sends and receives until cancelled; reconnects by itself."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send())
            group.create_task(self._listen())

    async def _send(self) -> None:
        while True:
            await self._grown.wait()
            self._grown.clear()
            unsent, self._unsent = self._unsent, {}
            try:
                async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                    await self._publish(unsent)
            except (RedisError, OSError, TimeoutError) as error:
                lost.inc(len(unsent))
                log.warning("wake-ups lost", sessions=len(unsent), error=type(error).__name__)

    async def _publish(self, unsent: dict[UUID, int]) -> None:
        async with self._publisher.pipeline(transaction=False) as sending:
            for session_id, sequence in unsent.items():
                sending.publish(CHANNEL, f"{session_id}:{sequence}:{self._origin}")
            await sending.execute()

    async def _listen(self) -> None:
        while True:
            try:
                await self._receive()
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("bus away", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_S)

    async def ping(self) -> None:
        """Raises RedisError, OSError or TimeoutError."""
        async with asyncio.timeout(PUBLISH_TIMEOUT_S):
            await self._publisher.ping()

    async def close(self) -> None:
        await self._publisher.aclose()
        await self._subscriber.aclose()

    async def _receive(self) -> None:
        async with self._subscriber.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(CHANNEL)
            # What was announced while nobody listened is made up for.
            for session_id in list(self._waiting):
                self._wake(session_id, 0)
            async for message in subscription.listen():
                session_id, sequence, origin = message["data"].decode().split(":")
                if origin != self._origin:
                    self._wake(UUID(session_id), int(sequence))

    def _wake(self, session_id: UUID, sequence: int) -> None:
        for woken in self._waiting.get(session_id, ()):
            woken.set()
        for callback in self._watchers:
            callback(session_id, sequence)
