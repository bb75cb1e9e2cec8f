"""The programme drawn twice from one description: by our compositor, and by the page for LiveKit's own egress."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
import numpy as np
import pytest
from livekit import api, rtc
from livekit.protocol import room as pb_room
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import ConsoleMessage, Page, async_playwright

from agents.egress.scene.stage import BOARD, as_i420
from agents.media.picture.compositor import Compositor
from agents.media.picture.frame import I420
from orchestrator.cli.runfile import RunFile
from schema.programme import Brand, Shown, Surface
from tests.e2e.conftest import FLAGS

Grey = NDArray[np.float64]

PAINTS = {"Ada": (200, 60, 60), "Bo": (60, 170, 60), "Cy": (70, 80, 200)}
# Rectangles are the same to the pixel; pictures went through VP8 and letters through another renderer. Measured: 0.972 to
# 0.9997; everything moved by four pixels has 0.95 to 0.98.
ALIKE = 0.95
PATIENCE_MS = 45_000
DRAWN = """
sequence => document.querySelector(".programme")?.dataset.sequence === String(sequence)
  && [...document.querySelectorAll("video")].every(({ readyState }) => readyState >= 3)
"""
TILES = """
() => [...document.querySelectorAll(".tile")].map(tile => {
  const { x, y, width, height } = tile.getBoundingClientRect();
  return [x, y, width, height];
})
"""
SCENES = [
    Shown(name="Algebra"),
    Shown(layout="grid", title="Photosynthesis", lower_third="Ada Lovelace"),
    Shown(layout="side_by_side", background_color="#2b2140"),
    Shown(layout="single", pinned="1-Bo", title="Odes", brand=Brand(primary_color="#7a3e4c")),
    Shown(layout="grid", surface=Surface(picture=None, width_px=1600, height_px=900)),
    Shown(layout="audio_only"),
    Shown(layout="waiting", title="Algebra", background_color="#12263a"),
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
        people(stack, room),
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
            theirs = Image.open(io.BytesIO(await page.screenshot()))
            made = ours(told, size)
            assert await page.evaluate(TILES) == [list(tile.rect) for tile in made._tiles]
            drawn = Image.fromarray(made.render(0.0).to_ndarray(format="rgb24"))
            found[number] = alike(grey(theirs), grey(drawn))
    assert {scene: value for scene, value in found.items() if value < ALIKE} == {}


@asynccontextmanager
async def opened(livekit: api.LiveKitAPI, room: str) -> AsyncIterator[None]:
    """No class's room: the control plane leaves its description alone."""
    await livekit.room.create_room(pb_room.CreateRoomRequest(name=room))
    yield
    await livekit.room.delete_room(pb_room.DeleteRoomRequest(room=room))


@asynccontextmanager
async def people(stack: RunFile, room: str) -> AsyncIterator[None]:
    """Three who show a picture of their own each; their identities are in the order of coming."""
    rooms = [rtc.Room() for _ in PAINTS]
    showing = []
    for number, (name, one) in enumerate(zip(PAINTS, rooms, strict=True)):
        grants = api.VideoGrants(room_join=True, room=room)
        await one.connect(stack.livekit.url, token(stack, f"{number}-{name}", name, grants))
        source = rtc.VideoSource(640, 360)
        track = rtc.LocalVideoTrack.create_video_track("camera", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
        await one.local_participant.publish_track(track, options)
        showing.append(asyncio.create_task(show(source, painting(name))))
    try:
        yield
    finally:
        for task in showing:
            task.cancel()
        await asyncio.gather(*showing, *(one.disconnect() for one in rooms), return_exceptions=True)


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
        await page.goto(f"{stack.web}/egress/index.html?{urlencode(query)}")
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await started.wait()
        yield page
        await browser.close()


def token(stack: RunFile, identity: str, name: str, grants: api.VideoGrants) -> str:
    made = api.AccessToken(stack.livekit.api_key, stack.livekit.api_secret)
    return made.with_identity(identity).with_name(name).with_grants(grants).to_jwt()


def painting(name: str) -> I420:
    """The person's colour, with a bright corner that tells where up and left are."""
    image = Image.new("RGB", (640, 360), PAINTS[name])
    image.paste((240, 240, 240), (0, 0, 200, 110))
    return as_i420(image)


def ours(shown: Shown, size: tuple[int, int]) -> Compositor:
    made = Compositor(*size, "speaker")
    for number, name in enumerate(PAINTS):
        made.add(f"{number}-{name}", name)
        made.push(f"{number}-{name}", painting(name), 0.0)
    made.show(shown, as_i420(BOARD) if shown.surface else None)
    made.render(0.0)
    return made


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
