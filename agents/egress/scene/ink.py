"""What is drawn on one page, in pixels: lines as wide as the web draws them, and only the new ones on top."""

import itertools
import math
from collections.abc import Sequence
from uuid import UUID

from PIL import Image, ImageDraw

from schema import events as e
from schema.studio import Stroke

Dot = tuple[float, float, float]
"""A round nib's place and radius, in pixels of the page."""

# Places are steps over width and height, and a pen's width counts as x does (schema/studio.py).
GRID = 10_000
# As web/src/studio/board/strokes.ts asks perfect-freehand: a pen that is pulled after the pointer and thins with speed.
PULL, THINNING, EASE = 0.15 + (1 - 0.35) * 0.85, 0.4, 0.275
LIGHT_TOUCH = 0.3
# Lines are drawn so much larger than they are pasted: Pillow's own have steps.
FINER = 2


class Ink:
    """`take` what the log tells of this page, then look at it `on` its ground; each from one thread at a time."""

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        self._strokes = {stroke.id: stroke for stroke in strokes}
        self._drawn: dict[UUID, int] = {}
        self._ground: Image.Image | None = None
        self._picture: Image.Image | None = None

    def take(self, payload: e.Event) -> bool:
        """Whether the page looks different now."""
        match payload:
            case e.WhiteboardDrawn(strokes=strokes):
                for stroke in strokes:
                    self._strokes[stroke.id] = grown(self._strokes.get(stroke.id), stroke)
            case e.WhiteboardErased(strokes=ids):
                for one in ids:
                    self._strokes.pop(one, None)
                self._ground = None
            case e.WhiteboardCleared():
                self._strokes.clear()
                self._ground = None
            case _:
                return False
        return True

    def on(self, ground: Image.Image) -> Image.Image:
        """The page `ground` with all lines; the same picture each time, with what came since the last time."""
        if self._picture is None or ground is not self._ground:
            self._ground, self._picture, self._drawn = ground, flat(ground), {}
        for stroke in list(self._strokes.values()):
            count = len(stroke.points)
            done = self._drawn.get(stroke.id, 0)
            if done < count:
                trace = dots(stroke, *self._picture.size)
                paint(self._picture, trace[max(0, done // 2 - 1) :], stroke.color)
                self._drawn[stroke.id] = count
        return self._picture


def flat(picture: Image.Image) -> Image.Image:
    """RGB with even sides, on white, as a page is."""
    page = Image.new("RGB", (picture.width // 2 * 2 or 2, picture.height // 2 * 2 or 2), "white")
    page.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return page


def grown(known: Stroke | None, more: Stroke) -> Stroke:
    """A stroke that is known goes on where it ended."""
    if known is None:
        return more
    return Stroke(known.id, known.color, known.width, [*known.points, *more.points])


def dots(stroke: Stroke, width_px: int, height_px: int) -> list[Dot]:
    """One for each point; those there are never change when the stroke goes on."""
    size = stroke.width * width_px / GRID
    x, y = stroke.points[0] * width_px / GRID, stroke.points[1] * height_px / GRID
    pressure = LIGHT_TOUCH
    trace = [(x, y, _radius(size, pressure))]
    for at in range(2, len(stroke.points), 2):
        step_x = (stroke.points[at] * width_px / GRID - x) * PULL
        step_y = (stroke.points[at + 1] * height_px / GRID - y) * PULL
        x, y = x + step_x, y + step_y
        speed = min(1.0, math.hypot(step_x, step_y) / size)
        pressure = min(1.0, pressure + (1 - speed - pressure) * speed * EASE)
        trace.append((x, y, _radius(size, pressure)))
    return trace


def paint(page: Image.Image, trace: Sequence[Dot], color: str) -> None:
    """A line through the dots, round at both ends."""
    left = math.floor(min(x - r for x, _, r in trace)) - 1
    top = math.floor(min(y - r for _, y, r in trace)) - 1
    right = math.ceil(max(x + r for x, _, r in trace)) + 1
    bottom = math.ceil(max(y + r for _, y, r in trace)) + 1
    size = (right - left, bottom - top)
    mask = Image.new("L", (size[0] * FINER, size[1] * FINER))
    pen = ImageDraw.Draw(mask)
    moved = [((x - left) * FINER, (y - top) * FINER, r * FINER) for x, y, r in trace]
    for x, y, r in moved:
        pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
    for one, other in itertools.pairwise(moved):
        pen.polygon(_between(one, other), fill=255)
    page.paste(color, (left, top), mask.resize(size, Image.Resampling.BOX))


def _between(one: Dot, other: Dot) -> list[tuple[float, float]]:
    """The corners of what a nib covers on its way, without its round ends."""
    (x, y, r), (to_x, to_y, to_r) = one, other
    length = math.hypot(to_x - x, to_y - y) or 1.0
    across_x, across_y = (y - to_y) / length, (to_x - x) / length
    return [
        (x + across_x * r, y + across_y * r),
        (to_x + across_x * to_r, to_y + across_y * to_r),
        (to_x - across_x * to_r, to_y - across_y * to_r),
        (x - across_x * r, y - across_y * r),
    ]


def _radius(size: float, pressure: float) -> float:
    return size * (0.5 - THINNING * (0.5 - pressure))
