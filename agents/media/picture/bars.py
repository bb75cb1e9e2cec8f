"""The title's bar, the lower third, the logo and the captions: each drawn once, when it changes."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from agents.media.geometry import Rect, even
from agents.media.picture.canvas import Overlay, overlay
from agents.media.picture.colours import INK, ink_on
from agents.media.text.line import RGB, draw, shorten, width_px, wrap

SHADE = (10, 12, 16, 200)
CAPTION_LINES = 2


def unit_px(canvas: Rect) -> int:
    """What sizes of texts and bars are counted in: a twelfth of the shorter side."""
    return even(min(canvas.width, canvas.height) / 12)


def title_bar(canvas: Rect, title: str, ground: RGB) -> Image.Image:
    """As wide as the canvas, one unit high; its right end is left to the logo."""
    unit = unit_px(canvas)
    image = Image.new("RGB", (canvas.width, unit), ground)
    text = shorten(title, unit // 2, canvas.width - 4 * unit)
    draw(image, (unit // 2, unit // 2), text, unit // 2, ink_on(ground))
    return image


def lower_third(canvas: Rect, text: str, accent: RGB) -> Overlay:
    """At the lower left, over the pictures, with a mark in the accent colour."""
    unit = unit_px(canvas)
    size = unit // 2
    text = shorten(text, size, canvas.width * 0.7)
    width = even(width_px(text, size)) + 2 * unit
    image = Image.new("RGBA", (width, even(unit * 1.2)), SHADE)
    ImageDraw.Draw(image).rectangle((0, 0, unit // 5, image.height), fill=(*accent, 255))
    draw(image, (unit // 2, image.height // 2), text, size, INK)
    return overlay(image, even(unit * 0.75), canvas.height - even(unit * 3.3))


def logo(canvas: Rect, picture: Image.Image) -> Overlay:
    """At the upper right, two thirds of a unit high and at most two and a half wide, its shape kept."""
    unit = unit_px(canvas)
    scale = min(unit * 2.5 / picture.width, unit * 0.7 / picture.height)
    size = max(2, even(picture.width * scale)), max(2, even(picture.height * scale))
    small = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    x = canvas.width - small.width - even(unit / 4)
    return overlay(small, x, even((unit - small.height) / 2))


def caption_lines(canvas: Rect, text: str) -> list[str]:
    """Cut so that each fits."""
    return wrap(text, unit_px(canvas) // 2, canvas.width * 0.8)


def captions(canvas: Rect, texts: Sequence[str], most: int = CAPTION_LINES) -> Overlay | None:
    """The last lines of all, at the foot in the middle."""
    unit = unit_px(canvas)
    size = unit // 2
    shown = [line for text in texts for line in caption_lines(canvas, text)][-most:]
    if not shown:
        return None
    step = even(size * 1.4)
    width = even(max(width_px(line, size) for line in shown)) + unit
    image = Image.new("RGBA", (width, step * len(shown) + even(size * 0.4)), SHADE)
    for row, line in enumerate(shown):
        left = (width - width_px(line, size)) / 2
        draw(image, (left, row * step + step // 2 + size // 5), line, size, INK)
    bottom = canvas.height - even(unit / 3)
    return overlay(image, even((canvas.width - width) / 2), bottom - image.height)
