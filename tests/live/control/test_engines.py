"""The contract of an egress engine: whichever serves the programme, a class has the same destinations, statuses and recording."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import av
import pytest
import pytest_asyncio
import sqlalchemy as sa
from livekit.api import TokenVerifier
from PIL import Image, ImageColor, UnidentifiedImageError

from orchestrator.cli.probe.receivers import ClosedPort, Receivers, receivers
from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.egress.gateway import Addresses, Gateway
from orchestrator.egress.orders import AddStream, Done
from orchestrator.parts import Parts
from orchestrator.settings import Secret, Settings
from tests.agents.media.peers import silent_server, srt_listener
from tests.fakes.egress.worker import Model
from tests.live.control.engine import PATIENCE_S, Engine, EngineName, running
from tests.support.proxy import proxied
from tests.support.school import found_school
from tests.support.servers import EMPTY_ALL, LiveKitServer
from tests.support.studio import Desk
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(150)]
ENGINES: tuple[EngineName, ...] = ("lectern", "livekit")
PAINT = "#2020c0"
KEYS = ("comes-and-goes", "good-beside-bad", "away-at-first", "beside-srt")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def engine(
    request: pytest.FixtureRequest, settings: Settings, tmp_path_factory: Any
) -> AsyncIterator[Engine]:
    database = Database(settings.database_url, pool_size=2)
    folder = tmp_path_factory.mktemp(request.param)
    try:
        async with running(request.param, settings, await found_school(database), folder) as engine:
            yield engine
        async with database.system_transaction() as tx:
            await tx.execute(sa.text(EMPTY_ALL))
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[Receivers]:
    async with receivers([f"{name}-{key}" for name in ENGINES for key in KEYS]) as server:
        yield server


async def test_a_destination_comes_goes_and_comes_again_in_a_class_that_began_with_none(
    engine: Engine, server: Receivers
) -> None:
    key = f"{engine.settings.egress_engine}-{KEYS[0]}"
    name = await engine.destination(server.url(key), key)
    session_id = await engine.start()
    await engine.told(session_id, "recording.added")
    await engine.choose(session_id, name)
    await engine.statuses(session_id, {name: "live"})
    await engine.choose(session_id)
    await engine.told(session_id, "destination.changed", status="ended")
    again = server.kind.startswith("nginx")
    if again:
        await engine.choose(session_id, name)
        await engine.statuses(session_id, {name: "live"})
    await engine.end(session_id)
    assert len(await engine.told(session_id, "egress.started")) == 1
    (record,) = await engine.records(session_id)
    shown = f"{server.url(key)}/{{{key[:3]}...oes}}"
    assert {stream.url for stream in record.stream_results} == {shown}
    assert len(record.stream_results) >= 1 + again
    if engine.model is not None:
        check_request(engine.model, engine.livekit)


async def test_a_good_destination_is_live_beside_a_refused_and_a_silent_one(
    engine: Engine, server: Receivers
) -> None:
    key = f"{engine.settings.egress_engine}-{KEYS[1]}"
    with ClosedPort() as closed, silent_server() as silent:
        good = await engine.destination(server.url(key), key)
        refused = await engine.destination(closed, "refused-key")
        mute = await engine.destination(f"rtmp://127.0.0.1:{silent}/live", "silent-key")
        session_id = await engine.start(good, refused, mute)
        await engine.statuses(session_id, {good: "live", refused: "retrying", mute: "retrying"})
        await engine.end(session_id)
    await engine.statuses(session_id, dict.fromkeys((good, refused, mute), "ended"))
    events = str(await engine.events(session_id))
    assert not [secret for secret in (key, "refused-key", "silent-key") if secret in events]
    changes = await engine.told(session_id, "destination.changed", destinationId=good)
    statuses = [change["status"] for change in changes]
    assert (statuses[:2], statuses[-1]) == (["connecting", "live"], "ended")


async def test_rtmp_and_srt_go_on_air_together_where_the_engine_can(
    engine: Engine, server: Receivers, tmp_path: Path
) -> None:
    key, phrase, port = (
        f"{engine.settings.egress_engine}-{KEYS[3]}",
        "a-long-pass-phrase",
        free_port(),
    )
    rtmp = await engine.destination(server.url(key), key)
    srt = await engine.destination(f"srt://127.0.0.1:{port}", f"streamid={key}&passphrase={phrase}")
    if engine.model is not None:
        session_id = await engine.caller.new_session(engine.school)
        path = f"/api/sessions/{session_id}/destinations"
        both = {"destinationIds": [rtmp, srt]}
        refused = await engine.caller.post(engine.school.teacher, path, both)
        assert (refused.status_code, refused.json()["code"]) == (409, "protocols_mixed")
        return
    with srt_listener(port, phrase, tmp_path / "heard.ts") as listener:
        session_id = await engine.start(rtmp, srt)
        await engine.statuses(session_id, {rtmp: "live", srt: "live"})
        await engine.end(session_id)
        await asyncio.to_thread(listener.wait, PATIENCE_S)
    assert phrase not in str(await engine.events(session_id))
    assert phrase not in str(await engine.records(session_id))
    with av.open(str(tmp_path / "heard.ts")) as heard:
        assert {stream.type for stream in heard.streams} == {"video", "audio"}


async def test_when_all_destinations_fail_the_recording_goes_on_until_they_are_back(
    engine: Engine, server: Receivers
) -> None:
    key = f"{engine.settings.egress_engine}-{KEYS[2]}"
    async with proxied(server.url(key)) as (proxy, url):
        await proxy.stop()
        name = await engine.destination(url, key)
        session_id = await engine.start(name)
        await engine.statuses(session_id, {name: "retrying"})
        await engine.told(session_id, "recording.added")
        await proxy.start()
        await engine.statuses(session_id, {name: "live"})
        await engine.end(session_id)
    assert len(await engine.told(session_id, "egress.started")) == 1
    replay = await engine.caller.get(engine.school.teacher, f"/api/replays/{session_id}")
    (recording,) = replay.json()["recordings"]
    playlist = (await engine.caller.http.get(recording["url"])).text
    assert playlist.rstrip().endswith("#EXT-X-ENDLIST")


async def test_an_order_of_a_replica_that_was_not_told_makes_no_second_stream(
    engine: Engine,
) -> None:
    session_id = await engine.start()
    await engine.told(session_id, "recording.added")
    (record,) = await engine.records(session_id)
    name, parts = uuid4(), Parts(engine.settings)
    gateway = Gateway(parts.livekit, parts.storage, parts.targets, parts.admission, engine.settings)
    with silent_server() as silent:
        url = Secret(f"rtmp://127.0.0.1:{silent}/live/twice")
        addresses = Addresses({name: url}, asked_for)
        for _ in range(2):
            order = AddStream(record.egress_id, name, unlisted=True)
            done = await gateway.carry_out(order, record.room_name, "", addresses)
            assert done == Done()
        await engine.end(session_id)
    await parts.close()
    (record,) = await engine.records(session_id)
    assert len(record.stream_results) == 1


async def test_scene_quality_and_snapshots_reach_whoever_serves(engine: Engine) -> None:
    session_id = await engine.caller.new_session(engine.school)
    path = f"/api/sessions/{session_id}"
    desk = Desk(engine.caller, engine.school.teacher, session_id)
    chosen = await desk.send("PUT", f"{path}/programme", {"quality": "720p30_vertical"})
    assert chosen.status_code == 200, chosen.text
    paint = {"backgroundColor": PAINT}
    scene = await desk.scene("Upright", "waiting", metadata=paint)
    await desk.send("POST", f"/api/studio/scenes/{scene['id']}/activate")
    await engine.caller.command("start", engine.school.teacher, session_id)
    still = await eventually(lambda: snapshot(engine, path), PATIENCE_S)
    assert still is not None
    assert still.size == (360, 640)
    await engine.told(session_id, "recording.added")
    (record,) = await engine.records(session_id)
    asked = record.room_composite.advanced
    assert (asked.width, asked.height) == (720, 1280)
    if engine.model is None:
        await eventually(lambda: painted(engine, path), PATIENCE_S)
    else:
        assert PAINT in engine.model.browsers[-1].told
    await engine.end(session_id)


async def snapshot(engine: Engine, path: str) -> Image.Image | None:
    """What the class's poster shows now, once it has one."""
    reply = await engine.caller.get(engine.school.teacher, f"{path}/poster")
    url = reply.json()["url"] if reply.status_code == 200 else None
    if url is None:
        return None
    try:
        return Image.open(io.BytesIO((await engine.caller.http.get(url)).content)).convert("RGB")
    except UnidentifiedImageError:  # the model's ffmpeg writes in place
        return None


async def painted(engine: Engine, path: str) -> bool:
    """JPEG moves a colour a little."""
    still = await snapshot(engine, path)
    shown = still.getpixel((4, 4)) if still else None
    wanted = ImageColor.getrgb(PAINT)
    return isinstance(shown, tuple) and all(
        abs(a - b) < 16 for a, b in zip(shown, wanted, strict=True)
    )


async def asked_for(destination: UUID) -> Secret:
    raise AssertionError(f"{destination} has its address")


def check_request(model: Model, livekit: LiveKitServer) -> None:
    """Nothing is asked of LiveKit's own egress that has no effect there; its browser opens our page as a recorder."""
    assert model.ignored == []
    page = urlsplit(model.browsers[0].page)
    given = parse_qs(page.query)
    assert page.path == "/egress/index.html"
    assert given["url"] == [livekit.url]
    claims = TokenVerifier(livekit.api_key, livekit.api_secret).verify(given["token"][0])
    assert claims.video is not None
    assert claims.video.recorder
