"""PostgreSQL, Redis and LiveKit go away and come back: refusals say so, nothing is half-written, recovery is by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from msgspec.structs import replace

from orchestrator.app import create_app
from orchestrator.core.bus import lost
from orchestrator.settings import Secret, Settings
from tests.support.proxy import Proxy, proxied
from tests.support.school import Caller, School, calling


@asynccontextmanager
async def plane_without(settings: Settings, name: str) -> AsyncIterator[tuple[Caller, Proxy]]:
    """A control plane that reaches the server of this setting through a proxy."""
    value = getattr(settings, name)
    secret = isinstance(value, Secret)
    async with proxied(value.reveal() if secret else value) as (proxy, url):
        changed = replace(settings, **{name: Secret(url) if secret else url})
        async with calling(create_app(changed)) as caller:
            yield caller, proxy


async def health(caller: Caller) -> tuple[int, dict[str, object]]:
    reply = await caller.http.get("/api/health")
    return reply.status_code, reply.json()


async def until_healthy(caller: Caller) -> None:
    async with asyncio.timeout(15):
        while (await health(caller))[0] != 200:  # noqa: ASYNC110 a server that recovers tells nobody
            await asyncio.sleep(0.1)


async def event_count(caller: Caller, school: School, session_id: UUID) -> int:
    page = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    return len(page["items"])


async def test_health_says_what_is_there(settings: Settings, school: School) -> None:
    async with calling(create_app(settings)) as caller:
        status, body = await health(caller)
        assert status == 200
        assert body["checks"] == {"database": "ok", "redis": "ok", "livekit": "ok"}


async def test_database_away(settings: Settings, school: School) -> None:
    async with plane_without(settings, "database_url") as (caller, proxy):
        session_id = await caller.new_session(school)
        await proxy.stop()
        for reply in (
            await caller.get(school.teacher, "/api/sessions"),
            await caller.command("start", school.teacher, session_id, "k1"),
            await caller.http.post("/api/auth/login", json={"email": "x", "password": "y"}),
        ):
            assert (reply.status_code, reply.json()["code"]) == (503, "database_unavailable")
            assert reply.headers["Retry-After"]
        status, body = await health(caller)
        assert (status, body["code"]) == (503, "database_unavailable")
        assert (await caller.http.get("/api/health/live")).status_code == 200

        await proxy.start()
        await until_healthy(caller)
        assert (await caller.command("start", school.teacher, session_id, "k1")).status_code == 200


async def test_redis_away(settings: Settings, school: School) -> None:
    async with plane_without(settings, "redis_url") as (caller, proxy):
        session_id = await caller.new_session(school)
        await proxy.stop()
        before = lost._value.get()
        assert (await caller.command("start", school.teacher, session_id)).status_code == 200
        assert await event_count(caller, school, session_id) == 3
        assert lost._value.get() > before
        assert (await health(caller))[1]["code"] == "bus_unavailable"

        await proxy.start()
        await until_healthy(caller)
        assert (await caller.command("end", school.teacher, session_id)).status_code == 200


async def test_livekit_away(settings: Settings, school: School) -> None:
    async with plane_without(settings, "livekit_url") as (caller, proxy):
        session_id = await caller.new_session(school)
        await proxy.stop()
        refused = await caller.command("start", school.teacher, session_id, "k1")
        assert (refused.status_code, refused.json()["code"]) == (503, "livekit_unavailable")
        assert await event_count(caller, school, session_id) == 1
        assert (await health(caller))[1]["code"] == "livekit_unavailable"

        await proxy.start()
        await until_healthy(caller)
        assert (await caller.command("start", school.teacher, session_id, "k1")).status_code == 200
        await proxy.stop()
        ended = await caller.command("end", school.teacher, session_id)
        assert (ended.status_code, ended.json()["session"]["status"]) == (200, "ended")
