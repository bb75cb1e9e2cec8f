"""Stills of the programme as JPEG: what is drawn for the encoder, once more and smaller."""

from dataclasses import dataclass
from fractions import Fraction

import av
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

# When the first one is made: by then pictures have come, and nobody has waited long for a poster.
FIRST_S = 2
# Of 1 (best) to 31: 640x360 of a class is 20 to 40 kB.
QUANTISER = 4


@dataclass(frozen=True, slots=True)
class StillsSpec:
    width: int
    height: int
    every_s: int


class Stills:
    """Asked at each picture; one of 640x360 takes 2 ms."""

    def __init__(self, spec: StillsSpec, fps: int) -> None:
        self._spec = spec
        self._every = spec.every_s * fps
        self._next = FIRST_S * fps
        self._scaler = VideoReformatter()
        self._codec = _mjpeg(spec)

    def take(self, frame: av.VideoFrame, number: int) -> bytes | None:
        """The JPEG of picture `number` when one is due; what a busy machine leaves out comes with the next picture."""
        if number < self._next:
            return None
        self._next = number + self._every
        still = self._scaler.reformat(
            frame,
            self._spec.width,
            self._spec.height,
            interpolation=Interpolation.AREA,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            threads=1,
        )
        still.pts, still.time_base = number, Fraction(1, 1)
        (packet,) = self._codec.encode(still)
        return bytes(packet)


def _mjpeg(spec: StillsSpec) -> av.VideoCodecContext:
    codec = av.VideoCodecContext.create("mjpeg", "w")
    codec.width, codec.height = spec.width, spec.height
    codec.pix_fmt, codec.color_range = "yuv420p", ColorRange.JPEG
    codec.time_base = Fraction(1, 1)
    codec.qmin = codec.qmax = QUANTISER
    codec.thread_count = 1
    return codec
