"""Uploads over HTTP: pages that can be opened, once a key, and gone when removed."""

import io
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.proof.verify import verify
from orchestrator.settings import Settings
from orchestrator.studio.assets.domain import file_name
from tests.support.studio import Desk, pdf, png, refusal


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return Storage.from_settings(settings)


async def objects(storage: Storage, desk: Desk) -> list[str]:
    return await storage.list(f"{desk.who.tenant_id}/{desk.session_id}/assets")


async def opened(desk: Desk, url: str) -> Image.Image:
    """What a browser without any sign-in gets behind a link."""
    link = urlsplit(url)
    reply: httpx.Response = await desk.caller.http.get(f"{link.path}?{link.query}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/webp")
    return Image.open(io.BytesIO(reply.content))


async def test_a_pdf_becomes_a_slide_a_page(
    desk: Desk, pupil: Desk, database: Database, storage: Storage
) -> None:
    scene = await desk.scene("Lesson", "slides_speaker")
    deck = await desk.asset(pdf(3), sceneId=scene["id"], name="My lesson.pdf")
    assert (deck["name"], deck["type"], len(deck["pages"])) == ("My lesson.pdf", "slide", 3)
    assert deck["contentUrl"] == deck["pages"][0]["contentUrl"]
    (seen,) = await pupil.listed("assets")
    for page, color in zip(seen["pages"], [(255, 0, 0), (0, 255, 0), (0, 0, 255)], strict=True):
        picture = await opened(pupil, page["contentUrl"])
        assert picture.size == (page["widthPx"], page["heightPx"]) == (1920, 1080)
        middle: Any = picture.convert("RGB").getpixel((960, 540))
        assert max(abs(a - b) for a, b in zip(middle, color, strict=True)) < 8
        assert (await opened(pupil, page["thumbnailUrl"])).size == (320, 180)
    (shown,) = await pupil.listed("scenes")
    assert (shown["assets"], shown["slide"]) == ([deck["id"]], {"assetId": deck["id"], "page": 1})
    # Two pictures a page, and the text of all of them.
    assert len(await objects(storage, desk)) == 7
    async with database.system_transaction() as tx:
        assert await verify(tx, desk.session_id) == []


async def test_what_is_removed_leaves_scenes_and_store(
    desk: Desk, database: Database, storage: Storage
) -> None:
    scene = await desk.scene("Lesson", "slides")
    one = await desk.asset(pdf(1), sceneId=scene["id"])
    two = await desk.asset(png(), sceneId=scene["id"], type="image")
    assert (await desk.send("DELETE", f"/api/studio/assets/{one['id']}")).status_code == 204
    (left,) = await desk.listed("scenes")
    assert (left["assets"], left["slide"]) == ([two["id"]], None)
    assert [asset["id"] for asset in await desk.listed("assets")] == [two["id"]]
    assert all(two["id"] in key for key in await objects(storage, desk))
    again = await desk.send("DELETE", f"/api/studio/assets/{one['id']}")
    assert refusal(again) == (404, "not_found")
    assert (await desk.send("DELETE", f"/api/studio/scenes/{scene['id']}")).status_code == 204
    assert [asset["sceneId"] for asset in await desk.listed("assets")] == [None]
    async with database.system_transaction() as tx:
        assert await verify(tx, desk.session_id) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_is_drawn_anew(desk: Desk, kind: str) -> None:
    """Turned as its EXIF says, made smaller, and without the EXIF."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by 90 degrees
    exif[0x013B] = "Somebody with a name"
    Image.new("RGB", (2400, 1200), "red").save(file, kind, exif=exif)
    asset = await desk.asset(file.getvalue(), type="image", name="photo")
    picture = await opened(desk, asset["contentUrl"])
    assert picture.size == ((1920, 960) if kind == "GIF" else (960, 1920))
    assert not picture.getexif()


async def test_a_transparent_picture_stays_so(desk: Desk) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    asset = await desk.asset(file.getvalue(), type="image")
    assert (await opened(desk, asset["contentUrl"])).convert("RGBA").getpixel((5, 5)) == (
        0,
        0,
        0,
        0,
    )


async def test_a_repeated_key_uploads_once(desk: Desk, storage: Storage) -> None:
    replies = [await desk.upload(png(), key="k1") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert len(await objects(storage, desk)) == 2
    other = await desk.upload(png(color="red"), key="k1")
    assert refusal(other) == (422, "idempotency_key_reused")
    in_form = await desk.caller.http.post(
        "/api/studio/assets",
        headers={"Authorization": f"Bearer {desk.who.token}"},
        data={"sessionId": str(desk.session_id), "type": "slide", "idempotencyKey": "k2"},
        files={"file": ("a.png", png())},
    )
    assert in_form.status_code == 201
    without = await desk.caller.http.post(
        "/api/studio/assets",
        headers={"Authorization": f"Bearer {desk.who.token}"},
        data={"sessionId": str(desk.session_id), "type": "slide"},
        files={"file": ("a.png", png())},
    )
    assert refusal(without) == (400, "idempotency_key_missing")
    assert len(await desk.listed("assets")) == 2


async def test_a_link_is_for_one_page_and_no_other(desk: Desk) -> None:
    deck = await desk.asset(pdf(2))
    first, second = (urlsplit(page["contentUrl"]) for page in deck["pages"])
    swapped = await desk.caller.http.get(f"{second.path}?{first.query}")
    assert refusal(swapped) == (403, "forbidden")


async def test_the_form_is_read_strictly(desk: Desk) -> None:
    assert refusal(await desk.upload(png(), type="film")) == (422, "invalid_field")
    assert refusal(await desk.upload(png(), sceneId="7")) == (422, "invalid_field")
    assert refusal(await desk.upload(png(), colour="red")) == (422, "invalid_field")
    assert refusal(await desk.upload(pdf(2), type="image")) == (422, "invalid_field")
    body = {"sessionId": str(desk.session_id), "type": "slide"}
    assert (await desk.send("POST", "/api/studio/assets", body)).status_code in {400, 422}
    assert await desk.listed("assets") == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.png", "a.png"),
        ("a\0b\n\u202e.png", "ab.png"),
        (" / ", "Untitled"),
        ("é" * 200, "é" * 120),
    ],
)
def test_a_name_is_only_a_name(given: str, name: str) -> None:
    assert file_name(given) == name


async def test_links_and_keys_are_not_in_the_stored_reply(desk: Desk, database: Database) -> None:
    first = (await desk.upload(png(), key="k1")).json()
    replay = (await desk.upload(png(), key="k1")).json()
    assert first["contentUrl"].split("?")[0] == replay["contentUrl"].split("?")[0]
    async with database.system_transaction() as tx:
        stored = await tx.connection.exec_driver_sql("select reply::text from idempotency_keys")
        assert not any("sig=" in row[0] for row in stored)
