"""Two people, as in an interview."""

from agents.media.geometry import Cast, Rect, Tile, halves


def side_by_side(cast: Cast, area: Rect) -> list[Tile]:
    """The first two who came, so that nobody changes places by speaking; who is in front is always one of them."""
    people = [one for one in cast.everyone if one != cast.screen]
    pair = people[:2]
    if cast.front in people[2:]:
        pair = [people[0], cast.front]
    if len(pair) < 2:
        return [Tile(one, area) for one in pair]
    return [Tile(*place) for place in zip(pair, halves(area), strict=True)]
