"""Speakers' segments as samples on one clock, in stretches that fit in memory; pure but for reading."""

import io
from collections.abc import Callable, Iterator

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from schema.jobs import JobRecording

RATE_HZ = 16_000
Samples = NDArray[np.float32]
# Segments that follow each other this closely are one stretch of sound.
GAP_MS = 1_000
# Two minutes of float32 are 8 MB.
STRETCH_MS = 120_000


class Stretch(msgspec.Struct, frozen=True):
    """`cut` when the sound goes on in the next stretch."""

    start_unix_ms: int
    samples: Samples
    cut: bool

    @property
    def end_unix_ms(self) -> int:
        return self.start_unix_ms + len(self.samples) * 1000 // RATE_HZ


def decode(ogg: bytes) -> Samples | None:
    """Mono, 16 kHz; None when nothing of it can be read."""
    parts: list[Samples] = []
    try:
        with av.open(io.BytesIO(ogg), "r") as source:
            to_mono = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
            for frame in [*source.decode(audio=0), None]:
                parts += [out.to_ndarray()[0] for out in to_mono.resample(frame)]
    except (av.error.FFmpegError, IndexError):
        # What could be read before the break is kept.
        pass
    return np.concatenate(parts) if parts else None


def stretches(
    recording: JobRecording,
    read: Callable[[str], bytes | None],
    unreadable: list[str],
) -> Iterator[Stretch]:
    """In order of time; adds the keys of broken segments to `unreadable`."""
    start_ms, held = 0, np.zeros(0, np.float32)
    for part in recording.parts:
        content = read(part.key)
        samples = decode(content) if content else None
        if samples is None:
            unreadable.append(part.key)
            continue
        gap_ms = part.started_at_unix_ms - (start_ms + len(held) * 1000 // RATE_HZ)
        if len(held) and gap_ms > GAP_MS:
            yield Stretch(start_ms, held, cut=False)
            held = held[:0]
        if not len(held):
            start_ms, gap_ms = part.started_at_unix_ms, 0
        held = _joined(held, gap_ms, samples)
        if len(held) >= STRETCH_MS * RATE_HZ // 1000:
            yield Stretch(start_ms, held, cut=True)
            held = held[:0]
    if len(held):
        yield Stretch(start_ms, held, cut=False)


def _joined(held: Samples, gap_ms: int, samples: Samples) -> Samples:
    """An encoder fills up its last frame: where segments overlap, the earlier gives way."""
    gap = gap_ms * RATE_HZ // 1000
    if gap < 0:
        return np.concatenate([held[:gap], samples])
    return np.concatenate([held, np.zeros(gap, np.float32), samples])
