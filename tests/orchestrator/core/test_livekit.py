"""What a failing call says of the rooms, at the real server, which has no egress worker here."""

from collections.abc import AsyncIterator

import pytest
from livekit.protocol import egress as proto

from orchestrator.core.livekit import client
from orchestrator.core.livekit.client import LiveKit
from orchestrator.settings import Settings
from schema.errors import LiveKitUnavailable

ROOM = "rooms-and-egress"


@pytest.fixture
async def livekit(settings: Settings) -> AsyncIterator[LiveKit]:
    livekit = LiveKit(settings)
    await livekit.rooms.ensure(ROOM)
    yield livekit
    await livekit.delete_room(ROOM)
    await livekit.close()


async def test_rooms_are_known_while_no_egress_worker_answers(
    livekit: LiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "EGRESS_DEADLINE_S", 0.2)
    output = proto.StreamOutput(
        protocol=proto.StreamProtocol.RTMP, urls=["rtmp://127.0.0.1/live/key"]
    )
    with pytest.raises(LiveKitUnavailable):
        await livekit.start_room_composite(
            proto.RoomCompositeEgressRequest(room_name=ROOM, stream_outputs=[output])
        )
    assert livekit.rooms.has(ROOM)


async def test_rooms_are_unknown_once_the_server_does_not_answer(
    livekit: LiveKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(client, "ROOM_DEADLINE_S", 0.0)
        with pytest.raises(LiveKitUnavailable):
            await livekit.list_rooms()
    assert not livekit.rooms.has(ROOM)
