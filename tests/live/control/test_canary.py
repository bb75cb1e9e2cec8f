"""Distinctive secrets through a whole class, good and bad: afterwards they are nowhere but where they have to be."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psutil
import pytest
import redis.asyncio as aioredis
import sqlalchemy as sa

from orchestrator.cli.probe.receivers import ClosedPort, receivers
from orchestrator.core.database import Database, metadata
from orchestrator.core.livekit.client import LiveKit
from orchestrator.settings import Settings
from tests.fakes.platforms import Simulator, simulator
from tests.live.control.test_reconciler import Events, start_worker, stop, wait_for
from tests.orchestrator.egress.test_api import choose
from tests.support.accounts import connect, settings_for
from tests.support.keyspace import contents
from tests.support.school import Caller, School
from tests.support.served import serve
from tests.support.servers import LiveKitServer

SFU = tuple[LiveKitServer, Settings]
# The request to the egress is LiveKit's own, and passes its bus; nothing of it stays there.
REQUESTS = ("StartEgress", "UpdateStream")


def canary() -> str:
    return f"canary-{secrets.token_hex(12)}"


class Watched:
    """What was seen outside: each place by its name."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def add(self, place: str, text: str) -> None:
        self.seen[place] = self.seen.get(place, "") + text + "\n"

    def places_of(self, secret: str) -> list[str]:
        return [place for place, text in self.seen.items() if secret in text]


@contextlib.asynccontextmanager
async def listening(redis_url: str, watched: Watched) -> AsyncIterator[None]:
    """Every command that the bus gets meanwhile."""
    client = aioredis.Redis.from_url(redis_url)
    async with client.monitor() as monitor:

        async def listen() -> None:
            async for said in monitor.listen():
                command = str(said["command"])
                if not any(request in command for request in REQUESTS):
                    watched.add("redis monitor", command)

        task = asyncio.create_task(listen())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    await client.aclose()


@contextlib.asynccontextmanager
async def looking_at(pid: int, watched: Watched) -> AsyncIterator[None]:
    """Arguments and environment of the worker and all its children, ten times a second."""

    async def look() -> None:
        while True:
            for process in family(pid):
                with contextlib.suppress(psutil.Error):
                    watched.add("argv", " ".join(process.cmdline()))
                    watched.add("environ", str(process.environ()))
            await asyncio.sleep(0.1)

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def family(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True), *psutil.Process().children(recursive=True)]
    return []


async def remember_redis(redis_url: str, watched: Watched) -> None:
    async with aioredis.Redis.from_url(redis_url) as client:
        async for line in contents(client):
            watched.add("redis keys", line)


async def test_the_reader_of_redis_finds_a_canary_in_every_type(redis_url: str) -> None:
    """Long ones, in a text that Redis would compress."""
    kinds = ("string", "hash", "list", "set", "zset", "stream", "field")
    planted = {kind: canary() for kind in kinds}
    long = {kind: f"{secret} {'aa' * 200}" for kind, secret in planted.items()}
    names = [f"canaries-{kind}" for kind in kinds]
    watched = Watched()
    async with aioredis.Redis.from_url(redis_url) as client:
        await client.set(names[0], long["string"])
        await client.hset(names[1], mapping={"a": long["hash"], long["field"]: "b"})
        await client.rpush(names[2], "a", long["list"])
        await client.sadd(names[3], long["set"])
        await client.zadd(names[4], {long["zset"]: 1})
        await client.xadd(names[5], {"a": long["stream"]})
        try:
            await remember_redis(redis_url, watched)
        finally:
            await client.delete(*names)
    assert [secret for secret in planted.values() if not watched.places_of(secret)] == []


async def remember_rows(database: Database, watched: Watched) -> None:
    async with database.system_transaction() as tx:
        for table in metadata.sorted_tables:
            rows = (await tx.execute(sa.select(table))).mappings().all()
            watched.add(f"table {table.name}", str([dict(row) for row in rows]))


def remember_files(folder: Path, watched: Watched) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            watched.add("files", f"{path} {path.read_bytes()!r}")


