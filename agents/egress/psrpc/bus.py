"""Redis pub/sub with what psrpc needs of it: acknowledged subscriptions, publishes in order, reconnection, the queue lock."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from orchestrator.settings import Secret
from schema.errors import BusUnavailable

log = structlog.get_logger(__name__)

Receive = Callable[[bytes], None]

ACK_TIMEOUT_S = 5.0
RECONNECT_PAUSE_S = 0.5
QUEUE_LOCK_S = 5
LOST = (RedisConnectionError, RedisTimeoutError, OSError)


class Bus:
    """`async with`; callbacks run on the reader and must return at once. Nothing is replayed after a lost connection."""

    def __init__(self, redis_url: Secret) -> None:
        # One connection publishes, under a lock: a burst cannot exhaust a pool and the order of publishes holds.
        self._publisher: Redis = Redis.from_url(
            redis_url.reveal(),
            single_connection_client=True,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=4),
            retry_on_error=list(LOST),
        )
        self._subscriber: Redis = Redis.from_url(redis_url.reveal())
        self._pubsub: Any = self._subscriber.pubsub()
        self._publishing = asyncio.Lock()
        self._receivers: dict[str, Receive] = {}
        self._acks: dict[str, asyncio.Future[None]] = {}
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Bus":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        await self._pubsub.aclose()
        await self._subscriber.aclose()
        await self._publisher.aclose()

    async def publish(self, channel: str, payload: bytes) -> None:
        """Raises BusUnavailable."""
        async with self._publishing:
            await _answered(self._publisher.publish(channel, payload))

    async def lock_once(self, key: str, value: int) -> bool:
        """Whether this caller is the first in five seconds to name `key`. Raises BusUnavailable."""
        async with self._publishing:
            taken = self._publisher.set(key, value, nx=True, ex=QUEUE_LOCK_S)
            return bool(await _answered(taken))

    async def keep(self, key: str, value: bytes, lives_s: int) -> None:
        """Raises BusUnavailable."""
        async with self._publishing:
            await _answered(self._publisher.set(key, value, ex=lives_s))

    async def subscribe(self, receivers: dict[str, Receive]) -> None:
        """Returns when Redis has acknowledged every channel. Raises BusUnavailable."""
        self._receivers.update(receivers)
        loop = asyncio.get_running_loop()
        acks = {channel: loop.create_future() for channel in receivers}
        self._acks.update(acks)
        try:
            await self._pubsub.subscribe(*receivers)
            self._start_reader()
            async with asyncio.timeout(ACK_TIMEOUT_S):
                await asyncio.gather(*acks.values())
        except (*LOST, TimeoutError) as error:
            raise _unavailable() from error
        finally:
            for channel in receivers:
                self._acks.pop(channel, None)

    async def unsubscribe(self, channels: Iterable[str]) -> None:
        names = [name for name in channels if self._receivers.pop(name, None) is not None]
        if not names:
            return
        # While the connection is down redis-py has already forgotten the names and will not ask for them again.
        with contextlib.suppress(*LOST):
            await self._pubsub.unsubscribe(*names)

    def _start_reader(self) -> None:
        if self._reader is None:
            self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while True:
            try:
                message = await self._pubsub.get_message(timeout=None)
            except LOST as error:
                # redis-py subscribes anew to every channel by itself once the next read has connected.
                log.warning("bus_lost", reason=type(error).__name__)
                await asyncio.sleep(RECONNECT_PAUSE_S)
                continue
            if message is not None:
                self._deliver(message)

    def _deliver(self, message: dict[str, Any]) -> None:
        channel = message["channel"].decode()
        if message["type"] == "subscribe":
            ack = self._acks.pop(channel, None)
            if ack is not None and not ack.done():
                ack.set_result(None)
        elif message["type"] == "message" and channel in self._receivers:
            self._receivers[channel](message["data"])


async def _answered(command: Awaitable[object]) -> object:
    try:
        return await command
    except LOST as error:
        raise _unavailable() from error


def _unavailable() -> BusUnavailable:
    return BusUnavailable("Redis does not answer; try again shortly.")
