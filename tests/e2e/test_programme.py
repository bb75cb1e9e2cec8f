"""The programme drawn twice from one description: by our compositor, and by the page for LiveKit's own egress."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
import numpy as np
import pytest
from livekit import api, rtc
from livekit.protocol import room as pb_room
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import ConsoleMessage, Page, Route, async_playwright

from agents.egress.scene.stage import BOARD, as_i420
from agents.media.geometry import Rect
from agents.media.picture.backdrop import covering
from agents.media.picture.compositor import Compositor
from agents.media.picture.frame import I420
from orchestrator.cli.runfile import RunFile
from schema.programme import Brand, Picture, Shown, Surface
from tests.e2e.conftest import FLAGS

Grey = NDArray[np.float64]

PAINTS = {"Ada": (200, 60, 60), "Bo": (60, 170, 60), "Cy": (70, 80, 200)}
SHARED = (90, 90, 20)
# Rectangles are the same to the pixel; pictures went through VP8 and letters through another renderer.
ALIKE = 0.95
# That letters differ is not a matter of place: each part must look more like its own place than like any this far off.
SHIFT_PX = 4
SHIFTS = ((SHIFT_PX, 0), (-SHIFT_PX, 0), (0, SHIFT_PX), (0, -SHIFT_PX))
# The width of a text is the renderer's own.
BOX_PX, TEXT_WIDTH = 1.5, 0.06
PATIENCE_MS = 45_000
SAID = "A leaf makes sugar of light"
DRAWN = """
sequence => document.querySelector(".programme")?.dataset.sequence === String(sequence)
  && [...document.querySelectorAll("video")].every(({ readyState }) => readyState >= 3)
  && [...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)
"""
TILES = """
() => [...document.querySelectorAll(".tile")].map(tile => {
  const { x, y, width, height } = tile.getBoundingClientRect();
  return [x, y, width, height];
})
"""
BOX = """
selector => {
  const found = document.querySelector(selector)?.getBoundingClientRect();
  return found ? [found.x, found.y, found.width, found.height] : null;
}
"""
LOGO = Picture(key="logo", link="/media/golden-logo", width_px=250, height_px=70)
SLIDE = Picture(key="slide", link="/media/golden-slide", width_px=1280, height_px=720)
BACKGROUND = Picture(key="back", link="/media/golden-background", width_px=900, height_px=600)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SCENES = [
    Shown(name="Algebra"),
    Shown(layout="grid", title="Photosynthesis", lower_third="Ada Lovelace"),
    Shown(layout="side_by_side", background_color="#2b2140"),
    Shown(layout="single", pinned="1-Bo", title="Odes", brand=Brand(primary_color="#7a3e4c")),
    Shown(layout="grid", surface=Surface(picture=None, width_px=1600, height_px=900)),
    Shown(layout="audio_only"),
    Shown(layout="screen_speaker", title="Plants", brand=Brand(logo=LOGO)),
    Shown(layout="slides_speaker", surface=Surface(SLIDE, 1280, 720), brand=Brand(logo=LOGO)),
    Shown(layout="slides", surface=Surface(SLIDE, 1280, 720), captions=True),
    Shown(layout="waiting", title="Algebra", background_color="#12263a"),
    Shown(layout="countdown", title="Algebra", countdown_to=LONG_AGO),
    Shown(layout="side_by_side", title="Odes", background=BACKGROUND),
    Shown(layout="waiting", title="Algebra", background=BACKGROUND, background_color="#12263a"),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
async def test_both_who_draw_the_programme_draw_the_same(
    stack: RunFile, size: tuple[int, int]
) -> None:
    room = f"golden-{uuid4()}"
    server = stack.livekit
    url = server.url.replace("ws", "http", 1)
    async with (
        api.LiveKitAPI(url, server.api_key, server.api_secret) as livekit,
        opened(livekit, room),
        people(stack, room) as speaker,
        programme_page(stack, room, size) as page,
    ):
        found = {}
        for number, shown in enumerate(SCENES, start=1):
            told = msgspec.structs.replace(shown, sequence=number)
            metadata = msgspec.json.encode(told).decode()
            await livekit.room.update_room_metadata(
                pb_room.UpdateRoomMetadataRequest(room=room, metadata=metadata)
            )
            await page.wait_for_function(DRAWN, arg=number, timeout=PATIENCE_MS)
            theirs = grey(await (captioned(page, speaker) if told.captions else taken(page)))
            made = ours(told, size)
            assert await page.evaluate(TILES) == [list(tile.rect) for tile in made._tiles]
            drawn = grey(Image.fromarray(made.render(0.0).to_ndarray(format="rgb24")))
            found[number] = alike(theirs, drawn)
            boxes = await same_boxes(page, made)
            for part in [*boxes, *(tile.rect for tile in made._tiles)]:
                assert in_place(theirs, drawn, part), f"scene {number}: {part} stands elsewhere"
    assert {scene: value for scene, value in found.items() if value < ALIKE} == {}


async def taken(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot()))


async def captioned(page: Page, speaker: rtc.Room) -> Image.Image:
    """While the words stand there, which go after five seconds."""
    while True:
        await speaker.local_participant.send_text(
            SAID, topic="lk.transcription", attributes={"lk.segment_id": "golden"}
        )
        await page.wait_for_selector(".captions", timeout=PATIENCE_MS)
        picture = await taken(page)
        if await page.query_selector(".captions"):
            return picture


async def same_boxes(page: Page, made: Compositor) -> list[Rect]:
    """Of all that lies over the tiles: the page's box is ours."""
    decor = made._decor
    ours = {
        ".lower-third": decor._lower_third,
        ".logo": decor._logo,
        ".captions span": decor._captions,
    }
    drawn = {name: one.rect for name, one in ours.items() if one}
    for name, rect in drawn.items():
        x, y, width, height = await page.evaluate(BOX, name)
        assert (y, height) == pytest.approx((rect.y, rect.height), abs=BOX_PX), name
        if name != ".captions span":
            assert x == pytest.approx(rect.x, abs=BOX_PX), name
        assert width == pytest.approx(rect.width, rel=TEXT_WIDTH, abs=BOX_PX), name
        assert x + width / 2 == pytest.approx(rect.x + rect.width / 2, abs=0.03 * rect.width), name
    return list(drawn.values())


