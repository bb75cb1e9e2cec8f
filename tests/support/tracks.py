"""A microphone in a room's agent from its samples on, without a room: on a clock of its own, as fast as it can be heard."""

import asyncio
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from agents.asr.client import AsrClient
from agents.room.manner import Treatment
from agents.room.text.captions import Caption
from agents.room.track.captioner import Captioner, Speaker, Spoken
from agents.room.track.ear import Ear
from agents.room.track.recorder import SAMPLE_RATE_HZ, Recorder, Segment

START_MS = 1_795_262_415_000.0
FRAME_MS = 40
FRAME = SAMPLE_RATE_HZ * FRAME_MS // 1000


class Track:
    """An ear with all that it passed on."""

    def __init__(
        self,
        asr: AsrClient,
        track_sid: str = "TR_1",
        treatment: Callable[[], Treatment] = Treatment,
    ) -> None:
        self.segments: list[Segment] = []
        self.shown: list[Caption] = []
        self.finals: list[Spoken] = []
        speaker = Speaker("somebody", track_sid)
        captioner = Captioner(speaker, asr, self.shown.append, self.finals.append, treatment)
        self.ear = Ear(captioner, Recorder(self.segments.append))
        self._now_ms = START_MS

    async def hear(self, sound: NDArray[np.int16]) -> None:
        """On a clock of its own; the recogniser gets its turn after each second."""
        for number, start in enumerate(range(0, len(sound) - FRAME + 1, FRAME)):
            self._now_ms += FRAME_MS
            self.ear.take(sound[start : start + FRAME], self._now_ms)
            if number % 25 == 0:
                await asyncio.sleep(0)

    def pass_time(self, duration_ms: float) -> None:
        self._now_ms += duration_ms

    @property
    def text(self) -> str:
        return " ".join(spoken.caption.text for spoken in self.finals)
