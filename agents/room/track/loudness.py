"""What a track's level tells: whether it is still, and whether what is loud is this speaker or the room behind them. Pure.

The neural detector calls a crowd's babble speech, for it is: only its level, beside that of the person at the microphone,
tells it apart. Where a track is quiet between words nothing is held against anybody.
"""

from collections import deque

import msgspec
import numpy as np
from numpy.typing import NDArray

from agents.room.track.utterance import windows

# A room's level is known after some seconds; what was long ago was another place in the room.
MEMORY = windows(8_000)
ENOUGH = windows(2_000)
# Speech is loud and soft in turns: the loudest of a quarter of a second stands for it.
SMOOTHING = windows(256)
EVERY = windows(256)
FLOOR_PERCENTILE = 10
VOICE_PERCENTILE = 90
# Between words, one's own voice falls by more than this even in a lively room.
NOISY_BELOW_DB = 22.0
# Where between the room and the voice speech begins.
SHARE = 0.45
SILENCE_DB = -100.0
# The softest pauses of recorded speech lie near this, and speech far above; open microphones that filter noise far below.
STILL_BELOW_DB = -60.0
STILL_AFTER_MS = 2_000
# Each frame costs an event of the SFU's client and a wake of the loop; ones of 40 ms cost twice as many and win 20 ms.
FRAME_MS = 80
# Stillness holds a track for still by then.
QUIET_FRAMES = STILL_AFTER_MS // FRAME_MS + 1
# Half a second's.
TOGETHER = 500 // FRAME_MS
# What led up to a sound belongs to it: an utterance begins 0.3 s before the detector is sure, which itself wants 0.13 s.
LED_UP_MS = 520


def level_db(window: NDArray[np.int16]) -> float:
    """Of full scale."""
    samples = window.astype(np.float32)
    mean = float(np.dot(samples, samples)) / len(samples) / 32768**2
    return max(10 * np.log10(mean), SILENCE_DB) if mean > 0 else SILENCE_DB


class Loudness:
    """One per track; feed it every window once, in order."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=MEMORY)
        self._count = 0
        self._threshold_db = SILENCE_DB
        self.noisy = False

    def is_near(self, level: float) -> bool:
        """Whether somebody at the microphone may be speaking; `level` as of `level_db`."""
        self._levels.append(level)
        self._count += 1
        if self._count % EVERY == 0 and len(self._levels) >= ENOUGH:
            self._judge()
        if not self.noisy:
            return True
        newest = (self._levels[-n] for n in range(1, SMOOTHING + 1))
        return max(newest) >= self._threshold_db

    def _judge(self) -> None:
        floor, voice = np.percentile(self._levels, (FLOOR_PERCENTILE, VOICE_PERCENTILE))
        self.noisy = bool(voice - floor < NOISY_BELOW_DB)
        self._threshold_db = float(floor + SHARE * (voice - floor))


class Sound(msgspec.Struct, frozen=True):
    """int16[n] samples, mono, with the time of the first one (Unix)."""

    samples: NDArray[np.int16]
    start_ms: float
    duration_ms: float


class Arrived(msgspec.Struct, frozen=True):
    """int16[n] samples, mono, 48 kHz, whose last one arrived at `arrived_ms` (Unix)."""

    samples: NDArray[np.int16]
    arrived_ms: float


class Gathering:
    """Frames on their way to Stillness: one by one, but of what is still for long some together, for nobody waits for them."""

    def __init__(self) -> None:
        self._gathered: list[Arrived] = []
        self._quiet = 0

    def add(self, frame: Arrived) -> list[Arrived]:
        """What is to be passed on now, in order."""
        self._gathered.append(frame)
        self._quiet = self._quiet + 1 if level_db(frame.samples) < STILL_BELOW_DB else 0
        if self._quiet > QUIET_FRAMES and len(self._gathered) < TOGETHER:
            return []
        return self.rest()

    def rest(self) -> list[Arrived]:
        gathered, self._gathered = self._gathered, []
        return gathered


class Stillness:
    """Lets sound through and keeps stillness back: most open microphones of a class hear nothing, and cost next to nothing so."""

    def __init__(self) -> None:
        self._led_up: deque[Sound] = deque()
        self._quiet_ms = 0.0
        self.still = True

    def pass_on(self, sound: Sound) -> list[Sound]:
        """What is to be heard now: what led up to a sound comes with it."""
        if level_db(sound.samples) >= STILL_BELOW_DB:
            self._quiet_ms, self.still = 0.0, False
            return [*self._taken(), sound]
        self._quiet_ms += sound.duration_ms
        if not self.still:
            self.still = self._quiet_ms >= STILL_AFTER_MS
            return [sound]
        self._led_up.append(sound)
        while (len(self._led_up) - 1) * sound.duration_ms >= LED_UP_MS:
            self._led_up.popleft()
        return []

    def forget(self) -> None:
        """What was kept back does not lead up to what comes now."""
        self._led_up.clear()

    def _taken(self) -> list[Sound]:
        taken = list(self._led_up)
        self._led_up.clear()
        return taken
