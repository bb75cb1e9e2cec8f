"""What is said is burned into the picture, and goes again."""

import asyncio

import msgspec
from livekit.protocol import room as room_proto

from agents.egress.scene.captions import FINAL, SEGMENT, STAYS_S, TOPIC
from orchestrator.cli.classroom.seat import Seat
from orchestrator.cli.probe.media import probe
from schema.programme import Shown
from tests.live.egress.conftest import Studio
from tests.live.egress.control import FOLDER, start, stop
from tests.live.egress.stage import PATIENCE_S, access, until

SAID = "Good morning everybody, today we look at leaves."


async def test_a_caption_is_in_the_picture_while_it_is_read(studio: Studio) -> None:
    shown = Shown(sequence=1, layout="waiting", captions=True)
    await studio.lk.room.update_room_metadata(
        room_proto.UpdateRoomMetadataRequest(
            room=studio.room, metadata=msgspec.json.encode(shown).decode()
        )
    )
    async with Seat(access(studio.server, studio.room, "Ada", "standard")) as seat:
        egress_id = await start(studio)
        playlist = studio.storage / FOLDER / "index.m3u8"
        await until(playlist.exists, PATIENCE_S)
        await seat.room.local_participant.send_text(
            SAID, topic=TOPIC, attributes={SEGMENT: "SG_1", FINAL: "true"}
        )
        # Twice as long as a line stays: a busy machine may show it late.
        await asyncio.sleep(2 * STAYS_S)
        await stop(studio, egress_id)
    white = probe(str(playlist)).video.white
    before, after = float(white[:5].mean()), float(white[-5:].mean())
    assert float(white.max()) > before + 0.001
    assert abs(after - before) < 0.0005
