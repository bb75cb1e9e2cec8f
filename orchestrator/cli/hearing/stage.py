"""People who speak in real time, and one who reads the captions: `python -m orchestrator.cli.hearing.stage` reads a Play from stdin.

Prints `ready` when every microphone is open and heard; when a line comes on stdin they speak; then prints what was Seen.
"""

import asyncio
import contextlib
import sys
import time
from pathlib import Path

import msgspec
from livekit import rtc

from orchestrator.cli.hearing import sounds
from orchestrator.cli.probe.media import SAMPLE_RATE

CAPTIONS = "lk.transcription"
FRAME_MS = 20
QUIET_S = 4.0
LAST_CAPTION_S = 20.0


class Role(msgspec.Struct, frozen=True):
    """Plays `file` (sounds.write) after waiting for `after_s`."""

    token: str
    file: str
    after_s: float = 0.0


class Play(msgspec.Struct, frozen=True):
    url: str
    reader_token: str
    roles: list[Role]


class Caption(msgspec.Struct, frozen=True):
    """`at_s` is the wall clock when all of it had arrived."""

    speaker: str
    segment: str
    text: str
    final: bool
    at_s: float


class Seen(msgspec.Struct, frozen=True):
    """`began_s` is the wall clock at each role's first sample."""

    began_s: list[float]
    captions: list[Caption]


class Reader:
    def __init__(self, room: rtc.Room) -> None:
        self.captions: list[Caption] = []
        self._came = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        room.register_text_stream_handler(CAPTIONS, self._opened)

    def _opened(self, stream: rtc.TextStreamReader, speaker: str) -> None:
        task = asyncio.create_task(self._read(stream, speaker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, stream: rtc.TextStreamReader, speaker: str) -> None:
        text = await stream.read_all()
        of = stream.info.attributes or {}
        final = of["lk.transcription_final"] == "true"
        self.captions.append(Caption(speaker, of["lk.segment_id"], text, final, time.time()))
        self._came.set()

    async def until_quiet(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_CAPTION_S):
                while await self._another():
                    pass

    async def _another(self) -> bool:
        """Whether one came within QUIET_S."""
        self._came.clear()
        try:
            await asyncio.wait_for(self._came.wait(), QUIET_S)
        except TimeoutError:
            return False
        return True


class Actor:
    def __init__(self, role: Role) -> None:
        self._role = role
        self._sound = sounds.read(Path(role.file))
        # A second ahead, so that a busy machine puts no pauses into the speech.
        self._source = rtc.AudioSource(SAMPLE_RATE, 1, queue_size_ms=1000)
        self.room = rtc.Room()

    async def open(self, url: str) -> None:
        await self.room.connect(url, self._role.token, rtc.RoomOptions(auto_subscribe=False))
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publication = await self.room.local_participant.publish_track(track, options)
        await publication.wait_for_subscription()

    async def speak(self) -> float:
        await asyncio.sleep(self._role.after_s)
        began_s = time.time()
        size = SAMPLE_RATE * FRAME_MS // 1000
        for start in range(0, len(self._sound) - size + 1, size):
            chunk = self._sound[start : start + size]
            frame = rtc.AudioFrame(chunk.tobytes(), SAMPLE_RATE, 1, size)
            await self._source.capture_frame(frame)
        await self._source.wait_for_playout()
        return began_s


async def perform(play: Play) -> Seen:
    audience, actors = rtc.Room(), [Actor(role) for role in play.roles]
    reader = Reader(audience)
    await audience.connect(play.url, play.reader_token, rtc.RoomOptions(auto_subscribe=False))
    # One after the other: of eleven at once, one of this client's publishers sometimes never sends its first packet.
    for actor in actors:
        await actor.open(play.url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    began_s = await asyncio.gather(*(actor.speak() for actor in actors))
    await reader.until_quiet()
    await asyncio.gather(*(one.disconnect() for one in (audience, *(a.room for a in actors))))
    return Seen(list(began_s), reader.captions)


def main() -> None:
    play = msgspec.json.decode(sys.stdin.readline(), type=Play)
    sys.stdout.write(msgspec.json.encode(asyncio.run(perform(play))).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
