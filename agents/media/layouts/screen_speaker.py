"""A shared screen with who speaks beside it, so that nothing of it is covered."""

from agents.media.geometry import Cast, Rect, Tile, large_and_strip
from agents.media.layouts.single import single

STRIP_SHARE = 0.22


def screen_speaker(cast: Cast, area: Rect) -> list[Tile]:
    if cast.screen is None:
        return single(cast, area)
    if cast.front is None:
        return [Tile(cast.screen, area)]
    large, (beside,) = large_and_strip(area, 1, STRIP_SHARE)
    return [Tile(cast.screen, large), Tile(cast.front, beside)]
