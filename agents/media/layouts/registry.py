"""Every layout by its name; a new one is a file beside this, a line here, and its like in web/src/programme/layouts.ts."""

from collections.abc import Callable, Mapping

from agents.media.geometry import Cast, Rect, Tile
from agents.media.layouts.audio_only import audio_only
from agents.media.layouts.grid import grid
from agents.media.layouts.screen_speaker import screen_speaker
from agents.media.layouts.side_by_side import side_by_side
from agents.media.layouts.single import single
from agents.media.layouts.slides import slides
from agents.media.layouts.slides_speaker import slides_speaker
from agents.media.layouts.speaker import speaker
from schema.studio import Layout

Arrange = Callable[[Cast, Rect], list[Tile]]
"""From who is there to even rects inside the area, in drawing order: only a corner picture lies over another."""

LAYOUTS: Mapping[Layout, Arrange] = {
    "grid": grid,
    "speaker": speaker,
    "side_by_side": side_by_side,
    "slides_speaker": slides_speaker,
    "screen_speaker": screen_speaker,
    "slides": slides,
    "single": single,
    "audio_only": audio_only,
}
SLATES: frozenset[Layout] = frozenset({"countdown", "waiting"})
