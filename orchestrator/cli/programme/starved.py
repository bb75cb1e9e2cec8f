"""A programme on a machine whose every core is busy with something else at the same priority."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from livekit.protocol import egress as proto
from numpy.typing import NDArray

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.media import Programme, probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.programme.stage import Egress, Stage, stage
from orchestrator.cli.programme.usage import recorder

CALM_S, STARVED_S = 8, 25
WINDOW_S = 10.0
# Every second picture, and at times every third: a picture is left out whole, so that gaps come in steps of one.
EVEN = 3.0
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
    shown = while_starved(sent.video.times_s)
    return [
        Figure(
            key="starved_fps", what="pictures while starved", value=fps(shown), unit="/s", bar=10
        ),
        Figure(
            key="starved_spread",
            what="longest of twenty gaps between pictures, in usual gaps",
            value=spread(shown),
            unit="",
            bar=EVEN,
            least=False,
        ),
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


def while_starved(times_s: NDArray[Any]) -> NDArray[Any]:
    """The pictures of ten seconds in the middle of it."""
    begin = times_s[0] + CALM_S + 5
    shown: NDArray[Any] = times_s[(times_s >= begin) & (times_s < begin + WINDOW_S)]
    return shown


def fps(shown_s: NDArray[Any]) -> float:
    return len(shown_s) / WINDOW_S


def spread(shown_s: NDArray[Any]) -> float:
    gaps = np.diff(shown_s)
    return float(np.percentile(gaps, 95) / np.median(gaps)) if len(gaps) else np.inf


def _backwards(sent: Programme) -> int:
    times = sent.video.times_s
    return int((times[1:] <= times[:-1]).sum())


def _none(key: str, what: str, value: float) -> Figure:
    return Figure(key=key, what=what, value=value, unit="", bar=0, least=False)
