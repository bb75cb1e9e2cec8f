"""What of a description reaches the programme, and when: with pictures that come late, never or out of order."""

import asyncio
import io
from collections.abc import Callable
from uuid import uuid4

import msgspec
import pytest
from PIL import Image

from agents.egress.scene.boards import Changed, Place
from agents.egress.scene.ink import Ink, flat
from agents.egress.scene.stage import Stage, as_i420
from agents.media.picture.frame import I420
from agents.media.programme import Programme
from schema.errors import NotFound, StorageUnavailable
from schema.programme import Brand, Picture, Shown, Surface
from schema.studio import Stroke


def webp(color: str, width: int = 64, height: int = 36) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, "WEBP")
    return file.getvalue()


def picture(key: str) -> Picture:
    return Picture(key=key, link=f"/media/{key}", width_px=64, height_px=36)


def slide(key: str, sequence: int = 1) -> Shown:
    surface = Surface(picture=picture(key), width_px=64, height_px=36)
    return Shown(sequence=sequence, layout="slides", surface=surface)


class Seen(Programme):
    """Notes what it is shown in place of drawing it."""

    def __init__(self) -> None:
        self.shown: list[tuple[Shown, I420 | None, Image.Image | None]] = []
        self.backgrounds: list[Image.Image | None] = []
        self.rewritten: list[I420] = []
        self.told = asyncio.Event()

    @property
    def size(self) -> tuple[int, int]:
        return 128, 128

    def rewrite(self, surface: I420) -> None:
        self.rewritten.append(surface)
        self.told.set()

    def show(
        self,
        shown: Shown,
        surface: I420 | None = None,
        logo: Image.Image | None = None,
        background: Image.Image | None = None,
    ) -> None:
        self.shown.append((shown, surface, logo))
        self.backgrounds.append(background)
        self.told.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                self.told.clear()
                await self.told.wait()


