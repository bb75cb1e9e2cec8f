"""What any speech recogniser must do here; one file and one line in agents.asr.registry add another."""

from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000

# float32[n], mono, 16 kHz, -1..1
Audio = NDArray[np.float32]


class SpokenWord(msgspec.Struct, frozen=True):
    """Times are seconds from the start of the audio that was given."""

    text: str
    start_s: float
    end_s: float


class Transcript(msgspec.Struct, frozen=True):
    """`text` is empty when nothing was said; `words` only for finals."""

    text: str
    language: str
    words: tuple[SpokenWord, ...] = ()


class Engine(Protocol):
    """Called from several threads at once; `language` is a code such as "en", or empty for automatic."""

    def partial(self, audio: Audio, language: str) -> Transcript: ...

    def final(self, audio: Audio, language: str) -> Transcript: ...
