"""One line of text in any script, measured and drawn; Pillow's raqm joins Arabic letters and turns right to left."""

import re

from PIL import Image, ImageDraw

from agents.media.text.fonts import CJK, font, runs

RGB = tuple[int, int, int]
DOTS = "..."
WORD = re.compile(f"[{CJK}]\\s*|[^\\s{CJK}]+\\s*")


def width_px(text: str, size_px: int) -> float:
    return sum(font(run.script, size_px).getlength(run.text) for run in runs(text))


def draw(image: Image.Image, at: tuple[float, int], text: str, size_px: int, ink: RGB) -> None:
    """`at` is the left end of the line and its middle."""
    x, middle = at
    # Capitals of Latin letters stand as far over as under the middle; all scripts share that baseline.
    baseline = middle + round(size_px * 0.33)
    pen = ImageDraw.Draw(image)
    for run in runs(text):
        face = font(run.script, size_px)
        pen.text((x, baseline), run.text, fill=ink, font=face, anchor="ls")
        x += face.getlength(run.text)


def shorten(text: str, size_px: int, room_px: float) -> str:
    """Cut with dots where it does not fit."""
    if width_px(text, size_px) <= room_px:
        return text
    while text and width_px(text + DOTS, size_px) > room_px:
        text = text[:-1]
    return text + DOTS


def wrap(text: str, size_px: int, room_px: float) -> list[str]:
    """Lines that fit, broken at spaces, and anywhere between letters of scripts that have none."""
    lines = [""]
    for word in WORD.findall(text):
        longer = lines[-1] + word
        if lines[-1] and width_px(longer.rstrip(), size_px) > room_px:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.strip() for line in lines if line.strip()]