class Store:
    """Objects that are there at once, are refused for a while, or wait for `opened`."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = objects
        self.refusals = 0
        self.opened = asyncio.Event()
        self.opened.set()
        self.reads = 0

    async def get(self, key: str) -> bytes:
        self.reads += 1
        await self.opened.wait()
        if self.refusals:
            self.refusals -= 1
            raise StorageUnavailable("away")
        if key not in self.objects:
            raise NotFound("no such object")
        return self.objects[key]


def describe(stage: Stage, shown: Shown) -> None:
    stage.describe(msgspec.json.encode(shown).decode())


async def test_a_slide_comes_with_its_scene() -> None:
    seen, store = Seen(), Store(a=webp("blue"), l=webp("red", 9, 7))
    stage = Stage(seen, store.get)
    wanted = msgspec.structs.replace(slide("a"), brand=Brand(logo=picture("l")))
    describe(stage, wanted)
    await seen.until(lambda: bool(seen.shown))
    shown, surface, logo = seen.shown[-1]
    assert shown == wanted
    assert surface is not None
    assert (surface.width, surface.height) == (64, 36)
    assert logo is not None
    assert logo.size == (9, 7)


async def test_a_background_is_read_and_fitted_once_for_all_its_scenes() -> None:
    seen, store = Seen(), Store(b=webp("blue"))
    stage = Stage(seen, store.get)
    for sequence in (1, 2):
        describe(stage, Shown(sequence=sequence, layout="grid", background=picture("b")))
        await stage.settled()
    first, second = seen.backgrounds
    assert first is second
    assert first is not None
    assert first.size == (128, 128)
    assert store.reads == 1
    describe(stage, Shown(sequence=3, layout="grid"))
    await stage.settled()
    assert seen.backgrounds[-1] is None


async def test_what_was_said_at_the_join_is_on_stage_before_the_first_frame() -> None:
    seen = Seen()
    stage = Stage(seen, Store(a=webp("blue")).get)
    await stage.settled()
    describe(stage, slide("a"))
    await stage.settled()
    assert [shown.sequence for shown, _, _ in seen.shown] == [1]


async def test_a_scene_does_not_wait_for_a_slow_store() -> None:
    seen, store = Seen(), Store(a=webp("blue"))
    store.opened.clear()
    stage = Stage(seen, store.get)
    describe(stage, slide("a"))
    await seen.until(lambda: bool(seen.shown))
    assert seen.shown[0][1] is None
    store.opened.set()
    await seen.until(lambda: seen.shown[-1][1] is not None)


async def test_a_store_that_was_away_is_asked_again() -> None:
    seen, store = Seen(), Store(a=webp("blue"))
    store.refusals = 2
    describe(Stage(seen, store.get, retry_s=0.01), slide("a"))
    await seen.until(lambda: bool(seen.shown) and seen.shown[-1][1] is not None)
    assert store.reads == 3


async def test_a_slide_that_was_deleted_holds_nothing_up() -> None:
    seen = Seen()
    describe(Stage(seen, Store().get), slide("gone"))
    await seen.until(lambda: bool(seen.shown))
    assert seen.shown[-1][1] is None


async def test_an_older_description_that_comes_later_changes_nothing() -> None:
    seen, store = Seen(), Store(a=webp("blue"), b=webp("red"))
    stage = Stage(seen, store.get)
    describe(stage, slide("b", sequence=5))
    describe(stage, slide("a", sequence=4))
    await seen.until(lambda: bool(seen.shown))
    await stage.close()
    assert [shown.sequence for shown, _, _ in seen.shown] == [5]


async def test_only_the_last_of_quick_changes_is_drawn() -> None:
    seen, store = Seen(), Store(**{f"s{n}": webp("blue") for n in range(9)})
    store.opened.clear()
    stage = Stage(seen, store.get)
    for n in range(9):
        describe(stage, slide(f"s{n}", sequence=n))
    store.opened.set()
    await seen.until(lambda: bool(seen.shown) and seen.shown[-1][1] is not None)
    assert {shown.sequence for shown, _, _ in seen.shown} == {8}


async def test_the_logo_and_the_slide_outlast_all_pictures_that_were_shown_before() -> None:
    seen, store = Seen(), Store(logo=webp("red"), **{f"s{n}": webp("blue") for n in range(20)})
    stage = Stage(seen, store.get)
    for n in range(20):
        wanted = msgspec.structs.replace(slide(f"s{n}", n), brand=Brand(logo=picture("logo")))
        describe(stage, wanted)
        await stage.settled()
    assert all(surface and logo for _, surface, logo in seen.shown)
    assert store.reads == 21


@pytest.mark.parametrize("metadata", ["{", "[]", '{"layout": "spiral"}', "hello"])
async def test_what_is_no_description_is_ignored(metadata: str) -> None:
    seen = Seen()
    stage = Stage(seen, Store().get)
    stage.describe(metadata)
    describe(stage, Shown(sequence=1, title="T"))
    await seen.until(lambda: bool(seen.shown))
    assert [shown.title for shown, _, _ in seen.shown] == ["T"]


async def test_the_board_is_white_paper() -> None:
    seen = Seen()
    surface = Surface(picture=None, width_px=1600, height_px=900)
    describe(Stage(seen, Store().get), Shown(surface=surface))
    await seen.until(lambda: bool(seen.shown))
    paper = seen.shown[0][1]
    assert paper is not None
    assert paper.data[: paper.width * paper.height].min() > 230


def test_a_transparent_page_stands_on_white() -> None:
    paper = as_i420(flat(Image.new("RGBA", (7, 5), (0, 0, 0, 0))))
    assert (paper.width, paper.height) == (6, 4)
    assert paper.data[:24].min() > 230


class Pen:
    """Draws on the page that is followed."""

    def __init__(self) -> None:
        self.followed: list[Place] = []
        self.changed: Changed | None = None

    async def follow(self, place: Place, changed: Changed) -> None:
        self.followed.append(place)
        self.changed = changed
        await asyncio.Event().wait()

    async def draw(self, ink: Ink) -> None:
        """A line across the whole of the board."""
        assert self.changed is not None
        await self.changed(ink)


def red_line() -> Ink:
    return Ink([Stroke(uuid4(), "#ff0000", 1000, [0, 5000, 10_000, 5000])])


def luma(surface: I420 | None, x: int, y: int) -> int:
    assert surface is not None
    return int(surface.data[y * surface.width + x])


PAPER, RED = 235, 81


async def test_what_is_drawn_comes_on_the_surface_that_is_shown_and_stays_with_its_page() -> None:
    seen, pen = Seen(), Pen()
    stage = Stage(seen, Store(a=webp("white")).get, pen)
    board = Surface(picture=None, width_px=1600, height_px=900)
    describe(stage, Shown(sequence=1, surface=board))
    await seen.until(lambda: bool(seen.shown) and pen.changed is not None)
    assert luma(seen.shown[0][1], 800, 450) == pytest.approx(PAPER, abs=2)
    await pen.draw(red_line())
    assert luma(seen.rewritten[-1], 800, 450) == pytest.approx(RED, abs=3)
    assert luma(seen.rewritten[-1], 800, 100) == pytest.approx(PAPER, abs=2)

    describe(stage, Shown(sequence=2, surface=board, title="Next"))
    await seen.until(lambda: len(seen.shown) == 2)
    assert luma(seen.shown[-1][1], 800, 450) == pytest.approx(RED, abs=3)

    asset_id = uuid4()
    page = Surface(picture("a"), 64, 36, asset_id=asset_id, page=4)
    describe(stage, Shown(sequence=3, layout="slides", surface=page))
    await seen.until(lambda: len(seen.shown) == 3 and len(pen.followed) == 2)
    assert luma(seen.shown[-1][1], 32, 18) == pytest.approx(PAPER, abs=2)
    assert pen.followed == [Place(None, 1), Place(asset_id, 4)]
    await stage.close()
