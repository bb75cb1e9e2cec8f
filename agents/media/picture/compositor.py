"""Draws the programme into one I420 canvas that is kept, and touches only what changed since the last frame."""

import av
import structlog
from PIL import Image

from agents.media.geometry import GAP_PX, Cast, Rect, Tile
from agents.media.layouts.registry import LAYOUTS, SLATES
from agents.media.picture.canvas import Canvas, edges
from agents.media.picture.colours import TILE, colour
from agents.media.picture.decor import Decor
from agents.media.picture.frame import I420
from agents.media.picture.sources import Source
from schema.programme import Shown
from schema.studio import Layout

log = structlog.get_logger(__name__)

EMPTY = colour(TILE)
BORDER_PX = GAP_PX // 2  # drawn in the gap between tiles
SURFACE = "surface"
"""No participant: their ids have 36 characters."""
# Where tiles have a gap around them that a border can be drawn in.
BORDERED: frozenset[Layout] = frozenset({"grid", "speaker", "side_by_side", "audio_only"})


class Compositor:
    """One thread renders; `push` may come from any other."""

    def __init__(self, width: int, height: int, layout: Layout = "grid") -> None:
        self._canvas = Canvas(width, height)
        self._usual: Layout = layout
        self._shown = Shown()
        self._decor = Decor(self._canvas)
        self._sources: dict[str, Source] = {}
        self._surface = Source("")
        self._screens: list[str] = []
        self._active: str | None = None
        self._tiles: list[Tile] = []
        self._bordered: Rect | None = None
        self._rearrange = True
        self._begun = False

    def add(self, source_id: str, name: str) -> None:
        """A new tile with the name's avatar; a known id only changes its name."""
        known = self._sources.get(source_id)
        if known is None:
            self._sources[source_id] = Source(name)
        else:
            known.name = name
        self._begun = self._rearrange = True

    def remove(self, source_id: str) -> None:
        self._rearrange |= self._sources.pop(source_id, None) is not None
        if source_id in self._screens:
            self._screens.remove(source_id)

    def push(self, source_id: str, picture: I420, due_s: float) -> None:
        """Shows `picture` from `due_s` on; ignored for an unknown source, which may have just left."""
        source = self._sources.get(source_id)
        if source is not None:
            source.waiting.append((due_s, picture))

    def blank(self, source_id: str) -> None:
        """Back to the avatar, as when a camera is muted."""
        source = self._sources.get(source_id)
        if source is not None:
            source.blank()

    def set_layout(self, layout: Layout) -> None:
        """The usual one, as long as no scene asks for another."""
        self._rearrange |= layout != self._usual
        self._usual = layout

    def set_active(self, source_id: str | None) -> None:
        """Borders the one who speaks, and brings them to the front where the layout has one."""
        if source_id != self._active:
            front = self._front()
            self._active = source_id
            self._rearrange |= front != self._front()

    def pin(self, source_id: str) -> None:
        """This source is a shared screen: the latest is shown as such until it is removed."""
        if source_id in self._screens:
            self._screens.remove(source_id)
        self._screens.append(source_id)
        self._rearrange = True

    def show(
        self,
        shown: Shown,
        surface: I420 | None = None,
        logo: Image.Image | None = None,
        background: Image.Image | None = None,
        until_s: float = 0.0,
    ) -> None:
        """From the next frame on. `until_s` is when a countdown ends, on the clock of `render`."""
        self._shown = shown
        self._surface.blank()
        self._surface.shown = surface
        self._decor.dress(shown, logo, background, until_s)
        self._rearrange = True

    def rewrite(self, surface: I420) -> None:
        """In place of the surface that is shown, if one is."""
        self._surface.shown = surface
        self._surface.stale = True

    def caption(self, lines: tuple[str, ...]) -> None:
        """What is being said, the latest last; shown where the scene asks for it."""
        self._decor.caption(lines)

    def tile_sizes(self) -> dict[str, tuple[int, int]]:
        """Pixels each visible picture fills, to choose the layer worth receiving; none where pictures are not shown."""
        if self._layout() == "audio_only":
            return {}
        return {
            tile.source_id: (tile.rect.width, tile.rect.height)
            for tile in self._arranged()
            if tile.source_id != SURFACE
        }

    def render(self, now_s: float) -> av.VideoFrame:
        """The canvas at `now_s`: the same frame object each time, valid until the next call."""
        self._canvas.lift()
        if self._rearrange:
            self._lay_out()
        below = False
        for tile in self._tiles:
            source = self._source(tile.source_id)
            if source.take_due(now_s) or (below and tile.source_id != SURFACE):
                self._draw(source, tile.rect)
                below |= tile.source_id == SURFACE
        self._mark_active()
        self._canvas.lay(self._decor.overlays(now_s, slate=not self._tiles))
        return self._canvas.frame

    def start_over(self) -> None:
        """The next frame is laid out anew, as after one that could not be drawn."""
        self._rearrange = True

    @property
    def frame(self) -> av.VideoFrame:
        """What was rendered last."""
        return self._canvas.frame

    def _lay_out(self) -> None:
        self._rearrange = False
        self._bordered = None
        self._tiles = self._arranged()
        for source in self._sources.values():
            source.rect = None
        if self._tiles:
            self._decor.ground()
        else:
            self._decor.slate(begun=self._begun)
        for tile in self._tiles:
            self._source(tile.source_id).place(tile.rect)

    def _arranged(self) -> list[Tile]:
        layout = self._layout()
        if layout in SLATES:
            return []
        return LAYOUTS[layout](self._cast(), self._decor.area)

    def _layout(self) -> Layout:
        """The scene's; the blank board comes before it, and without a scene it is the usual one."""
        surface = self._shown.surface
        if surface is not None and surface.picture is None:
            return "slides_speaker"
        return self._shown.layout or self._usual

    def _cast(self) -> Cast:
        screen = self._screens[-1] if self._screens else None
        front = self._front()
        if self._shown.layout is None and self._usual == "speaker" and screen is not None:
            front = screen
        surface = SURFACE if self._shown.surface is not None else None
        return Cast(tuple(self._sources), front, screen, surface)

    def _front(self) -> str | None:
        people = [one for one in list(self._sources) if one not in self._screens]
        for one in (self._shown.pinned, self._active):
            if one in people:
                return one
        return next(iter(people), None)

    def _source(self, source_id: str) -> Source:
        return self._surface if source_id == SURFACE else self._sources[source_id]

    def _draw(self, source: Source, rect: Rect) -> None:
        pictures = self._layout() != "audio_only"
        try:
            source.draw(self._canvas, rect, EMPTY, pictures=pictures)
        except Exception:
            # Whatever somebody sent, the others are shown; theirs is left out.
            if not source.faulty:
                log.exception("picture_not_drawn")
            source.faulty = True
            source.blank()

    def _mark_active(self) -> None:
        """A border in the gap around a tile, so that no picture is drawn over it."""
        rect = self._active_rect()
        if rect == self._bordered:
            return
        if self._bordered is not None:
            for edge in edges(self._bordered, BORDER_PX):
                self._decor.backdrop.lay(self._canvas, edge)
        if rect is not None:
            for edge in edges(rect, BORDER_PX):
                self._canvas.fill(edge, self._decor.accent)
        self._bordered = rect

    def _active_rect(self) -> Rect | None:
        source = self._sources.get(self._active or "")
        if source is None or len(self._tiles) < 2 or self._layout() not in BORDERED:
            return None
        return source.rect
