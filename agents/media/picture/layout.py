"""Where each tile stands on the canvas: pure geometry on even pixels, as I420 needs."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

Layout = Literal["grid", "speaker"]

GAP_PX = 8
# Tiles in the side column of the speaker layout; more than these would be too small to know a face by.
COLUMN_TILES = 4


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int


class Tile(NamedTuple):
    source_id: str
    rect: Rect


def arrange(layout: Layout, tiles: Sequence[str], size: tuple[int, int]) -> list[Tile]:
    """Rects for `tiles` in order; in "speaker" the first is the large one and those past the column are left out."""
    if not tiles:
        return []
    if len(tiles) == 1:
        return [Tile(tiles[0], Rect(0, 0, *size))]
    if layout == "speaker":
        return _speaker(tiles, size)
    return _grid(tiles, Rect(0, 0, *size))


def fit(width: int, height: int, into: Rect) -> Rect:
    """The largest even rect with the picture's shape, centred in `into`."""
    scale = min(into.width / width, into.height / height)
    fitted_width = min(into.width, max(2, _even(width * scale + 1)))
    fitted_height = min(into.height, max(2, _even(height * scale + 1)))
    return Rect(
        into.x + _even((into.width - fitted_width) / 2),
        into.y + _even((into.height - fitted_height) / 2),
        fitted_width,
        fitted_height,
    )


def _grid(tiles: Sequence[str], area: Rect) -> list[Tile]:
    columns = min(range(1, len(tiles) + 1), key=lambda n: -_tile_area(n, len(tiles), area))
    rows = math.ceil(len(tiles) / columns)
    width, height = _cell(columns, area.width), _cell(rows, area.height)
    placed = []
    for index, source_id in enumerate(tiles):
        row, column = divmod(index, columns)
        in_row = min(columns, len(tiles) - row * columns)
        left = _even((area.width - in_row * width - (in_row - 1) * GAP_PX) / 2)
        top = _even((area.height - rows * height - (rows - 1) * GAP_PX) / 2)
        x = area.x + left + column * (width + GAP_PX)
        placed.append(
            Tile(source_id, Rect(x, area.y + top + row * (height + GAP_PX), width, height))
        )
    return placed


def _tile_area(columns: int, count: int, area: Rect) -> float:
    """Picture area of one 16:9 tile in a grid of so many columns."""
    rows = math.ceil(count / columns)
    width, height = _cell(columns, area.width), _cell(rows, area.height)
    return min(width, height * 16 / 9) ** 2


def _speaker(tiles: Sequence[str], size: tuple[int, int]) -> list[Tile]:
    width, height = size
    column_width = _even(width / 5)
    main = Rect(
        GAP_PX, GAP_PX, _even(width - column_width - 3 * GAP_PX), _even(height - 2 * GAP_PX)
    )
    others = tiles[1 : 1 + COLUMN_TILES]
    tile_height = _cell(COLUMN_TILES, height)
    column_x = main.x + main.width + GAP_PX
    return [
        Tile(tiles[0], main),
        *(
            Tile(
                source_id,
                Rect(column_x, GAP_PX + i * (tile_height + GAP_PX), column_width, tile_height),
            )
            for i, source_id in enumerate(others)
        ),
    ]


def _cell(count: int, length: int) -> int:
    """Even side of each of `count` cells that share `length` with a gap around each."""
    return max(2, _even((length - (count + 1) * GAP_PX) / count))


def _even(value: float) -> int:
    return int(value) // 2 * 2
