"""What a process and all below it take: processor time and memory of their own."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from statistics import median

import psutil

MIB = 1024 * 1024
WINDOW_S = 3.0


def tree(pid: int) -> Iterator[psutil.Process]:
    top = psutil.Process(pid)
    yield top
    with contextlib.suppress(psutil.NoSuchProcess):
        yield from top.children(recursive=True)


async def cores(pid: int, windows: int) -> float:
    """Core-seconds per second of everything below `pid`, the median of so many windows of three seconds."""
    found = []
    for _ in range(windows):
        before, at_s = _spent_s(pid), time.monotonic()
        await asyncio.sleep(WINDOW_S)
        after = _spent_s(pid)
        spent = sum(seconds - before.get(one, 0.0) for one, seconds in after.items())
        found.append(spent / (time.monotonic() - at_s))
    return median(found)


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


def _spent_s(pid: int) -> dict[int, float]:
    spent = {}
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent[process.pid] = times.user + times.system
    return spent
