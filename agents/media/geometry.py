"""Rectangles on even pixels, as I420 needs them."""

from typing import NamedTuple

GAP_PX = 8


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def upright(self) -> bool:
        """Higher than wide, as on a telephone."""
        return self.height > self.width


class Tile(NamedTuple):
    source_id: str
    rect: Rect


class Cast(NamedTuple):
    """Who and what there is to show. `everyone` stands in the order of coming, shared screens among them."""

    everyone: tuple[str, ...]
    front: str | None
    """Who is pinned or speaks, else who came first; no screen."""
    screen: str | None = None
    surface: str | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """Everyone but who is in front and the screen."""
        return tuple(one for one in self.everyone if one not in {self.front, self.screen})


def fit(width: int, height: int, into: Rect) -> Rect:
    """The largest even rect with the picture's shape, centred in `into`."""
    scale = min(into.width / width, into.height / height)
    fitted_width = min(into.width, max(2, even(width * scale + 1)))
    fitted_height = min(into.height, max(2, even(height * scale + 1)))
    return Rect(
        into.x + even((into.width - fitted_width) / 2),
        into.y + even((into.height - fitted_height) / 2),
        fitted_width,
        fitted_height,
    )


def inset(area: Rect) -> Rect:
    """With a gap on every side."""
    width, height = even(area.width - 2 * GAP_PX), even(area.height - 2 * GAP_PX)
    return Rect(area.x + GAP_PX, area.y + GAP_PX, max(2, width), max(2, height))


def halves(area: Rect) -> tuple[Rect, Rect]:
    """Two equal places with gaps around: side by side on a wide canvas, one above the other on an upright one."""
    if area.upright:
        height = cell(2, area.height)
        top = Rect(area.x + GAP_PX, area.y + GAP_PX, inset(area).width, height)
        return top, top._replace(y=top.y + height + GAP_PX)
    width = cell(2, area.width)
    left = Rect(area.x + GAP_PX, area.y + GAP_PX, width, inset(area).height)
    return left, left._replace(x=left.x + width + GAP_PX)


def large_and_strip(area: Rect, count: int, share: float) -> tuple[Rect, list[Rect]]:
    """A large place, and a strip of `share` of the canvas with `count` equal places: to its right, or below it."""
    inner = inset(area)
    if area.upright:
        depth = even(area.height * share)
        large = inner._replace(height=even(inner.height - depth - GAP_PX))
        width, y = cell(count, area.width), large.y + large.height + GAP_PX
        xs = [area.x + GAP_PX + n * (width + GAP_PX) for n in range(count)]
        return large, [Rect(x, y, width, depth) for x in xs]
    depth = even(area.width * share)
    large = inner._replace(width=even(inner.width - depth - GAP_PX))
    height, x = cell(count, area.height), large.x + large.width + GAP_PX
    ys = [area.y + GAP_PX + n * (height + GAP_PX) for n in range(count)]
    return large, [Rect(x, y, depth, height) for y in ys]


def corner(area: Rect) -> Rect:
    """A small 16:9 picture in the lower right corner: a fifth of a wide canvas, two fifths of an upright one."""
    width = even(area.width * (0.4 if area.upright else 0.2))
    height = even(width * 9 / 16)
    right, bottom = area.x + area.width, area.y + area.height
    return Rect(right - width - 2 * GAP_PX, bottom - height - 2 * GAP_PX, width, height)


def cell(count: int, length: int) -> int:
    """Even side of each of `count` cells that share `length` with a gap around each."""
    return max(2, even((length - (count + 1) * GAP_PX) / count))


def even(value: float) -> int:
    return int(value) // 2 * 2
