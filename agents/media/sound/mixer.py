"""Sums the speakers into one stereo programme, and says who is heard."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from agents.media.clock import SAMPLE_RATE, MediaClock
from agents.media.sound.buffer import JitterBuffer, Samples
from agents.media.sound.loudness import Block
from agents.media.sound.speaker import ActiveSpeaker, level_dbfs


@dataclass(slots=True)
class _Voice:
    # (due time in monotonic seconds, samples) from other threads; deque appends are atomic
    arrived: deque[tuple[float, Samples]] = field(default_factory=lambda: deque(maxlen=200))
    buffer: JitterBuffer = field(default_factory=JitterBuffer)


class Mixer:
    """One thread pulls; `push` may come from any other."""

    def __init__(self, clock: MediaClock) -> None:
        self._clock = clock
        self._voices: dict[str, _Voice] = {}
        self._speaker = ActiveSpeaker()

    @property
    def active(self) -> str | None:
        """Who was heard last, held over short pauses."""
        return self._speaker.current

    def add(self, source_id: str) -> None:
        self._voices.setdefault(source_id, _Voice())

    def remove(self, source_id: str) -> None:
        self._voices.pop(source_id, None)
        self._speaker.forget(source_id)

    def push(self, source_id: str, samples: Samples, due_s: float) -> None:
        """Takes int16[n] or int16[n, 1 or 2] to be heard from `due_s` on."""
        voice = self._voices.get(source_id)
        if voice is not None:
            voice.arrived.append((due_s, _stereo(samples)))

    def pull(self, position: int, count: int) -> Block:
        """Exactly `count` stereo samples, float32[count, 2] in int16 scale, of any sum; zeros when nobody is heard."""
        total = np.zeros((count, 2), np.float32)
        levels = {}
        for source_id, part in self._parts(position, count):
            levels[source_id] = level_dbfs(part)
            total += part
        self._speaker.hear(levels, count / SAMPLE_RATE)
        return total

    def _parts(self, position: int, count: int) -> Iterator[tuple[str, Samples]]:
        for source_id, voice in list(self._voices.items()):
            while voice.arrived:
                due_s, samples = voice.arrived.popleft()
                voice.buffer.push(samples, self._clock.sample_at(due_s))
            yield source_id, voice.buffer.pull(position, count)


def _stereo(samples: npt.NDArray[np.int16]) -> Samples:
    columns = samples.reshape(len(samples), -1)
    return np.repeat(columns, 2, axis=1) if columns.shape[1] == 1 else columns[:, :2].copy()
