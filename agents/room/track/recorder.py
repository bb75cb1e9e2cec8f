"""A track's sound into closed Ogg Opus files of at most 10 s on one absolute clock."""

import io
from collections.abc import Callable

import av
import msgspec
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from msgspec.structs import replace
from numpy.typing import NDArray

from agents.manifest import Gap, Reason

# What the SFU delivers and Opus works at; at a third of it the files would save nothing and the teacher's copy sound dull.
SAMPLE_RATE_HZ = 48_000
LONGEST_MS = 10_000
BITRATE_BPS = 32_000
# libopus' default of 10 costs more CPU for no difference in speech.
COMPLEXITY = "5"
# The encoder finds its tables in the processor's cache for all but the first frame of half a second's.
TOGETHER = SAMPLE_RATE_HZ // 2


class Segment(msgspec.Struct, frozen=True):
    """One closed file; `gap_before` is what is missing since the one before it."""

    started_at_unix_ms: int
    duration_ms: int
    data: bytes
    drift_ms: int = 0
    gap_before: Gap | None = None


class Recorder:
    """`closed` is called for each file as soon as it is whole; what is still open is all that a kill can take."""

    def __init__(self, closed: Callable[[Segment], None]) -> None:
        self._closed = closed
        self._open: OpusFile | None = None
        self._drift_ms = 0.0
        self._ended_ms: float | None = None
        self._missing: Reason = "clock"
        self._gap_before: Gap | None = None

    def write(self, samples: NDArray[np.int16], start_ms: float, drift_ms: float = 0.0) -> None:
        """`samples`: int16[n], mono, 48 kHz, at `start_ms` (Unix) on a clock that runs `drift_ms` behind."""
        if self._open is None:
            self._open = OpusFile(start_ms)
            self._gap_before = self._gap(start_ms)
        self._open.write(samples)
        self._drift_ms = drift_ms
        if self._open.duration_ms >= LONGEST_MS:
            self.close()

    def cut(self, why: Reason) -> None:
        """There is a gap here."""
        self._missing = why
        self.close()

    def close(self) -> None:
        """What is open is whole; the next sound may follow at once."""
        opened, self._open = self._open, None
        if opened is not None:
            self._ended_ms = opened.start_ms + opened.duration_ms
            segment = opened.close()
            self._closed(
                replace(segment, drift_ms=round(self._drift_ms), gap_before=self._gap_before)
            )

    def _gap(self, start_ms: float) -> Gap | None:
        missing_ms = 0 if self._ended_ms is None else round(start_ms - self._ended_ms)
        return Gap(ms=missing_ms, reason=self._missing) if missing_ms else None


class OpusFile:
    """Kept in memory until it is whole: 10 s are some 50 KB."""

    def __init__(self, start_ms: float) -> None:
        self.start_ms = start_ms
        self._samples = 0
        self._encoded = 0
        self._waiting: list[NDArray[np.int16]] = []
        self._buffer = io.BytesIO()
        self._container: OutputContainer = av.open(self._buffer, "w", format="ogg")
        self._stream: AudioStream = self._container.add_stream(
            "libopus",
            rate=SAMPLE_RATE_HZ,
            layout="mono",
            bit_rate=BITRATE_BPS,
            options={"compression_level": COMPLEXITY},
        )

    @property
    def duration_ms(self) -> float:
        return self._samples * 1000 / SAMPLE_RATE_HZ

    def write(self, samples: NDArray[np.int16]) -> None:
        self._waiting.append(samples)
        self._samples += len(samples)
        if self._samples - self._encoded >= TOGETHER:
            self._encode()

    def _encode(self) -> None:
        samples, self._waiting = np.concatenate(self._waiting), []
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._encoded
        self._encoded += len(samples)
        self._container.mux(self._stream.encode(frame))

    def close(self) -> Segment:
        if self._waiting:
            self._encode()
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return Segment(round(self.start_ms), round(self.duration_ms), self._buffer.getvalue())
