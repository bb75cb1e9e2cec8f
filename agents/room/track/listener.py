"""One remote audio track: its frames on one clock, to the recorder as they are and to the captioner at 16 kHz."""

import asyncio
import time

import numpy as np
import structlog
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from livekit import rtc
from numpy.typing import NDArray

from agents.room.track.captioner import Captioner
from agents.room.track.clock import TrackClock
from agents.room.track.recorder import SAMPLE_RATE_HZ as RECORDED_HZ
from agents.room.track.recorder import Recorder
from agents.room.track.speech import SAMPLE_RATE_HZ as HEARD_HZ
from agents.room.track.speech import in_windows
from agents.room.track.utterance import WINDOW_MS

log = structlog.get_logger(__name__)

# Each frame costs an event of the SFU's client; 20 ms ones cost half as much again and win 10 ms.
FRAME_MS = 40
NOTHING = np.zeros(0, np.int16)


class Listener:
    """Hears until the track ends or `stop`; either way everything heard is captioned and recorded when `stop` returns."""

    def __init__(
        self, track: rtc.RemoteAudioTrack, captioner: Captioner, recorder: Recorder, *, muted: bool
    ) -> None:
        self._track = track
        self._captioner = captioner
        self._recorder = recorder
        self._clock = TrackClock()
        self._downsampler = new_downsampler()
        self._pending = NOTHING
        self._stream: rtc.AudioStream | None = None
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
            self._recorder.cut()
            await self._captioner.finish()

    async def _hear(self) -> None:
        """Until the track is muted or over."""
        if self._stopped:
            return
        self._stream = rtc.AudioStream(
            self._track, sample_rate=RECORDED_HZ, num_channels=1, frame_size_ms=FRAME_MS
        )
        self._clock = TrackClock()
        async for event in self._stream:
            self._take(event.frame, time.time() * 1000)
            if not self._audible.is_set():
                break
        else:
            self._stopped = True
        await self._close_stream()
        self._break_off()

    async def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.aclose()

    def _take(self, frame: rtc.AudioFrame, arrived_ms: float) -> None:
        samples = np.frombuffer(frame.data, np.int16)
        duration_ms = len(samples) * 1000 / RECORDED_HZ
        start_ms, jump_ms = self._clock.place(duration_ms, arrived_ms)
        if jump_ms:
            log.info("track_clock_set", jump_ms=round(jump_ms))
            self._recorder.cut()
        self._recorder.write(samples, start_ms)
        heard = downsample(self._downsampler, samples)
        windows, rest = in_windows(np.concatenate((self._pending, heard)))
        # The end of what is at hand is the end of this frame, give or take the filter's delay of under a millisecond.
        first_ms = start_ms + duration_ms - len(rest) * 1000 / HEARD_HZ - len(windows) * WINDOW_MS
        for number, window in enumerate(windows):
            self._captioner.hear(window, first_ms + number * WINDOW_MS)
        self._pending = rest

    def _break_off(self) -> None:
        self._recorder.cut()
        self._captioner.break_off()
        self._downsampler = new_downsampler()
        self._pending = NOTHING


def new_downsampler() -> AudioResampler:
    return AudioResampler(format="s16", layout="mono", rate=HEARD_HZ)


def downsample(resampler: AudioResampler, samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """48 to 16 kHz; the filter keeps a few samples for the next call."""
    frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = RECORDED_HZ
    parts = [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
    return np.concatenate(parts) if parts else NOTHING
