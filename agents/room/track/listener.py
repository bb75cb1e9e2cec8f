"""One remote audio track, for as long as it is there and not muted."""

import asyncio
import time

import numpy as np
import structlog
from livekit import rtc
from livekit.rtc._ffi_client import FfiClient
from livekit.rtc._proto.ffi_pb2 import FfiEvent

from agents.room.track.ear import Ear
from agents.room.track.loudness import FRAME_MS, Arrived, Gathering
from agents.room.track.recorder import SAMPLE_RATE_HZ

log = structlog.get_logger(__name__)


class OwnFrames(rtc.AudioStream):
    """Woken by its own frames only, and by stillness seldom: livekit's stream is by those of all tracks, each by itself.

    What is still is most of a class: a wake of the event loop for each of its frames was a third of what it cost.
    """

    def __init__(self, track: rtc.RemoteAudioTrack) -> None:
        super().__init__(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=FRAME_MS)
        self._gathering = Gathering()
        self._batches = asyncio.Queue[list[Arrived] | None]()
        events, everybodys = FfiClient.instance.queue, self._ffi_queue
        self._ffi_queue = events.subscribe(self._loop, filter_fn=self._is_end)
        events.unsubscribe(everybodys)

    async def batch(self) -> list[Arrived] | None:
        """None when the track is over."""
        return await self._batches.get()

    def _is_end(self, event: FfiEvent) -> bool:
        """Called in livekit's thread, for each event of the room; what is no frame goes to its stream."""
        if not self._is_event(event):
            return False
        told = event.audio_stream_event
        if told.HasField("frame_received"):
            frame = rtc.AudioFrame._from_owned_info(told.frame_received.frame)  # noqa: SLF001 as its own stream does
            samples = np.frombuffer(frame.data, np.int16)
            self._deliver(self._gathering.add(Arrived(samples, time.time() * 1000)))
            return False
        self._deliver(self._gathering.rest())
        self._loop.call_soon_threadsafe(self._batches.put_nowait, None)
        return True

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
