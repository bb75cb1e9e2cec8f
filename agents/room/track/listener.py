"""One remote audio track, for as long as it is there and not muted."""

import asyncio
import time

import numpy as np
import structlog
from livekit import rtc
from livekit.rtc._ffi_client import FfiClient

from agents.room.track.ear import Ear
from agents.room.track.recorder import SAMPLE_RATE_HZ

log = structlog.get_logger(__name__)

# Each frame costs an event of the SFU's client; 20 ms ones cost half as much again and win 10 ms.
FRAME_MS = 40


class OwnFrames(rtc.AudioStream):
    """Woken by its own frames only: the stream of livekit 1.1 is by those of all tracks, ten times as often in a room of ten."""

    def __init__(self, track: rtc.RemoteAudioTrack) -> None:
        super().__init__(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=FRAME_MS)
        events, everybodys = FfiClient.instance.queue, self._ffi_queue
        self._ffi_queue = events.subscribe(self._loop, filter_fn=self._is_event)
        events.unsubscribe(everybodys)


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
        self._stream = OwnFrames(self._track)
        async for event in self._stream:
            self._ear.take(np.frombuffer(event.frame.data, np.int16), time.time() * 1000)
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
