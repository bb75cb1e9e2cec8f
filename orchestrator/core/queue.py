"""arq as transport: it carries job ids, the truth of a job is its row. Messages are MessagePack, never pickle."""

from typing import Any

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from orchestrator.settings import Secret
from schema.errors import BusUnavailable

QUICK = "lectern:jobs"
SLOW = "lectern:jobs:slow"
ARTIFACT = "artifact"
encode = msgspec.msgpack.encode


def decode(message: bytes) -> dict[str, Any]:
    return msgspec.msgpack.decode(message, type=dict[str, Any])


def redis_settings(url: Secret) -> RedisSettings:
    settings = RedisSettings.from_dsn(url.reveal())
    settings.conn_timeout = 5
    settings.conn_retries = 1
    return settings


class Queue:
    """Connects at the first use; raises BusUnavailable when Redis is away."""

    def __init__(self, url: Secret) -> None:
        self._settings = redis_settings(url)
        self._pool: ArqRedis | None = None

    async def enqueue(
        self, function: str, *args: str, job_id: str, queue: str = QUICK, after_s: float = 0
    ) -> None:
        """A message whose `job_id` is still waiting or running is not doubled; one `after_s` lets others go before."""
        try:
            pool = await self._connect()
            await pool.enqueue_job(
                function, *args, _job_id=job_id, _queue_name=queue, _defer_by=after_s or None
            )
        except (RedisError, OSError, TimeoutError) as error:
            raise BusUnavailable("The bus is away; try again shortly.") from error

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()

    async def _connect(self) -> ArqRedis:
        if self._pool is None:
            self._pool = await create_pool(
                self._settings, job_serializer=encode, job_deserializer=decode
            )
        return self._pool
