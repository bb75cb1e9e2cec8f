"""Whether this machine can take one more egress: measured free CPU, less what has been promised lately."""

import asyncio
from collections.abc import Callable

import msgspec
import psutil

# A class of four with screen share on one Xeon core of 2 GHz, encode included, with room to spare.
CORES_PER_EGRESS = 1.0
SAMPLE_S = 2.0
# A new egress needs this long until its use shows in the measurement.
PROMISE_S = 15.0


class Load(msgspec.Struct, frozen=True):
    """`free_cores` as measured; `promised` egresses are accepted but do not show in it yet."""

    running: int
    promised: int
    free_cores: float


def has_room(load: Load, limit: int) -> bool:
    """An idle worker always takes one: a machine that is too small should be slow rather than dead."""
    if load.running >= limit:
        return False
    return load.running == 0 or load.free_cores - load.promised * CORES_PER_EGRESS >= (
        CORES_PER_EGRESS
    )


class CpuMeter:
    """Free cores of the machine, over the last two seconds."""

    def __init__(self, percent_used: Callable[[], float] = psutil.cpu_percent) -> None:
        self._percent_used = percent_used
        self._cores = psutil.cpu_count() or 1
        self.free_cores = float(self._cores)

    async def run(self) -> None:
        self._percent_used()
        while True:
            await asyncio.sleep(SAMPLE_S)
            self.free_cores = self._cores * (1 - self._percent_used() / 100)
