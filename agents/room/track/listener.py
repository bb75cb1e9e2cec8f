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

FRAME_MS = 20
NOTHING = np.zeros(0, np.int16)


class Listener:
    """`run` until the track ends or `stop`; either way everything heard is captioned and recorded when it returns."""

    def __init__(
        self, track: rtc.RemoteAudioTrack, captioner: Captioner, recorder: Recorder
    ) -> None:
        self._stream = rtc.AudioStream(
            track, sample_rate=RECORDED_HZ, num_channels=1, frame_size_ms=FRAME_MS
        )
        self._captioner = captioner
        self._recorder = recorder
        self._clock = TrackClock()
        self._downsampler = new_downsampler()
        self._pending = NOTHING
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await self._stream.aclose()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            async for event in self._stream:
                self._take(event.frame, time.time() * 1000)
        except Exception:
            log.exception("track_lost")
            raise
        finally:
            self._recorder.cut()
            await self._captioner.finish()

    def _take(self, frame: rtc.AudioFrame, arrived_ms: float) -> None:
        samples = np.frombuffer(frame.data, np.int16)
        duration_ms = len(samples) * 1000 / RECORDED_HZ
        start_ms, jump_ms = self._clock.place(duration_ms, arrived_ms)
        if jump_ms:
            self._break_off(jump_ms)
        self._recorder.write(samples, start_ms)
        heard = downsample(self._downsampler, samples)
        windows, rest = in_windows(np.concatenate((self._pending, heard)))
        # The end of what is at hand is the end of this frame, give or take the filter's delay of under a millisecond.
        first_ms = start_ms + duration_ms - len(rest) * 1000 / HEARD_HZ - len(windows) * WINDOW_MS
        for number, window in enumerate(windows):
            self._captioner.hear(window, first_ms + number * WINDOW_MS)
        self._pending = rest

    def _break_off(self, jump_ms: float) -> None:
        log.info("track_gap", jump_ms=round(jump_ms))
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
