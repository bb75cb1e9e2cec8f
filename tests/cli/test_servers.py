"""The run's servers are real, and each worker has its own room on them."""

import asyncpg
import httpx2
import redis.asyncio
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.support.servers import LiveKitServer, Servers, livekit_with_webhook


async def test_postgres_answers_by_tcp_with_a_password(servers: Servers) -> None:
    connection = await asyncpg.connect(
        host="127.0.0.1",
        port=servers.postgres_port,
        user="lectern",
        password=servers.password,
        database="postgres",
    )
    version = await connection.fetchval("show server_version_num")
    await connection.close()
    assert int(version) >= 150000


async def test_redis_keeps_what_a_worker_writes(redis_url: str) -> None:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        await client.set("tests:servers", "here", ex=5)
        assert await client.get("tests:servers") == b"here"


async def test_livekit_answers_http(livekit_server: LiveKitServer) -> None:
    async with httpx2.AsyncClient() as client:
        reply = await client.get(livekit_server.url.replace("ws:", "http:"))
    assert (reply.status_code, reply.text) == (200, "OK")


def test_an_sfu_of_our_own_has_a_bus_of_its_own(livekit_server: LiveKitServer) -> None:
    with livekit_with_webhook("http://127.0.0.1:9/api/webhooks/livekit") as own:
        assert own.url != livekit_server.url
        assert own.redis_url != livekit_server.redis_url


async def test_the_database_is_migrated(database: Database, settings: Settings) -> None:
    async with database.system_transaction() as tx:
        assert await tx.scalar(sa.text("select count(*) from alembic_version")) == 1
