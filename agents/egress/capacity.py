"""Whether this machine can take one more egress: what of its cores is free, less what was promised lately, against what that
egress will use."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import msgspec
import psutil

from schema.quality import QUALITIES, Encoding, Quality

# Receiving and drawing one camera, with which most classes begin, and sending to three destinations: 0.62 core of a 2 GHz Xeon
# at 720p30 (`lectern bench programme one`), of which x264 takes 0.36 (ADR 0022). Three cameras more take a tenth.
BASE_CORES = 0.26
# x264 veryfast on noisy pictures: 1.7 cores of the same at 1080p60, 0.88 at 1080p30, 0.5 at 720p30.
CORES_PER_MPIXEL_PER_S = 1.7 / (1920 * 1080 * 60 / 1e6)
# The SFU beside us needs some too. Captions may slow down instead: the recorders outrank them.
USABLE = 0.8
SAMPLE_S = 2.0
# Free CPU is the mean over so many samples: one burst of speech recognition must not turn a class away.
FREE_SAMPLES = 3
# A new egress needs this long until its use shows in the measurement.
PROMISE_S = 15.0


class Load(msgspec.Struct, frozen=True):
    """`used_cores` by our recorders, `free_cores` left idle by everybody; what was `promised` lately shows in neither yet."""

    running: int
    promised_cores: float
    cores: int
    used_cores: float
    free_cores: float


def cores_for(encoding: Encoding) -> float:
    """What a programme of it uses in all when it begins."""
    pixels_per_s = encoding.width_px * encoding.height_px * encoding.fps
    return BASE_CORES + CORES_PER_MPIXEL_PER_S * pixels_per_s / 1e6


def has_room(load: Load, needed_cores: float) -> bool:
    """An idle worker always takes one: a machine that is too small should be slow rather than dead."""
    if load.running == 0:
        return True
    ours = load.cores * USABLE - load.used_cores
    return min(ours, load.free_cores) - load.promised_cores >= needed_cores


def taken_by(load: Load) -> frozenset[Quality]:
    """The qualities that have room here."""
    return frozenset(
        quality for quality, encoding in QUALITIES.items() if has_room(load, cores_for(encoding))
    )


class Promises:
    """Cores of egresses that were taken so lately that no measurement shows them."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._made: dict[str, tuple[float, float]] = {}

    def make(self, egress_id: str, cores: float) -> None:
        self._made[egress_id] = (self._now_s() + PROMISE_S, cores)

    def forget(self, egress_id: str) -> None:
        self._made.pop(egress_id, None)

    @property
    def cores(self) -> float:
        now_s = self._now_s()
        return sum(cores for until_s, cores in self._made.values() if until_s > now_s)


class CpuMeter:
    """In cores: what this process's children and theirs use, over the last two seconds; what nobody uses, over six."""

    def __init__(
        self,
        now_s: Callable[[], float] = time.monotonic,
        idle_s: Callable[[], float] = lambda: psutil.cpu_times().idle,
    ) -> None:
        """`idle_s` counts the seconds that all cores together have spent idle."""
        self.cores = psutil.cpu_count() or 1
        self.used_cores = 0.0
        self.free_cores = float(self.cores)
        self._now_s, self._idle_s = now_s, idle_s
        self._process = psutil.Process()
        self._spent_s: dict[int, float] = {}
        self._at_s = now_s()
        self._idle = deque([(self._at_s, idle_s())], maxlen=FREE_SAMPLES + 1)

    async def run(self) -> None:
        while True:
            self.measure()
            await asyncio.sleep(SAMPLE_S)

    def measure(self) -> None:
        now_s = self._now_s()
        spent_s = dict(map(_spent, self._process.children(recursive=True)))
        grown = (spent - self._spent_s.get(pid, spent) for pid, spent in spent_s.items())
        self.used_cores = sum(grown) / max(now_s - self._at_s, 0.001)
        self._spent_s, self._at_s = spent_s, now_s
        self._idle.append((now_s, self._idle_s()))
        (from_s, idle_from_s), (to_s, idle_to_s) = self._idle[0], self._idle[-1]
        self.free_cores = (idle_to_s - idle_from_s) / max(to_s - from_s, 0.001)


def _spent(process: psutil.Process) -> tuple[int, float]:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return process.pid, 0.0
    return process.pid, times.user + times.system
