"""Flashes and beeps from a camera through the programme to an RTMP server: how late, and how far apart."""

import asyncio
from collections.abc import Sequence
from statistics import median

import numpy as np

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.flv import Arrival, Watch
from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.probe.sync import PERIOD_S, Sync
from orchestrator.cli.probe.sync import measure as compare
from orchestrator.cli.programme.stage import stage, until

SECONDS = 50.0
FIRST_WITHIN_S = 20
KEY = "marks"


async def measure(here: Ground) -> list[Figure]:
    async with (
        receivers([KEY]) as peers,
        stage(here, "bench-marks") as on,
        on.people(1, simulcast=False, marks=True) as began,
        Watch(peers.folder, KEY) as watch,
    ):
        egress = await on.start([f"{peers.url(KEY)}/{KEY}"])
        await until(lambda: bool(watch.arrivals), FIRST_WITHIN_S)
        await asyncio.sleep(SECONDS)
        await on.stop(egress)
        sent = probe(str(peers.recordings(KEY)[0]))
    sync = compare(sent)
    late_ms = median(delays_ms(sync.flashes_s, watch.arrivals, began.at_s))
    hits = len(sync.offsets_ms) / (sent.duration_s // PERIOD_S)
    return [
        _at_most("latency_p50_ms", "camera to RTMP packet, median", late_ms, "ms", 400),
        _at_most("sync_p80_ms", "picture to sound, 80 %", p80(sync), "ms", 60),
        _at_most("sync_drift_ms", f"drift in {SECONDS:g} s", drift_ms(sync.offsets_ms), "ms", 10),
        Figure(key="sync_hits", what="marks found", value=min(hits, 1.0), unit="", bar=0.99),
    ]


def delays_ms(
    flashes_s: Sequence[float], arrivals: Sequence[Arrival], began_s: float
) -> list[float]:
    """From each flash before the camera, one every PERIOD_S since `began_s`, to the first packet that shows it."""
    seen = {arrival.at_ms: arrival.seen_s for arrival in arrivals}
    shown = (min(seen, key=lambda at_ms: abs(at_ms - 1000 * flash)) for flash in flashes_s)
    return [(seen[at_ms] - began_s) % PERIOD_S * 1000 for at_ms in shown]


def p80(sync: Sync) -> float:
    return float(np.percentile(np.abs(sync.offsets_ms), 80))


def drift_ms(offsets_ms: Sequence[float]) -> float:
    """How far the typical offset moved from the first half to the second."""
    half = len(offsets_ms) // 2
    return abs(median(offsets_ms[half:]) - median(offsets_ms[:half]))


def _at_most(key: str, what: str, value: float, unit: str, bar: float) -> Figure:
    return Figure(key=key, what=what, value=value, unit=unit, bar=bar, least=False)
