"""One remote audio track, for as long as it is there and not muted."""

import asyncio
import ctypes
import functools
import threading
import time

import numpy as np
import structlog
from livekit import rtc
from livekit.rtc._ffi_client import FfiClient
from livekit.rtc._proto.audio_frame_pb2 import OwnedAudioFrameBuffer
from livekit.rtc._proto.ffi_pb2 import FfiEvent

from agents.room.track.ear import Ear
from agents.room.track.loudness import FRAME_MS, Arrived, Gathering
from agents.room.track.recorder import SAMPLE_RATE_HZ

log = structlog.get_logger(__name__)


class FrameRouter:
    """Hands each frame to its own track's stream, in livekit's thread: livekit asks every stream about every frame."""

    def __init__(self) -> None:
        self._streams = dict[int, OwnFrames]()
        self._held = threading.local()
        FfiClient.instance.queue.subscribe(filter_fn=self._route)

    def add(self, handle: int, stream: "OwnFrames") -> None:
        """Until its end is told."""
        self._streams[handle] = stream

    def _route(self, event: FfiEvent) -> bool:
        self._hold_thread()
        if event.HasField("audio_stream_event"):
            told = event.audio_stream_event
            stream = self._streams.get(told.stream_handle)
            if stream is not None and told.HasField("frame_received"):
                stream.take(told.frame_received.frame)
            elif stream is not None:
                del self._streams[told.stream_handle]
                stream.end(event)
        return False

    def _hold_thread(self) -> None:
        """Without it Python maps a page at each call from a thread that is not its own, and unmaps it after.

        A `threading.local` lives as long as what is held, so a new thread is seen as one.
        """
        if not hasattr(self._held, "state"):
            self._held.state = ctypes.pythonapi.PyGILState_Ensure()


router = functools.cache(FrameRouter)


class OwnFrames(rtc.AudioStream):
    """Wakes the event loop for its own frames only, and for stillness seldom: each wake for each frame was a third of the cost."""

    def __init__(self, track: rtc.RemoteAudioTrack) -> None:
        super().__init__(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=FRAME_MS)
        self._gathering = Gathering()
        self._batches = asyncio.Queue[list[Arrived] | None]()
        FfiClient.instance.queue.unsubscribe(self._ffi_queue)
        router().add(self._ffi_handle.handle, self)

    async def batch(self) -> list[Arrived] | None:
        """None when the track is over."""
        return await self._batches.get()

    def take(self, owned: OwnedAudioFrameBuffer) -> None:
        """In livekit's thread, as `end`."""
        info = owned.info
        samples = np.frombuffer(
            ctypes.string_at(info.data_ptr, info.samples_per_channel * 2), np.int16
        )
        FfiClient.instance._ffi_lib.livekit_ffi_drop_handle(owned.handle.id)  # noqa: SLF001 half the cost of its AudioFrame
        self._deliver(self._gathering.add(Arrived(samples, time.time() * 1000)))

    def end(self, event: FfiEvent) -> None:
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
