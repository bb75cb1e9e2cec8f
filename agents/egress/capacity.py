"""Whether this machine can take one more egress: what of its cores is free, less what was promised lately."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import msgspec
import psutil

# Four cameras in a grid with three destinations use 0.45 of a 2 GHz Xeon core, noisy pictures up to twice that.
CORES_PER_EGRESS = 0.5
# The SFU beside us needs some too. Captions may slow down instead: the recorders outrank them.
USABLE = 0.8
SAMPLE_S = 2.0
# Free CPU is the mean over so many samples: one burst of speech recognition must not turn a class away.
FREE_SAMPLES = 3
# A new egress needs this long until its use shows in the measurement.
PROMISE_S = 15.0


class Load(msgspec.Struct, frozen=True):
    """`used_cores` by our recorders, `free_cores` left idle by everybody; `promised` egresses do not show in either yet."""

    running: int
    promised: int
    cores: int
    used_cores: float
    free_cores: float


def has_room(load: Load) -> bool:
    """An idle worker always takes one: a machine that is too small should be slow rather than dead."""
    if load.running == 0:
        return True
    ours = load.cores * USABLE - load.used_cores
    return min(ours, load.free_cores) - load.promised * CORES_PER_EGRESS >= CORES_PER_EGRESS


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
