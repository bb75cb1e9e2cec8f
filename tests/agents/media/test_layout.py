from hypothesis import given
from hypothesis import strategies as st

from agents.media.picture.layout import Layout, Rect, arrange, fit

layouts = st.sampled_from(["grid", "speaker"])
sizes = st.sampled_from([(1280, 720), (1920, 1080), (720, 1280), (640, 360)])
ids = st.integers(0, 25).map(lambda count: [f"p{i}" for i in range(count)])


def overlap(a: Rect, b: Rect) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


@given(layouts, ids, sizes)
def test_tiles_are_inside_even_and_apart(
    layout: Layout, tiles: list[str], size: tuple[int, int]
) -> None:
    placed = [tile.rect for tile in arrange(layout, tiles, size)]
    for rect in placed:
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.x + rect.width <= size[0]
        assert rect.y + rect.height <= size[1]
        assert min(rect.width, rect.height) >= 2
        assert all(value % 2 == 0 for value in rect)
    assert not any(overlap(a, b) for i, a in enumerate(placed) for b in placed[:i])


@given(ids, sizes)
def test_the_grid_shows_everyone_in_order(tiles: list[str], size: tuple[int, int]) -> None:
    assert [tile.source_id for tile in arrange("grid", tiles, size)] == tiles


@given(ids, sizes)
def test_the_speaker_is_the_largest(tiles: list[str], size: tuple[int, int]) -> None:
    placed = arrange("speaker", tiles, size)
    areas = [tile.rect.width * tile.rect.height for tile in placed]
    assert [tile.source_id for tile in placed] == tiles[: len(placed)]
    assert len(placed) == min(len(tiles), 5)
    assert all(area < areas[0] for area in areas[1:])


def test_one_alone_fills_the_canvas() -> None:
    assert arrange("grid", ["a"], (1280, 720))[0].rect == Rect(0, 0, 1280, 720)


def test_four_stand_two_by_two() -> None:
    rects = [tile.rect for tile in arrange("grid", list("abcd"), (1280, 720))]
    assert len({rect.x for rect in rects}) == 2
    assert len({rect.y for rect in rects}) == 2


@given(
    st.integers(1, 4000),
    st.integers(1, 4000),
    st.builds(
        Rect,
        *[st.integers(0, 300).map(lambda n: 2 * n)] * 2,
        *[st.integers(1, 600).map(lambda n: 2 * n)] * 2,
    ),
)
def test_a_fitted_picture_keeps_its_shape_inside_the_tile(
    width: int, height: int, into: Rect
) -> None:
    fitted = fit(width, height, into)
    assert all(value % 2 == 0 for value in fitted)
    assert into.x <= fitted.x <= fitted.x + fitted.width <= into.x + into.width
    assert into.y <= fitted.y <= fitted.y + fitted.height <= into.y + into.height
    assert (
        fitted.width == into.width
        or fitted.height == into.height
        or fitted.width >= into.width - 2
        or fitted.height >= into.height - 2
    )
    scale = min(into.width / width, into.height / height)
    assert abs(fitted.width - width * scale) <= 2
    assert abs(fitted.height - height * scale) <= 2
