"""Who is in the picture, how large, and who is not."""

import asyncio

import numpy as np
from livekit import rtc
from livekit.protocol import egress as proto

from orchestrator.cli.probe.media import Programme, probe
from orchestrator.cli.probe.sync import measure
from tests.live.egress.conftest import Studio
from tests.live.egress.stage import publisher, request, until

FOLDER = "tenant/session/programme/1"


async def begin(studio: Studio, layout: str = "grid") -> str:
    started = await studio.lk.egress.start_room_composite_egress(
        request(studio.room, FOLDER, layout=layout)
    )
    await until(lambda: ("egress_updated", "EGRESS_ACTIVE") in studio.hooks.egress(), 8)
    return started.egress_id


async def finish(studio: Studio, egress_id: str) -> Programme:
    await studio.lk.egress.stop_egress(proto.StopEgressRequest(egress_id=egress_id))
    await until(lambda: studio.hooks.egress()[-1][0] == "egress_ended", 5)
    return probe(str(studio.storage / FOLDER / "index.m3u8"))


def flash_area(programme: Programme, start_s: float, end_s: float) -> float:
    """The largest jump in white between two moments: grows with the tile that flashes."""
    times, white = programme.video.times_s, programme.video.white
    part = white[(times >= start_s) & (times < end_s)]
    return float(np.max(part) - np.median(part))


async def test_update_layout_gives_the_shared_screen_the_large_tile(studio: Studio) -> None:
    screen = rtc.TrackSource.SOURCE_SCREENSHARE
    async with (
        publisher(studio.server, studio.room, "Ada", picture=screen),
        publisher(studio.server, studio.room, "Grace", kind="agent"),
    ):
        egress_id = await begin(studio)
        await asyncio.sleep(3)
        await studio.lk.egress.update_layout(
            proto.UpdateLayoutRequest(egress_id=egress_id, layout="speaker")
        )
        await asyncio.sleep(4)
        programme = await finish(studio, egress_id)
    end_s = programme.duration_s
    # Two tiles in the grid: Ada's initials and her screen. The large tile has more than twice a grid tile's area.
    assert flash_area(programme, end_s - 2.5, end_s) > 1.8 * flash_area(programme, 0, 2.5)


async def test_agents_are_neither_seen_nor_heard(studio: Studio) -> None:
    async with publisher(studio.server, studio.room, "Agent", kind="agent"):
        egress_id = await begin(studio)
        await asyncio.sleep(4)
        programme = await finish(studio, egress_id)
    sync = measure(programme)
    assert (sync.flashes_s, sync.beeps_s) == ([], [])


async def test_a_muted_camera_and_a_left_person_are_gone_from_the_picture(studio: Studio) -> None:
    async with publisher(studio.server, studio.room) as camera:
        egress_id = await begin(studio)
        await asyncio.sleep(3)
        camera.mute()
        await asyncio.sleep(4)
        camera.unmute()
        await asyncio.sleep(3)
    await asyncio.sleep(4)
    programme = await finish(studio, egress_id)
    times, white = programme.video.times_s, programme.video.white
    lit = times[white > np.median(white) + 0.02]
    assert lit[lit < 3.5].size, "seen before"
    assert not lit[(lit > 4) & (lit < 6.8)].size, "not while muted"
    assert lit[(lit > 7) & (lit < 10.5)].size, "seen again"
    assert not lit[lit > 11.5].size, "not after they left"
    beeps = measure(programme).beeps_s
    assert [beep for beep in beeps if 4 < beep < 7], "heard while the camera was off"
    assert not [beep for beep in beeps if beep > 11.5]
