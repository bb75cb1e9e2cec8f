"""What is not to be written down: of recordings, the stretches in which captions were off. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from pipelines.sound.pcm import RATE_HZ, Stretch
from schema.jobs import JobRecording, RecordingPart, Span


def audible(recording: JobRecording, silent: Iterable[Span]) -> JobRecording:
    """Without the segments that lie in silent spans as a whole: they are not even read."""
    spans = list(silent)
    kept = [part for part in recording.parts if not any(_holds(span, part) for span in spans)]
    return replace(recording, parts=tuple(kept))


def muted(stretch: Stretch, silent: Iterable[Span]) -> Stretch:
    samples = stretch.samples
    for span in silent:
        start = max(0, span.start_unix_ms - stretch.start_unix_ms) * RATE_HZ // 1000
        end = max(0, span.end_unix_ms - stretch.start_unix_ms) * RATE_HZ // 1000
        if start < min(end, len(samples)):
            samples = samples.copy()
            samples[start:end] = 0
    return replace(stretch, samples=samples)


def _holds(span: Span, part: RecordingPart) -> bool:
    end_ms = part.started_at_unix_ms + part.duration_ms
    return span.start_unix_ms <= part.started_at_unix_ms and end_ms <= span.end_unix_ms
