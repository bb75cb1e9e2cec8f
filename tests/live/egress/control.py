"""An egress as a live test orders, follows and ends it."""

from livekit.protocol import egress as proto

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


def recorder_of(studio: Studio, egress_id: str) -> int:
    """The pid that the worker's log names for this egress."""
    return next(
        int(entry["pid"])
        for entry in studio.worker.log
        if entry["event"] == "recording" and entry["egress"] == egress_id
    )
