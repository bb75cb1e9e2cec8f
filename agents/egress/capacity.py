"""Whether this machine can take one more egress: its cores, less what our recorders use and what was promised lately."""

import asyncio
import time

import msgspec
import psutil

# Four cameras in a grid with three destinations use 0.45 of a 2 GHz Xeon core, noisy pictures up to twice that.
CORES_PER_EGRESS = 0.5
# The SFU beside us needs some too. Captions may slow down instead: the recorders outrank them.
USABLE = 0.8
SAMPLE_S = 2.0
# A new egress needs this long until its use shows in the measurement.
PROMISE_S = 15.0


class Load(msgspec.Struct, frozen=True):
    """`used_cores` by our recorders as measured; `promised` egresses are accepted but do not show in it yet."""

    running: int
    promised: int
    cores: int
    used_cores: float


def has_room(load: Load) -> bool:
    """An idle worker always takes one: a machine that is too small should be slow rather than dead."""
    if load.running == 0:
        return True
    free = load.cores * USABLE - load.used_cores - load.promised * CORES_PER_EGRESS
    return free >= CORES_PER_EGRESS


class CpuMeter:
    """What this process's children and theirs use, in cores, over the last two seconds."""

    def __init__(self) -> None:
        self.cores = psutil.cpu_count() or 1
        self.used_cores = 0.0
        self._process = psutil.Process()
        self._spent_s: dict[int, float] = {}
        self._at_s = time.monotonic()

    async def run(self) -> None:
        while True:
            self.measure()
            await asyncio.sleep(SAMPLE_S)

    def measure(self) -> None:
        now_s = time.monotonic()
        spent_s = dict(map(_spent, self._process.children(recursive=True)))
        grown = (spent - self._spent_s.get(pid, spent) for pid, spent in spent_s.items())
        self.used_cores = sum(grown) / max(now_s - self._at_s, 0.001)
        self._spent_s, self._at_s = spent_s, now_s


def _spent(process: psutil.Process) -> tuple[int, float]:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return process.pid, 0.0
    return process.pid, times.user + times.system