def in_place(theirs: Grey, drawn: Grey, part: Rect) -> bool:
    """A part of one colour is everywhere at home."""
    window = np.s_[part.y : part.y + part.height, part.x : part.x + part.width]
    here = alike(theirs[window], drawn[window])
    moved = (np.roll(drawn, shift, axis=(0, 1))[window] for shift in SHIFTS)
    return all(here >= alike(theirs[window], one) for one in moved)


@asynccontextmanager
async def opened(livekit: api.LiveKitAPI, room: str) -> AsyncIterator[None]:
    """No class's room: the control plane leaves its description alone."""
    await livekit.room.create_room(pb_room.CreateRoomRequest(name=room))
    yield
    await livekit.room.delete_room(pb_room.DeleteRoomRequest(room=room))


@asynccontextmanager
async def people(stack: RunFile, room: str) -> AsyncIterator[rtc.Room]:
    """Three who show a picture of their own each; their identities are in the order of coming. The first is given to speak
    through, the last shares a screen besides."""
    rooms = [rtc.Room() for _ in PAINTS]
    showing = []
    for number, (name, one) in enumerate(zip(PAINTS, rooms, strict=True)):
        grants = api.VideoGrants(room_join=True, room=room)
        await one.connect(stack.livekit.url, token(stack, f"{number}-{name}", name, grants))
        camera = rtc.TrackSource.SOURCE_CAMERA
        showing.append(await published(one, camera, painting(PAINTS[name])))
    screen = rtc.TrackSource.SOURCE_SCREENSHARE
    showing.append(await published(rooms[-1], screen, painting(SHARED)))
    try:
        yield rooms[0]
    finally:
        for task in showing:
            task.cancel()
        await asyncio.gather(*showing, *(one.disconnect() for one in rooms), return_exceptions=True)


async def published(
    room: rtc.Room, kind: "rtc.TrackSource.ValueType", picture: I420
) -> asyncio.Task[None]:
    source = rtc.VideoSource(640, 360)
    track = rtc.LocalVideoTrack.create_video_track("picture", source)
    options = rtc.TrackPublishOptions(source=kind, simulcast=False)
    await room.local_participant.publish_track(track, options)
    return asyncio.create_task(show(source, picture))


