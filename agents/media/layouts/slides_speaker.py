"""A slide with who speaks in its corner."""

from agents.media.geometry import Cast, Rect, Tile, corner
from agents.media.layouts.single import single


def slides_speaker(cast: Cast, area: Rect) -> list[Tile]:
    """Without a slide who speaks has the whole area."""
    if cast.surface is None:
        return single(cast, area)
    tiles = [Tile(cast.surface, area)]
    return [*tiles, Tile(cast.front, corner(area))] if cast.front else tiles
