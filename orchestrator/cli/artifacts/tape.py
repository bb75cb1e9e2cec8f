"""Recorded speech as a room agent stores it: Ogg Opus in closed segments of ten seconds."""

import io
from collections.abc import Iterator

import av
import numpy as np

from orchestrator.cli.hearing import sounds
from orchestrator.cli.hearing.sounds import Sound
from orchestrator.cli.probe.media import SAMPLE_RATE

SEGMENT_MS = 10_000
FRAME = SAMPLE_RATE // 50


def reading(minutes: float) -> Sound:
    """One person who reads the clips, again and again."""
    once = sounds.talk(sounds.CLIPS)
    return np.resize(once, round(minutes * 60 * SAMPLE_RATE))


def segments(sound: Sound) -> Iterator[bytes]:
    each = SEGMENT_MS * SAMPLE_RATE // 1000
    for start in range(0, len(sound), each):
        yield _opus(sound[start : start + each])


def _opus(sound: Sound) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=SAMPLE_RATE, layout="mono")
        for at in range(0, len(sound), FRAME):
            piece = sound[at : at + FRAME].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, at
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return file.getvalue()
