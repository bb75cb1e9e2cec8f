"""I420 pictures as three uint8 planes, and their wrapping for libav without a copy."""

from dataclasses import dataclass
from typing import Literal, Self, cast

import av
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
Rotation = Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True)
class I420:
    """One picture, tightly packed Y, U, V; `rotation` is clockwise degrees still to be applied."""

    data: Plane
    width: int
    height: int
    rotation: Rotation = 0

    @classmethod
    def from_buffer(
        cls,
        buffer: bytes | bytearray | memoryview,
        width: int,
        height: int,
        rotation: int = 0,
    ) -> Self:
        """Views `buffer` (kept alive, never written). Raises ValueError when it is too short."""
        size = i420_size(width, height)
        data = np.frombuffer(buffer, np.uint8, count=size)
        return cls(data, width, height, cast("Rotation", rotation % 360))

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height after rotation."""
        if self.rotation in {90, 270}:
            return self.height, self.width
        return self.width, self.height

    def to_av(self) -> av.VideoFrame:
        """A libav view of the same bytes; an odd side loses its last column or row."""
        if self.width % 2 == 0 and self.height % 2 == 0:
            packed = self.data.reshape(self.height * 3 // 2, self.width)
            return av.VideoFrame.from_numpy_buffer(packed, "yuv420p")
        return self._cropped_to_even()

    def _cropped_to_even(self) -> av.VideoFrame:
        chroma = (self.width + 1) // 2, (self.height + 1) // 2
        sizes = [(self.width, self.height), chroma, chroma]
        target = av.VideoFrame(self.width // 2 * 2, self.height // 2 * 2, "yuv420p")
        offset = 0
        for plane, (width, height) in zip(planes(target), sizes, strict=True):
            source = self.data[offset : offset + width * height].reshape(height, width)
            plane[:] = source[: plane.shape[0], : plane.shape[1]]
            offset += width * height
        return target


def i420_size(width: int, height: int) -> int:
    """Bytes of a packed picture; odd sides round the chroma up, as libyuv does."""
    return width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)


def planes(frame: av.VideoFrame) -> list[Plane]:
    """Writable views on a frame's planes, without the padding of its lines."""
    return [
        np.frombuffer(cast("memoryview", plane), np.uint8).reshape(-1, plane.line_size)[
            : plane.height, : plane.width
        ]
        for plane in frame.planes
    ]
