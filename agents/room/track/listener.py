"""One remote audio track, for as long as it is there and not muted."""

import asyncio
import time

import structlog
from livekit import rtc
from livekit.rtc._proto.ffi_pb2 import FfiEvent

from agents.frames import route, samples_of
from agents.room.track.ear import Ear
from agents.room.track.loudness import FRAME_MS, Arrived, Gathering
from agents.room.track.recorder import SAMPLE_RATE_HZ

log = structlog.get_logger(__name__)


class OwnFrames(rtc.AudioStream):
    """Wakes the event loop for stillness seldom: each wake for each frame was a third of the cost."""

    def __init__(self, track: rtc.RemoteAudioTrack) -> None:
        super().__init__(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=FRAME_MS)
        self._gathering = Gathering()
        self._batches = asyncio.Queue[list[Arrived] | None]()
        route(self, self._take)

    async def batch(self) -> list[Arrived] | None:
        """None when the track is over."""
        return await self._batches.get()

    def _take(self, event: FfiEvent) -> None:
        told = event.audio_stream_event
        if told.HasField("frame_received"):
            samples = samples_of(told.frame_received.frame)
            self._deliver(self._gathering.add(Arrived(samples, time.time() * 1000)))
            return
        self._deliver(self._gathering.rest())
        self._loop.call_soon_threadsafe(self._batches.put_nowait, None)
        self._loop.call_soon_threadsafe(self._ffi_queue.put_nowait, event)

    def _deliver(self, batch: list[Arrived]) -> None:
        if batch:
            self._loop.call_soon_threadsafe(self._batches.put_nowait, batch)


class Listener:
    """Hears until the track ends or `stop`; either way everything heard is captioned and recorded when `stop` returns."""

    def __init__(self, track: rtc.RemoteAudioTrack, ear: Ear, *, muted: bool) -> None:
        self._track = track
        self._ear = ear
        self._stream: OwnFrames | None = None
        self._audible = asyncio.Event()
        self._stopped = False
        self.mute(muted)
        self._task = asyncio.create_task(self._run())

    def mute(self, muted: bool) -> None:
        """A muted track still delivers frames, all zero; most people of a class are muted, so nobody takes them."""
        if muted:
            self._audible.clear()
        else:
            self._audible.set()

    async def stop(self) -> None:
        self._stopped = True
        self._audible.set()
        await self._close_stream()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            while not self._stopped:
                await self._audible.wait()
                await self._hear()
        except Exception:
            log.exception("track_lost")
            raise
        finally:
            await self._ear.finish()

    async def _hear(self) -> None:
        """Until the track is muted or over."""
        if self._stopped:
            return
        self._stream = stream = OwnFrames(self._track)
        while (batch := await stream.batch()) is not None:
            for frame in batch:
                self._ear.take(frame.samples, frame.arrived_ms)
            if not self._audible.is_set():
                break
        else:
            self._stopped = True
        await self._close_stream()
        self._ear.break_off("muted")

    async def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.aclose()
