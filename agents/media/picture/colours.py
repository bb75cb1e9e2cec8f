"""Colours as the canvas has them."""

from functools import lru_cache

import av
import numpy as np
from PIL import Image, ImageColor

from agents.media.picture.frame import planes
from agents.media.text.line import RGB

YUV = tuple[int, int, int]

BACKGROUND: RGB = (14, 17, 22)
TILE: RGB = (30, 35, 44)
PAPER: RGB = (255, 255, 255)
INK: RGB = (240, 244, 248)
DARK_INK: RGB = (16, 20, 26)


def to_i420(image: Image.Image) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.asarray(image), "rgb24")
    return frame.reformat(format="yuv420p", threads=1)


@lru_cache(maxsize=64)
def colour(rgb: RGB) -> YUV:
    """The Y, U, V of a flat colour, converted by the same code as the stamps."""
    y, u, v = planes(to_i420(Image.new("RGB", (2, 2), rgb)))
    return int(y[0, 0]), int(u[0, 0]), int(v[0, 0])


def parse(text: str) -> RGB:
    """`#rrggbb`."""
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


def ink_on(rgb: RGB) -> RGB:
    """Light or dark, whichever can be read on it: by the brightness that eyes see."""
    red, green, blue = rgb
    return DARK_INK if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else INK
