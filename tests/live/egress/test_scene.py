"""Who is in the picture, how large, and who is not."""

import asyncio
import time

import numpy as np
import pytest
from livekit import rtc
from livekit.protocol import egress as proto

from orchestrator.cli.probe.media import Programme, probe
from orchestrator.cli.probe.sync import measure
from tests.live.egress.conftest import Studio
from tests.live.egress.stage import PATIENCE_S, info, publisher, request, until

FOLDER = "tenant/session/programme/1"


async def begin(studio: Studio, layout: str = "grid") -> str:
    started = await studio.lk.egress.start_room_composite_egress(
        request(studio.room, FOLDER, layout=layout)
    )
    await until(lambda: ("egress_updated", "EGRESS_ACTIVE") in studio.hooks.egress(), PATIENCE_S)
    return started.egress_id


async def finish(studio: Studio, egress_id: str) -> Programme:
    await studio.lk.egress.stop_egress(proto.StopEgressRequest(egress_id=egress_id))
    await until(studio.hooks.ended, PATIENCE_S)
    return probe(str(studio.storage / FOLDER / "index.m3u8"))


def white_share(programme: Programme, start_s: float, end_s: float) -> float:
    """The part of the canvas that is white between two moments."""
    times, white = programme.video.times_s, programme.video.white
    return float(np.median(white[(times >= start_s) & (times < end_s)]))


async def test_update_layout_gives_the_shared_screen_the_large_tile(studio: Studio) -> None:
    screen = rtc.TrackSource.SOURCE_SCREENSHARE
    async with (
        publisher(studio.server, studio.room, "Ada", picture=screen, white=True),
        publisher(studio.server, studio.room, "Grace", kind="agent"),
    ):
        egress_id = await begin(studio)
        await asyncio.sleep(2)
        await studio.lk.egress.update_layout(
            proto.UpdateLayoutRequest(egress_id=egress_id, layout="speaker")
        )
        await asyncio.sleep(2)
        programme = await finish(studio, egress_id)
    end_s = programme.duration_s
    # Ada's initials and her screen: two equal tiles of a half, then four fifths of the width for the screen.
    assert white_share(programme, 1, 1.9) == pytest.approx(0.24, abs=0.05)
    assert white_share(programme, end_s - 1, end_s) == pytest.approx(0.61, abs=0.08)


async def test_agents_are_neither_seen_nor_heard(studio: Studio) -> None:
    async with publisher(studio.server, studio.room, "Agent", kind="agent"):
        egress_id = await begin(studio)
        await asyncio.sleep(4)
        programme = await finish(studio, egress_id)
    sync = measure(programme)
    assert (sync.flashes_s, sync.beeps_s) == ([], [])


async def test_a_muted_camera_and_a_left_person_are_gone_from_the_picture(studio: Studio) -> None:
    marks_s: list[float] = []
    async with publisher(studio.server, studio.room, white=True) as camera:
        egress_id = await begin(studio)
        for change in (None, camera.mute, camera.unmute):
            if change is not None:
                change()
            await asyncio.sleep(3)
            marks_s.append(time.time())
    await asyncio.sleep(2.5)
    marks_s.append(time.time())
    programme = await finish(studio, egress_id)
    started_s = (await info(studio.lk, egress_id)).started_at / 1e9
    # The second before each mark: what was changed three seconds ago has arrived by then.
    shares = [white_share(programme, m - started_s - 1, m - started_s) for m in marks_s]
    seen, muted, again, left = shares
    assert min(seen, again) > 0.9
    assert max(muted, left) < 0.1
    beeps = measure(programme).beeps_s
    assert any(0 < marks_s[1] - started_s - beep < 2.5 for beep in beeps), "heard while muted"
    assert not any(beep > marks_s[2] - started_s + 1 for beep in beeps), "silent after they left"
