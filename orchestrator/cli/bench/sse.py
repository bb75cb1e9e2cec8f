"""What a viewer of the event stream costs in memory, and how soon the last of a thousand has an event."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import msgspec
import psutil

from orchestrator.cli.ground import classes
from orchestrator.cli.ground.crowd import Student, gather_crowd
from orchestrator.cli.ground.helper import Helper, helper
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.ground.voice import Voice
from orchestrator.cli.ground.watchers import Seen, Watch
from orchestrator.core.database import Database

FIRST_CLASS = 2001
FIRST_VIEWERS = 100  # what the first ones cost is code and buffers that all share
VIEWERS = 1000
EVENTS = 40
PAUSE_S = 0.2
VIEWER_BAR_KIB = 60.0
LAST_VIEWER_BAR_MS = 300.0


async def measure(here: Ground) -> list[Figure]:
    database = Database(here.settings.database_url, pool_size=2)
    try:
        (session_id,) = await classes.begin(database, FIRST_CLASS, 1)
        crowd = await gather_crowd(database, 50)
    finally:
        await database.close()
    log = here.data / "logs" / "watchers.log"
    path = f"/api/sessions/{session_id}/events/stream?after=1"
    few = _watch(here, path, crowd, FIRST_VIEWERS)
    rest = _watch(here, path, crowd, VIEWERS - FIRST_VIEWERS)
    async with (
        aiohttp.ClientSession(here.settings.control_url) as http,
        helper("orchestrator.cli.ground.watchers", log, few) as first,
    ):
        voice = Voice(http, session_id, await _joined(http, str(session_id), crowd))
        await first.ready()
        await _latencies_ms(voice, [first], EVENTS // 4)
        before = _memory_bytes(here)
        async with helper("orchestrator.cli.ground.watchers", log, rest) as second:
            await second.ready()
            await _latencies_ms(voice, [first, second], EVENTS // 4)
            latencies_ms = sorted(await _latencies_ms(voice, [first, second], EVENTS))
            grown = _memory_bytes(here) - before
    return [
        Figure(
            key="sse_viewer_kib",
            what="memory for each of 1,000 viewers of the stream",
            value=grown / 1024 / (VIEWERS - FIRST_VIEWERS),
            unit="KiB",
            bar=VIEWER_BAR_KIB,
            least=False,
        ),
        Figure(
            key="sse_last_viewer_ms",
            what="API call to the last of 1,000 viewers, p95",
            value=latencies_ms[int(0.95 * len(latencies_ms))],
            unit="ms",
            bar=LAST_VIEWER_BAR_MS,
            least=False,
        ),
    ]


def _watch(here: Ground, path: str, crowd: list[Student], count: int) -> Watch:
    address = urlsplit(here.settings.control_url)
    tokens = [crowd[n % len(crowd)].token for n in range(count)]
    return Watch(address.hostname or "", address.port or 0, path, tokens)


async def _joined(
    http: aiohttp.ClientSession, session_id: str, crowd: list[Student]
) -> list[Student]:
    """Only who is in the class may write in its chat."""
    for student in crowd:
        body = {"sessionId": session_id}
        headers = student.headers | {"Idempotency-Key": student.token}
        async with http.post("/api/sessions/join", headers=headers, json=body) as reply:
            reply.raise_for_status()
    return crowd


async def _latencies_ms(voice: Voice, watchers: list[Helper], count: int) -> list[float]:
    found = []
    for _ in range(count):
        sent = await voice.speak()
        last_ns = max([await _last_ns(one, sent.sequence) for one in watchers])
        found.append((last_ns - sent.at_ns) / 1e6)
        await asyncio.sleep(PAUSE_S)
    return found


async def _last_ns(watchers: Helper, sequence: int) -> int:
    """Other events than ours come too, such as who joined. Raises TimeoutError."""
    while True:
        seen = msgspec.json.decode(await watchers.line(within_s=20), type=Seen)
        if seen.sequence == sequence:
            return seen.last_ns


def _memory_bytes(here: Ground) -> int:
    return int(psutil.Process(here.control_pid).memory_full_info().pss)
