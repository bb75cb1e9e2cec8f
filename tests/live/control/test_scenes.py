"""A scene that is switched at the API is in the programme: in order, on a frame boundary, and when."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import msgspec
import numpy as np

from agents.media.picture.colours import colour, parse
from orchestrator.core.livekit.client import LiveKit
from orchestrator.sessions.domain import room_name
from orchestrator.settings import Settings
from tests.live.control.test_reconciler import of, start_worker, stop, wait_for
from tests.support.school import School
from tests.support.served import serve
from tests.support.servers import LiveKitServer
from tests.support.studio import Desk

PAINTS = ("#c02020", "#20c020", "#2020c0", "#c0c020")
SWITCHES = 8
SHOWN_LATER_S = 0.08  # ProgrammeSpec.delay_ms
CORNERS = ((4, 4), (1275, 4), (4, 715), (1275, 715), (640, 30))


class Frame(msgspec.Struct, frozen=True):
    at_s: float
    paint: str


async def test_switched_scenes_are_shown_in_order_on_a_frame_boundary(
    school: School, sfu: tuple[LiveKitServer, Settings], tmp_path: Path
) -> None:
    async with serve(sfu[1]) as caller:
        desk = Desk(caller, school.teacher, await caller.new_session(school))
        await desk.send("POST", f"/api/studio/scenes/{await painted(desk, PAINTS[0])}/activate")
        await caller.command("start", school.teacher, desk.session_id)
        worker = await start_worker(sfu, tmp_path / "worker.log")
        try:
            await wait_for(caller, school, desk.session_id, of("recording.added"), 45)
            asked = [moment async for moment in switch(desk)]
            began_s = await began(sfu[1], desk.session_id)
            await caller.command("end", school.teacher, desk.session_id)
            await wait_for(caller, school, desk.session_id, of("recording.completed"), 45)
        finally:
            await stop(worker)
    frames = shown(Path(sfu[1].storage_url.removeprefix("file://")), desk.session_id)
    changes = [b for a, b in pairwise(frames) if a.paint != b.paint]
    assert frames[0].paint == PAINTS[0]
    assert [one.paint for one in changes] == [paint for _, paint in asked]
    late_ms = [
        round(1000 * (began_s + one.at_s + SHOWN_LATER_S - asked_s))
        for one, (asked_s, _) in zip(changes, asked, strict=True)
    ]
    print(f"a switched scene is in the programme after {sorted(late_ms)} ms")  # noqa: T201


async def painted(desk: Desk, paint: str) -> str:
    scene = await desk.scene(paint, "waiting", metadata={"backgroundColor": paint})
    return str(scene["id"])


async def switch(desk: Desk) -> AsyncIterator[tuple[float, str]]:
    """By activating a scene and by editing the active one, in turn; with time between to come on air."""
    scene = ""
    for n in range(1, SWITCHES + 1):
        paint = PAINTS[n % 4]
        if n % 2:
            scene = f"/api/studio/scenes/{await painted(desk, paint)}"
        asked_s = time.time()
        if n % 2:
            reply = await desk.send("POST", f"{scene}/activate")
        else:
            reply = await desk.send("PATCH", scene, {"metadata": {"backgroundColor": paint}})
        assert reply.status_code == 200, reply.text
        yield asked_s, paint
        # One that comes while the other is on its way takes its place: that is meant, but not what is counted here.
        await asyncio.sleep(0.7)


async def began(settings: Settings, session_id: UUID) -> float:
    """The wall clock of what the programme's first frame shows."""
    livekit = LiveKit(settings)
    try:
        (egress,) = await livekit.list_egress(room_name(session_id))
        return egress.segment_results[0].started_at / 1e9
    finally:
        await livekit.close()


def shown(objects: Path, session_id: UUID) -> list[Frame]:
    """All frames of the recording, from its first one on."""
    (playlist,) = objects.glob(f"*/{session_id}/programme/*/index.m3u8")
    with av.open(str(playlist)) as container:
        frames = [frame_of(frame) for frame in container.decode(video=0)]
    return [Frame(one.at_s - frames[0].at_s, one.paint) for one in frames]


def frame_of(frame: Any) -> Frame:
    """Which of the paints it is in every corner: a frame of two scenes fails here."""
    planes = frame.to_ndarray()
    height = frame.height
    found = {nearest(*(int(value) for value in at(planes, height, x, y))) for x, y in CORNERS}
    assert len(found) == 1, f"two scenes in one frame at {frame.time}"
    return Frame(float(frame.time), found.pop())


def at(planes: Any, height: int, x: int, y: int) -> tuple[Any, Any, Any]:
    """Of yuv420p as libav packs it: the chroma planes stand under the luma, two of their lines in one."""
    chroma = planes[height:].reshape(2, height // 2, -1)
    return planes[y, x], chroma[0, y // 2, x // 2], chroma[1, y // 2, x // 2]


def nearest(*yuv: int) -> str:
    return min(
        PAINTS, key=lambda paint: float(np.abs(np.subtract(colour(parse(paint)), yuv)).sum())
    )
