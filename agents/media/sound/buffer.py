"""One speaker's samples on the programme's time line, evened out against jitter and clock drift."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from agents.media.clock import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

# After a pause this long the speaker starts afresh at once.
PAUSE_SAMPLES = SAMPLE_RATE * 500 // 1000
# Chunks that are off by more than this are the end of a burst, which catches up, unless it lasts for SETTLE_SAMPLES.
OFF_SAMPLES = SAMPLE_RATE * 60 // 1000
SETTLE_SAMPLES = SAMPLE_RATE * 100 // 1000
# Drift below this is heard by nobody; above it chunks are stretched by STRETCH until it is gone.
DRIFT_SAMPLES = SAMPLE_RATE * 10 // 1000
STRETCH = 0.005
# Share of each new chunk's lateness in the running mean: about half a second of 10 ms chunks.
SMOOTHING = 0.02
CAPACITY_SAMPLES = SAMPLE_RATE


@dataclass(slots=True)
class JitterBuffer:
    """Holds at most a second; positions count samples from the programme's origin."""

    _ring: Samples = field(default_factory=lambda: np.zeros((CAPACITY_SAMPLES, 2), np.int16))
    _end: int | None = None
    _read: int = 0
    _drift: float = 0.0
    _off_since: int | None = None

    def push(self, samples: Samples, position: int) -> None:
        """Adds int16[n, 2] that should be heard at `position`; what is already past is dropped."""
        if self._end is None or self._lost(position - self._end, position):
            self._end, self._drift, self._off_since = position, 0.0, None
        late = np.clip(position - self._end, -2 * DRIFT_SAMPLES, 2 * DRIFT_SAMPLES)
        self._drift += SMOOTHING * (float(late) - self._drift)
        if abs(self._drift) > DRIFT_SAMPLES:
            samples = _stretch(samples, STRETCH if self._drift > 0 else -STRETCH)
        self._write(samples, self._end)
        self._end += len(samples)

    def _lost(self, late: int, position: int) -> bool:
        """Whether the line so far no longer tells when this chunk is to be heard."""
        if abs(late) <= OFF_SAMPLES:
            self._off_since = None
        elif self._off_since is None:
            self._off_since = position
        settled = self._off_since is not None and position - self._off_since > SETTLE_SAMPLES
        return settled or abs(late) > PAUSE_SAMPLES

    def pull(self, position: int, count: int) -> Samples:
        """int16[count, 2] from `position` on, zeros where nothing came."""
        out = np.concatenate([self._ring[part] for part in _parts(position, count)])
        for part in _parts(position, count):
            self._ring[part] = 0
        self._read = position + count
        return out

    def _write(self, samples: Samples, start: int) -> None:
        skip = max(0, self._read - start)
        keep = min(len(samples), self._read + CAPACITY_SAMPLES - start)
        if skip < keep:
            for part in _parts(start + skip, keep - skip):
                length = part.stop - part.start
                self._ring[part] = samples[skip : skip + length]
                skip += length


def _parts(position: int, count: int) -> list[slice]:
    """Where so many samples from `position` on lie in the ring: one piece, or two around its end."""
    start = position % CAPACITY_SAMPLES
    end = start + count
    if end <= CAPACITY_SAMPLES:
        return [slice(start, end)]
    return [slice(start, CAPACITY_SAMPLES), slice(0, end - CAPACITY_SAMPLES)]


def _stretch(samples: Samples, by: float) -> Samples:
    """The same sound `by` longer (or shorter, if negative), at least one sample of difference."""
    count = len(samples)
    change = max(1, round(count * abs(by)))
    target = count + change if by > 0 else max(1, count - change)
    at = np.linspace(0, count - 1, target)
    channels = [np.interp(at, np.arange(count), samples[:, c]) for c in range(2)]
    return np.stack(channels, axis=1).astype(np.int16)
