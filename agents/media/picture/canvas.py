"""The I420 picture that is drawn on: flat areas, stamps, and overlays that are lifted off again before the next frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from agents.media.geometry import Rect, even
from agents.media.picture.colours import YUV, to_i420
from agents.media.picture.frame import Plane, planes

STEPS = (1, 2, 2)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A picture with transparency at an even place, prepared so that laying it is one multiplication a plane."""

    rect: Rect
    # Per plane: the colour times its opacity, and 256 less the opacity
    layers: tuple[tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]], ...]


def overlay(image: Image.Image, x: int, y: int) -> Overlay:
    """`image` is RGBA; an odd side loses its last column or row."""
    width, height = even(image.width), even(image.height)
    image = image.crop((0, 0, width, height))
    opacity = np.asarray(image.getchannel("A"), np.uint16) + (np.asarray(image)[..., 3] > 127)
    halved = opacity.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)).astype(np.uint16)
    colours = planes(to_i420(image.convert("RGB")))
    layers = tuple(
        (colour * alpha, np.uint16(256) - alpha)
        for colour, alpha in zip(colours, (opacity, halved, halved), strict=True)
    )
    return Overlay(Rect(even(x), even(y), width, height), layers)


class Canvas:
    """`frame` is the same object for ever; what lies on it as overlays is not part of what is under them."""

    def __init__(self, width: int, height: int) -> None:
        self.area = Rect(0, 0, width, height)
        self.frame = av.VideoFrame(width, height, "yuv420p")
        self._planes = planes(self.frame)
        self._under: list[tuple[Plane, Plane]] = []

    def fill(self, rect: Rect, yuv: YUV) -> None:
        for plane, value, step in zip(self._planes, yuv, STEPS, strict=True):
            _window(plane, rect, step)[:] = value

    def stamp(self, image: av.VideoFrame, x: int, y: int, quarter_turns: int = 0) -> None:
        """Copies an I420 picture to an even place, turned clockwise."""
        for plane, part, step in zip(self._planes, planes(image), STEPS, strict=True):
            upright = np.rot90(part, -quarter_turns) if quarter_turns else part
            height, width = upright.shape
            plane[y // step : y // step + height, x // step : x // step + width] = upright

    def copy(self, image: av.VideoFrame, rect: Rect) -> None:
        """What a picture of the canvas's size has in `rect`."""
        for plane, part, step in zip(self._planes, planes(image), STEPS, strict=True):
            _window(plane, rect, step)[:] = _window(part, rect, step)

    def lay(self, overlays: Sequence[Overlay]) -> None:
        """Lays them over what is drawn, the last on top, and keeps what was there."""
        for one in overlays:
            for plane, (colour, rest), step in zip(self._planes, one.layers, STEPS, strict=True):
                window = _window(plane, one.rect, step)
                self._under.append((window, window.copy()))
                window[:] = (window * rest + colour) >> 8

    def lift(self) -> None:
        """As it was before `lay`."""
        while self._under:
            window, before = self._under.pop()
            window[:] = before


def edges(rect: Rect, width: int) -> tuple[Rect, ...]:
    """A border around `rect`, outside of it."""
    x, y, wide = rect.x - width, rect.y - width, rect.width + 2 * width
    return (
        Rect(x, y, wide, width),
        Rect(x, rect.y + rect.height, wide, width),
        Rect(x, rect.y, width, rect.height),
        Rect(rect.x + rect.width, rect.y, width, rect.height),
    )


def _window(plane: Plane, rect: Rect, step: int) -> Plane:
    top, left = rect.y // step, rect.x // step
    return plane[top : top + rect.height // step, left : left + rect.width // step]
