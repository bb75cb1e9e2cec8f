"""How soon a programme is accepted, seen at an RTMP server, and over."""

import asyncio
from statistics import median

import msgspec

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.programme.flv import Watch
from orchestrator.cli.programme.stage import Stage, stage, until

STARTS = 5
FIRST_WITHIN_S = 20
# A start takes the warm spare; the worker makes the next one five seconds later.
BETWEEN_S = 8.0


class Times(msgspec.Struct, frozen=True):
    accepted_s: float
    first_byte_s: float
    over_s: float


async def measure(here: Ground) -> list[Figure]:
    keys = [f"start{number}" for number in range(STARTS)]
    found = []
    async with (
        receivers(keys) as peers,
        stage(here, "bench-start") as on,
        on.people(1),
    ):
        for key in keys:
            await asyncio.sleep(BETWEEN_S)
            async with Watch(peers.folder, key) as watch:
                found.append(await _once(on, f"{peers.url(key)}/{key}", watch))
    return [
        _figure("start_accepted_ms", "start to accepted", [t.accepted_s for t in found], 20),
        _figure("start_first_ms", "start to RTMP server", [t.first_byte_s for t in found], 1000),
        _figure("stop_ms", "stop to playlist closed and ended", [t.over_s for t in found], 500),
    ]


async def _once(on: Stage, url: str, watch: Watch) -> Times:
    egress = await on.start([url])
    await until(lambda: bool(watch.arrivals), FIRST_WITHIN_S)
    await asyncio.sleep(3)
    return Times(
        accepted_s=egress.accepted_s - egress.asked_s,
        first_byte_s=watch.arrivals[0].seen_s - egress.asked_s,
        over_s=await on.stop(egress),
    )


def _figure(key: str, what: str, seconds: list[float], bar_ms: float) -> Figure:
    value = median(seconds) * 1000
    return Figure(key=key, what=f"{what}, median", value=value, unit="ms", bar=bar_ms, least=False)
