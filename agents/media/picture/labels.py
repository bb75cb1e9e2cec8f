"""Name labels and avatars, drawn once and kept as I420 stamps."""

from functools import lru_cache

import av
from PIL import Image

from agents.media.picture.colours import INK, to_i420
from agents.media.text.line import RGB, draw, shorten, width_px

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


@lru_cache(maxsize=64)
def label(name: str, tile_width: int, tile_height: int) -> av.VideoFrame:
    """A bar with the name, at most as wide as the tile, cut with dots where it does not fit; shared, only to be read."""
    height = min(36, max(20, tile_height // 10 // 2 * 2))
    size = height * 6 // 10
    text = shorten(name, size, tile_width - height)
    width = min(tile_width, int(width_px(text, size) + height) // 2 * 2)
    image = Image.new("RGB", (max(2, width), height), LABEL)
    draw(image, (height // 2, height // 2), text, size, INK)
    return to_i420(image)


@lru_cache(maxsize=16)
def avatar(name: str, width: int, height: int) -> av.VideoFrame:
    """A tile in the person's colour with their initials, for when there is no picture; shared, only to be read."""
    image = Image.new("RGB", (width, height), avatar_colour(name))
    size = max(12, min(width, height) // 3)
    text = initials(name)
    left = (width - width_px(text, size)) / 2
    draw(image, (left, height // 2), text, size, INK)
    return to_i420(image)


def avatar_colour(name: str) -> RGB:
    """The same name has the same colour in every programme, so no salted hash."""
    return AVATARS[sum(name.encode()) % len(AVATARS)]


def initials(name: str) -> str:
    words = name.split()
    if not words:
        return "?"
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()
