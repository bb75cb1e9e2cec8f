"""Is somebody speaking in these 32 ms: webrtcvad as the cheap gate, the neural detector behind it."""

from collections import deque

import numpy as np
import webrtcvad
from livekit.local_inference import VAD, VAD_WINDOW_SAMPLES
from numpy.typing import NDArray

from agents.room.track.utterance import windows

SAMPLE_RATE_HZ = 16_000
# The gate takes 10, 20 or 30 ms; its most permissive useful mode, for it only has to find what is surely silence.
GATE_SAMPLES = 480
GATE_MODE = 1
GATE_HOLD = windows(1000)
# The detector's memory needs some sound before the first window that counts.
WARM_UP = windows(130)
BEGIN_PROBABILITY = 0.5
STAY_PROBABILITY = 0.35


class SpeechDetector:
    """One per track, for both detectors remember what they heard."""

    def __init__(self) -> None:
        self._gate = webrtcvad.Vad(GATE_MODE)
        self._neural = VAD()
        self._recent: deque[NDArray[np.int16]] = deque(maxlen=WARM_UP)
        self._open_windows = 0
        self._speaking = False

    def is_speech(self, window: NDArray[np.int16]) -> bool:
        """`window`: int16[512], mono, 16 kHz."""
        if self._gate.is_speech(window[:GATE_SAMPLES].tobytes(), SAMPLE_RATE_HZ):
            if self._open_windows == 0:
                self._warm_up()
            self._open_windows = GATE_HOLD
        if self._open_windows == 0:
            self._recent.append(window)
            self._speaking = False
            return False
        self._open_windows -= 1
        probability = self._neural.predict(window)
        self._speaking = probability >= (STAY_PROBABILITY if self._speaking else BEGIN_PROBABILITY)
        return self._speaking

    def _warm_up(self) -> None:
        self._neural.reset()
        for window in self._recent:
            self._neural.predict(window)
        self._recent.clear()


def in_windows(pending: NDArray[np.int16]) -> tuple[list[NDArray[np.int16]], NDArray[np.int16]]:
    """Whole windows and what is left over."""
    whole = len(pending) // VAD_WINDOW_SAMPLES
    cut = whole * VAD_WINDOW_SAMPLES
    return list(pending[:cut].reshape(whole, VAD_WINDOW_SAMPLES)), pending[cut:]
