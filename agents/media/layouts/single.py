"""One person: who speaks, or who is pinned."""

from agents.media.geometry import Cast, Rect, Tile


def single(cast: Cast, area: Rect) -> list[Tile]:
    return [Tile(cast.front, area)] if cast.front else []
