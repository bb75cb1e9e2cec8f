"""Flashes and beeps from a camera through the programme to an RTMP server: how late, how far apart, and whether all."""

import asyncio
from collections.abc import Sequence
from statistics import median

import msgspec
import numpy as np

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.flv import Arrival, Watch
from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.probe.sync import PERIOD_S, Sync
from orchestrator.cli.probe.sync import measure as compare
from orchestrator.cli.programme.stage import stage, until
from orchestrator.cli.programme.usage import Memory, growth_mib, memory

SECONDS, LONG_S = 50, 600
FIRST_WITHIN_S = 20
# After the last mark; it comes no later than this.
AFTER_S = 6.0
KEY = "marks"
# The allocator's pages come and go by one or two MiB; this much in ten minutes would be a tenth of what is allowed in an hour.
NOISE_MIB = 5.0


class Marked(msgspec.Struct, frozen=True):
    """What became of the marks, how late each was seen, and what the programme held meanwhile."""

    sync: Sync
    late_ms: list[float]
    memory: list[Memory]


async def measure(here: Ground) -> list[Figure]:
    return _figures(await watched(here, SECONDS), "")


async def measure_long(here: Ground) -> list[Figure]:
    """Ten minutes of one programme: what only shows in time."""
    return long_figures(await watched(here, LONG_S), LONG_S)


async def watched(here: Ground, seconds: int) -> Marked:
    """So long a programme, with a mark every PERIOD_S."""
    async with (
        receivers([KEY]) as peers,
        stage(here, "bench-marks") as on,
        on.people(1, simulcast=False, marks_s=seconds, lasts_s=seconds + 60) as began,
        Watch(peers.folder, KEY) as watch,
    ):
        egress = await on.start([f"{peers.url(KEY)}/{KEY}"])
        await until(lambda: bool(watch.arrivals), FIRST_WITHIN_S)
        held = await memory(here.egress_pid, began.at_s + seconds + AFTER_S)
        await on.stop(egress)
        sent = await asyncio.to_thread(probe, str(peers.recordings(KEY)[0]))
    sync = compare(sent)
    last = (seconds - 1) // round(PERIOD_S)
    return Marked(sync, delays_ms(sync.flashes_s, watch.arrivals, began.at_s, last), held)


def long_figures(found: Marked, seconds: float) -> list[Figure]:
    minutes, noise_mib = seconds / 60, NOISE_MIB * seconds / LONG_S
    # In its first minute a recorder still fills its pools, by some MiB.
    filled_s = found.memory[0].at_s + seconds / 10
    grown = growth_mib([look for look in found.memory if look.at_s >= filled_s]) * seconds
    return [
        *_figures(found, "long_"),
        _at_most("long_drift_ms", f"drift in {minutes:g} min", drift_ms(found.sync), "ms", 10),
        _at_most("long_growth_mib", f"memory in {minutes:g} min", grown, "MiB", noise_mib),
    ]


def delays_ms(
    flashes_s: Sequence[float], arrivals: Sequence[Arrival], began_s: float, last: int
) -> list[float]:
    """From each flash before the camera, one every PERIOD_S since `began_s`, to the first packet that shows it.

    Counted back from the last that was sent, whose number is `last`: the first may have come before the programme began.
    """
    seen = {arrival.at_ms: arrival.seen_s for arrival in arrivals}
    delays = []
    for flash in flashes_s:
        number = last - round((flashes_s[-1] - flash) / PERIOD_S)
        shown = min(seen, key=lambda at_ms: abs(at_ms - 1000 * flash))
        delays.append((seen[shown] - began_s - number * PERIOD_S) * 1000)
    return delays


def hit_rate(sync: Sync) -> float:
    """Pairs among all marks sent since the first pair, and those found that were never sent."""
    paired = len(sync.offsets_ms)
    if not paired:
        return 0.0
    begin_s = max(sync.flashes_s[0], sync.beeps_s[0]) - PERIOD_S / 2
    found = sorted(at for at in (*sync.flashes_s, *sync.beeps_s) if at >= begin_s)
    sent = round((found[-1] - found[0]) / PERIOD_S) + 1
    return paired / (sent + len(found) - 2 * paired)


def p80(sync: Sync) -> float:
    return float(np.percentile(np.abs(sync.offsets_ms), 80))


def drift_ms(sync: Sync) -> float:
    """How far the offset moves over the whole time, along the straight line that fits it best."""
    slope, _ = np.polyfit(range(len(sync.offsets_ms)), sync.offsets_ms, 1)
    return float(abs(slope) * len(sync.offsets_ms))


def _figures(found: Marked, prefix: str) -> list[Figure]:
    late_ms, hits = median(found.late_ms), hit_rate(found.sync)
    return [
        _at_most(f"{prefix}latency_p50_ms", "camera to RTMP packet, median", late_ms, "ms", 400),
        _at_most(f"{prefix}sync_p80_ms", "picture to sound, 80 %", p80(found.sync), "ms", 60),
        Figure(key=f"{prefix}sync_hits", what="marks found", value=hits, unit="", bar=0.99),
    ]


def _at_most(key: str, what: str, value: float, unit: str, bar: float) -> Figure:
    return Figure(key=key, what=what, value=value, unit=unit, bar=bar, least=False)
