"""What the machine was like during a run: figures of a slow hour are not those of the code."""

import random
import statistics
import time
import zlib
from collections.abc import Mapping
from typing import Any

import psutil

TIMES = 9
PIECE = random.Random(1).randbytes(2**20)


class Conditions:
    """From its making on."""

    def __init__(self) -> None:
        self._stolen_s = _stolen_s()
        self._began_s = time.monotonic()
        self._before_ms = piece_ms()

    def told(self) -> dict[str, Any]:
        """`stolenShare`: of all cores, what the host gave to others; `pieceMs`: a fixed piece of work, before and after."""
        cores_s = (time.monotonic() - self._began_s) * (psutil.cpu_count() or 1)
        return {
            "stolenShare": (_stolen_s() - self._stolen_s) / cores_s,
            "pieceMs": [self._before_ms, piece_ms()],
        }


def sentence(told: Mapping[str, Any]) -> str:
    before, after = (round(ms) for ms in told["pieceMs"])
    return (
        f"Other guests of the host took {told['stolenShare']:.1%} of the cores; "
        f"a fixed piece of work took {before} ms before and {after} ms after."
    )


def piece_ms() -> float:
    """Processor time, the median of some."""
    return statistics.median(_timed_ms() for _ in range(TIMES))


def _timed_ms() -> float:
    began_s = time.process_time()
    zlib.compress(PIECE)
    return (time.process_time() - began_s) * 1000


def _stolen_s() -> float:
    """Only Linux tells."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0))
