"""Name labels and avatars, drawn once by Pillow and kept as I420 stamps."""

from functools import lru_cache
from importlib.resources import files

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from agents.media.picture.frame import planes

RGB = tuple[int, int, int]
INK: RGB = (240, 244, 248)
LABEL: RGB = (24, 28, 36)
# Muted enough that white initials keep a contrast of 4.5:1 on each.
AVATARS: tuple[RGB, ...] = (
    (63, 81, 131),
    (20, 98, 92),
    (122, 62, 76),
    (92, 72, 140),
    (110, 82, 30),
    (44, 92, 54),
)


@lru_cache(maxsize=16)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    path = files("font_source_sans_pro") / "files" / "SourceSansPro-Regular.ttf"
    return ImageFont.truetype(str(path), size_px)


@lru_cache(maxsize=64)
def label(name: str, tile_width: int, tile_height: int) -> av.VideoFrame:
    """A bar with the name, at most as wide as the tile, cut with dots where it does not fit; shared, only to be read."""
    height = min(36, max(20, tile_height // 10 // 2 * 2))
    font = _font(height * 6 // 10)
    text = _shorten(name, font, tile_width - height)
    width = min(tile_width, int(font.getlength(text) + height) // 2 * 2)
    image = Image.new("RGB", (max(2, width), height), LABEL)
    ImageDraw.Draw(image).text((height // 2, height // 2), text, fill=INK, font=font, anchor="lm")
    return to_i420(image)


@lru_cache(maxsize=16)
def avatar(name: str, width: int, height: int) -> av.VideoFrame:
    """A tile in the person's colour with their initials, for when there is no picture; shared, only to be read."""
    image = Image.new("RGB", (width, height), avatar_colour(name))
    size = max(12, min(width, height) // 3)
    centre = (width // 2, height // 2)
    ImageDraw.Draw(image).text(centre, initials(name), fill=INK, font=_font(size), anchor="mm")
    return to_i420(image)


def avatar_colour(name: str) -> RGB:
    """The same name has the same colour in every programme, so no salted hash."""
    return AVATARS[sum(name.encode()) % len(AVATARS)]


def initials(name: str) -> str:
    words = name.split()
    if not words:
        return "?"
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


def to_i420(image: Image.Image) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.asarray(image), "rgb24")
    return frame.reformat(format="yuv420p", threads=1)


def colour(rgb: RGB) -> tuple[int, int, int]:
    """The Y, U, V of a flat colour, converted by the same code as the stamps."""
    y, u, v = planes(to_i420(Image.new("RGB", (2, 2), rgb)))
    return int(y[0, 0]), int(u[0, 0]), int(v[0, 0])


def _shorten(text: str, font: ImageFont.FreeTypeFont, width_px: int) -> str:
    if font.getlength(text) <= width_px:
        return text
    while text and font.getlength(text + "...") > width_px:
        text = text[:-1]
    return text + "..."
