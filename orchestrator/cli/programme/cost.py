"""Core-seconds and memory that a second of programme takes: receiving, decoding, drawing, encoding, sending."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from statistics import mean, median
from typing import NamedTuple

from livekit.protocol import egress as proto

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.programme.stage import PROGRAMME, Egress, Stage, stage
from orchestrator.cli.programme.usage import cores, memory

# Until layers are chosen, rates are settled, and the worker has its next spare process.
SETTLE_S = 12.0
# A bar is judged by the median of all windows of several programmes: two runs of one build differ by a tenth.
WINDOWS, RUNS = 3, 3
# Destinations cost less than two minutes of one programme differ by, so they come and go in turns, an even number; they connect in a second.
TURNS, TURN_S = 4, 4.0
KEYS = [f"cost{number}" for number in range(6)]
FULL_HD = proto.EncodingOptions(
    width=1920, height=1080, framerate=30, key_frame_interval=2, video_bitrate=4500
)
HELD_S = 50.0


class Case(NamedTuple):
    room: str
    people: int
    simulcast: bool = True
    encoding: proto.EncodingOptions = PROGRAMME


class OnAir(NamedTuple):
    """`urls` are three more destinations than the three that it has."""

    stage: Stage
    egress: Egress
    urls: list[str]


async def measure(here: Ground) -> list[Figure]:
    """Four people with simulcast; then three destinations more and less in turns, then two people more."""
    four: list[float] = []
    destinations: list[float] = []
    people: list[float] = []
    for _ in range(RUNS):
        async with on_air(here, Case("bench-cost", 4)) as air:
            begun = await _settled(here)
            levels = [median(begun), *[await _turn(here, air, n) for n in range(TURNS)]]
            async with air.stage.people(2):
                most = await _settled(here)
        four += begun
        destinations.append(rise(levels) / len(air.urls))
        people.append((median(most) - levels[-1]) / 2)
    return [
        _cores("cost_simulcast_4", "4 publishers with simulcast", four, 0.8),
        _cores("cost_per_destination", "each further destination", destinations, 0.02),
        _cores("cost_per_publisher", "each further publisher with simulcast", people, 0.06),
    ]


def rise(levels: Sequence[float]) -> float:
    """Of levels that are low and high in turns: how much the high ones are above their neighbours; a drift cancels out."""
    steps = [later - earlier for earlier, later in pairwise(levels)]
    return mean(step if number % 2 == 0 else -step for number, step in enumerate(steps))


async def measure_single_layer(here: Ground) -> list[Figure]:
    found = await _runs(here, Case("bench-single", 4, simulcast=False))
    return [_cores("cost_single_4", "4 publishers, one 720p layer", found, 1.2)]


async def measure_one(here: Ground) -> list[Figure]:
    found = await _runs(here, Case("bench-one", 1))
    return [_cores("cost_simulcast_1", "1 publisher", found, 0.65)]


async def measure_full_hd(here: Ground) -> list[Figure]:
    found = await _runs(here, Case("bench-hd", 4, encoding=FULL_HD))
    return [_cores("cost_1080p30", "1080p30, 4 publishers", found, 1.5)]


async def measure_memory(here: Ground) -> list[Figure]:
    """Its growth needs longer: the row `long`."""
    async with on_air(here, Case("bench-memory", 4)):
        sizes = [look.mib for look in await memory(here.egress_pid, time.monotonic() + HELD_S)]
    what = "memory of a programme (PSS)"
    return [Figure(key="memory_mib", what=what, value=max(sizes), unit="MiB", bar=350, least=False)]


async def _runs(here: Ground, case: Case) -> list[float]:
    found: list[float] = []
    for _ in range(RUNS):
        async with on_air(here, case):
            found += await _settled(here)
    return found


@asynccontextmanager
async def on_air(here: Ground, case: Case) -> AsyncIterator[OnAir]:
    """The recording and three destinations."""
    async with (
        receivers(KEYS) as peers,
        stage(here, case.room) as on,
        on.people(case.people, simulcast=case.simulcast),
    ):
        urls = [f"{peers.url(key)}/{key}" for key in KEYS]
        egress = await on.start(urls[:3], case.encoding)
        yield OnAir(on, egress, urls[3:])
        await on.stop(egress)


async def _turn(here: Ground, air: OnAir, number: int) -> float:
    change = air.stage.add if number % 2 == 0 else air.stage.remove
    await change(air.egress, air.urls)
    await asyncio.sleep(TURN_S)
    return median(await cores(here.egress_pid, WINDOWS))


async def _settled(here: Ground) -> list[float]:
    await asyncio.sleep(SETTLE_S)
    return await cores(here.egress_pid, WINDOWS)


def _cores(key: str, what: str, found: list[float], bar: float) -> Figure:
    return Figure(key=key, what=what, value=median(found), unit="core", bar=bar, least=False)
