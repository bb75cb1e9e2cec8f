"""A programme on a machine whose every core is busy with something else at the same priority."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from livekit.protocol import egress as proto

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.media import Programme, probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.programme.stage import Egress, Stage, stage
from orchestrator.cli.programme.usage import recorder

CALM_S, STARVED_S = 8, 25
KEY = "starved"
FPS = 30


async def measure(here: Ground) -> list[Figure]:
    async with receivers([KEY]) as peers, stage(here, "bench-starved") as on, on.people(4):
        egress = await on.start([f"{peers.url(KEY)}/{KEY}"])
        await asyncio.sleep(CALM_S)
        with busy(os.getpriority(os.PRIO_PROCESS, recorder(here.egress_pid))):
            said = await _said(on, egress)
        await on.stop(egress)
        sent = probe(str(egress.playlist))
    missing = 1 - len(sent.video.times_s) / (sent.duration_s * FPS)
    return [
        Figure(key="starved_fps", what="pictures while starved", value=_worst_fps(sent), unit="/s"),
        _none("starved_sound_holes", "holes in the sound", len(sent.audio.gaps_s)),
        _none("starved_backwards", "times that the clock went back", _backwards(sent)),
        # A machine that leaves out no picture has nothing to say.
        _none("starved_unsaid", "degraded and not said", float(missing > 0.1 and not said)),
    ]


@contextlib.contextmanager
def busy(niceness: int) -> Iterator[None]:
    """A busy loop for each core while the context lasts, that the kernel ranks as a recorder."""
    command = [sys.executable, "-c", "while True: pass"]
    cores = range(os.cpu_count() or 1)
    loops = [subprocess.Popen(command, start_new_session=True) for _ in cores]
    try:
        for loop in loops:
            os.setpriority(os.PRIO_PROCESS, loop.pid, niceness)
            with contextlib.suppress(OSError):  # a kernel without groups
                Path(f"/proc/{loop.pid}/autogroup").write_text(str(niceness))
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


async def _said(on: Stage, egress: Egress) -> bool:
    """Whether LiveKit's record spoke of it meanwhile."""
    said = False
    for _ in range(STARVED_S):
        await asyncio.sleep(1)
        info: proto.EgressInfo = await on.info(egress)
        said |= info.details.startswith("Degraded")
    return said


def _worst_fps(sent: Programme) -> float:
    """Over ten seconds in the middle of the starvation."""
    begin = sent.video.times_s[0] + CALM_S + 5
    return float(((sent.video.times_s >= begin) & (sent.video.times_s < begin + 10)).sum()) / 10


def _backwards(sent: Programme) -> int:
    times = sent.video.times_s
    return int((times[1:] <= times[:-1]).sum())


def _none(key: str, what: str, value: float) -> Figure:
    return Figure(key=key, what=what, value=value, unit="", bar=0, least=False)
