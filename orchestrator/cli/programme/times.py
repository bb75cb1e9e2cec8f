"""How soon a programme is accepted, seen at an RTMP server, and over; back, when its recorder was killed; or refused."""

import asyncio
import os
import signal
import time
from statistics import median
from uuid import UUID

import msgspec

from orchestrator.cli.artifacts.office import staff
from orchestrator.cli.classroom.people import Person
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.flv import Watch
from orchestrator.cli.probe.receivers import ClosedPort, Receivers, receivers
from orchestrator.cli.programme.stage import Stage, stage, until
from orchestrator.cli.programme.starved import busy
from orchestrator.cli.programme.usage import recorder
from orchestrator.core.hls.playlist import missing_ms
from orchestrator.egress.engine.admission import NO_ROOM, Admission
from schema.quality import DEFAULT

STARTS, KILLS = 5, 3
FIRST_WITHIN_S = 20
LOOK_S = 0.02
# A start takes the warm spare; the worker makes the next one five seconds later.
BETWEEN_S = 8.0


class Recovery(msgspec.Struct, frozen=True):
    """From the kill to the next picture at the server, and what the playlist marks as missing."""

    back_s: float
    gap_s: float


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


async def measure_recovery(here: Ground) -> list[Figure]:
    """kill -9 of the recorder, each time of an egress of its own: one whose recorders keep dying is given up."""
    keys = [f"killed{number}" for number in range(KILLS)]
    found = []
    async with (
        receivers(keys) as peers,
        stage(here, "bench-recovery") as on,
        on.people(1),
    ):
        for key in keys:
            found.append(await _killed(here, on, peers, key))  # noqa: PERF401 one after the other
    return [
        _figure("recovery_ms", "killed recorder to RTMP server", [r.back_s for r in found], 5000),
        _figure("recovery_gap_ms", "missing from the recording", [r.gap_s for r in found], 5000),
    ]


async def measure_refusal(here: Ground) -> list[Figure]:
    """A class that begins while the one worker is full: from its start to the word in its destination's row."""
    async with (
        stage(here, "bench-refusal") as on,
        on.people(1),
        staff(here) as teacher,
    ):
        egress = await on.start([])
        with ClosedPort() as closed, busy(os.getpriority(os.PRIO_PROCESS, here.control_pid)):
            await _nobody_takes_more(here)
            name = await teacher.create_destination("Nowhere", closed, "no-such-key")
            found = [await _refused(teacher, name.id) for _ in range(STARTS)]
        await on.stop(egress)
    return [_figure("refusal_ms", "start to refused for want of capacity", found, 1000)]


async def _nobody_takes_more(here: Ground) -> None:
    admission = Admission(here.settings)
    async with asyncio.timeout(FIRST_WITHIN_S):
        while await admission.refusal(DEFAULT) is None:  # noqa: ASYNC110 workers ring no bell here
            await asyncio.sleep(0.1)
    await admission.close()


async def _refused(teacher: Person, destination: UUID) -> float:
    session = await teacher.create_session("Measured")
    await teacher.select(session.id, [destination])
    asked_s = time.monotonic()
    await teacher.start(session.id)
    while (await teacher.destinations(session.id))[0].reason != NO_ROOM:  # noqa: ASYNC110 as a page asks
        await asyncio.sleep(LOOK_S)
    took_s = time.monotonic() - asked_s
    await teacher.end(session.id)
    return took_s


async def _killed(here: Ground, on: Stage, peers: Receivers, key: str) -> Recovery:
    async with Watch(peers.folder, key) as first, Watch(peers.folder, key, 1) as second:
        egress = await on.start([f"{peers.url(key)}/{key}"])
        await until(lambda: bool(first.arrivals), FIRST_WITHIN_S)
        await asyncio.sleep(BETWEEN_S)
        killed_s = time.monotonic()
        os.kill(recorder(here.egress_pid), signal.SIGKILL)
        await until(lambda: bool(second.arrivals), FIRST_WITHIN_S)
        await asyncio.sleep(3)
        await on.stop(egress)
    gap_s = missing_ms(egress.playlist.read_text()) / 1000
    return Recovery(second.arrivals[0].seen_s - killed_s, gap_s)


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
