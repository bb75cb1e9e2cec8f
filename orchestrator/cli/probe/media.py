"""What a file or playlist holds, read packet by packet and decoded frame by frame."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any

import av
import msgspec
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

SAMPLE_RATE = 48_000
MARK_LUMA = 220


class Video(msgspec.Struct, frozen=True):
    """`white` is the share of bright pixels of each frame, `times_s` its presentation time."""

    codec: str
    width: int
    height: int
    times_s: NDArray[np.float64]
    white: NDArray[np.float64]
    keyframes_s: list[float]

    @property
    def fps(self) -> float:
        span = float(self.times_s[-1] - self.times_s[0])
        return (len(self.times_s) - 1) / span if span else 0.0

    @property
    def gop_s(self) -> list[float]:
        """Every distance between neighbouring keyframes."""
        return [b - a for a, b in pairwise(self.keyframes_s)]


class Audio(msgspec.Struct, frozen=True):
    """Mono `samples` at 48 kHz laid out on one line from `start_s`; holes are zeros and counted in `gaps_s`."""

    codec: str
    sample_rate: int
    start_s: float
    samples: NDArray[np.float32]
    gaps_s: list[float]


class Programme(msgspec.Struct, frozen=True):
    """`errors` counts packets that would not decode."""

    video: Video
    audio: Audio
    errors: int

    @property
    def duration_s(self) -> float:
        return float(self.video.times_s[-1] - self.video.times_s[0])


class ProbeError(Exception):
    """There is nothing to measure: no picture or no sound."""


def probe(source: str) -> Programme:
    """Decode all of `source` (a path or address). Raises ProbeError, or av.FFmpegError when it is not media at all."""
    reader = _Reader()
    with av.open(source) as container:
        if not container.streams.video or not container.streams.audio:
            raise ProbeError(f"{source.split('?', maxsplit=1)[0]} lacks picture or sound")
        streams = [container.streams.video[0], container.streams.audio[0]]
        for packet in container.demux(streams):
            reader.take(packet)
        video, audio = container.streams.video[0], container.streams.audio[0]
        if not reader.times or not reader.chunks:
            raise ProbeError(f"{source.split('?', maxsplit=1)[0]} has no frames")
        return Programme(
            video=reader.video(video.codec_context.name, video.width, video.height),
            audio=reader.audio(audio.codec_context.name, audio.sample_rate),
            errors=reader.errors,
        )


def gaps(times_s: Sequence[float] | NDArray[np.float64]) -> list[float]:
    """Steps longer than one and a half times the usual one: each is at least one frame that never came."""
    steps = np.diff(np.asarray(times_s))
    if not len(steps):
        return []
    usual = median(steps.tolist())
    return [float(step) for step in steps if step > 1.5 * usual]


class _Reader:
    def __init__(self) -> None:
        self.times: list[float] = []
        self.white: list[float] = []
        self.keyframes: list[float] = []
        self.chunks: list[tuple[float, NDArray[np.float32]]] = []
        self.errors = 0
        self._resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)

    def take(self, packet: "av.Packet[Any]") -> None:
        for frame in self._decode(packet):
            if isinstance(frame, av.VideoFrame):
                self._picture(frame)
            elif isinstance(frame, av.AudioFrame) and frame.time is not None:
                self._sound(frame, frame.time)

    def _decode(self, packet: "av.Packet[Any]") -> list[Any]:
        try:
            return list(packet.decode())
        except av.FFmpegError:
            self.errors += 1
            return []

    def _picture(self, frame: av.VideoFrame) -> None:
        self.times.append(frame.time)
        if frame.key_frame:
            self.keyframes.append(frame.time)
        plane = frame.planes[0]
        luma = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        # Every fourth pixel each way is enough for an area and sixteen times cheaper.
        self.white.append(float((luma[::4, : plane.width : 4] >= MARK_LUMA).mean()))

    def _sound(self, frame: av.AudioFrame, at: float) -> None:
        for piece in self._resampler.resample(frame):
            self.chunks.append((at, piece.to_ndarray().reshape(-1).astype(np.float32)))

    def video(self, codec: str, width: int, height: int) -> Video:
        return Video(
            codec=codec,
            width=width,
            height=height,
            times_s=np.asarray(self.times),
            white=np.asarray(self.white),
            keyframes_s=self.keyframes,
        )

    def audio(self, codec: str, sample_rate: int) -> Audio:
        start = self.chunks[0][0]
        last, tail = self.chunks[-1]
        line = np.zeros(round((last - start) * SAMPLE_RATE) + len(tail), np.float32)
        holes: list[float] = []
        end = start
        for at, chunk in self.chunks:
            # FLV times are whole milliseconds: two of them between neighbours are rounding, not a hole.
            if at - end > 0.002:
                holes.append(at - end)
            offset = round((at - start) * SAMPLE_RATE)
            room = line[offset : offset + len(chunk)]
            room[:] = chunk[: len(room)]
            end = at + len(chunk) / SAMPLE_RATE
        return Audio(
            codec=codec, sample_rate=sample_rate, start_s=start, samples=line, gaps_s=holes
        )
