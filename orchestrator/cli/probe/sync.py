"""Marks that tie picture to sound: a white flash and a short high beep that start together every `PERIOD_S`.

The beep lies above what speech recognition hears (it works on 16 kHz, so up to 8 kHz) and below what Opus and AAC cut.
"""

from collections.abc import Callable
from math import inf
from statistics import median
from typing import Any

import msgspec
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from orchestrator.cli.probe.media import SAMPLE_RATE, Audio, Programme, Video

PERIOD_S = 2.0
FLASH_S = 0.12
BEEP_S = 0.04
BEEP_HZ = 10_000
# The envelope is smoothed over 10 ms and looked at every millisecond.
SMOOTH_S = 0.01
HOP = SAMPLE_RATE // 1000
FRAMES_PER_S = 30
NEAR_FRAMES = FRAMES_PER_S  # one second each way: half a period
LONGEST_S = 2.5 * FLASH_S
SMALLEST = 0.002  # of the picture: the flash in a tile of a tenth of it
# A beep is sent at BEEP_LEVEL; one that arrives 20 dB down is not told from the hiss of a codec.
BEEP_LEVEL = 0.05
QUIETEST = BEEP_LEVEL / 2 / 10


class Sync(msgspec.Struct, frozen=True):
    """`offsets_ms` has one entry for each pair of marks, positive where the picture comes late."""

    flashes_s: list[float]
    beeps_s: list[float]
    offsets_ms: list[float]

    @property
    def typical_ms(self) -> float:
        """Raises StatisticsError when no flash met a beep."""
        return median(self.offsets_ms)

    @property
    def most_ms(self) -> float:
        """Nine in ten pairs are at most so far apart: one late frame of the sender is not the programme's offset."""
        return float(np.percentile(np.abs(self.offsets_ms), 90)) if self.offsets_ms else inf

    @property
    def worst_ms(self) -> float:
        return max((abs(offset) for offset in self.offsets_ms), default=inf)


def measure(programme: Programme) -> Sync:
    shown, heard = flashes(programme.video), beeps(programme.audio)
    return Sync(flashes_s=shown, beeps_s=heard, offsets_ms=pair(shown, heard))


def pair(flashes_s: list[float], beeps_s: list[float]) -> list[float]:
    """Each flash with the nearest beep, at most half a second away, in milliseconds."""
    found = []
    for flash in flashes_s:
        nearest = min((flash - beep for beep in beeps_s), key=abs, default=None)
        if nearest is not None and abs(nearest) <= 0.5:
            found.append(nearest * 1000)
    return found


def flashes(video: Video) -> list[float]:
    """When the white area jumps above what is usual around it: a tile may move or shrink, and captions come and go."""
    jump = video.white - _around(np.median, video.white, NEAR_FRAMES)
    height = _around(np.max, jump, NEAR_FRAMES)
    lit = (jump > height / 2) & (height > SMALLEST)
    return _starts(_without_long(lit, round(LONGEST_S * FRAMES_PER_S)), video.times_s)


def _without_long(on: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """Runs of more than `most` go: a name plate that appears is no flash."""
    edges = np.flatnonzero(np.diff(on, prepend=False, append=False))
    kept = on.copy()
    for begin, end in edges.reshape(-1, 2):
        kept[begin:end] = end - begin <= most
    return kept


def _around(of: Callable[..., Any], values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """`of` all values at most `reach` places away, for each place."""
    windows = sliding_window_view(np.pad(values, reach, mode="edge"), 2 * reach + 1)
    found: NDArray[np.float64] = of(windows, axis=-1)
    return found


def beeps(audio: Audio) -> list[float]:
    """Starts of the beeps: the centre of gravity of each burst in the band, less half a beep."""
    level = envelope(audio.samples)
    # The programme's loudness moves by some decibels while it learns a class.
    peak = float(np.percentile(level, 99.5)) if len(level) else 0.0
    if peak < QUIETEST:
        return []
    times = audio.start_s + np.arange(len(level)) * HOP / SAMPLE_RATE
    return [_centre(level, times, start) - BEEP_S / 2 for start in _starts(level > peak / 4, times)]


def _centre(level: NDArray[np.float64], times_s: NDArray[np.float64], start_s: float) -> float:
    near = (times_s >= start_s - BEEP_S / 2) & (times_s <= start_s + 1.5 * BEEP_S)
    return float(np.average(times_s[near], weights=level[near]))


def envelope(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Amplitude near BEEP_HZ, one value a millisecond, centred."""
    phase = np.exp(-2j * np.pi * BEEP_HZ * np.arange(len(samples)) / SAMPLE_RATE)
    total = np.concatenate([[0], np.cumsum(samples * phase)])
    width = round(SMOOTH_S * SAMPLE_RATE)
    middle = np.arange(0, len(samples), HOP)
    low = np.clip(middle - width // 2, 0, len(samples))
    high = np.clip(middle + width // 2, 0, len(samples))
    level: NDArray[np.float64] = np.abs(total[high] - total[low]) / width
    return level


def _starts(on: NDArray[np.bool_], times_s: NDArray[np.float64]) -> list[float]:
    """Where a run of True begins, once per half period."""
    rising = np.flatnonzero(on & ~np.concatenate([[True], on[:-1]]))
    kept: list[float] = []
    for at in times_s[rising]:
        if not kept or at - kept[-1] > PERIOD_S / 2:
            kept.append(float(at))
    return kept
