"""What every row of `lectern bench programme` does with LiveKit: a room, people in it, an egress, and its end."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from livekit import api
from livekit.protocol import egress as proto

from orchestrator.cli.ground.helper import helper
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.programme.publishers import Began, Crowd
from orchestrator.cli.stack.servers import LOOPBACK
from schema.sessions import LiveKitAccess

PROGRAMME = proto.EncodingOptions(
    width=1280, height=720, framerate=30, key_frame_interval=2, video_bitrate=3000
)
LOOK_S = 0.005
BEGINS_WITHIN_S, ENDS_WITHIN_S = 60, 30
PUBLISHERS = "orchestrator.cli.programme.publishers"


class NotInTime(Exception):
    """What a row waits for did not come."""


class Egress(msgspec.Struct, frozen=True):
    """`asked_s` and `accepted_s` are time.monotonic around the call that started it."""

    id: str
    playlist: Path
    asked_s: float
    accepted_s: float


class Ends:
    """When LiveKit's webhook said of an egress that it is over, on time.monotonic, by the egress' id."""

    def __init__(self) -> None:
        self.at_s: dict[str, float] = {}
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        said = msgspec.json.decode(await request.read())
        if said["event"] == "egress_ended":
            self.at_s[said["egressInfo"]["egressId"]] = time.monotonic()
        return web.Response()


class Stage:
    """One room; every method raises livekit's TwirpError when the server refuses."""

    def __init__(self, here: Ground, lk: api.LiveKitAPI, room: str, ends: Ends) -> None:
        self._here = here
        self._lk = lk
        self._room = room
        self._ends = ends
        self._people = 0

    @asynccontextmanager
    async def people(
        self, count: int, *, simulcast: bool = True, marks_s: float = 0, lasts_s: float = 240
    ) -> AsyncIterator[Began]:
        """So many more people in the room, sending."""
        seats = [self._seat() for _ in range(count)]
        crowd = Crowd(seats, simulcast=simulcast, marks_s=marks_s, lasts_s=lasts_s)
        log = self._here.data / "logs" / "publishers.log"
        async with helper(PUBLISHERS, log, crowd) as sending:
            began = msgspec.json.decode(await sending.line(BEGINS_WITHIN_S), type=Began)
            await asyncio.sleep(max(0.0, began.at_s - time.monotonic()))
            yield began

    async def start(
        self, urls: list[str], encoding: proto.EncodingOptions = PROGRAMME, layout: str = "grid"
    ) -> Egress:
        """The recording and these destinations."""
        folder = f"bench/{self._room}/{time.monotonic_ns()}"
        request = proto.RoomCompositeEgressRequest(
            room_name=self._room, layout=layout, advanced=encoding
        )
        request.segment_outputs.add(
            filename_prefix=f"{folder}/seg",
            playlist_name=f"{folder}/index.m3u8",
            segment_duration=2,
        )
        if urls:
            request.stream_outputs.add(protocol=proto.StreamProtocol.RTMP, urls=urls)
        request.webhooks.add(url=self._ends.url, signing_key=self._here.settings.livekit_api_key)
        asked_s = time.monotonic()
        info = await self._lk.egress.start_room_composite_egress(request)
        objects = Path(urlsplit(self._here.settings.storage_url).path)
        playlist = objects / folder / "index.m3u8"
        return Egress(info.egress_id, playlist, asked_s, time.monotonic())

    async def add(self, egress: Egress, urls: list[str]) -> None:
        request = proto.UpdateStreamRequest(egress_id=egress.id, add_output_urls=urls)
        await self._lk.egress.update_stream(request)

    async def remove(self, egress: Egress, urls: list[str]) -> None:
        request = proto.UpdateStreamRequest(egress_id=egress.id, remove_output_urls=urls)
        await self._lk.egress.update_stream(request)

    async def info(self, egress: Egress) -> proto.EgressInfo:
        request = proto.ListEgressRequest(egress_id=egress.id)
        listed = await self._lk.egress.list_egress(request)
        found: proto.EgressInfo = listed.items[0]
        return found

    async def stop(self, egress: Egress) -> float:
        """Seconds until the playlist is closed and LiveKit's webhook has said that it is over."""
        asked_s = time.monotonic()
        await self._lk.egress.stop_egress(proto.StopEgressRequest(egress_id=egress.id))
        await until(lambda: egress.id in self._ends.at_s, ENDS_WITHIN_S)
        await until(lambda: "#EXT-X-ENDLIST" in egress.playlist.read_text(), ENDS_WITHIN_S)
        return time.monotonic() - asked_s

    def _seat(self) -> LiveKitAccess:
        self._people += 1
        settings = self._here.settings
        grants = api.VideoGrants(room_join=True, room=self._room)
        token = api.AccessToken(
            settings.livekit_api_key, settings.livekit_api_secret.reveal()
        ).with_identity(f"person-{time.monotonic_ns()}-{self._people}")
        jwt = token.with_name(f"Person {self._people}").with_grants(grants).to_jwt()
        return LiveKitAccess(url=settings.livekit_url, token=jwt, room=self._room)


@asynccontextmanager
async def stage(here: Ground, room: str) -> AsyncIterator[Stage]:
    settings = here.settings
    address = settings.livekit_url.replace("ws", "http", 1)
    async with (
        _listening() as ends,
        api.LiveKitAPI(
            address, settings.livekit_api_key, settings.livekit_api_secret.reveal()
        ) as lk,
    ):
        await lk.room.create_room(api.CreateRoomRequest(name=room))
        yield Stage(here, lk, room, ends)
        await lk.room.delete_room(api.DeleteRoomRequest(room=room))


@asynccontextmanager
async def _listening() -> AsyncIterator[Ends]:
    ends, app = Ends(), web.Application()
    app.router.add_post("/", ends.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    ends.url = f"http://{LOOPBACK}:{runner.addresses[0][1]}/"
    try:
        yield ends
    finally:
        await runner.cleanup()


async def until(condition: Callable[[], bool], within_s: float) -> None:
    """Raises NotInTime."""
    end_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end_s:
            raise NotInTime
        await asyncio.sleep(LOOK_S)
