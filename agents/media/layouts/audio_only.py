"""Everybody by their initials: the compositor draws no pictures here, so that none need be received."""

from agents.media.geometry import Cast, Rect, Tile
from agents.media.layouts.grid import grid


def audio_only(cast: Cast, area: Rect) -> list[Tile]:
    """Shared screens are left out."""
    people = tuple(one for one in cast.everyone if one != cast.screen)
    return grid(cast._replace(everyone=people), area)
