"""What a description asks for, as the compositor draws it: from the pixels."""

from datetime import UTC, datetime
from typing import get_args
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from agents.media.geometry import Rect
from agents.media.picture.backdrop import covering
from agents.media.picture.colours import colour, parse
from agents.media.picture.compositor import Compositor
from agents.media.picture.frame import Plane, planes
from schema.programme import Brand, Picture, Shown, Surface
from schema.studio import Layout
from tests.agents.media.studio import BLUE, GREEN, GREY, RED, WHITE, flat

WIDE, UPRIGHT = (1280, 720), (720, 1280)
SLIDE = Surface(Picture(key="k", link="/media/k", width_px=640, height_px=360), 640, 360)
BOARD = Surface(None, 1600, 900)


def compositor(size: tuple[int, int] = WIDE, **people: tuple[int, int, int]) -> Compositor:
    made = Compositor(*size, "speaker")
    for name, paint in people.items():
        made.add(name, name)
        made.push(name, flat(paint), 0.0)
    return made


def yuv(made: Compositor, x: int, y: int, now_s: float = 0.0) -> tuple[int, int, int]:
    luma, u, v = planes(made.render(now_s))
    return int(luma[y, x]), int(u[y // 2, x // 2]), int(v[y // 2, x // 2])


def luma(made: Compositor, rect: Rect, now_s: float = 0.0) -> Plane:
    whole = planes(made.render(now_s))[0]
    return whole[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width].copy()


@pytest.mark.parametrize(("size", "small"), [(WIDE, (1130, 630)), (UPRIGHT, (560, 1180))])
def test_a_slide_fills_the_canvas_with_the_speaker_in_its_corner(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    made = compositor(size, a=RED, b=GREEN)
    made.show(Shown(layout="slides_speaker", surface=SLIDE), flat(BLUE))
    assert yuv(made, size[0] // 2, size[1] // 2) == pytest.approx(BLUE, abs=3)
    assert yuv(made, *small) == pytest.approx(RED, abs=3)
    made.set_active("b")
    assert yuv(made, *small) == pytest.approx(GREEN, abs=3)


def test_the_next_slide_does_not_cover_the_speaker() -> None:
    made = compositor(a=RED)
    made.show(Shown(layout="slides_speaker", surface=SLIDE), flat(BLUE))
    made.render(0.0)
    made.show(Shown(layout="slides_speaker", surface=SLIDE, sequence=2), flat(GREEN))
    assert yuv(made, 400, 300) == pytest.approx(GREEN, abs=3)
    assert yuv(made, 1130, 630) == pytest.approx(RED, abs=3)


def test_a_slide_that_is_not_there_yet_leaves_its_place_dark() -> None:
    made = compositor(a=RED)
    made.show(Shown(layout="slides", surface=SLIDE))
    assert yuv(made, 640, 360)[0] < 60


def test_the_blank_board_comes_before_the_scene() -> None:
    made = compositor(a=RED, b=GREEN)
    made.show(Shown(layout="grid", surface=BOARD), flat(WHITE))
    assert yuv(made, 300, 300) == pytest.approx(WHITE, abs=3)
    assert yuv(made, 1130, 630) == pytest.approx(RED, abs=3)


def test_who_is_pinned_stays_in_front_until_they_leave() -> None:
    made = compositor(a=RED, b=GREEN)
    made.show(Shown(layout="single", pinned="b"))
    made.set_active("a")
    assert yuv(made, 640, 300) == pytest.approx(GREEN, abs=3)
    made.remove("b")
    assert yuv(made, 640, 300) == pytest.approx(RED, abs=3)


def test_without_a_scene_a_shared_screen_is_in_front_and_who_speaks_in_a_speaker_scene() -> None:
    made = compositor(a=RED, b=GREEN)
    made.add("s", "screen")
    made.pin("s")
    made.push("s", flat(BLUE), 0.0)
    assert yuv(made, 500, 300) == pytest.approx(BLUE, abs=3)
    made.show(Shown(layout="speaker"))
    assert yuv(made, 500, 300) == pytest.approx(RED, abs=3)
    made.show(Shown(layout="screen_speaker"))
    assert yuv(made, 500, 300) == pytest.approx(BLUE, abs=3)


def test_sound_only_shows_no_picture_and_asks_for_none() -> None:
    made = compositor(a=RED)
    made.show(Shown(layout="audio_only"))
    assert yuv(made, 640, 100) != pytest.approx(RED, abs=8)
    assert made.tile_sizes() == {}
    made.show(Shown(layout="grid"))
    assert yuv(made, 640, 300) == pytest.approx(RED, abs=3)


def test_the_title_stands_over_the_pictures_in_the_schools_colour() -> None:
    made = compositor(a=RED)
    brand = Brand(primary_color="#205080")
    made.show(Shown(title="Photosynthesis", brand=brand))
    assert yuv(made, 900, 30) == pytest.approx(colour(parse("#205080")), abs=3)
    assert luma(made, Rect(20, 0, 300, 60)).max() > 180
    assert yuv(made, 640, 300) == pytest.approx(RED, abs=3)
    made.show(Shown())
    assert yuv(made, 640, 8) == pytest.approx(RED, abs=3)


def test_what_lies_over_a_moving_picture_is_laid_once_and_goes_without_a_trace() -> None:
    made = compositor(a=GREY)
    third = Rect(40, 520, 400, 80)
    made.show(Shown(lower_third="Ada Lovelace"))
    first = luma(made, third)
    for step in range(1, 6):
        made.push("a", flat(GREY), step / 30)
        assert np.array_equal(first, luma(made, third, step / 30))
    assert first.max() > 180
    assert first.min() < GREY[0] - 20
    made.show(Shown())
    made.push("a", flat(GREY), 1.0)
    assert np.ptp(luma(made, third, 1.0)) <= 2


def test_a_logo_with_transparency_lets_the_picture_through() -> None:
    made = compositor(a=RED)
    logo = Image.new("RGBA", (200, 50), (0, 0, 0, 0))
    logo.paste((255, 255, 255, 255), (100, 0, 200, 50))
    made.show(Shown(), logo=logo)
    assert yuv(made, 1250, 30)[0] > 220
    assert yuv(made, 1130, 30) == pytest.approx(RED, abs=3)


@pytest.mark.parametrize("size", [WIDE, UPRIGHT])
def test_a_background_covers_all_that_is_under_the_people(size: tuple[int, int]) -> None:
    made = compositor(size, a=RED, b=GREEN)
    picture = Image.new("RGB", (400, 400), "#205080")
    picture.paste("#ffffff", (0, 0, 200, 400))
    made.show(Shown(layout="grid"), background=covering(picture, size))
    last = size[0] - 3, size[1] - 3
    assert yuv(made, 2, 4) == pytest.approx(colour(parse("#ffffff")), abs=3)
    assert yuv(made, *last) == pytest.approx(colour(parse("#205080")), abs=3)
    assert yuv(made, size[0] // 4, size[1] * 3 // 8) == pytest.approx(RED, abs=3)


def test_a_border_goes_without_a_trace_from_a_background() -> None:
    made = compositor(a=RED, b=GREEN)
    background = Image.linear_gradient("L").convert("RGB").resize(WIDE)
    made.show(Shown(layout="side_by_side"), background=background)
    before = luma(made, Rect(0, 0, *WIDE))
    made.set_active("b")
    assert not np.array_equal(before, luma(made, Rect(0, 0, *WIDE)))
    made.set_active(None)
    assert np.array_equal(before, luma(made, Rect(0, 0, *WIDE)))


def test_under_a_slates_letters_stands_half_of_the_background() -> None:
    made = compositor()
    made.show(
        Shown(layout="countdown", background_color="#000000"),
        background=Image.new("RGB", WIDE, "#808080"),
        until_s=100.0,
    )
    # In a corner, and in the clock's corner.
    for place in ((10, 10), (330, 340)):
        assert yuv(made, *place) == pytest.approx(colour(parse("#404040")), abs=3)
    assert luma(made, Rect(320, 330, 640, 160)).max() > 180


def test_a_background_that_is_transparent_shows_the_colour() -> None:
    made = compositor(a=RED, b=GREEN)
    clear = Image.new("RGBA", WIDE, (0, 0, 0, 0))
    made.show(Shown(layout="audio_only", background_color="#205080"), background=clear)
    assert yuv(made, 2, 4) == pytest.approx(colour(parse("#205080")), abs=3)


def test_a_countdown_counts_and_ends_in_words() -> None:
    made = compositor(a=RED)
    to = datetime(2026, 11, 21, tzinfo=UTC)
    made.show(Shown(layout="countdown", title="Maths", countdown_to=to), until_s=100.0)
    clock = Rect(320, 330, 640, 160)
    at_65, still_65, at_64 = (luma(made, clock, now_s) for now_s in (35.0, 35.4, 36.0))
    assert at_65.max() > 180
    assert np.array_equal(at_65, still_65)
    assert not np.array_equal(at_65, at_64)
    over, later = luma(made, clock, 101.0), luma(made, clock, 500.0)
    assert np.array_equal(over, later)
    assert over.max() > 180


def test_until_somebody_is_there_the_programme_says_that_it_starts_soon() -> None:
    empty = Compositor(*WIDE, "speaker")
    empty.show(Shown(name="Algebra"))
    soon = luma(empty, Rect(0, 0, *WIDE))
    assert soon.max() > 180
    empty.add("a", "Ada")
    empty.remove("a")
    assert not np.array_equal(soon, luma(empty, Rect(0, 0, *WIDE)))


def test_captions_are_burned_in_where_the_scene_asks_for_it() -> None:
    made = compositor(a=GREY)
    foot = Rect(200, 620, 880, 90)
    made.caption(("Ada: Good morning.",))
    # The name's label ends far to the left of it.
    assert luma(made, foot).max() <= GREY[0] + 4
    made.show(Shown(captions=True))
    one = luma(made, foot)
    assert one.max() > 180
    made.caption(("Ada: Good morning.", "Bob: " + "And to all of you as well. " * 6))
    assert not np.array_equal(one, luma(made, foot))
    made.caption(())
    assert luma(made, foot).max() <= GREY[0] + 4


@pytest.mark.parametrize("size", [WIDE, UPRIGHT, (1920, 1080)])
def test_every_scene_is_drawn_at_every_size_and_with_nobody(size: tuple[int, int]) -> None:
    for layout in get_args(Layout):
        made = Compositor(*size, "speaker")
        made.show(
            Shown(
                layout=layout,
                title="T" * 200,
                lower_third="\u05e9\u05dc\u05d5\u05dd " * 30,
                surface=SLIDE,
                captions=True,
                pinned=str(uuid4()),
            ),
            until_s=9000.0,
        )
        made.caption(("\u8bfe" * 300,))
        assert made.render(0.0).width == size[0]


def test_pictures_that_turn_and_change_their_size_stay_in_their_place() -> None:
    made = compositor(a=RED, b=GREEN)
    made.show(Shown(layout="side_by_side"))
    made.render(0.0)
    for step, (width, height, turn) in enumerate([(640, 360, 90), (161, 91, 270), (1280, 720, 0)]):
        made.push("a", flat(BLUE, width, height, turn), step + 1.0)
        assert yuv(made, 320, 360, step + 1.0) == pytest.approx(BLUE, abs=3)
        assert yuv(made, 960, 360, step + 1.0) == pytest.approx(GREEN, abs=3)
