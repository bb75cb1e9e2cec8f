"""One track's sound on one clock: to the recorder as it is, to the captioner at 16 kHz; stillness to neither."""

import numpy as np
import structlog
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from agents.manifest import Reason
from agents.room.track.captioner import Captioner
from agents.room.track.clock import TrackClock
from agents.room.track.loudness import Sound, Stillness
from agents.room.track.recorder import SAMPLE_RATE_HZ as RECORDED_HZ
from agents.room.track.recorder import Recorder
from agents.room.track.speech import SAMPLE_RATE_HZ as HEARD_HZ
from agents.room.track.speech import in_windows
from agents.room.track.utterance import WINDOW_MS

log = structlog.get_logger(__name__)

NOTHING = np.zeros(0, np.int16)


class Ear:
    """Synchronous: everything taken was passed on when a call returns."""

    def __init__(self, captioner: Captioner, recorder: Recorder) -> None:
        self._captioner = captioner
        self._recorder = recorder
        self._begin()

    def take(self, samples: NDArray[np.int16], arrived_ms: float) -> None:
        """`samples`: int16[n], mono, 48 kHz, whose last one arrived at `arrived_ms` (Unix)."""
        duration_ms = len(samples) * 1000 / RECORDED_HZ
        start_ms, jump_ms = self._clock.place(duration_ms, arrived_ms)
        if jump_ms:
            log.info("track_clock_set", jump_ms=round(jump_ms))
            self._stillness.forget()
            self._recorder.cut("clock")
        was_still = self._stillness.still
        for sound in self._stillness.pass_on(Sound(samples, start_ms, duration_ms)):
            self._hear(sound)
        if self._stillness.still and not was_still:
            self._cut("still")

    def break_off(self, why: Reason) -> None:
        """The sound ends here; what comes next is on a clock of its own."""
        self._cut(why)
        self._begin()

    async def finish(self) -> None:
        """Returns when the last final is out."""
        self._recorder.close()
        await self._captioner.finish()

    def _begin(self) -> None:
        self._clock = TrackClock()
        self._stillness = Stillness()
        self._begin_windows()

    def _begin_windows(self) -> None:
        self._downsampler = new_downsampler()
        self._pending = NOTHING

    def _hear(self, sound: Sound) -> None:
        self._recorder.write(sound.samples, sound.start_ms, self._clock.drift_ms)
        heard = downsample(self._downsampler, sound.samples)
        windows, rest = in_windows(np.concatenate((self._pending, heard)))
        # The end of what is at hand is the end of this sound, give or take the filter's delay of under a millisecond.
        end_ms = sound.start_ms + sound.duration_ms
        first_ms = end_ms - len(rest) * 1000 / HEARD_HZ - len(windows) * WINDOW_MS
        self._captioner.hear(windows, first_ms)
        self._pending = rest

    def _cut(self, why: Reason) -> None:
        self._recorder.cut(why)
        self._captioner.break_off()
        self._begin_windows()


def new_downsampler() -> AudioResampler:
    return AudioResampler(format="s16", layout="mono", rate=HEARD_HZ)


def downsample(resampler: AudioResampler, samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """48 to 16 kHz; the filter keeps a few samples for the next call."""
    frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = RECORDED_HZ
    parts = [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
    return np.concatenate(parts) if parts else NOTHING