async def show(source: rtc.VideoSource, picture: I420) -> None:
    frame = rtc.VideoFrame(640, 360, rtc.VideoBufferType.I420, picture.data.tobytes())
    while True:
        source.capture_frame(frame)
        await asyncio.sleep(0.1)


@asynccontextmanager
async def programme_page(stack: RunFile, room: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """As LiveKit's egress opens it: until it says START_RECORDING."""
    grants = api.VideoGrants(
        room_join=True, room=room, hidden=True, recorder=True, can_publish=False
    )
    query = {
        "url": stack.livekit.url,
        "token": token(stack, "EG_golden", "", grants),
        "layout": "speaker",
    }
    started = asyncio.Event()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})

        def heard(said: ConsoleMessage) -> None:
            if said.text == "START_RECORDING":
                started.set()

        page.on("console", heard)
        for one in (LOGO, SLIDE, BACKGROUND):
            await page.route(f"**{one.link}", partial(answer, sheet(one)))
        await page.goto(f"{stack.web}/egress/index.html?{urlencode(query)}")
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await started.wait()
        yield page
        await browser.close()


def token(stack: RunFile, identity: str, name: str, grants: api.VideoGrants) -> str:
    made = api.AccessToken(stack.livekit.api_key, stack.livekit.api_secret)
    return made.with_identity(identity).with_name(name).with_grants(grants).to_jwt()


async def answer(picture: Image.Image, route: Route) -> None:
    file = io.BytesIO()
    picture.save(file, "PNG")
    await route.fulfill(body=file.getvalue(), content_type="image/png")


def sheet(kind: Picture) -> Image.Image:
    """A page or a logo: fields of a board of chess, which are nowhere alike."""
    columns, rows = 10, 4
    image = Image.new("RGB", (kind.width_px, kind.height_px), "white")
    width, height = kind.width_px // columns, kind.height_px // rows
    for field in range(0, columns * rows, 2):
        row, column = divmod(field, columns)
        x, y = (column + row % 2) * width, row * height
        image.paste((20 + 5 * field, 60, 90), (x, y, x + width, y + height))
    return image


def painting(paint: tuple[int, int, int]) -> I420:
    """The person's colour, with a bright corner that tells where up and left are."""
    image = Image.new("RGB", (640, 360), paint)
    image.paste((240, 240, 240), (0, 0, 200, 110))
    return as_i420(image)


def ours(shown: Shown, size: tuple[int, int]) -> Compositor:
    made = Compositor(*size, "speaker")
    for number, name in enumerate(PAINTS):
        made.add(f"{number}-{name}", name)
        made.push(f"{number}-{name}", painting(PAINTS[name]), 0.0)
    made.add("2-Cy/screen", "Cy (screen)")
    made.pin("2-Cy/screen")
    made.push("2-Cy/screen", painting(SHARED), 0.0)
    logo = sheet(LOGO) if shown.brand.logo else None
    background = covering(sheet(BACKGROUND), size) if shown.background else None
    made.show(shown, surface_of(shown), logo, background)
    made.caption((f"Ada: {SAID}",))
    made.render(0.0)
    return made


def surface_of(shown: Shown) -> I420 | None:
    if shown.surface is None:
        return None
    return as_i420(sheet(SLIDE) if shown.surface.picture else BOARD)


def grey(image: Image.Image) -> Grey:
    return np.asarray(image.convert("L"), np.float64)


def alike(a: Grey, b: Grey) -> float:
    """Structural similarity (Wang et al. 2004) over blocks of 16 by 16: 1 is the same picture."""
    (mean_a, mean_b), (var_a, var_b) = zip(
        *((blocks(one).mean(2), blocks(one).var(2)) for one in (a, b)), strict=True
    )
    covariance = (blocks(a) * blocks(b)).mean(2) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    below = (mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)
    return float((above / below).mean())


def blocks(image: Grey) -> Grey:
    rows, columns = image.shape[0] // 16, image.shape[1] // 16
    return (
        image[: rows * 16, : columns * 16]
        .reshape(rows, 16, columns, 16)
        .swapaxes(1, 2)
        .reshape(rows, columns, 256)
    )
