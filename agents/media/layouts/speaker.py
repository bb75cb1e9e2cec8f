"""Who speaks, large, and the next few beside."""

from agents.media.geometry import Cast, Rect, Tile, large_and_strip

# More than these would be too small to know a face by.
STRIP_TILES = 4
STRIP_SHARE = 0.2


def speaker(cast: Cast, area: Rect) -> list[Tile]:
    """A shared screen is one of the others here; the usual layout puts it in front."""
    if cast.front is None:
        return []
    others = [one for one in cast.everyone if one != cast.front][:STRIP_TILES]
    if not others:
        return [Tile(cast.front, area)]
    large, strip = large_and_strip(area, STRIP_TILES, STRIP_SHARE)
    return [Tile(cast.front, large), *(Tile(*pair) for pair in zip(others, strip, strict=False))]
