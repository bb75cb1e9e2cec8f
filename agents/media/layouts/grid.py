"""Everybody alike."""

import math

from agents.media.geometry import GAP_PX, Cast, Rect, Tile, cell, even


def grid(cast: Cast, area: Rect) -> list[Tile]:
    """In the order of coming; one alone has the whole area."""
    tiles = cast.everyone
    if len(tiles) < 2:
        return [Tile(one, area) for one in tiles]
    columns = min(range(1, len(tiles) + 1), key=lambda n: -_picture_area(n, len(tiles), area))
    rows = math.ceil(len(tiles) / columns)
    width, height = cell(columns, area.width), cell(rows, area.height)
    top = area.y + even((area.height - rows * height - (rows - 1) * GAP_PX) / 2)
    placed = []
    for index, source_id in enumerate(tiles):
        row, column = divmod(index, columns)
        in_row = min(columns, len(tiles) - row * columns)
        left = area.x + even((area.width - in_row * width - (in_row - 1) * GAP_PX) / 2)
        x, y = left + column * (width + GAP_PX), top + row * (height + GAP_PX)
        placed.append(Tile(source_id, Rect(x, y, width, height)))
    return placed


def _picture_area(columns: int, count: int, area: Rect) -> float:
    """Of one 16:9 picture in a grid of so many columns."""
    rows = math.ceil(count / columns)
    width, height = cell(columns, area.width), cell(rows, area.height)
    return min(width, height * 16 / 9) ** 2
