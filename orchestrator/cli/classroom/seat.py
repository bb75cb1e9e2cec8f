"""A seat in the room: an unmodified LiveKit client that shows what it gets and plays what it is given."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import msgspec
from livekit import rtc

from orchestrator.cli.classroom.picture import FPS, HEIGHT, WIDTH, Picture
from orchestrator.cli.classroom.script import Line
from orchestrator.cli.probe.media import SAMPLE_RATE
from schema.sessions import LiveKitAccess

CAPTIONS, EVENTS = "lk.transcription", "lectern.events"
CHUNK = SAMPLE_RATE // 100  # WebRTC takes sound in steps of 10 ms
CONNECT_TIMEOUT_S = 15.0
ALLOWED_TIMEOUT_S = 10.0


class Caption(msgspec.Struct, frozen=True):
    """`at` is time.monotonic(); partials of an utterance share `segment`."""

    at: float
    speaker: str
    segment: str
    text: str
    final: bool


class Seat:
    """A context manager: in the room inside it. `captions`, `legacy` and `events` fill as they arrive."""

    def __init__(self, access: LiveKitAccess, options: rtc.RoomOptions | None = None) -> None:
        self._access = access
        self._options = options or rtc.RoomOptions()
        self.room = rtc.Room()
        self.captions: list[Caption] = []
        self.legacy: list[Caption] = []
        self.sequences: list[int] = []
        self.first_picture_at: float | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._permitted = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.room.register_text_stream_handler(CAPTIONS, self._on_stream)
        self.room.on("transcription_received", self._on_legacy)
        self.room.on("data_received", self._on_data)
        self.room.on("track_subscribed", self._on_track)
        self.room.on("participant_permissions_changed", lambda *_: self._permitted.set())
        await asyncio.wait_for(
            self.room.connect(self._access.url, self._access.token, self._options),
            CONNECT_TIMEOUT_S,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()

    async def until_allowed(self) -> None:
        """Waits for the right to send something. Raises TimeoutError."""
        async with asyncio.timeout(ALLOWED_TIMEOUT_S):
            while not self.room.local_participant.permissions.can_publish:
                await self._permitted.wait()
                self._permitted.clear()

    async def open_microphone(self) -> rtc.AudioSource:
        # No queue: what is captured leaves at once, so that sound and picture keep one clock.
        source = rtc.AudioSource(SAMPLE_RATE, 1, queue_size_ms=0)
        track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False)
        options.audio_encoding.max_bitrate = 64_000
        await self.room.local_participant.publish_track(track, options)
        return source

    async def open_camera(self) -> rtc.VideoSource:
        source = rtc.VideoSource(WIDTH, HEIGHT)
        track = rtc.LocalVideoTrack.create_video_track("camera", source)
        options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA,
            video_encoding=rtc.VideoEncoding(max_bitrate=1_500_000, max_framerate=FPS),
            simulcast=False,
        )
        await self.room.local_participant.publish_track(track, options)
        return source

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_stream(self, reader: rtc.TextStreamReader, identity: str) -> None:
        self._spawn(self._read(reader, identity))

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        text = await reader.read_all()
        labels = reader.info.attributes or {}
        caption = Caption(
            at=time.monotonic(),
            speaker=identity,
            segment=labels.get("lk.segment_id", ""),
            text=text,
            final=labels.get("lk.transcription_final") == "true",
        )
        self.captions.append(caption)

    def _on_legacy(
        self, segments: list[rtc.TranscriptionSegment], speaker: rtc.Participant | None, _: Any
    ) -> None:
        identity = speaker.identity if speaker else ""
        self.legacy += [
            Caption(time.monotonic(), identity, part.id, part.text, part.final) for part in segments
        ]

    def _on_data(self, packet: rtc.DataPacket) -> None:
        if packet.topic == EVENTS:
            self.sequences.append(int(msgspec.json.decode(packet.data)["sequence"]))

    def _on_track(self, track: rtc.Track, *_: Any) -> None:
        if isinstance(track, rtc.RemoteVideoTrack) and self.first_picture_at is None:
            self._spawn(self._await_picture(track))

    async def _await_picture(self, track: rtc.RemoteVideoTrack) -> None:
        stream = rtc.VideoStream(track, capacity=1)
        try:
            async for _ in stream:
                self.first_picture_at = time.monotonic()
                return
        finally:
            await stream.aclose()


async def speak(source: rtc.AudioSource, line: Line, begin: float) -> None:
    """Plays a whole line in real time; `begin` is the time.monotonic() of its first sample."""
    frame = rtc.AudioFrame.create(SAMPLE_RATE, 1, CHUNK)
    buffer = memoryview(frame.data).cast("B")

    async def capture(number: int) -> None:
        piece = line[number * CHUNK : (number + 1) * CHUNK]
        buffer[: 2 * CHUNK] = piece.tobytes()
        await source.capture_frame(frame)

    await _pace(capture, len(line) // CHUNK, CHUNK / SAMPLE_RATE, begin)


async def show(source: rtc.VideoSource, picture: Picture, seconds: float, begin: float) -> None:
    """Films the picture for so long; `begin` is the time.monotonic() of its first frame."""

    async def capture(number: int) -> None:
        data = picture.draw(number / FPS)
        frame = rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, data)
        source.capture_frame(frame, timestamp_us=round((begin + number / FPS) * 1e6))

    await _pace(capture, round(seconds * FPS), 1 / FPS, begin)


async def _pace(
    act: Callable[[int], Awaitable[None]], steps: int, step_s: float, begin: float
) -> None:
    """Late steps follow at once; none is left out."""
    for number in range(steps):
        await asyncio.sleep(max(0.0, begin + number * step_s - time.monotonic()))
        await act(number)
