"""Joins per second of one control plane, from HTTP request to committed event and minted token."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from orchestrator.cli.ground import classes
from orchestrator.cli.ground.crowd import Student, gather_crowd
from orchestrator.cli.ground.load import Load, Plan, Request, put
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.stack import binaries, program
from orchestrator.cli.stack.plan import child_environment
from orchestrator.cli.stack.ports import free_port
from orchestrator.cli.stack.servers import LOOPBACK
from orchestrator.core.database import Database
from orchestrator.settings import variable

FIRST_CLASS = 101
CLASSES = 90
STUDENTS = 150
CLIENTS = 16
SECONDS = 5.0
# One stall of the disk is one percent of what comes in ten seconds.
HALF_S = 15.0
WARM_UP_S = 1.0
SHARE_BAR = 0.35
P99_BAR_MS = 60.0


async def measure(here: Ground) -> list[Figure]:
    joins = await _joins(here)
    bare = await _bare(here)
    await _load(here, joins, seconds=WARM_UP_S)
    most = await _load(here, joins)
    half = await _load(here, joins, HALF_S, most.per_s / 2)
    return [
        Figure(key="join_per_s", what="joins", value=most.per_s, unit="/s"),
        Figure(key="join_p99_ms", what="joins, p99", value=most.percentile_ms(0.99), unit="ms"),
        Figure(key="bare_per_s", what="a bare route with one SELECT", value=bare.per_s, unit="/s"),
        Figure(
            key="join_share",
            what="joins, of the bare route",
            value=most.per_s / bare.per_s,
            unit="",
            bar=SHARE_BAR,
        ),
        Figure(
            key="join_half_p99_ms",
            what="joins at half that rate, p99",
            value=half.percentile_ms(0.99),
            unit="ms",
            bar=P99_BAR_MS,
            least=False,
        ),
    ]


async def _joins(here: Ground) -> list[Request]:
    """Everybody into every class, one class after the other in turn: each join is a new one."""
    database = Database(here.settings.database_url, pool_size=2)
    try:
        sessions = await classes.begin(database, FIRST_CLASS, CLASSES)
        crowd = await gather_crowd(database, STUDENTS)
    finally:
        await database.close()
    return [_join(student, session) for student, session in product(crowd, sessions)]


def _join(student: Student, session_id: UUID) -> Request:
    body = msgspec.json.encode({"sessionId": session_id}).decode()
    headers = student.headers | {"Idempotency-Key": str(uuid4())}
    return Request("/api/sessions/join", "POST", headers, body)


async def _load(
    here: Ground, joins: list[Request], seconds: float = SECONDS, rate: float | None = None
) -> Load:
    """Takes what it uses from `joins`."""
    load = await put(Plan(here.settings.control_url, joins, CLIENTS, seconds, rate))
    del joins[: len(load.latencies_ms)]
    return load


async def _bare(here: Ground) -> Load:
    async with _served(here) as url:
        requests = [Request("/")] * 100_000
        await put(Plan(url, requests, CLIENTS, WARM_UP_S))
        return await put(Plan(url, requests, CLIENTS, SECONDS))


@asynccontextmanager
async def _served(here: Ground) -> AsyncIterator[str]:
    """The bare application's address."""
    url = f"http://{LOOPBACK}:{free_port()}"
    env = child_environment(
        {
            variable("database_url"): here.settings.database_url.reveal(),
            variable("port"): str(urlsplit(url).port),
        }
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "orchestrator.cli.bench.bare", env=env, cwd=binaries.ROOT
    )
    try:
        ready = program.http_ok(url)
        async with asyncio.timeout(20):
            while not await ready(here.data, 0):  # noqa: ASYNC110 another process's state
                await asyncio.sleep(0.1)
        yield url
    finally:
        process.terminate()
        await process.wait()
