"""Small Ogg Opus files, made and measured."""

import io

import av
import numpy as np

RATE = 48_000
FRAME = 960


def opus(duration_ms: int, pitch_hz: int = 440) -> bytes:
    """A tone."""
    count = duration_ms * RATE // 1000
    tone = np.sin(np.arange(count) * 2 * np.pi * pitch_hz / RATE) * 8_000
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=RATE, layout="mono")
        for start in range(0, count, FRAME):
            samples = tone[start : start + FRAME].astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return file.getvalue()


def length_ms(file: bytes) -> int:
    """From the first to the last decoded sample, by their time stamps."""
    with av.open(io.BytesIO(file), "r") as source:
        frames = list(source.decode(audio=0))
    first, last = frames[0], frames[-1]
    assert first.pts is not None
    assert last.pts is not None
    return round((last.pts - first.pts + last.samples) * 1000 / RATE)
