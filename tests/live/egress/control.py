"""An egress as a live test orders, follows and ends it."""

import os
import signal

from livekit.protocol import egress as proto

from agents.egress.job import MAX_DEATHS
from tests.live.egress.conftest import Studio
from tests.live.egress.stage import PATIENCE_S, info, request, until

FOLDER = "tenant/session/programme/1"


async def start(studio: Studio, *urls: str, folder: str | None = FOLDER) -> str:
    started = await studio.lk.egress.start_room_composite_egress(
        request(studio.room, folder, *urls)
    )
    return started.egress_id


async def stop(studio: Studio, egress_id: str) -> proto.EgressInfo:
    await studio.lk.egress.stop_egress(proto.StopEgressRequest(egress_id=egress_id))
    return await ended(studio, egress_id)


async def ended(studio: Studio, egress_id: str) -> proto.EgressInfo:
    await until(lambda: studio.hooks.ended(egress_id), PATIENCE_S)
    return await info(studio.lk, egress_id)


def recorders_of(studio: Studio, egress_id: str) -> list[int]:
    """The pids that the worker's log names for this egress so far, one after the other."""
    return [
        int(entry["pid"])
        for entry in studio.worker.log
        if entry["event"] == "recording" and entry["egress"] == egress_id
    ]


def recorder_of(studio: Studio, egress_id: str) -> int:
    return recorders_of(studio, egress_id)[-1]


async def kill_all_recorders(studio: Studio, egress_id: str) -> None:
    """Until the worker gives the egress up."""
    for number in range(1, MAX_DEATHS + 1):
        await until(lambda: len(recorders_of(studio, egress_id)) >= number, PATIENCE_S)  # noqa: B023
        os.kill(recorder_of(studio, egress_id), signal.SIGKILL)
