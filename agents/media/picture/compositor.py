"""Draws the tiles into one I420 canvas that is kept, and touches only what changed since the last frame."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from agents.media.picture import labels
from agents.media.picture.frame import I420, Plane, planes
from agents.media.picture.layout import GAP_PX, Layout, Rect, arrange, fit

BACKGROUND: labels.RGB = (14, 17, 22)
TILE: labels.RGB = (30, 35, 44)
ACTIVE: labels.RGB = (64, 160, 255)
BORDER_PX = GAP_PX // 2  # drawn in the gap between tiles
# Frames that may wait for their sound: half a second at 60 a second. When more wait, the oldest is lost unseen.
WAITING_FRAMES = 32

YUV = tuple[int, int, int]


@dataclass(slots=True)
class _Source:
    name: str
    # (due time in monotonic seconds, picture); filled from another thread, deque appends are atomic
    waiting: deque[tuple[float, I420]] = field(default_factory=lambda: deque(maxlen=WAITING_FRAMES))
    shown: I420 | None = None
    rect: Rect | None = None
    picture: Rect | None = None
    label: av.VideoFrame | None = None
    scaler: VideoReformatter = field(default_factory=VideoReformatter)
    stale: bool = True


class Compositor:
    """One thread renders; `push` may come from any other."""

    def __init__(self, width: int, height: int, layout: Layout = "grid") -> None:
        self._canvas = av.VideoFrame(width, height, "yuv420p")
        self._planes = planes(self._canvas)
        self._size = (width, height)
        self._layout: Layout = layout
        self._sources: dict[str, _Source] = {}
        self._active: str | None = None
        self._pinned: str | None = None
        self._bordered: str | None = None
        self._rearrange = True
        self._background = labels.colour(BACKGROUND)
        self._tile = labels.colour(TILE)
        self._border = labels.colour(ACTIVE)

    def add(self, source_id: str, name: str) -> None:
        """A new tile with the name's avatar; a known id only changes its name."""
        known = self._sources.get(source_id)
        if known is None:
            self._sources[source_id] = _Source(name)
        else:
            known.name = name
        self._rearrange = True

    def remove(self, source_id: str) -> None:
        self._rearrange |= self._sources.pop(source_id, None) is not None

    def push(self, source_id: str, picture: I420, due_s: float) -> None:
        """Shows `picture` from `due_s` on; ignored for an unknown source, which may have just left."""
        source = self._sources.get(source_id)
        if source is not None:
            source.waiting.append((due_s, picture))

    def blank(self, source_id: str) -> None:
        """Back to the avatar, as when a camera is muted."""
        source = self._sources.get(source_id)
        if source is not None:
            source.waiting.clear()
            source.shown = None
            source.stale = True

    def set_layout(self, layout: Layout) -> None:
        self._rearrange |= layout != self._layout
        self._layout = layout

    def set_active(self, source_id: str | None) -> None:
        """Borders the one who speaks; in the speaker layout also gives them the large tile."""
        self._rearrange |= self._layout == "speaker" and source_id != self._active
        self._active = source_id

    def pin(self, source_id: str) -> None:
        """Gives the speaker layout's large tile to a shared screen, whoever speaks, until it is removed."""
        self._pinned = source_id
        self._rearrange = True

    def tile_sizes(self) -> dict[str, tuple[int, int]]:
        """Pixels each visible source fills, to choose the layer worth receiving."""
        return {
            tile.source_id: (tile.rect.width, tile.rect.height)
            for tile in arrange(self._layout, self._order(), self._size)
        }

    def render(self, now_s: float) -> av.VideoFrame:
        """The canvas at `now_s`: the same frame object each time, valid until the next call."""
        if self._rearrange:
            self._lay_out()
        for source in self._sources.values():
            if source.rect is not None:
                self._draw(source, source.rect, now_s)
        self._mark_active()
        return self._canvas

    def _order(self) -> Sequence[str]:
        ids = list(self._sources)
        if self._layout == "speaker":
            large = self._pinned if self._pinned in self._sources else self._active
            ids.sort(key=lambda source_id: source_id != large)
        return ids

    def _lay_out(self) -> None:
        self._rearrange = False
        self._fill(Rect(0, 0, *self._size), self._background)
        for source in self._sources.values():
            source.rect = None
        for tile in arrange(self._layout, self._order(), self._size):
            source = self._sources[tile.source_id]
            source.rect = tile.rect
            source.label = labels.label(source.name, tile.rect.width, tile.rect.height)
            source.picture = None
            source.stale = True
        self._bordered = None

    def _draw(self, source: _Source, rect: Rect, now_s: float) -> None:
        newest = _take_due(source.waiting, now_s)
        if newest is None and not source.stale:
            return
        source.shown = newest or source.shown
        if source.shown is None:
            self._draw_avatar(source, rect)
        else:
            self._draw_picture(source, source.shown, rect)
        if source.label is not None:
            self._stamp(source.label, rect.x, rect.y + rect.height - source.label.height)
        source.stale = False

    def _draw_avatar(self, source: _Source, rect: Rect) -> None:
        source.picture = None
        self._stamp(labels.avatar(source.name, rect.width, rect.height), rect.x, rect.y)

    def _draw_picture(self, source: _Source, shown: I420, rect: Rect) -> None:
        target = fit(*shown.upright_size, rect)
        if target != source.picture:
            self._fill(rect, self._tile)
            source.picture = target
        turned = shown.rotation in {90, 270}
        scaled = source.scaler.reformat(
            shown.to_av(),
            target.height if turned else target.width,
            target.width if turned else target.height,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        self._stamp(scaled, target.x, target.y, quarter_turns=shown.rotation // 90)

    def _stamp(self, image: av.VideoFrame, x: int, y: int, quarter_turns: int = 0) -> None:
        for canvas, plane, step in zip(self._planes, planes(image), (1, 2, 2), strict=True):
            upright = np.rot90(plane, -quarter_turns) if quarter_turns else plane
            top, left = y // step, x // step
            canvas[top : top + upright.shape[0], left : left + upright.shape[1]] = upright

    def _fill(self, rect: Rect, yuv: YUV) -> None:
        for canvas, value, step in zip(self._planes, yuv, (1, 2, 2), strict=True):
            _window(canvas, rect, step)[:] = value

    def _mark_active(self) -> None:
        if self._bordered == self._active:
            return
        self._frame(self._bordered, self._background)
        self._frame(self._active, self._border)
        self._bordered = self._active

    def _frame(self, source_id: str | None, yuv: YUV) -> None:
        """A border in the gap around a tile, so that no picture is drawn over it."""
        source = self._sources.get(source_id or "")
        if source is None or source.rect is None or len(self._sources) == 1:
            return
        x, y, width, height = source.rect
        wide = width + 2 * BORDER_PX
        for edge in (
            Rect(x - BORDER_PX, y - BORDER_PX, wide, BORDER_PX),
            Rect(x - BORDER_PX, y + height, wide, BORDER_PX),
            Rect(x - BORDER_PX, y, BORDER_PX, height),
            Rect(x + width, y, BORDER_PX, height),
        ):
            self._fill(edge, yuv)


def _take_due(waiting: deque[tuple[float, I420]], now_s: float) -> I420 | None:
    """The newest picture whose time has come; older ones are let go unseen."""
    newest = None
    while waiting and waiting[0][0] <= now_s:
        newest = waiting.popleft()[1]
    return newest


def _window(plane: Plane, rect: Rect, step: int) -> Plane:
    top, left = rect.y // step, rect.x // step
    return plane[top : top + rect.height // step, left : left + rect.width // step]
