"""Every layout at every size and with any number of people: nothing outside, nothing odd, nothing covered."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.media.geometry import Cast, Rect, Tile, fit
from agents.media.layouts.registry import LAYOUTS, SLATES
from schema.studio import Layout
from tests.support.layouts import FILE, encoded

SURFACE = "surface"
WIDE, UPRIGHT = Rect(0, 0, 1280, 720), Rect(0, 0, 720, 1280)
areas = st.sampled_from([WIDE, UPRIGHT, Rect(0, 0, 1920, 1080), Rect(0, 60, 1280, 660)])
# In these the speaker's small picture lies over the slide on purpose.
CORNERED = {"slides_speaker"}


@st.composite
def casts(draw: st.DrawFn) -> Cast:
    people = tuple(f"p{n}" for n in range(draw(st.integers(0, 25))))
    screen = draw(st.sampled_from([None, "p0/screen"]))
    everyone = (*people, screen) if screen else people
    front = draw(st.sampled_from(people)) if people else None
    return Cast(everyone, front, screen, draw(st.sampled_from([None, SURFACE])))


def overlap(a: Rect, b: Rect) -> bool:
    across = a.x < b.x + b.width and b.x < a.x + a.width
    return across and a.y < b.y + b.height and b.y < a.y + a.height


def inside(rect: Rect, area: Rect) -> bool:
    right, bottom = area.x + area.width, area.y + area.height
    across = area.x <= rect.x and rect.x + rect.width <= right
    return across and area.y <= rect.y and rect.y + rect.height <= bottom


def shown(tiles: list[Tile]) -> list[str]:
    return [tile.source_id for tile in tiles]


@given(st.sampled_from(sorted(LAYOUTS)), casts(), areas)
def test_tiles_are_inside_even_and_apart(layout: Layout, cast: Cast, area: Rect) -> None:
    tiles = LAYOUTS[layout](cast, area)
    for _, rect in tiles:
        assert inside(rect, area)
        assert min(rect.width, rect.height) >= 2
        assert all(side % 2 == 0 for side in rect)
    pairs = [(a.rect, b.rect) for n, a in enumerate(tiles) for b in tiles[:n]]
    assert layout in CORNERED or not any(overlap(a, b) for a, b in pairs)
    assert len(set(shown(tiles))) == len(tiles)
    assert set(shown(tiles)) <= {*cast.everyone, SURFACE}


@given(casts(), areas)
def test_the_grid_shows_everyone_in_order(cast: Cast, area: Rect) -> None:
    assert shown(LAYOUTS["grid"](cast, area)) == list(cast.everyone)


@given(casts(), areas)
def test_the_speaker_is_the_largest(cast: Cast, area: Rect) -> None:
    tiles = LAYOUTS["speaker"](cast, area)
    sizes = [tile.rect.width * tile.rect.height for tile in tiles]
    assert shown(tiles)[:1] == ([cast.front] if cast.front else [])
    assert all(size < sizes[0] for size in sizes[1:])


@given(casts(), areas)
def test_of_two_side_by_side_one_is_in_front(cast: Cast, area: Rect) -> None:
    tiles = LAYOUTS["side_by_side"](cast, area)
    people = [one for one in cast.everyone if one != cast.screen]
    assert len(tiles) == min(2, len(people))
    assert not people or cast.front in shown(tiles)
    assert len({(tile.rect.width, tile.rect.height) for tile in tiles}) <= 1


@pytest.mark.parametrize("area", [WIDE, UPRIGHT])
def test_a_slide_has_the_speaker_in_its_corner(area: Rect) -> None:
    slide, speaker = LAYOUTS["slides_speaker"](Cast(("a", "b"), "b", None, SURFACE), area)
    assert slide == Tile(SURFACE, area)
    assert speaker.source_id == "b"
    assert speaker.rect.x > area.width // 2 - 20
    assert speaker.rect.y > area.height // 2
    assert speaker.rect.width * speaker.rect.height < area.width * area.height / 8


@pytest.mark.parametrize("area", [WIDE, UPRIGHT])
def test_beside_a_screen_stands_who_speaks(area: Rect) -> None:
    cast = Cast(("a", "b", "b/screen"), "a", "b/screen")
    screen, speaker = LAYOUTS["screen_speaker"](cast, area)
    assert (screen.source_id, speaker.source_id) == ("b/screen", "a")
    assert screen.rect.width * screen.rect.height > area.width * area.height / 2


def test_what_is_missing_leaves_no_hole() -> None:
    alone = Cast(("a",), "a")
    for layout in ("slides_speaker", "screen_speaker", "single", "speaker", "grid", "side_by_side"):
        assert LAYOUTS[layout](alone, WIDE) == [Tile("a", WIDE)]
    assert LAYOUTS["slides"](alone, WIDE) == []


def test_sound_only_leaves_the_screen_out() -> None:
    assert shown(LAYOUTS["audio_only"](Cast(("a", "s", "b"), "a", "s"), WIDE)) == ["a", "b"]


def test_every_layout_of_the_studio_can_be_drawn() -> None:
    assert {*LAYOUTS, *SLATES} == set(get_args(Layout))


def test_four_stand_two_by_two() -> None:
    rects = [tile.rect for tile in LAYOUTS["grid"](Cast(tuple("abcd"), "a"), WIDE)]
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
    assert inside(fitted, into)
    assert fitted.width >= into.width - 2 or fitted.height >= into.height - 2
    scale = min(into.width / width, into.height / height)
    assert abs(fitted.width - width * scale) <= 2
    assert abs(fitted.height - height * scale) <= 2


def test_the_cases_of_the_other_who_draws_are_up_to_date() -> None:
    """web/src/programme is held to them; `python -m tests.support.layouts` writes them anew."""
    assert FILE.read_bytes() == encoded()
