"""What a process and all below it take: processor time and memory of their own."""

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
import psutil

MIB = 1024 * 1024
WINDOW_S = 3.0
# A recorder that has just begun still fills its pools.
WARM_S, LOOK_EVERY_S = 12.0, 2.0


class Memory(msgspec.Struct, frozen=True):
    """PSS of a programme's process tree at a moment of time.monotonic."""

    at_s: float
    mib: float


def tree(pid: int) -> Iterator[psutil.Process]:
    top = psutil.Process(pid)
    yield top
    with contextlib.suppress(psutil.NoSuchProcess):
        yield from top.children(recursive=True)


async def cores(pid: int, windows: int) -> list[float]:
    """Core-seconds per second of everything below `pid`, in so many windows of three seconds."""
    found = []
    for _ in range(windows):
        before, at_s = _spent_s(pid), time.monotonic()
        await asyncio.sleep(WINDOW_S)
        after = _spent_s(pid)
        spent = sum(seconds - before.get(one, 0.0) for one, seconds in after.items())
        found.append(spent / (time.monotonic() - at_s))
    return found


def recorder(pid: int) -> int:
    """Of the worker's children the one that works; the other is the spare."""
    children = psutil.Process(pid).children()
    return int(max(children, key=lambda child: sum(child.cpu_times()[:2])).pid)


def pss_mib(pid: int) -> float:
    """Memory of a process tree, what is shared counted once."""
    total = 0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return float(total / MIB)


async def memory(pid: int, until_s: float) -> list[Memory]:
    """What the worker's recorder takes from when it is warm until then, by time.monotonic."""
    await asyncio.sleep(WARM_S)
    working, found = recorder(pid), []
    while time.monotonic() < until_s:
        found.append(Memory(time.monotonic(), pss_mib(working)))
        await asyncio.sleep(LOOK_EVERY_S)
    return found


def growth_mib(looks: Sequence[Memory]) -> float:
    """MiB a second, along the straight line that fits best."""
    slope, _ = np.polyfit([look.at_s for look in looks], [look.mib for look in looks], 1)
    return float(slope)


def _spent_s(pid: int) -> dict[int, float]:
    spent = {}
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent[process.pid] = times.user + times.system
    return spent
