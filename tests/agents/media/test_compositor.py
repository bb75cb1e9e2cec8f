import numpy as np
import pytest

from agents.media.geometry import Cast, Rect
from agents.media.layouts.registry import LAYOUTS
from agents.media.picture import labels
from agents.media.picture.colours import BACKGROUND, colour, parse
from agents.media.picture.compositor import Compositor
from agents.media.picture.frame import I420, i420_size, planes
from schema.programme import Brand
from schema.studio import Layout
from tests.agents.media.studio import BLUE, GREEN, GREY, RED, WHITE, flat

SIZE = (1280, 720)
NAMES = {"a": "Ada Lovelace", "b": "Grace Hopper", "c": "Alan Turing", "d": "Rosa"}


ACTIVE = parse(Brand().accent_color)


def compositor(*sources: str, layout: Layout = "grid") -> Compositor:
    made = Compositor(*SIZE, layout)
    for source in sources:
        made.add(source, NAMES[source])
    return made


def rects(sources: str, layout: Layout = "grid") -> dict[str, Rect]:
    placed = LAYOUTS[layout](Cast(tuple(sources), sources[0]), Rect(0, 0, *SIZE))
    return {tile.source_id: tile.rect for tile in placed}


def yuv(made: Compositor, x: int, y: int, now_s: float = 0.0) -> tuple[int, int, int]:
    luma, u, v = planes(made.render(now_s))
    return int(luma[y, x]), int(u[y // 2, x // 2]), int(v[y // 2, x // 2])


def centre(rect: Rect) -> tuple[int, int]:
    return rect.x + rect.width // 2, rect.y + rect.height // 2


def middle_of(rect: Rect) -> Rect:
    """Where the initials stand."""
    x, y = centre(rect)
    return Rect(x - 60, y - 60, 120, 120)


def luma_of(made: Compositor, rect: Rect) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    luma = planes(made.render(0.0))[0]
    return luma[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width]


@pytest.mark.parametrize("layout", ["grid", "speaker"])
@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (320, 180), (90, 160), (641, 361)])
def test_each_tile_shows_its_own_picture(layout: Layout, size: tuple[int, int]) -> None:
    made = compositor("a", "b", "c", layout=layout)
    colours = {"a": RED, "b": GREEN, "c": BLUE}
    for source, paint in colours.items():
        made.push(source, flat(paint, *size), 0.0)
    for source, rect in rects("abc", layout).items():
        assert yuv(made, *centre(rect)) == pytest.approx(colours[source], abs=3)


def test_the_newest_picture_that_is_due_is_shown() -> None:
    made = compositor("a")
    for due_s, paint in ((1.0, RED), (2.0, GREEN), (3.0, BLUE)):
        made.push("a", flat(paint), due_s)
    assert yuv(made, 640, 300, now_s=2.5) == pytest.approx(GREEN, abs=3)
    assert yuv(made, 640, 300, now_s=2.9) == pytest.approx(GREEN, abs=3)
    assert yuv(made, 640, 300, now_s=3.0) == pytest.approx(BLUE, abs=3)


def test_without_a_picture_the_initials_stand_on_the_persons_colour() -> None:
    made = compositor("a", "b")
    rect = rects("ab")["a"]
    assert yuv(made, rect.x + 20, rect.y + 20) == colour(labels.avatar_colour("Ada Lovelace"))
    middle = luma_of(made, middle_of(rect))
    assert middle.max() > 200
    made.push("a", flat(RED), 0.0)
    made.render(0.0)
    made.blank("a")
    assert luma_of(made, middle_of(rect)).max() > 200


@pytest.mark.parametrize("picture", [None, GREY])
def test_every_tile_carries_its_name(picture: tuple[int, int, int] | None) -> None:
    """Light ink on the dark bar, different for different names, and still there after the picture changed."""
    made = compositor("a", "b", "c", "d")
    bars = []
    for source, rect in rects("abcd").items():
        if picture is not None:
            made.push(source, flat(picture), 0.0)
        bar = Rect(rect.x, rect.y + rect.height - 34, 90, 34)
        pixels = luma_of(made, bar).copy()
        assert pixels.max() > 180
        assert pixels[2, 2] < 60
        bars.append(pixels)
    assert all(not np.array_equal(a, b) for i, a in enumerate(bars) for b in bars[:i])


def test_a_renamed_source_has_a_new_label() -> None:
    made = compositor("a", "b")
    bar = Rect(rects("ab")["a"].x, rects("ab")["a"].y + rects("ab")["a"].height - 34, 150, 34)
    before = luma_of(made, bar).copy()
    made.add("a", "Someone Else")
    assert not np.array_equal(before, luma_of(made, bar))


def test_a_long_name_stays_inside_its_tile() -> None:
    bar = labels.label("Bartholomew Featherstonehaugh-Cholmondeley of Somewhere Far", 240, 136)
    assert bar.width <= 240
    assert planes(bar)[0][:, -4:].max() < 60


@pytest.mark.parametrize(
    ("rotation", "top_left"), [(0, WHITE), (90, GREY), (180, GREY), (270, GREY)]
)
def test_rotation_is_applied_clockwise(rotation: int, top_left: tuple[int, int, int]) -> None:
    """A picture with one white quarter at its top left; turning it moves the quarter clockwise."""
    made = compositor("a")
    turned = flat(GREY, 640, 360, rotation)
    data = turned.data.copy()
    data[: 640 * 360].reshape(360, 640)[:180, :320] = 235
    made.push("a", I420(data, 640, 360, turned.rotation), 0.0)
    luma = planes(made.render(0.0))[0]
    wide = rotation % 180 == 0
    x = (200, 1080) if wide else (550, 730)
    corners = [luma[180, x[0]], luma[180, x[1]], luma[540, x[1]], luma[540, x[0]]]
    assert int(np.argmax(corners)) == rotation // 90
    assert abs(int(corners[0]) - top_left[0]) < 4


