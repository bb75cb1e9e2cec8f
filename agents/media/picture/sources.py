"""What is drawn in a tile: pictures that wait for their moment, the one that is shown, and where."""

from collections import deque
from dataclasses import dataclass, field

import av
from av.video.reformatter import Interpolation, VideoReformatter

from agents.media.geometry import Rect, fit
from agents.media.picture import labels
from agents.media.picture.canvas import Canvas
from agents.media.picture.colours import YUV
from agents.media.picture.frame import I420

# Frames that may wait for their sound: half a second at 60 a second. When more wait, the oldest is lost unseen.
WAITING_FRAMES = 32


@dataclass(slots=True)
class Source:
    """`rect` is where it stands, if anywhere; `stale` means that its tile must be drawn though no new picture came; `faulty` that
    a picture of it could not be."""

    name: str
    # (due time in monotonic seconds, picture); filled from another thread, deque appends are atomic
    waiting: deque[tuple[float, I420]] = field(default_factory=lambda: deque(maxlen=WAITING_FRAMES))
    shown: I420 | None = None
    rect: Rect | None = None
    stale: bool = True
    faulty: bool = False
    _picture: Rect | None = None
    _label: av.VideoFrame | None = None
    _scaler: VideoReformatter = field(default_factory=VideoReformatter)

    def place(self, rect: Rect) -> None:
        self.rect = rect
        self.stale = True
        self._picture = None
        self._label = labels.label(self.name, rect.width, rect.height) if self.name else None

    def take_due(self, now_s: float) -> bool:
        """Whether the tile is to be drawn: the newest picture whose time has come is shown, older ones go unseen."""
        fresh = False
        while self.waiting and self.waiting[0][0] <= now_s:
            self.shown = self.waiting.popleft()[1]
            fresh = True
        return fresh or self.stale

    def blank(self) -> None:
        self.waiting.clear()
        self.shown = None
        self.stale = True

    def draw(self, canvas: Canvas, rect: Rect, empty: YUV, *, pictures: bool) -> None:
        """The picture in its shape on `empty`, else the initials; the name at the foot."""
        self.stale = False
        if self.shown is not None and pictures:
            self._draw_picture(canvas, self.shown, rect, empty)
        else:
            self._picture = None
            self._draw_absence(canvas, rect, empty)
        if self._label is not None:
            canvas.stamp(self._label, rect.x, rect.y + rect.height - self._label.height)

    def _draw_absence(self, canvas: Canvas, rect: Rect, empty: YUV) -> None:
        if self.name:
            canvas.stamp(labels.avatar(self.name, rect.width, rect.height), rect.x, rect.y)
        else:
            canvas.fill(rect, empty)

    def _draw_picture(self, canvas: Canvas, shown: I420, rect: Rect, empty: YUV) -> None:
        target = fit(*shown.upright_size, rect)
        if target != self._picture:
            canvas.fill(rect, empty)
            self._picture = target
        turned = shown.rotation in {90, 270}
        scaled = self._scaler.reformat(
            shown.to_av(),
            target.height if turned else target.width,
            target.width if turned else target.height,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        canvas.stamp(scaled, target.x, target.y, quarter_turns=shown.rotation // 90)
