"""What any speech recogniser must do here; one file and one line in agents.asr.registry add another."""

from collections.abc import Sequence
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


class EngineAway(Exception):
    """It cannot be reached at the moment; the same audio may be heard later."""


class Engine(Protocol):
    """Called from several threads at once; `language` is a code such as "en", or empty for automatic.

    `glossary` are names and terms to expect. Both calls may raise EngineAway.
    """

    def partial(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript: ...

    def final(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript: ...
