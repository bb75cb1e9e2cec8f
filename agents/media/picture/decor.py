"""What a scene says beside its pictures, drawn once when it changes: ground, title, slate, and all that lies over."""

import math

from PIL import Image

from agents.media.geometry import Rect
from agents.media.picture import bars, colours
from agents.media.picture.backdrop import Backdrop
from agents.media.picture.canvas import Canvas, Overlay, overlay
from agents.media.text import slate
from agents.media.text.line import RGB
from schema.programme import Shown


class Decor:
    """`dress` takes a new description; `ground` and `overlays` draw it."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._said: tuple[str, ...] = ()
        self._captions: Overlay | None = None
        self._clock: Overlay | None = None
        self._clock_s = -1
        self.backdrop = Backdrop(canvas.area, colours.BACKGROUND)
        self.dress(Shown(), None, None, 0.0)

    def dress(
        self,
        shown: Shown,
        logo: Image.Image | None,
        background: Image.Image | None,
        until_s: float,
    ) -> None:
        self._shown = shown
        self._until_s = until_s
        self._clock_s = -1
        paint = (
            colours.parse(shown.background_color) if shown.background_color else colours.BACKGROUND
        )
        if paint != self.backdrop.paint or background is not self.backdrop.picture:
            self.backdrop = Backdrop(self._canvas.area, paint, background)
        self.accent = colours.colour(colours.parse(shown.brand.accent_color))
        area = self._canvas.area
        third = colours.parse(shown.brand.accent_color)
        self._lower_third = (
            bars.lower_third(area, shown.lower_third, third) if shown.lower_third else None
        )
        self._logo = bars.logo(area, logo) if logo else None
        self.caption(self._said)

    def caption(self, lines: tuple[str, ...]) -> None:
        self._said = lines
        wanted = self._shown.captions and lines
        self._captions = bars.captions(self._canvas.area, lines) if wanted else None

    @property
    def area(self) -> Rect:
        """What the title leaves to the pictures."""
        whole = self._canvas.area
        if not self._shown.title:
            return whole
        bar = bars.unit_px(whole)
        return Rect(0, bar, whole.width, whole.height - bar)

    def ground(self) -> None:
        """The background and the title's bar, all over what was there."""
        whole = self._canvas.area
        self.backdrop.lay(self._canvas, whole)
        if self._shown.title:
            primary = colours.parse(self._shown.brand.primary_color)
            bar = bars.title_bar(whole, self._shown.title, primary)
            self._canvas.stamp(colours.to_i420(bar), 0, 0)

    def slate(self, *, begun: bool) -> None:
        """All over what was there, when there is nothing else to show."""
        heading = self._shown.title or self._shown.name
        line = slate.PLEASE_WAIT if begun or self._shown.layout else slate.STARTS_SOON
        if self._shown.layout == "countdown":
            line = ""
        image = slate.slate(self.backdrop.under_letters, heading, line, self._ink)
        self._canvas.stamp(colours.to_i420(image), 0, 0)

    def overlays(self, now_s: float, *, slate: bool) -> list[Overlay]:
        third = None if slate else self._lower_third
        clock = self._time_left(now_s) if slate else None
        return [one for one in (third, clock, self._logo, self._captions) if one is not None]

    def _time_left(self, now_s: float) -> Overlay | None:
        """Drawn anew each second."""
        if self._shown.layout != "countdown":
            return None
        left_s = max(0, math.ceil(self._until_s - now_s))
        if left_s != self._clock_s:
            self._clock_s = left_s
            ground = self.backdrop.under_letters
            self._clock = overlay(*slate.clock(ground, left_s, self._ink))
        return self._clock

    @property
    def _ink(self) -> RGB:
        return colours.ink_on(self.backdrop.paint)
