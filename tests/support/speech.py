"""Real speech cut into segments as the room agent records them."""

import io
import wave

import av
import numpy as np
from numpy.typing import NDArray

from schema.jobs import JobRecording, RecordingPart
from tests.pipelines.builders import ORIGIN, person
from tests.support.words import SPEECH

OPUS_RATE_HZ, SEGMENT_MS = 48_000, 10_000


def clip(name: str) -> NDArray[np.int16]:
    """16 kHz mono."""
    with wave.open(str(SPEECH / f"{name}.wav")) as file:
        assert file.getframerate() == 16_000
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def opus(samples: NDArray[np.int16]) -> bytes:
    """An Ogg Opus file of 16 kHz mono samples."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=OPUS_RATE_HZ, layout="mono")
        resampler = av.AudioResampler(
            format="s16", layout="mono", rate=OPUS_RATE_HZ, frame_size=960
        )
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 16_000
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return file.getvalue()


def recorded(
    name: str, samples: NDArray[np.int16], start_ms: int = 0
) -> tuple[JobRecording, dict[str, bytes]]:
    """Somebody's recording that begins `start_ms` after the origin, and its objects by key."""
    each = SEGMENT_MS * 16
    objects: dict[str, bytes] = {}
    parts: list[RecordingPart] = []
    for index, at in enumerate(range(0, len(samples), each)):
        key = f"{name}/{index:06d}.ogg"
        piece = samples[at : at + each]
        objects[key] = opus(piece)
        begin = ORIGIN + start_ms + at // 16
        parts.append(RecordingPart(key=key, started_at_unix_ms=begin, duration_ms=len(piece) // 16))
    recording = JobRecording(
        id=person(f"recording of {name}"),
        kind="speaker",
        key=name,
        mime_type="audio/ogg",
        started_at_unix_ms=ORIGIN + start_ms,
        duration_ms=len(samples) // 16,
        participant_id=person(name),
        parts=tuple(parts),
    )
    return recording, objects
