"""People in real rooms: unmodified LiveKit clients that speak recorded speech and note what they are shown."""

import asyncio
import contextlib
import time
import wave
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from uuid import UUID, uuid5

import msgspec
import numpy as np
from livekit import api, rtc
from livekit.rtc.data_stream import StreamError
from numpy.typing import NDArray

from tests.support.servers import LiveKitServer

FRAME_MS = 20
PUBLISHED_HZ = 48_000


class Shown(msgspec.Struct, frozen=True):
    """One caption as a client got it, by either way; `at_s` is the wall clock."""

    way: str
    identity: str
    segment_id: str
    text: str
    final: bool
    at_s: float
    attributes: dict[str, str]


class Person:
    """Speaks into the microphone opened last; keeps every caption and data packet that arrived."""

    def __init__(self, session_id: UUID, user: str) -> None:
        self.identity = str(uuid5(session_id, user))
        self.room = rtc.Room()
        self.shown: list[Shown] = []
        self.data: list[tuple[str, str, bytes]] = []
        self.track_sid = ""
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.register_text_stream_handler("lk.transcription", self._stream)
        self.room.on("transcription_received", self._legacy)
        self.room.on("data_received", self._data)

    async def speak(self, samples: NDArray[np.int16]) -> tuple[float, float]:
        """At the speed of speech; returns when it began and ended, by the wall clock."""
        began_s = time.time()
        rate_hz, channels = self._source.sample_rate, self._source.num_channels
        sent = as_sent(samples, rate_hz, channels)
        size = rate_hz * FRAME_MS // 1000
        for start in range(0, len(sent) - size + 1, size):
            chunk = sent[start : start + size]
            frame = rtc.AudioFrame(chunk.tobytes(), rate_hz, channels, size)
            await self._source.capture_frame(frame)
        await self._source.wait_for_playout()
        return began_s, time.time()

    async def open_microphone(self, rate_hz: int = PUBLISHED_HZ, channels: int = 1) -> None:
        # A second ahead, so that a busy machine puts no pauses into the speech.
        self._source = rtc.AudioSource(rate_hz, channels, queue_size_ms=1000)
        track = self._track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publication = await self.room.local_participant.publish_track(track, options)
        self.track_sid = publication.sid
        await publication.wait_for_subscription()

    async def close_microphone(self) -> None:
        await self.room.local_participant.unpublish_track(self.track_sid)

    def mute(self, *, muted: bool) -> None:
        if muted:
            self._track.mute()
        else:
            self._track.unmute()

    async def until(self, condition: Callable[[], bool], within_s: float) -> None:
        """Waits until `condition()` holds after something arrived; raises TimeoutError."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(condition)

    def finals(self, way: str = "stream") -> list[Shown]:
        return [caption for caption in self.shown if caption.way == way and caption.final]

    def _stream(self, reader: rtc.TextStreamReader, identity: str) -> None:
        self._start(self._read(reader, identity))

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        try:
            text = await reader.read_all()
        except StreamError:  # we left the room in the middle of it
            return
        attributes = dict(reader.info.attributes or {})
        await self._note(
            Shown(
                "stream",
                identity,
                attributes["lk.segment_id"],
                text,
                attributes["lk.transcription_final"] == "true",
                time.time(),
                attributes,
            )
        )

    def _legacy(
        self,
        segments: list[rtc.TranscriptionSegment],
        participant: rtc.Participant | None,
        publication: rtc.TrackPublication | None,
    ) -> None:
        identity = participant.identity if participant else ""
        for s in segments:
            attributes = {"start": str(s.start_time), "end": str(s.end_time), "lang": s.language}
            shown = Shown("legacy", identity, s.id, s.text, s.final, time.time(), attributes)
            self._start(self._note(shown))

    def _data(self, packet: rtc.DataPacket) -> None:
        sender = packet.participant.identity if packet.participant else ""
        self.data.append((packet.topic or "", sender, packet.data))
        self._start(self._note(None))

    async def _note(self, shown: Shown | None) -> None:
        async with self._changed:
            if shown is not None:
                self.shown.append(shown)
            self._changed.notify_all()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@contextlib.asynccontextmanager
async def person(server: LiveKitServer, session_id: UUID, user: str) -> AsyncIterator[Person]:
    somebody = Person(session_id, user)
    grants = api.VideoGrants(room_join=True, room=f"session-{session_id}")
    token = (
        api.AccessToken(server.api_key, server.api_secret)
        .with_identity(somebody.identity)
        .with_grants(grants)
        .to_jwt()
    )
    await somebody.room.connect(server.url, token)
    try:
        yield somebody
    finally:
        await somebody.room.disconnect()


def speech(*names: str, pause_s: float = 0.0) -> NDArray[np.int16]:
    """Clips of tests/data/speech one after the other, int16[n] at 48 kHz; "" is a pause."""
    pause = np.zeros(int(pause_s * PUBLISHED_HZ), np.int16)
    return np.concatenate([np.concatenate((clip(name), pause)) for name in names])


def as_sent(samples: NDArray[np.int16], rate_hz: int, channels: int) -> NDArray[np.int16]:
    """[n] at 48 kHz to [n, channels] at a whole part of it."""
    step = PUBLISHED_HZ // rate_hz
    mono = samples[: len(samples) // step * step].reshape(-1, step).mean(axis=1)
    return np.repeat(mono.astype(np.int16)[:, np.newaxis], channels, axis=1)


def clip(name: str) -> NDArray[np.int16]:
    path = Path(__file__).parents[1] / "data" / "speech" / f"{name}.wav"
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    old = np.arange(len(samples)) * (PUBLISHED_HZ / file.getframerate())
    new = np.arange(int(len(samples) * PUBLISHED_HZ / file.getframerate()))
    return np.interp(new, old, samples).astype(np.int16)
