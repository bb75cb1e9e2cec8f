"""What a live egress test stands on: an SFU with webhooks, our worker as a process, somebody who publishes marks."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from aiohttp import web
from livekit import api, rtc
from livekit.protocol import egress as proto

from orchestrator.cli.classroom.picture import HEIGHT, WIDTH, Picture
from orchestrator.cli.classroom.script import add_beeps
from orchestrator.cli.classroom.seat import Seat, show, speak
from orchestrator.cli.probe.media import SAMPLE_RATE
from schema.sessions import LiveKitAccess
from tests.support.servers import LiveKitServer

DRAIN_S = 3
# How long a busy test machine may take over what needs a second: a failure costs the wait, a success does not.
PATIENCE_S = 30
Kind = Literal["standard", "agent"]


class White(Picture):
    """A still whose area in the programme is simply counted."""

    def __init__(self) -> None:
        super().__init__(["White"])
        self.buffer[: WIDTH * HEIGHT] = b"\xeb" * (WIDTH * HEIGHT)
        self.buffer[WIDTH * HEIGHT :] = b"\x80" * (WIDTH * HEIGHT // 2)

    def draw(self, _at_s: float) -> bytearray:
        return self.buffer


class Webhooks:
    """Every webhook that the SFU sent, with its arrival on time.monotonic()."""

    def __init__(self) -> None:
        self.received: list[tuple[float, dict[str, Any]]] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.received.append((time.monotonic(), msgspec.json.decode(await request.read())))
        return web.Response()

    def egress(self, egress_id: str = "") -> list[tuple[str, str]]:
        """(event, status) of each webhook about this egress (any), in order."""
        return [
            (event["event"], event["egressInfo"].get("status", "EGRESS_STARTING"))
            for _, event in self.received
            if "egressInfo" in event and egress_id in {"", event["egressInfo"]["egressId"]}
        ]

    def ended(self, egress_id: str = "") -> bool:
        """Nothing may have arrived yet: the answer to a call overtakes its webhooks."""
        return any(name == "egress_ended" for name, _ in self.egress(egress_id))


@contextlib.asynccontextmanager
async def webhooks() -> AsyncIterator[tuple[Webhooks, str]]:
    hooks = Webhooks()
    app = web.Application()
    app.router.add_post("/", hooks.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield hooks, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


class Worker:
    """`python -m agents.egress` with its log."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.log: list[dict[str, Any]] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while self.process.stderr is not None and (line := await self.process.stderr.readline()):
            with contextlib.suppress(msgspec.DecodeError):
                self.log.append(msgspec.json.decode(line))
            if os.environ.get("SHOW"):
                sys.stderr.write(line.decode())

    def said(self, event: str) -> bool:
        return any(entry.get("event") == event for entry in self.log)

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE_S)
        await self._reading
        return code


@contextlib.asynccontextmanager
async def worker(
    server: LiveKitServer, folder: Path, drain_s: int = DRAIN_S
) -> AsyncIterator[Worker]:
    env = {
        "PATH": os.environ["PATH"],
        "REDIS_URL": server.redis_url,
        "LIVEKIT_URL": server.url,
        "LIVEKIT_API_KEY": server.api_key,
        "LIVEKIT_API_SECRET": server.api_secret,
        "LECTERN_STORAGE_URL": f"file://{folder}/objects",
        "LECTERN_DATA_DIR": f"{folder}/data",
        "LECTERN_DRAIN_S": str(drain_s),
    }
    command = (sys.executable, "-m", "agents.egress")
    running = Worker(await asyncio.create_subprocess_exec(*command, stderr=PIPE, env=env))
    try:
        await until(lambda: running.said("ready"), PATIENCE_S)
        yield running
    finally:
        await running.stop()


class Stalls:
    """The worst delay of this process's own loop in ms: what was sent that late cannot arrive in time."""

    worst_ms = 0.0

    async def watch(self) -> None:
        while True:
            before_s = time.monotonic()
            await asyncio.sleep(0.01)
            late_ms = (time.monotonic() - before_s - 0.01) * 1000
            self.worst_ms = max(self.worst_ms, late_ms)


async def until(condition: Callable[[], bool], within_s: float) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 files and webhooks ring no bell
            await asyncio.sleep(0.02)


def access(server: LiveKitServer, room: str, name: str, kind: Kind) -> LiveKitAccess:
    grants = api.VideoGrants(room_join=True, room=room)
    token = api.AccessToken(server.api_key, server.api_secret).with_identity(f"id-{name}")
    jwt = token.with_name(name).with_kind(kind).with_grants(grants).to_jwt()
    return LiveKitAccess(url=server.url, token=jwt, room=room)


@contextlib.asynccontextmanager
async def publisher(
    server: LiveKitServer,
    room: str,
    name: str = "Ada",
    *,
    kind: Kind = "standard",
    picture: "rtc.TrackSource.ValueType" = rtc.TrackSource.SOURCE_CAMERA,
    white: bool = False,
) -> AsyncIterator[rtc.LocalVideoTrack]:
    """Beeps and, unless all `white`, flashes every two seconds while the context lasts; gives the picture's track."""
    async with Seat(access(server, room, name, kind)) as seat:
        begin = time.monotonic() + 0.3
        line = add_beeps(np.zeros(120 * SAMPLE_RATE, np.int16))
        source = rtc.VideoSource(WIDTH, HEIGHT)
        track = rtc.LocalVideoTrack.create_video_track("picture", source)
        playing = [asyncio.create_task(speak(await seat.open_microphone(), line, begin))]
        options = rtc.TrackPublishOptions(source=picture, simulcast=False)
        await seat.room.local_participant.publish_track(track, options)
        shown = White() if white else Picture(["Marks"])
        playing.append(asyncio.create_task(show(source, shown, 120, begin)))
        try:
            yield track
        finally:
            for task in playing:
                task.cancel()
            await asyncio.gather(*playing, return_exceptions=True)


def request(room: str, folder: str | None, *urls: str, layout: str = "grid") -> Any:
    """What the control plane asks: the recording below `folder` and RTMP streams, 720p30 with a GOP of 2 s."""
    composite = proto.RoomCompositeEgressRequest(
        room_name=room,
        layout=layout,
        advanced=proto.EncodingOptions(
            width=1280, height=720, framerate=30, key_frame_interval=2, video_bitrate=3000
        ),
    )
    if folder:
        composite.segment_outputs.add(
            filename_prefix=f"{folder}/seg",
            playlist_name=f"{folder}/index.m3u8",
            segment_duration=2,
        )
    if urls:
        composite.stream_outputs.add(protocol=proto.StreamProtocol.RTMP, urls=urls)
    return composite


async def info(lk: api.LiveKitAPI, egress_id: str) -> proto.EgressInfo:
    listed = await lk.egress.list_egress(proto.ListEgressRequest(egress_id=egress_id))
    found: proto.EgressInfo = listed.items[0]
    return found
