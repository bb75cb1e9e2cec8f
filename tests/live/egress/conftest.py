"""A worker on an SFU of its own, so that webhooks and dispatch are this test's alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from livekit import api
from livekit.protocol import room as room_proto

from tests.live.egress.stage import DRAIN_S, Webhooks, Worker, webhooks, worker
from tests.support.servers import LiveKitServer, livekit_with_webhook

ROOM = "session-live"


class Studio(msgspec.Struct, frozen=True):
    """`room` exists already; the worker writes below `folder` only."""

    server: LiveKitServer
    worker: Worker
    hooks: Webhooks
    lk: api.LiveKitAPI
    folder: Path
    room: str

    @property
    def storage(self) -> Path:
        return self.folder / "objects"

    @property
    def data(self) -> Path:
        return self.folder / "data"


@pytest.fixture
def drain_s() -> int:
    """A test that is about draining gives another."""
    return DRAIN_S


@pytest.fixture
async def studio(tmp_path: Path, drain_s: int) -> AsyncIterator[Studio]:
    async with webhooks() as (hooks, url):
        with livekit_with_webhook(url) as server:
            http_url = server.url.replace("ws", "http", 1)
            async with (
                worker(server, tmp_path, drain_s) as running,
                api.LiveKitAPI(http_url, server.api_key, server.api_secret) as lk,
            ):
                await lk.room.create_room(room_proto.CreateRoomRequest(name=ROOM))
                yield Studio(server, running, hooks, lk, tmp_path, ROOM)
