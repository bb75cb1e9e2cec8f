"""Brings what is said to one loudness, slowly: quiet and loud classes sound alike, and no single word is pulled up."""

from collections import deque
from functools import cache

import numpy as np
import numpy.typing as npt

from agents.media.clock import SAMPLE_RATE

Block = npt.NDArray[np.float32]

TARGET_LUFS = -16.0
# Below this it is a room, not a voice: what nobody says is never made louder.
GATE_LUFS = -45.0
RELATIVE_GATE_LU = 10.0
MOST_DB, LEAST_DB = 18.0, -15.0
# ITU-R BS.1770 listens in windows of 400 ms, twelve ticks of 30 a second.
WINDOW_S = 0.4
# Once it knows a class it follows over so much speech; the first second of it is learned at once.
MEMORY_S = 10.0
SLEW_DB_PER_S = 6.0

# The standard's two filters at 48 kHz: the head, and what lies below hearing.
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (
        1.0,
        -1.69065929318241,
        0.73248077421585,
    ),
)
HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)


class Loudness:
    """Measures before its own gain, so that it can't chase itself."""

    def __init__(self) -> None:
        self._window: deque[tuple[float, float]] = deque()
        self._mean = 0.0
        self._learned_s = 0.0
        self._gain_db = 0.0

    def apply(self, block: Block) -> Block:
        """float32[n, 2] in int16 scale; the gain moves within the block, so that it never steps."""
        before_db = self._gain_db
        self._follow(block)
        if before_db == self._gain_db == 0.0:
            return block
        ramp = np.linspace(_factor(before_db), _factor(self._gain_db), len(block), dtype=np.float32)
        louder: Block = block * ramp[:, None]
        return louder

    def _follow(self, block: Block) -> None:
        seconds = len(block) / SAMPLE_RATE
        heard = self._momentary(block, seconds)
        if not self._voiced or lufs(heard) < max(GATE_LUFS, lufs(self._mean) - RELATIVE_GATE_LU):
            return
        self._learned_s = min(self._learned_s + seconds, MEMORY_S)
        self._mean += (heard - self._mean) * seconds / self._learned_s
        wanted_db = min(max(TARGET_LUFS - lufs(self._mean), LEAST_DB), MOST_DB)
        step_db = SLEW_DB_PER_S * seconds
        self._gain_db += min(max(wanted_db - self._gain_db, -step_db), step_db)

    @property
    def _voiced(self) -> bool:
        """Most of the window is loud: a click or a beep is no voice."""
        loud = sum(lufs(one) > GATE_LUFS for one, _ in self._window)
        return 2 * loud > len(self._window)

    def _momentary(self, block: Block, seconds: float) -> float:
        self._window.append((power(block), seconds))
        while sum(length for _, length in self._window) > WINDOW_S + seconds / 2:
            self._window.popleft()
        return sum(one for one, _ in self._window) / len(self._window)


def lufs(mean_square: float) -> float:
    return -0.691 + 10 * float(np.log10(max(mean_square, 1e-12)))


def power(block: Block) -> float:
    """K-weighted mean square of both channels together, of full scale; by Parseval instead of sample by sample."""
    if not block.any():
        return 0.0
    spectrum = np.abs(np.fft.rfft(block, axis=0)) ** 2
    weighted = float((spectrum.sum(axis=1) * _weights(len(block))).sum())
    return weighted / (len(block) * 32768.0) ** 2


@cache
def _weights(count: int) -> npt.NDArray[np.float64]:
    """For each line of the spectrum of so many samples; all but the first stand for two."""
    at = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    gain = np.ones(len(at))
    for above, below in (SHELF, HIGH_PASS):
        gain = gain * np.abs(np.polyval(above[::-1], at) / np.polyval(below[::-1], at)) ** 2
    gain[1:] *= 2
    return gain


def _factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))
