"""From an API call to the data packet in the hands of everybody in the room: the real room agent and real clients."""

import asyncio
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import aiohttp
import msgspec
from rich.console import Console

from orchestrator.cli.ground import classes
from orchestrator.cli.ground.crowd import Student, gather_crowd
from orchestrator.cli.ground.helper import Helper, helper
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.ground.voice import Sent, Voice
from orchestrator.cli.install.livekit import LISTENERS, listeners_step
from orchestrator.cli.install.steps import run_steps
from orchestrator.cli.stack.plan import child_environment
from orchestrator.core.database import Database
from orchestrator.settings import Secret, Settings, variable

FIRST_CLASS = 1001
PARTICIPANTS = 50
EVENTS = 200
WARM_UP = 20
# Longer than SCTP waits with its acknowledgement of a packet alone: the server holds a third one back until it has come.
PAUSE_S = 0.25
SETTLE_S = 8.0  # the agent is in the room, and has given its first sign of life
LAST_PACKET_S = 2.0
P50_BAR_MS = 15.0
P99_BAR_MS = 60.0


class Room(msgspec.Struct, frozen=True):
    """For participants who only take data, in a program of their own (tools/livekit/listeners): fifty Python ones take 38 ms of
    CPU an event, five times what the way there takes."""

    url: str
    tokens: list[str]


class Heard(msgspec.Struct, frozen=True):
    """By sequence: how many had the packet, and when the first and the last of them did (the system's monotonic clock)."""

    counts: dict[int, int]
    first_ns: dict[int, int]
    last_ns: dict[int, int]


async def measure(here: Ground) -> list[Figure]:
    await asyncio.to_thread(run_steps, [listeners_step()], Console(highlight=False))
    database = Database(here.settings.database_url, pool_size=2)
    try:
        (session_id,) = await classes.begin(database, FIRST_CLASS, 1)
        crowd = await gather_crowd(database, PARTICIPANTS)
    finally:
        await database.close()
    env = child_environment(_variables(here.settings))
    async with (
        aiohttp.ClientSession(here.settings.control_url) as http,
        helper("agents.room", here.data / "logs" / "agents.log", env=env),
        _listeners(here, [await _join(http, session_id, one) for one in crowd]) as listeners,
    ):
        await listeners.ready()
        await asyncio.sleep(SETTLE_S)
        voice = Voice(http, session_id, crowd)
        sent = [await _paced(voice) for _ in range(WARM_UP + EVENTS)][WARM_UP:]
        await asyncio.sleep(LAST_PACKET_S)
        heard = await _heard(listeners)
    lasts_ms = sorted(_last_ms(one, heard) for one in sent)
    firsts_ms = sorted(_first_ms(one, heard) for one in sent)
    return [
        _figure("propagation_first_p50_ms", "the first of 50 in the room, median", firsts_ms, 0.5),
        _figure("propagation_p50_ms", "all of 50 in the room, median", lasts_ms, 0.5, P50_BAR_MS),
        _figure("propagation_p99_ms", "all of 50 in the room, p99", lasts_ms, 0.99, P99_BAR_MS),
    ]


def _listeners(here: Ground, tokens: list[str]) -> AbstractAsyncContextManager[Helper]:
    plan = Room(here.settings.livekit_url, tokens)
    return helper(LISTENERS, here.data / "logs" / "listeners.log", plan)


def _variables(settings: Settings) -> dict[str, str]:
    values = {name: getattr(settings, name) for name in Settings.__struct_fields__}
    return {
        variable(name): value.reveal() if isinstance(value, Secret) else str(value)
        for name, value in values.items()
    }


async def _join(http: aiohttp.ClientSession, session_id: UUID, student: Student) -> str:
    """The token for the room."""
    headers = student.headers | {"Idempotency-Key": student.token}
    body = {"sessionId": str(session_id)}
    async with http.post("/api/sessions/join", headers=headers, json=body) as reply:
        reply.raise_for_status()
        return str((await reply.json())["livekit"]["token"])


async def _paced(voice: Voice) -> Sent:
    sent = await voice.speak()
    await asyncio.sleep(PAUSE_S)
    return sent


async def _heard(listeners: Helper) -> Heard:
    await listeners.say(b"")
    return msgspec.json.decode(await listeners.line(within_s=30), type=Heard)


def _first_ms(sent: Sent, heard: Heard) -> float:
    return (heard.first_ns[sent.sequence] - sent.at_ns) / 1e6


def _last_ms(sent: Sent, heard: Heard) -> float:
    """Raises RuntimeError when it did not reach everybody."""
    reached = heard.counts.get(sent.sequence, 0)
    if reached < PARTICIPANTS:
        raise RuntimeError(f"event {sent.sequence} reached {reached} of {PARTICIPANTS}")
    return (heard.last_ns[sent.sequence] - sent.at_ns) / 1e6


def _figure(
    key: str, what: str, ordered_ms: list[float], share: float, bar_ms: float | None = None
) -> Figure:
    value = ordered_ms[int(share * len(ordered_ms))]
    what = f"API call to {what}"
    return Figure(key=key, what=what, value=value, unit="ms", bar=bar_ms, least=False)