def statuses(events: Events) -> set[tuple[str, str]]:
    return {
        (event["destinationId"], event["status"])
        for event in events
        if event["type"] == "destination.changed"
    }


async def add(caller: Caller, school: School, watched: Watched, url: str, key: str) -> str:
    body = {"type": "rtmp", "url": url, "streamKey": key}
    made = await caller.post(school.teacher, "/api/destinations", body)
    assert made.status_code == 201, made.text
    again = await caller.post(school.teacher, "/api/destinations", body)
    tested = await caller.post(
        school.teacher, f"/api/destinations/{made.json()['id']}/test", None, key=""
    )
    for reply in (made, again, tested):
        watched.add("replies", reply.text)
    return str(made.json()["id"])


async def teach(
    caller: Caller, school: School, watched: Watched, good: list[str], bad: str
) -> UUID:
    """A class on air with all of them, until the good ones are live and the bad one is tried again."""
    session_id = await caller.new_session(school)
    await choose(caller, school.teacher, session_id, [*good, bad])
    await caller.command("start", school.teacher, session_id)
    wanted = {*((name, "live") for name in good), (bad, "retrying")}
    await wait_for(caller, school, session_id, lambda events: wanted <= statuses(events), 90)
    for path in (
        f"/api/sessions/{session_id}/destinations",
        f"/api/sessions/{session_id}/events",
        f"/api/sessions/{session_id}/state",
        "/api/destinations",
        "/api/platforms/connections",
        "/api/audit",
    ):
        watched.add("replies", (await caller.get(school.admin, path)).text)
    return session_id


async def remember_streams(settings: Settings, watched: Watched) -> None:
    livekit = LiveKit(settings)
    watched.add("stream info", str(await livekit.list_active_egress()))
    await livekit.close()


@pytest.mark.timeout(240)
async def test_no_secret_is_seen_anywhere(
    school: School,
    database: Database,
    sfu: SFU,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    livekit, plain = sfu
    watched, own, refused = Watched(), canary(), canary()
    with ClosedPort() as closed:
        async with simulator(plain.public_url) as both, receivers([own]) as receiver:
            if not receiver.kind.startswith("nginx"):
                pytest.skip(
                    "the account's key is not known before: it needs a server that takes any"
                )
            both.google.ingest = receiver.url(own)
            settings = msgspec.structs.replace(
                settings_for(plain, both), storage_url=(tmp_path / "objects").as_uri()
            )
            worker = await start_worker((livekit, settings), tmp_path / "worker.log")
            try:
                async with (
                    listening(livekit.redis_url, watched),
                    looking_at(worker.pid, watched),
                    serve(settings) as caller,
                ):
                    bad = await add(caller, school, watched, closed, refused)
                    account = await connect(caller, school.teacher, "youtube")
                    good = [
                        await add(caller, school, watched, receiver.url(own), own),
                        account["id"],
                    ]
                    session_id = await teach(caller, school, watched, good, bad)
                    await remember_streams(settings, watched)
                    await caller.command("end", school.teacher, session_id)
                    await wait_for(caller, school, session_id, ended, 30)
                    await remember_redis(livekit.redis_url, watched)
            finally:
                await stop(worker)
            theirs = key_of(both)
            assert receiver.recordings(own)
            assert receiver.recordings(theirs), "the account's stream arrived"
            hidden = {own, refused, theirs, *both.google.secrets()}
    await remember_rows(database, watched)
    remember_files(tmp_path, watched)
    watched.add("logs", "".join(capfd.readouterr()))
    assert {secret: watched.places_of(secret) for secret in hidden} == {
        secret: [] for secret in hidden
    }
    assert {"argv", "environ", "redis monitor", "redis keys", "stream info", "logs"} <= set(
        watched.seen
    )


def ended(events: Events) -> list[Any]:
    return [event for event in events if event["type"] == "recording.completed"]


def key_of(both: Simulator) -> str:
    (stream,) = (s for s in both.google.streams.values() if s["snippet"]["title"] != "Lectern test")
    return str(stream["cdn"]["ingestionInfo"]["streamName"])
