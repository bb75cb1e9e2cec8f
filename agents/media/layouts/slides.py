"""A slide or the board alone."""

from agents.media.geometry import Cast, Rect, Tile


def slides(cast: Cast, area: Rect) -> list[Tile]:
    return [Tile(cast.surface, area)] if cast.surface else []