def test_a_picture_of_another_shape_keeps_its_shape() -> None:
    made = compositor("a")
    made.push("a", flat(WHITE, 360, 640), 0.0)
    luma = planes(made.render(0.0))[0]
    white = np.flatnonzero(luma[300] > 200)
    assert len(white) == pytest.approx(720 * 360 / 640, abs=2)
    assert abs(int(white[0]) - (1279 - int(white[-1]))) <= 2
    made.push("a", flat(GREEN, 640, 360), 1.0)
    assert yuv(made, 20, 300, now_s=1.0) == pytest.approx(GREEN, abs=3)


def test_the_active_speaker_has_a_border_and_loses_it() -> None:
    made = compositor("a", "b")
    places = rects("ab")
    border = {s: (rect.x - 3, rect.y + rect.height // 2) for s, rect in places.items()}
    made.set_active("a")
    assert yuv(made, *border["a"]) == colour(ACTIVE)
    assert yuv(made, *border["b"]) == colour(BACKGROUND)
    made.set_active("b")
    assert yuv(made, *border["a"]) == colour(BACKGROUND)
    assert yuv(made, *border["b"]) == colour(ACTIVE)


def test_in_the_speaker_layout_who_speaks_gets_the_large_tile() -> None:
    made = compositor("a", "b", "c", layout="speaker")
    for source, paint in (("a", RED), ("b", GREEN), ("c", BLUE)):
        made.push(source, flat(paint), 0.0)
    large = centre(rects("abc", "speaker")["a"])
    assert yuv(made, *large) == pytest.approx(RED, abs=3)
    made.set_active("c")
    assert yuv(made, *large) == pytest.approx(BLUE, abs=3)
    made.set_layout("grid")
    assert yuv(made, *centre(rects("abc")["a"])) == pytest.approx(RED, abs=3)


def test_who_leaves_takes_their_tile_away() -> None:
    made = compositor("a", "b")
    made.push("a", flat(RED), 0.0)
    made.push("b", flat(GREEN), 0.0)
    made.render(0.0)
    made.remove("a")
    made.push("a", flat(RED), 0.0)
    assert yuv(made, 640, 300) == pytest.approx(GREEN, abs=3)
    made.remove("b")
    assert yuv(made, 640, 600) == pytest.approx(colour(BACKGROUND), abs=2)


def test_tile_sizes_are_those_drawn() -> None:
    made = compositor("a", "b", "c", layout="speaker")
    assert made.tile_sizes() == {s: (r.width, r.height) for s, r in rects("abc", "speaker").items()}


def test_a_short_buffer_is_refused() -> None:
    assert i420_size(3, 3) == 9 + 8
    with pytest.raises(ValueError, match="buffer"):
        I420.from_buffer(bytes(i420_size(64, 36) - 1), 64, 36)


def test_a_screen_that_is_pinned_for_its_sound_too_ends_without_a_trace() -> None:
    made = compositor("a", "b", layout="speaker")
    made.pin("b")
    made.pin("b")
    made.push("b", flat(GREEN), 0.0)
    assert yuv(made, *centre(rects("ba", "speaker")["b"])) == pytest.approx(GREEN, abs=3)
    made.remove("b")
    made.push("a", flat(RED), 1.0)
    assert yuv(made, 640, 200, 1.0) == pytest.approx(RED, abs=3)


def test_a_picture_that_cannot_be_drawn_leaves_the_others_alone() -> None:
    made = compositor("a", "b")
    made.push("a", I420(np.zeros(10, np.uint8), 640, 360), 0.0)
    made.push("b", flat(GREEN), 0.0)
    placed = rects("ab")
    assert yuv(made, *centre(placed["b"])) == pytest.approx(GREEN, abs=3)
    # Away from the initials, as of somebody whose camera is off.
    beside = yuv(made, placed["a"].x + 40, placed["a"].y + 40)
    assert beside != pytest.approx((16, 128, 128), abs=3)
    made.push("a", flat(RED), 1.0)
    assert yuv(made, *centre(placed["a"]), 1.0) == pytest.approx(RED, abs=3)


def test_a_pinned_source_is_large_whoever_speaks() -> None:
    made = compositor("a", "b", "c", layout="speaker")
    for source, paint in (("a", RED), ("b", GREEN), ("c", BLUE)):
        made.push(source, flat(paint), 0.0)
    large = centre(rects("abc", "speaker")["a"])
    made.pin("b")
    made.set_active("c")
    assert yuv(made, *large) == pytest.approx(GREEN, abs=3)
    made.remove("b")
    assert yuv(made, *centre(rects("ac", "speaker")["a"])) == pytest.approx(BLUE, abs=3)


@pytest.mark.parametrize(
    "name",
    [
        "Žofia",
        "Řehoř",
        "Şükrü",
        "Ελένη",
        "Наталья",
        "Đặng",
        "李小龍",
        "さくら",
        "김민수",
        "שרה",
        "محمد",
    ],
)
def test_every_letter_of_a_name_is_drawn(name: str) -> None:
    """A letter that the font lacks would look like the one no font has."""
    missing = planes(labels.label("\U0010ffff", 400, 200))[0]
    for letter in name:
        drawn = planes(labels.label(letter, 400, 200))[0]
        assert not np.array_equal(drawn, missing), letter
